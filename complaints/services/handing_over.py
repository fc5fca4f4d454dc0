"""Cases of the account manager follow the client when it is handed over, and come back when that is
undone (ORG-02). Who took a case down still owes the first reply (ORG-16)."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.choices import MovedWork, MoveOutcome
from accounts.models import Client, Ownership
from accounts.signals import Move
from complaints.choices import CaseStatus, StepKind
from complaints.models import Case, CaseStep
from complaints.services.steps import CONFIRM, WORK
from staff.models import Task, User


def pass_on_cases(
    *,
    clients: Sequence[Client],
    now: datetime,
    by: User | None,
    but: Collection[UUID] = (),
    former: Mapping[UUID, int] | None = None,
) -> list[Move]:
    """Whoever takes over a client takes over the open cases that its account manager handled.

    Those of anybody else, a clerk or a colleague, stay theirs.
    """
    former = former or _former_owners(clients, now)
    owners = {client.pk: client.owner_id for client in clients}
    rows = Case.objects.exclude(status=CaseStatus.CLOSED).filter(
        client__in=clients, assignee__in={*former.values()}
    )
    moves = [
        Move(
            kind=MovedWork.CASE,
            object_id=case.pk,
            client_id=case.client_id,
            day=timezone.localtime(case.first_contact_at).date(),
            former_id=giver,
            receiver_id=owner,
        )
        for case in rows.exclude(pk__in=[*but]).select_for_update(of=("self",)).order_by("pk")
        if (owner := owners[case.client_id])
        and (giver := former.get(case.client_id))
        and case.assignee_id == giver != owner
    ]
    _give({move.object_id: (move.former_id, move.receiver_id) for move in moves}, now, by)
    return moves


def take_back_cases(
    *, clients: Sequence[Client], undoing: Sequence[Move], now: datetime, by: User | None
) -> list[Move]:
    """To who had them before. Cases closed or given on since stay; new ones follow the client."""
    moves = {move.object_id: move for move in undoing if move.kind == MovedWork.CASE}
    found = Case.objects.filter(pk__in=moves).select_for_update(of=("self",)).order_by("pk")
    cases = {case.pk: case for case in found}
    outcomes = {pk: _outcome(move, cases.get(pk)) for pk, move in moves.items()}
    back = [moves[pk] for pk, what in outcomes.items() if what == MoveOutcome.RETURNED]
    _give({move.object_id: (move.receiver_id, move.former_id) for move in back}, now, by)
    pass_on_cases(clients=clients, now=now, by=by, but=moves)
    return [move.ended(outcomes[pk]) for pk, move in moves.items()]


def _former_owners(clients: Sequence[Client], now: datetime) -> dict[UUID, int]:
    """Who was responsible for each until this moment."""
    ended = Ownership.objects.filter(client__in=clients, ended_at=now)
    return dict(ended.order_by("pk").values_list("client", "owner"))


def _outcome(move: Move, case: Case | None) -> str:
    if case is None:
        return MoveOutcome.GONE
    if case.status == CaseStatus.CLOSED:
        return MoveOutcome.FINISHED
    if case.assignee_id != move.receiver_id:
        return MoveOutcome.REASSIGNED
    return MoveOutcome.RETURNED


def _give(handlers: Mapping[UUID, tuple[int, int]], now: datetime, by: User | None) -> None:
    """From one to the other: case, unit, to-dos, and a line in the case; statements per pair."""
    people = User.objects.in_bulk({pk for pair in handlers.values() for pk in pair})
    for pair in sorted({*handlers.values()}):
        giver, taker = people[pair[0]], people[pair[1]]
        theirs = [pk for pk, each in handlers.items() if each == pair]
        cases = Case.objects.filter(pk__in=theirs)
        cases.filter(responsible_unit=giver.unit_id).update(responsible_unit=taker.unit_id)
        cases.update(assignee=taker, updated_at=now)
        tasks = Task.objects.open().filter(subject_id__in=theirs, kind__in=[WORK, CONFIRM])
        tasks.filter(assignee=giver).update(assignee=taker)
        CaseStep.objects.bulk_create(
            CaseStep(
                case_id=pk,
                kind=StepKind.TRANSFER,
                at=now,
                by=by or taker,
                text=_("Goes along with the client"),
                to_person=taker,
            )
            for pk in theirs
        )
