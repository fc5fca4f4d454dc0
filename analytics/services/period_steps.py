"""What every change of a month's state shares: the log, and the to-dos about it."""

from datetime import datetime

from django.utils.translation import gettext as _

from analytics.choices import PeriodState, PeriodStepKind
from analytics.exceptions import PeriodClosed
from analytics.models import BillingPeriod, PeriodStep
from staff.models import Task, User

HELD = "period-held"


def mark_complete(
    period: BillingPeriod,
    now: datetime,
    by: User | None,
    *,
    kind: PeriodStepKind = PeriodStepKind.COMPLETED,
    reason: str = "",
) -> None:
    """All its files are in (CHN-47); changes nothing when it is complete already."""
    if period.is_complete:
        return
    period.state = PeriodState.COMPLETE
    period.completed_at = now
    period.completed_by = by
    period.held_at = None
    period.shortfalls = []
    period.save()
    note(period, kind, now, by, reason)
    finish_to_dos(period, now)


def note(
    period: BillingPeriod, kind: PeriodStepKind, now: datetime, by: User | None, reason: str = ""
) -> None:
    PeriodStep.objects.create(period=period, kind=kind, at=now, by=by, reason=reason)


def refuse_closed(period: BillingPeriod) -> None:
    if period.is_closed:
        raise PeriodClosed(
            _("%(month)s is closed. Open it again before you change it.") % {"month": period}
        )


def finish_to_dos(period: BillingPeriod, now: datetime) -> None:
    """Somebody looked, or what was missing came."""
    Task.objects.open().filter(kind=HELD, params__month=str(period)).update(done_at=now)
