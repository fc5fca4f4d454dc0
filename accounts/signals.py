"""What upper apps may listen to; sent inside the service's transaction."""

from django.dispatch import Signal

# Clients got another account manager: `clients`, each with its new `owner` already set.
owners_changed = Signal()
