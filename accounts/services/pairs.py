"""Writes about pairs of records that may be the same (ARC-20, ADR 0045)."""

from datetime import date, datetime, timedelta

from django.conf import settings
from django.utils.translation import gettext as _

from accounts.choices import PAIR_VERDICTS, PairState
from accounts.exceptions import PairJudged, PairNotJudged
from accounts.models import SuspectedPair
from crm.lib.services import service
from staff.choices import Role
from staff.models import Task, Unit, User
from staff.services.work import finish_task, raise_task

TASK = "pair-same"


@service
def judge_pair(
    *, pair: SuspectedPair, verdict: str, now: datetime, today: date, by: User
) -> SuspectedPair:
    """Say what a pair is: `different`, `later` (for PAIR_LATER_DAYS) or `same`.

    The same: operations get a to-do to bring the two records together. Raises PairJudged when
    somebody said something for good already.
    """
    pair = _locked(pair)
    if pair.state not in {PairState.OPEN, PairState.LATER}:
        raise PairJudged(_("This pair is judged already; take the judgement back first."))
    if verdict not in PAIR_VERDICTS:
        raise ValueError(verdict)
    pair.state, pair.decided_at, pair.decided_by = verdict, now, by
    is_later = verdict == PairState.LATER
    pair.later_until = today + timedelta(days=settings.PAIR_LATER_DAYS) if is_later else None
    pair.save()
    if verdict == PairState.SAME:
        raise_task(
            kind=TASK,
            subject_id=pair.pk,
            params={"records": pair.title},
            link=pair.get_absolute_url(),
            assignee=_whose_work(pair, by),
            due_on=today + timedelta(days=settings.PAIR_LATER_DAYS),
            by=by,
        )
    return pair


@service
def reopen_pair(*, pair: SuspectedPair, now: datetime, by: User) -> SuspectedPair:
    """Take a judgement back; the to-do that it raised is done with.

    Raises PairNotJudged when there is none.
    """
    pair = _locked(pair)
    if pair.is_open:
        raise PairNotJudged(_("Nobody has judged this pair."))
    pair.state = PairState.OPEN
    pair.later_until = pair.decided_at = pair.decided_by = None
    pair.save()
    for task in Task.objects.open().filter(kind=TASK, subject_id=pair.pk):
        finish_task(task=task, now=now, by=by)
    return pair


def _locked(pair: SuspectedPair) -> SuspectedPair:
    return SuspectedPair.objects.select_for_update(of=("self",)).with_records().get(pk=pair.pk)


def _whose_work(pair: SuspectedPair, by: User) -> User:
    """Operations of the nearest unit above both records, the judge among them first."""
    above = [
        set(Unit.objects.ancestors(client.unit, include_self=True).values_list("pk", flat=True))
        for client in (pair.first, pair.second)
    ]
    people = User.objects.filter(
        role=Role.OPERATIONS, is_active=True, unit__in=above[0] & above[1]
    ).select_related("unit")
    nearest = sorted(people, key=lambda person: (person != by, -_depth(person.unit), person.pk))
    return nearest[0] if nearest else by


def _depth(unit: Unit) -> int:
    return Unit.objects.ancestors(unit).count()
