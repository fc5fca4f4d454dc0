"""What hangs on a client follows it when it is handed over."""

from collections.abc import Sequence

from django.dispatch import receiver

from accounts.models import Client
from accounts.services.contact_log import pass_on_next_steps
from accounts.services.instructions import pass_on_instructions
from accounts.services.member_profiles import pass_on_transfers
from accounts.services.reports import pass_on_drafts
from accounts.signals import owners_changed


@receiver(owners_changed)
def pass_on(sender: type[Client], clients: Sequence[Client], **_: object) -> None:
    pass_on_instructions(clients=clients)
    pass_on_transfers(clients)
    pass_on_next_steps(clients=clients)
    pass_on_drafts(clients=clients)
