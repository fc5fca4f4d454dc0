"""States of months as they were before an import, for its undo."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.utils.dateparse import parse_datetime

from analytics.choices import PeriodState
from analytics.models import BillingPeriod
from analytics.services.holding import ask_operations
from analytics.services.period_steps import finish_to_dos
from crm.lib.months import month_after

States = dict[str, dict[str, Any]]


def states_around(months: Iterable[date]) -> States:
    """Of these months and the ones after them: `2026-06-01` -> state and since when it is held."""
    around = {each for month in months for each in (month, month_after(month))}
    return {
        period.month.isoformat(): {
            "state": period.state,
            "held_at": period.held_at.isoformat() if period.held_at else None,
        }
        for period in BillingPeriod.objects.filter(pk__in=around)
    }


def states_left(before: States) -> States:
    """What `before` says of the months whose state is another one by now."""
    months = [date.fromisoformat(month) for month in before]
    return {
        month: before[month]
        for month, now in states_around(months).items()
        if month in before and now["state"] != before[month]["state"]
    }


def give_back_states(before: States, now: datetime) -> None:
    """Held months are held again, and months that the import had held are not.

    To be called when those that fall open are open.
    """
    for period in BillingPeriod.objects.select_for_update().filter(pk__in=list(before)):
        was = before[period.month.isoformat()]
        if was["state"] == PeriodState.HELD and period.state == PeriodState.OPEN:
            period.state, period.held_at = PeriodState.HELD, parse_datetime(was["held_at"])
            period.save()
            ask_operations(str(period), now)
        elif was["state"] == PeriodState.OPEN and period.is_held:
            period.state, period.held_at, period.shortfalls = PeriodState.OPEN, None, []
            period.save()
            finish_to_dos(period, now)
