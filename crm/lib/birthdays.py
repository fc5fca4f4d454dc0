"""When a birthday comes round, by the solar or the lunar calendar (CON-20).

A lunar year has 12 or 13 months of 29 or 30 days, so a lunar birthday wanders through the solar
year. The tables of `lunardate` reach from 1900 to 2099.
"""

import calendar
from dataclasses import dataclass
from datetime import date

from lunardate import LunarDate

LAST_LUNAR_YEAR = 2099


@dataclass(frozen=True)
class Birthday:
    """Month and day without a year; `is_leap_month` is the second month of that number."""

    month: int
    day: int
    is_lunar: bool = False
    is_leap_month: bool = False

    def next_from(self, today: date) -> date | None:
        """The next one, today included; None beyond the tables of the lunar calendar."""
        if self.is_lunar:
            # The lunar year begins in January or February: today may lie in last year's.
            years = range(today.year - 1, today.year + 2)
            days = (self._in_lunar_year(year) for year in years)
        else:
            days = (self._in_solar_year(year) for year in (today.year, today.year + 1))
        return next((day for day in days if day and day >= today), None)

    def _in_solar_year(self, year: int) -> date:
        """29 February is kept on the 28th of other years: a day early rather than a day late."""
        last = calendar.monthrange(year, self.month)[1]
        return date(year, self.month, min(self.day, last))

    def _in_lunar_year(self, year: int) -> date | None:
        """The 30th of a short month is kept on its 29th, a leap month in the ordinary one.

        A leap month of the same number comes again after about 19 years, so people born in one
        keep the ordinary month in every other year.
        """
        if not 1900 <= year <= LAST_LUNAR_YEAR:
            return None
        is_leap = self.is_leap_month and LunarDate.leap_month_for_year(year) == self.month
        for day in (self.day, 29):
            try:
                return LunarDate(year, self.month, day, is_leap).to_solar_date()
            except ValueError:
                continue
        return None


def is_possible(*, month: int, day: int, year: int | None, is_lunar: bool) -> bool:
    """False for 31 April, 30 February, 29 February 2023 and a 31st of the lunar calendar."""
    if is_lunar:
        return 1 <= month <= 12 and 1 <= day <= 30
    try:
        date(year or 2000, month, day)
    except ValueError:
        return False
    return True
