"""Statutory holidays, swapped working days, and the company's own exceptions."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.lib.working_days import OfficeHours, WorkingCalendar, add_working_hours
from staff.choices import DayKind
from staff.selectors import working_calendar
from tests.factories.staff import CalendarDayFactory

CALENDAR = WorkingCalendar()


@pytest.mark.rule("P21")
@pytest.mark.parametrize(
    ("day", "is_working"),
    [
        (date(2026, 7, 6), True),  # an ordinary Monday
        (date(2026, 7, 4), False),  # an ordinary Saturday
        (date(2026, 7, 5), False),
        # New Year 2026: 1 to 3 January off, Sunday 4 January worked.
        (date(2026, 1, 1), False),
        (date(2026, 1, 2), False),
        (date(2026, 1, 4), True),
        (date(2026, 1, 5), True),
        # Spring Festival: 15 to 23 February off, 14 and 28 February worked.
        (date(2026, 2, 14), True),
        (date(2026, 2, 16), False),
        (date(2026, 2, 23), False),
        (date(2026, 2, 24), True),
        (date(2026, 2, 28), True),
        # Qingming 4 to 6 April.
        (date(2026, 4, 6), False),
        # Labour Day: 1 to 5 May off, 9 May worked.
        (date(2026, 5, 5), False),
        (date(2026, 5, 9), True),
        # Dragon Boat 19 to 21 June.
        (date(2026, 6, 19), False),
        # Mid-Autumn 25 to 27 September; National Day 1 to 7 October, worked 20 Sept. and 10 Oct.
        (date(2026, 9, 20), True),
        (date(2026, 9, 25), False),
        (date(2026, 10, 7), False),
        (date(2026, 10, 8), True),
        (date(2026, 10, 10), True),
    ],
)
def test_calendar_of_2026(day, is_working):
    assert CALENDAR.is_working(day) is is_working


@pytest.mark.parametrize(
    ("day", "working_days", "last"),
    [
        (date(2026, 7, 6), 0, date(2026, 7, 6)),
        (date(2026, 7, 6), 1, date(2026, 7, 7)),
        (date(2026, 7, 3), 2, date(2026, 7, 7)),
        (date(2026, 7, 4), 1, date(2026, 7, 6)),
        (date(2026, 9, 30), 3, date(2026, 10, 10)),  # 8, 9 and the swapped Saturday
        (date(2026, 2, 13), 2, date(2026, 2, 24)),  # the swapped Saturday, then after the feast
        (date(2025, 12, 31), 1, date(2026, 1, 4)),
    ],
)
def test_limit_ends_on_the_last_of_so_many_working_days(day, working_days, last):
    assert CALENDAR.add(day, working_days) == last


@given(st.dates(date(2024, 1, 1), date(2026, 11, 1)), st.integers(1, 15))
def test_limit_ends_on_a_working_day_with_as_many_in_between(day, working_days):
    last = CALENDAR.add(day, working_days)

    between = [day + timedelta(days=n) for n in range(1, (last - day).days + 1)]
    assert CALENDAR.is_working(last)
    assert sum(map(CALENDAR.is_working, between)) == working_days


@pytest.mark.django_db
def test_company_exceptions_win_over_the_statutory_calendar():
    CalendarDayFactory(day=date(2026, 7, 6), kind=DayKind.OFF)
    CalendarDayFactory(day=date(2026, 7, 5), kind=DayKind.WORKING)

    calendar = working_calendar()

    assert not calendar.is_working(date(2026, 7, 6))
    assert calendar.is_working(date(2026, 7, 5))
    assert calendar.add(date(2026, 7, 3), 2) == date(2026, 7, 7)


BEIJING = ZoneInfo("Asia/Shanghai")
HOURS = OfficeHours(time(8, 30), time(17, 30), BEIJING)


def beijing(day: int, hour: int, minute: int = 0) -> datetime:
    """In July 2026; the 6th is a Monday."""
    return datetime(2026, 7, day, hour, minute, tzinfo=BEIJING)


@pytest.mark.parametrize(
    ("start", "hours", "due"),
    [
        (beijing(6, 10), 4, beijing(6, 14)),
        (beijing(6, 6), 1, beijing(6, 9, 30)),  # before the doors open
        (beijing(6, 16, 30), 4, beijing(7, 11, 30)),  # over night
        (beijing(10, 16, 30), 2, beijing(13, 9, 30)),  # over the weekend
        (beijing(11, 12), 1, beijing(13, 9, 30)),  # on a Saturday
        (beijing(6, 17, 30), 1, beijing(7, 9, 30)),  # as they close
        (beijing(6, 8, 30), 9, beijing(6, 17, 30)),  # a whole day ends the same day
        (beijing(6, 8, 30), 18, beijing(7, 17, 30)),
    ],
)
def test_working_hours_pass_by_nights_and_days_off(start, hours, due):
    assert add_working_hours(CALENDAR, HOURS, start, timedelta(hours=hours)) == due
    assert add_working_hours(CALENDAR, HOURS, start.astimezone(UTC), timedelta(hours=hours)) == due
