"""The monthly job: complete last month when its bills are all there, and run its alerts."""

from datetime import datetime

from django.conf import settings
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from analytics.exceptions import NothingToComplete
from analytics.models import BillingPeriod, MemberBill
from analytics.services.periods import complete_period
from crm.lib.months import month_before
from staff.choices import Role
from staff.models import User
from staff.services import notify

HELD = "period-held"


def run_month(*, now: datetime, by: User | None) -> BillingPeriod | None:
    """Complete and compute the month before `now`, or ask operations when bills seem missing."""
    month = month_before(timezone.localtime(now).date().replace(day=1))
    period = BillingPeriod.objects.filter(pk=month).first()
    if period is None or (not period.is_complete and not _is_covered(period)):
        _ask_operations(f"{month:%Y-%m}", by)
        return None
    try:
        return complete_period(month=month, now=now, by=by)
    except NothingToComplete:
        return None


def coverage_percent(period: BillingPeriod) -> int | None:
    """Clients with member bills this month, per cent of last month's; None without a last month."""
    before = month_before(period.month)
    clients = dict.fromkeys((period.month, before), 0)
    for month in clients:
        clients[month] = (
            MemberBill.objects.filter(Q(period=month)).values("client_id").distinct().count()
        )
    return clients[period.month] * 100 // clients[before] if clients[before] else None


def _is_covered(period: BillingPeriod) -> bool:
    coverage = coverage_percent(period)
    return coverage is not None and coverage >= settings.EXPECTED_COVERAGE_PERCENT


def _ask_operations(month: str, by: User | None) -> None:
    notify(
        recipients=list(User.objects.filter(role=Role.OPERATIONS, is_active=True)),
        kind=HELD,
        key=f"{HELD}:{month}",
        params={"month": month},
        link=reverse("analytics:period_list"),
        by=by,
    )
