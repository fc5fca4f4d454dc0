"""To-dos of alerts follow the client when it is handed over, and come back when that is undone."""

from collections.abc import Collection, Sequence
from uuid import UUID

from django.db.models import Count, F

from accounts.choices import MovedWork, MoveOutcome
from accounts.models import Client, ClientQuerySet
from accounts.signals import Move
from analytics.models import Alert
from analytics.services.alert_run import give_tasks
from staff.models import Task


def open_alerts(clients: ClientQuerySet) -> dict[UUID, int]:
    """How many alerts are open, for each client that has any."""
    rows = Alert.objects.open().filter(client__in=clients.values("pk"))
    return dict(rows.values_list("client").annotate(n=Count("pk")).order_by())


def open_tasks(clients: ClientQuerySet) -> dict[UUID, int]:
    """How many to-dos hang on the alerts of each client."""
    rows = Task.objects.open().filter(alerts__client__in=clients.values("pk"))
    counted = rows.values_list("alerts__client").annotate(n=Count("pk", distinct=True))
    return dict(counted.order_by())


def pass_on_tasks(*, clients: Sequence[Client], but: Collection[UUID] = ()) -> list[Move]:
    """Whoever takes over a client takes over the to-dos of its alerts."""
    rows = (
        Task.objects.open()
        .filter(alerts__client__in=clients, alerts__client__owner__isnull=False)
        .exclude(assignee=F("alerts__client__owner"))
        .exclude(pk__in=[*but])
        .values_list("pk", "alerts__client", "due_on", "assignee", "alerts__client__owner")
        .distinct()
    )
    # Locked apart: PostgreSQL does not lock rows of a DISTINCT query.
    list(Task.objects.filter(pk__in=[row[0] for row in rows]).select_for_update().order_by("pk"))
    moves = [
        Move(
            kind=MovedWork.TASK,
            object_id=task,
            client_id=client,
            day=due_on,
            former_id=former,
            receiver_id=receiver,
        )
        for task, client, due_on, former, receiver in rows
    ]
    _give({move.object_id: move.receiver_id for move in moves})
    without = Alert.objects.open().filter(client__in=clients, task=None).select_related("client")
    if alerts := list(without):
        give_tasks(alerts)
    return moves


def take_back_tasks(*, clients: Sequence[Client], undoing: Sequence[Move]) -> list[Move]:
    """To who had them before. Those done or given on since stay; new ones follow the client."""
    moves = {move.object_id: move for move in undoing if move.kind == MovedWork.TASK}
    found = Task.objects.filter(pk__in=moves).select_for_update().order_by("pk")
    tasks = {task.pk: task for task in found}
    outcomes = {pk: _outcome(move, tasks.get(pk)) for pk, move in moves.items()}
    _give(
        {pk: moves[pk].former_id for pk, what in outcomes.items() if what == MoveOutcome.RETURNED}
    )
    pass_on_tasks(clients=clients, but=moves)
    return [move.ended(outcomes[pk]) for pk, move in moves.items()]


def _outcome(move: Move, task: Task | None) -> str:
    if task is None:
        return MoveOutcome.GONE
    if task.done_at:
        return MoveOutcome.FINISHED
    if task.assignee_id != move.receiver_id:
        return MoveOutcome.REASSIGNED
    return MoveOutcome.RETURNED


def _give(assignees: dict[UUID, int]) -> None:
    """One statement for each person."""
    for person in {*assignees.values()}:
        theirs = [pk for pk, assignee in assignees.items() if assignee == person]
        Task.objects.filter(pk__in=theirs).update(assignee=person)
