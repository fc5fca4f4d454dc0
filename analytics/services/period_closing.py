"""Closing a month, so that nothing changes it any more, and opening it again (ADR 0014)."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from analytics.choices import PeriodState, PeriodStepKind
from analytics.exceptions import PeriodNotClosed, PeriodNotComputed, ReasonMissing
from analytics.importing.problems import FileRefused
from analytics.models import BillingPeriod
from analytics.services.period_steps import note
from analytics.tasks import complete_period_task
from crm.lib.services import service
from crm.lib.text import listed
from staff.models import User


@service
def close_period(*, month: date, now: datetime, by: User, reason: str = "") -> BillingPeriod:
    """From now on no file, no undoing and no computation touches the month. Again is harmless."""
    period = BillingPeriod.objects.select_for_update().get(pk=month)
    if period.is_closed:
        return period
    if not period.is_complete or period.computed_at is None:
        raise PeriodNotComputed(
            _("Only a complete month whose facts and alerts are made can be closed.")
        )
    period.state = PeriodState.CLOSED
    period.closed_at = now
    period.closed_by = by
    period.save()
    note(period, PeriodStepKind.CLOSED, now, by, reason)
    return period


@service
def reopen_period(*, month: date, now: datetime, by: User, reason: str) -> BillingPeriod:
    """Complete again, and computed anew: the month before may have changed meanwhile."""
    if not reason.strip():
        raise ReasonMissing(_("Say why the month is opened again."))
    period = BillingPeriod.objects.select_for_update().get(pk=month)
    if not period.is_closed:
        raise PeriodNotClosed(_("This month is not closed."))
    period.state = PeriodState.COMPLETE
    period.closed_at = period.closed_by = None
    period.computed_at = None
    period.save()
    note(period, PeriodStepKind.REOPENED, now, by, reason)
    transaction.on_commit(lambda: complete_period_task.delay(f"{month:%Y-%m-%d}"))
    return period


def refuse_closed_months(months: Iterable[date]) -> None:
    """FileRefused naming the closed ones among the months.

    Their rows are locked: nobody closes a month while its bills are being changed.
    """
    locked = BillingPeriod.objects.select_for_update().filter(pk__in=set(months))
    closed = [str(period) for period in locked.order_by("month") if period.is_closed]
    if closed:
        raise FileRefused("period_closed", months=listed(closed))
