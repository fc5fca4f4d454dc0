"""Months: complete ones get facts and alerts, corrected ones get them anew."""

from collections.abc import Callable, Iterable
from datetime import date, datetime

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from analytics import facts
from analytics.choices import PeriodState
from analytics.exceptions import NothingToComplete
from analytics.models import BillingPeriod, ClientMonth
from analytics.services.alert_run import run_alerts
from analytics.services.locks import wait_for_billing
from analytics.tasks import complete_period_task
from crm.lib.months import month_after, month_before
from crm.lib.services import service
from staff.models import User


@service
def order_completion(*, month: date, now: datetime, by: User) -> BillingPeriod:
    """Mark the month complete at once; facts and alerts follow in a job."""
    period = _lock(month)
    period.computed_at = None
    mark_complete(period, now, by)
    period.save()
    transaction.on_commit(lambda: complete_period_task.delay(f"{month:%Y-%m-%d}"))
    return period


@service
def complete_period(*, month: date, now: datetime, by: User | None) -> BillingPeriod:
    """All files of the month are in: make facts, run the alerts (CHN-47). Again is harmless."""
    wait_for_billing()
    period = _lock(month)
    mark_complete(period, now, by)
    recompute([month], bills_of=facts.ensure_partition, now=now, by=by)
    return period


def _lock(month: date) -> BillingPeriod:
    period = BillingPeriod.objects.select_for_update().filter(pk=month).first()
    if period is None:
        raise NothingToComplete(
            _("No bills of %(month)s have been loaded yet.") % {"month": f"{month:%Y-%m}"}
        )
    return period


def mark_complete(period: BillingPeriod, now: datetime, by: User | None) -> None:
    if not period.is_complete:
        period.state = PeriodState.COMPLETE
        period.completed_at = now
        period.completed_by = by
        period.save()


def recompute(
    changed: Iterable[date],
    *,
    bills_of: Callable[[date], str],
    now: datetime,
    by: User | None,
) -> None:
    """Facts and alerts of the complete ones among the changed months and the months after them.

    A month is compared with the one before it, so a corrected month changes two. The caller
    holds the billing lock.
    """
    complete = set(BillingPeriod.objects.complete().values_list("month", flat=True))
    concerned = {month for m in changed for month in (m, month_after(m))} & complete
    for month in sorted(concerned):
        facts.rebuild_facts(month, bills_of=bills_of, has_previous=month_before(month) in complete)
        run_alerts(month=month, now=now, by=by)
    if concerned:
        BillingPeriod.objects.filter(pk__in=concerned).update(computed_at=now)
        facts.copy_figures_to_clients(max(complete))


def reopen(period: BillingPeriod, now: datetime, by: User | None) -> None:
    """Not complete any more: its facts go and its alerts' readings are withdrawn.

    The month after it is compared with it and has to be computed anew by the caller, who holds
    the billing lock.
    """
    period.state = PeriodState.OPEN
    period.completed_at = period.completed_by = period.computed_at = None
    period.save()
    ClientMonth.objects.in_month(period.month).delete()
    run_alerts(month=period.month, now=now, by=by)


def follow_newest_month() -> None:
    """Clients carry the figures of the newest complete month; none when there is none."""
    newest = BillingPeriod.objects.complete().aggregate(newest=Max("month"))["newest"]
    if newest:
        facts.copy_figures_to_clients(newest)
    else:
        facts.clear_figures_of_clients()
