"""An alert follows the visit that answers its task, its task follows the client."""

from collections.abc import Sequence

from django.db import transaction
from django.dispatch import receiver

from accounts.choices import RhythmKind
from accounts.models import Client, RhythmVersion
from accounts.signals import Move, owners_changed, rhythm_changed
from analytics import tasks
from analytics.services.alerts import follow_visit
from analytics.services.handing_over import pass_on_tasks, take_back_tasks
from staff.models import User
from visits.models import Visit
from visits.signals import visit_cancelled, visit_planned, visit_recorded


@receiver([visit_planned, visit_recorded, visit_cancelled])
def move_alert(sender: type[Visit], visit: Visit, by: User | None, **_: object) -> None:
    follow_visit(visit=visit, by=by)


@receiver(owners_changed)
def pass_on(
    sender: type[Client],
    clients: Sequence[Client],
    undoing: Sequence[Move] | None = None,
    **_: object,
) -> list[Move]:
    if undoing is None:
        return pass_on_tasks(clients=clients)
    return take_back_tasks(clients=clients, undoing=undoing)


@receiver(rhythm_changed)
def move_due_days(sender: type[RhythmVersion], kind: str, **_: object) -> None:
    """In a job: it touches every client of the class."""
    if kind == RhythmKind.ASSESSMENT:
        transaction.on_commit(tasks.refresh_values_due_task.delay)
