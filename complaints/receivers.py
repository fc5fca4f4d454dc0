"""Cases follow the client when it is handed over."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.dispatch import receiver

from accounts.models import Client
from accounts.signals import Move, owners_changed
from complaints.services.handing_over import pass_on_cases, take_back_cases
from staff.models import User


@receiver(owners_changed)
def pass_on(
    sender: type[Client],
    clients: Sequence[Client],
    now: datetime,
    by: User | None,
    undoing: Sequence[Move] | None = None,
    former: Mapping[UUID, int] | None = None,
    **_: object,
) -> list[Move]:
    if undoing is None:
        return pass_on_cases(clients=clients, now=now, by=by, former=former)
    return take_back_cases(clients=clients, undoing=undoing, now=now, by=by)
