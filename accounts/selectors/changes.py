"""Reads about major changes."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Aggregate, Count, DurationField, ExpressionWrapper, F, FloatField, Func
from django.db.models.expressions import Combinable
from django.db.models.functions import TruncDate

from accounts.models import MajorChange
from staff.models import User

WINDOW_DAYS = 365


class Median(Aggregate):
    function = "PERCENTILE_CONT"
    name = "median"
    output_field = FloatField()
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"


@dataclass(frozen=True)
class ReportingTimes:
    """How soon major changes were reported in the last year; medians, None without any."""

    count: int
    days: float | None
    hours: float | None


def reporting_times(user: User, now: datetime) -> ReportingTimes:
    """Days from the event and hours from knowing to the report, of rows in sight (ARC-21)."""
    rows = MajorChange.objects.visible_to(user).filter(
        reported_at__gte=now - timedelta(days=WINDOW_DAYS)
    )
    days = _in_units_of(86400, TruncDate("reported_at") - F("happened_on"))
    hours = _in_units_of(3600, F("reported_at") - F("learned_at"))
    found = rows.aggregate(count=Count("pk"), days=Median(days), hours=Median(hours))
    return ReportingTimes(**found)


def _in_units_of(seconds: int, span: Combinable) -> Func:
    template = f"EXTRACT(EPOCH FROM %(expressions)s) / {seconds}"
    return Func(
        ExpressionWrapper(span, output_field=DurationField()),
        template=template,
        output_field=FloatField(),
    )
