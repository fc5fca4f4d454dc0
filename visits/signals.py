"""What upper apps may listen to. Sent inside the service's transaction with `visit` and `by`."""

from django.dispatch import Signal

visit_planned = Signal()
visit_recorded = Signal()
visit_cancelled = Signal()
