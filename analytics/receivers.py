"""Alerts follow visits and clients, bills follow clients that become one."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.dispatch import receiver

from accounts.choices import RhythmKind
from accounts.models import Client, RhythmVersion
from accounts.signals import (
    Move,
    clients_merging,
    clients_parting,
    owners_changed,
    rhythm_changed,
)
from analytics import tasks
from analytics.services.alerts import follow_visit
from analytics.services.handing_over import pass_on_tasks, take_back_tasks
from analytics.services.merging import merge_bills, part_bills
from crm.lib.merging import Merging
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


@receiver(clients_merging)
def move_bills(
    sender: type[Client], loser: Client, survivor: Client, merging: Merging, **_: object
) -> None:
    merge_bills(loser=loser, survivor=survivor, merging=merging)


@receiver(clients_parting)
def move_bills_back(
    sender: type[Client], client: Client, restored: Client, extra: dict[str, Any], **_: object
) -> None:
    part_bills(client=client, restored=restored, extra=extra)


@receiver(rhythm_changed)
def move_due_days(sender: type[RhythmVersion], kind: str, **_: object) -> None:
    """In a job: it touches every client of the class."""
    if kind == RhythmKind.ASSESSMENT:
        transaction.on_commit(tasks.refresh_values_due_task.delay)
