"""Visits follow the client when it is handed over."""

from collections.abc import Sequence

from django.dispatch import receiver
from django.utils import timezone

from accounts.models import Client
from accounts.services.representations import note_visit
from accounts.signals import Move, owners_changed
from staff.models import User
from visits.handing_over import pass_on_planned_visits, take_back_visits
from visits.models import Visit
from visits.signals import visit_recorded


@receiver(owners_changed)
def pass_on(
    sender: type[Client],
    clients: Sequence[Client],
    undoing: Sequence[Move] | None = None,
    **_: object,
) -> list[Move]:
    if undoing is None:
        return pass_on_planned_visits(clients=clients)
    return take_back_visits(clients=clients, undoing=undoing)


@receiver(visit_recorded)
def note_representative(sender: type[Visit], visit: Visit, by: User | None, **_: object) -> None:
    if visit.held_at:
        day = timezone.localtime(visit.held_at).date()
        note_visit(client=visit.client, visitor=visit.visitor, day=day, by=by)
