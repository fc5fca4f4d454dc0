"""The monthly job: complete last month when its bills are all there, and run its alerts."""

from datetime import datetime

from django.utils import timezone

from analytics.models import BillingPeriod
from analytics.services.holding import ask_operations
from analytics.services.periods import complete_covered_period
from crm.lib.months import month_before
from staff.models import User


def run_month(*, now: datetime, by: User | None) -> BillingPeriod | None:
    """Complete and compute the month before `now`, or hold it and ask operations.

    Gives the month when it is complete; a closed one is left alone.
    """
    month = month_before(timezone.localtime(now).date().replace(day=1))
    period = BillingPeriod.objects.filter(pk=month).first()
    if period is None:
        ask_operations(f"{month:%Y-%m}", now)
        return None
    if period.is_closed:
        return period
    period = complete_covered_period(month=month, now=now, by=by)
    return period if period.is_complete else None
