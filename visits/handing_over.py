"""Appointments follow the client when it is handed over, and come back when that is undone."""

from collections.abc import Collection, Sequence
from uuid import UUID

from django.db.models import Count, F
from django.utils import timezone

from accounts.choices import MovedWork, MoveOutcome
from accounts.models import Client, ClientQuerySet
from accounts.signals import Move
from staff.choices import OWNER_ROLES
from visits.choices import VisitState
from visits.models import Visit

CHANGED = {VisitState.DONE: MoveOutcome.FINISHED, VisitState.CANCELLED: MoveOutcome.CANCELLED}


def planned_visits(clients: ClientQuerySet) -> dict[UUID, int]:
    """How many visits are planned, for each client that has any."""
    rows = Visit.objects.planned().filter(client__in=clients.values("pk"))
    return dict(rows.values_list("client").annotate(n=Count("pk")).order_by())


def pass_on_planned_visits(*, clients: Sequence[Client], but: Collection[UUID] = ()) -> list[Move]:
    """Whoever takes over a client takes over its appointments.

    Those of its chief representative and of people who oversee units stay theirs.
    """
    owners = {client.pk: client.owner_id for client in clients}
    rows = (
        Visit.objects.planned()
        .filter(client__in=clients, visitor__role__in=OWNER_ROLES)
        .exclude(visitor=F("client__chief_representative"))
        .exclude(visitor=F("client__owner"))
        .exclude(pk__in=[*but])
        .select_for_update(of=("self",))
        .order_by("pk")
    )
    moves = [
        Move(
            kind=MovedWork.VISIT,
            object_id=visit.pk,
            client_id=visit.client_id,
            day=timezone.localtime(visit.starts_at).date(),
            former_id=visit.visitor_id,
            receiver_id=owner,
        )
        for visit in rows
        if (owner := owners[visit.client_id])
    ]
    _give({move.object_id: move.receiver_id for move in moves})
    return moves


def take_back_visits(*, clients: Sequence[Client], undoing: Sequence[Move]) -> list[Move]:
    """To who had them before. Visits logged, called off or given on since stay as they are; those
    planned since follow the client."""
    moves = {move.object_id: move for move in undoing if move.kind == MovedWork.VISIT}
    found = Visit.objects.filter(pk__in=moves).select_for_update().order_by("pk")
    visits = {visit.pk: visit for visit in found}
    outcomes = {pk: _outcome(move, visits.get(pk)) for pk, move in moves.items()}
    _give(
        {pk: moves[pk].former_id for pk, what in outcomes.items() if what == MoveOutcome.RETURNED}
    )
    pass_on_planned_visits(clients=clients, but=moves)
    return [move.ended(outcomes[pk]) for pk, move in moves.items()]


def _outcome(move: Move, visit: Visit | None) -> str:
    if visit is None:
        return MoveOutcome.GONE
    if visit.state in CHANGED:
        return CHANGED[VisitState(visit.state)]
    if visit.visitor_id != move.receiver_id:
        return MoveOutcome.REASSIGNED
    return MoveOutcome.RETURNED


def _give(visitors: dict[UUID, int]) -> None:
    """One statement for each visitor."""
    for person in {*visitors.values()}:
        theirs = [pk for pk, visitor in visitors.items() if visitor == person]
        Visit.objects.filter(pk__in=theirs).update(visitor=person, updated_at=timezone.now())
