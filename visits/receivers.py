"""Visits follow the client when it is handed over."""

from collections.abc import Sequence

from django.dispatch import receiver

from accounts.models import Client
from accounts.signals import owners_changed
from visits.services import pass_on_planned_visits


@receiver(owners_changed)
def pass_on(sender: type[Client], clients: Sequence[Client], **_: object) -> None:
    pass_on_planned_visits(clients=clients)
