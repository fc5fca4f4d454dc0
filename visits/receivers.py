"""Visits follow the client when it is handed over."""

from collections.abc import Sequence

from django.dispatch import receiver
from django.utils import timezone

from accounts.models import Client
from accounts.services.representations import note_visit
from accounts.signals import owners_changed
from staff.models import User
from visits.models import Visit
from visits.services import pass_on_planned_visits
from visits.signals import visit_recorded


@receiver(owners_changed)
def pass_on(sender: type[Client], clients: Sequence[Client], **_: object) -> None:
    pass_on_planned_visits(clients=clients)


@receiver(visit_recorded)
def note_representative(sender: type[Visit], visit: Visit, by: User | None, **_: object) -> None:
    if visit.held_at:
        day = timezone.localtime(visit.held_at).date()
        note_visit(client=visit.client, visitor=visit.visitor, day=day, by=by)
