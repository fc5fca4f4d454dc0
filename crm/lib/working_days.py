"""Working days: statutory holidays *and* swapped working days of one calendar (AMB-32)."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, tzinfo
from functools import lru_cache

from holidays import HolidayBase
from holidays.countries.china import China

ONE_DAY = timedelta(days=1)
SATURDAY = 5


@lru_cache(maxsize=16)
def _statutory(year: int) -> HolidayBase:
    return China(years=year)


@dataclass(frozen=True)
class WorkingCalendar:
    """Which days count. `working` and `off` are local exceptions and win over the statutory list."""

    off: AbstractSet[date] = field(default_factory=frozenset)
    working: AbstractSet[date] = field(default_factory=frozenset)

    def is_working(self, day: date) -> bool:
        if day in self.working:
            return True
        if day in self.off:
            return False
        statutory = _statutory(day.year)
        if day in statutory.weekend_workdays:
            return True
        return day.weekday() < SATURDAY and day not in statutory

    def add(self, day: date, working_days: int) -> date:
        """The last day of a limit of that many working days; the day itself is not counted."""
        while working_days > 0:
            day += ONE_DAY
            working_days -= self.is_working(day)
        return day


@dataclass(frozen=True)
class OfficeHours:
    """When a working day begins and ends, at our place whatever zone the reader is in."""

    opens: time
    closes: time
    zone: tzinfo

    def span(self, day: date) -> tuple[datetime, datetime]:
        return (
            datetime.combine(day, self.opens, self.zone),
            datetime.combine(day, self.closes, self.zone),
        )


def add_working_hours(
    calendar: WorkingCalendar, hours: OfficeHours, start: datetime, amount: timedelta
) -> datetime:
    """When so much working time has passed since `start`; nights and days off do not count."""
    day = start.astimezone(hours.zone).date()
    while True:
        opens, closes = hours.span(day)
        begins = max(opens, start)
        if calendar.is_working(day) and begins < closes:
            if amount <= closes - begins:
                return begins + amount
            amount -= closes - begins
        day += ONE_DAY
