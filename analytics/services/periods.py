"""Months: complete ones get facts and alerts, corrected ones get them anew."""

from collections.abc import Callable, Iterable
from datetime import date, datetime
from functools import partial

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from analytics import coverage, facts
from analytics.choices import PeriodState, PeriodStepKind
from analytics.exceptions import MonthNotKept, NothingToComplete, ReasonMissing
from analytics.models import BillingPeriod, ClientMonth
from analytics.selectors.storage import frozen_by
from analytics.services.alert_run import run_alerts
from analytics.services.holding import complete_filled, complete_or_hold
from analytics.services.locks import wait_for_billing
from analytics.services.period_steps import mark_complete, note, refuse_closed
from analytics.sums import forget_sums
from analytics.tasks import complete_period_task, refresh_tier_terms_task
from crm.lib.months import month_after, month_before
from crm.lib.services import service
from staff.models import User


@service
def order_completion(*, month: date, now: datetime, by: User, reason: str = "") -> BillingPeriod:
    """Mark the month complete at once; facts and alerts follow in a job.

    A held month needs a reason: somebody has to have looked at what is missing.
    """
    period = _lock(month)
    refuse_if_not_kept([month])
    kind = PeriodStepKind.COMPLETED
    if period.is_held:
        if not reason.strip():
            raise ReasonMissing(_("Say why the month is complete although bills seem missing."))
        kind = PeriodStepKind.COMPLETED_ANYWAY
    mark_complete(period, now, by, kind=kind, reason=reason)
    period.computed_at = None
    period.save(update_fields=["computed_at"])
    transaction.on_commit(lambda: complete_period_task.delay(f"{month:%Y-%m-%d}"))
    return period


@service
def complete_period(*, month: date, now: datetime, by: User | None) -> BillingPeriod:
    """All files of the month are in: make facts, run the alerts (CHN-47). Again is harmless."""
    wait_for_billing()
    period = _lock(month)
    refuse_if_not_kept([month])
    mark_complete(period, now, by)
    recompute([month], bills_of=facts.ensure_partition, now=now, by=by)
    return period


@service
def complete_covered_period(*, month: date, now: datetime, by: User | None) -> BillingPeriod:
    """What the monthly job does: complete the month, or hold it when bills seem to be missing."""
    wait_for_billing()
    period = _lock(month)
    coverage.count_bills([month], bills_of=facts.ensure_partition)
    forget_sums([month], facts.ensure_partition)
    if complete_or_hold(period, needs_month_before=True, now=now):
        mark_complete(period, now, by)
        recompute([month], bills_of=facts.ensure_partition, now=now, by=by)
    return period


def _lock(month: date) -> BillingPeriod:
    """The month, which must have bills and must not be closed."""
    period = BillingPeriod.objects.select_for_update().filter(pk=month).first()
    if period is None:
        raise NothingToComplete(
            _("No bills of %(month)s have been loaded yet.") % {"month": f"{month:%Y-%m}"}
        )
    refuse_closed(period)
    return period


def refuse_if_not_kept(months: Iterable[date]) -> None:
    """Months change only while their member bills and those of the month before are kept.

    Raises MonthNotKept: made anew without them, the facts would be wrong.
    """
    if gone := frozen_by(months):
        raise MonthNotKept(
            _("The member bills of %(month)s are no longer kept.") % {"month": f"{gone:%Y-%m}"}
        )


def recompute(
    changed: Iterable[date],
    *,
    bills_of: Callable[[date], str],
    now: datetime,
    by: User | None,
    completes: bool = False,
    holds_thin: bool = False,
) -> list[date]:
    """Coverage of the changed months; facts and alerts of the complete ones, and the months after.

    `completes`: the changed months are complete now; `holds_thin`: unless bills seem to be missing.
    Gives the months that became complete by it, held ones whose gap is filled among them.
    A month is compared with the one before it, so a corrected month changes two. Closed months
    keep what they have. The caller holds the billing lock.
    """
    changed = set(changed)
    before = set(BillingPeriod.objects.complete().values_list("month", flat=True))
    coverage.count_bills(changed, bills_of=bills_of)
    if completes:
        for period in BillingPeriod.objects.filter(pk__in=changed).order_by("month"):
            if not holds_thin or complete_or_hold(period, needs_month_before=False, now=now):
                mark_complete(period, now, by)
    complete_filled(changed, now=now, by=by)
    complete = set(BillingPeriod.objects.complete().values_list("month", flat=True))
    around = {month for m in changed for month in (m, month_after(m))}
    # Locked, so that nobody closes one of them meanwhile.
    open_ones = BillingPeriod.objects.select_for_update().filter(
        pk__in=around, state=PeriodState.COMPLETE
    )
    concerned = [period.month for period in open_ones.order_by("month")]
    for month in concerned:
        facts.rebuild_facts(month, bills_of=bills_of, has_previous=month_before(month) in complete)
        run_alerts(month=month, now=now, by=by)
    forget_sums(changed, bills_of)
    if concerned:
        BillingPeriod.objects.filter(pk__in=concerned).update(computed_at=now)
        facts.copy_figures_to_clients(max(complete))
    for year in {month.year for month in changed}:
        transaction.on_commit(partial(refresh_tier_terms_task.delay, year))
    return sorted(complete - before)


def reopen(period: BillingPeriod, now: datetime, by: User | None) -> None:
    """Not complete any more: its facts go and its alerts' readings are withdrawn.

    The month after it is compared with it and has to be computed anew by the caller, who holds
    the billing lock.
    """
    period.state = PeriodState.OPEN
    period.completed_at = period.completed_by = period.computed_at = None
    period.save()
    note(period, PeriodStepKind.REOPENED, now, by)
    ClientMonth.objects.in_month(period.month).delete()
    run_alerts(month=period.month, now=now, by=by)


def follow_newest_month() -> None:
    """Clients carry the figures of the newest complete month; none when there is none."""
    newest = BillingPeriod.objects.complete().aggregate(newest=Max("month"))["newest"]
    if newest:
        facts.copy_figures_to_clients(newest)
    else:
        facts.clear_figures_of_clients()
