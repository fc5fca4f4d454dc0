"""How many bills a month has of each unit, and where they are far fewer than the month before."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db import connection

from analytics.models import BillingPeriod, PeriodCoverage
from analytics.sums import BillsOf, forget_sums, sums_by_client
from crm.lib.months import month_before
from staff.models import Unit

BY_UNIT = """
    INSERT INTO analytics_periodcoverage (period, unit_id, rows, clients, total)
    SELECT %s, c.unit_id, sum(b.rows), count(*), sum(b.total) / 100.0
    FROM {sums} b JOIN accounts_client c ON c.id = b.client_id
    GROUP BY c.unit_id
"""


@dataclass(frozen=True)
class Shortfall:
    """A unit that has `rows` bills where the month before had `expected`, with all units below."""

    unit_id: int
    rows: int
    expected: int

    @property
    def percent(self) -> int:
        return percent_of(self.rows, self.expected) or 0


def count_bills(months: Iterable[date], *, bills_of: BillsOf) -> None:
    """Replace the coverage of these months and of the months before them.

    `bills_of` names the table with a month's member bills; its sums are left for the facts, the
    caller forgets them (`sums.forget_sums`). The month before is counted anew
    because clients may have moved since: both months must be divided among the units in the same
    way, or a moved client would look like missing bills.
    """
    months = set(months)
    around = months | {month_before(month) for month in months}
    known = BillingPeriod.objects.filter(pk__in=around).order_by("month")
    with connection.cursor() as cursor:
        for month in known.values_list("month", flat=True):
            sums = sums_by_client(cursor, bills_of(month))
            cursor.execute("DELETE FROM analytics_periodcoverage WHERE period = %s", [month])
            cursor.execute(BY_UNIT.format(sums=sums), [month])
    forget_sums(around - months, bills_of)


def percent_of(rows: int, expected: int) -> int | None:
    """Whole per cent, rounded down; None when nothing was expected."""
    return rows * 100 // expected if expected else None


def is_thin(rows: int, expected: int) -> bool:
    return expected > 0 and rows * 100 < expected * settings.EXPECTED_COVERAGE_PERCENT


def has_month_before(month: date) -> bool:
    """True when there is something to measure the month with."""
    return PeriodCoverage.objects.filter(period=month_before(month)).exists()


def shortfalls(month: date) -> list[Shortfall]:
    """Units of the second level with far fewer bills than the month before, in order of the tree.

    Clients of the root itself count as a unit of their own.
    """
    owner = second_level()
    rows: dict[int, int] = {}
    expected: dict[int, int] = {}
    both = PeriodCoverage.objects.filter(period__in=(month, month_before(month)))
    for period, unit_id, count in both.values_list("period", "unit_id", "rows"):
        counts = rows if period == month else expected
        counts[owner[unit_id]] = counts.get(owner[unit_id], 0) + count
    return [
        Shortfall(unit_id, rows.get(unit_id, 0), expected[unit_id])
        for unit_id in dict.fromkeys(owner.values())
        if is_thin(rows.get(unit_id, 0), expected.get(unit_id, 0))
    ]


def second_level() -> dict[int, int]:
    """For each unit, the unit of the second level it belongs to; a root belongs to itself."""
    parents = dict(Unit.objects.order_by("pk").values_list("pk", "parent_id"))
    return {unit_id: _below_root(unit_id, parents) for unit_id in parents}


def _below_root(unit_id: int, parents: Mapping[int, int | None]) -> int:
    above = parents[unit_id]
    while above is not None and parents[above] is not None:
        unit_id, above = above, parents[above]
    return unit_id
