"""What upper apps may listen to; sent inside the service's transaction."""

from django.dispatch import Signal

# An account was disabled: `person`, and `by` who did it.
access_ended = Signal()
