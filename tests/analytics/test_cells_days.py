"""Every form a month, day or moment in a cell may have, and the exact complaint about every other."""

from datetime import date, time

import pytest
from django.core.exceptions import ValidationError

from analytics.importing import cells
from analytics.importing.cells import Birthday
from analytics.importing.problems import CellError
from crm.lib.filters import month_from
from tests.analytics.cell_complaints import complaint


@pytest.mark.parametrize(
    "text",
    [
        "2026-05",
        "202605",
        "2026年5月",
        "2026年05月",
        "2026/05",
        "2026/5",
        "2026.5",
        "2026-5",
        "２０２６－０５",
        "２０２６年５月",
        " 2026-05 ",
        "\ufeff2026-05",
        "2026-05-01",
        "2026-05-01 00:00:00",
    ],
)
def test_period_reads(text):
    assert cells.period(text) == date(2026, 5, 1)


@pytest.mark.parametrize(
    "text",
    [
        "2026",
        "2026-13",
        "2026-00",
        "202613",
        "26-05",
        "2026-05-31",
        "05/2026",
        "May 2026",
        "1989-12",
        "2101-01",
        "2026-05x",
        "二〇二六年五月",
        "-",
    ],
)
def test_period_refuses(text):
    assert complaint(cells.period, text) == "bad_period"


@pytest.mark.parametrize(
    "text",
    [
        "2026-05-31",
        "2026/5/31",
        "2026.05.31",
        "20260531",
        "2026年5月31日",
        "２０２６－０５－３１",
        "2026-05-31 00:00:00",
        "2026-05-31T08:30",
        "2026-05-31 08:30:15.123",
    ],
)
def test_day_reads(text):
    assert cells.day(text) == date(2026, 5, 31)


@pytest.mark.parametrize(
    "text", ["2026-02-29", "2026-13-01", "2026-06-31", "31.05.2026", "2026", "46173", "0000-01-01"]
)
def test_day_refuses(text):
    assert complaint(cells.day, text) == "bad_date"


@pytest.mark.rule("CON-20")
@pytest.mark.rule("ANA-13")
@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("2026-05-31", None),
        ("20260531", None),
        ("2026年5月31日", None),
        ("2026-05-31 14:05", time(14, 5)),
        ("2026/5/31 4:05:09", time(4, 5, 9)),
        ("2026年5月31日 14:05", time(14, 5)),
        ("2026-05-31T14:05:09.123", time(14, 5, 9)),
        ("20260531140509", time(14, 5, 9)),
        ("２０２６－０５－３１　１４：０５", time(14, 5)),
        ("2026-05-31 00:00", time(0, 0)),
    ],
)
def test_moment_reads(text, at):
    assert cells.moment(text) == (date(2026, 5, 31), at)


@pytest.mark.rule("ANA-13")
@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("12-23", "no_year"),
        ("-12-23", "no_year"),
        ("12/23 14:05", "no_year"),
        ("12月23日", "no_year"),
        ("2026-02-30", "bad_date"),
        ("1026-05-31", "bad_date"),
        ("2026-05", "bad_date"),
        ("14:05", "bad_date"),
        ("2026-05-31 noon", "bad_date"),
        ("2026-05-31 24:05", "bad_time"),
        ("20260531146009", "bad_time"),
    ],
)
def test_moment_refuses(text, code):
    assert complaint(cells.moment, text) == code


@pytest.mark.parametrize(
    ("text", "birthday"),
    [
        ("1975-08-15", Birthday(1975, 8, 15, is_lunar=False)),
        ("08-15", Birthday(None, 8, 15, is_lunar=False)),
        ("8-15", Birthday(None, 8, 15, is_lunar=False)),
        ("8月15日", Birthday(None, 8, 15, is_lunar=False)),
        ("1975年8月15日", Birthday(1975, 8, 15, is_lunar=False)),
        ("1975/8/15", Birthday(1975, 8, 15, is_lunar=False)),
        ("1975-08-15 00:00:00", Birthday(1975, 8, 15, is_lunar=False)),
        ("02-29", Birthday(None, 2, 29, is_lunar=False)),
        ("L08-15", Birthday(None, 8, 15, is_lunar=True)),
        ("l08-15", Birthday(None, 8, 15, is_lunar=True)),
        ("Ｌ０８－１５", Birthday(None, 8, 15, is_lunar=True)),
        ("L1975-08-15", Birthday(1975, 8, 15, is_lunar=True)),
        # A lunar month of 30 days exists in months where the sun's calendar has none.
        ("L02-30", Birthday(None, 2, 30, is_lunar=True)),
    ],
)
def test_birthday_reads(text, birthday):
    assert cells.birthday(text) == birthday


@pytest.mark.parametrize(
    "text",
    ["02-30", "1975-02-29", "13-01", "L13-01", "L08-31", "08-00", "L", "15", "0815", "X08-15"],
)
def test_birthday_refuses(text):
    assert complaint(cells.birthday, text) == "bad_birthday"


@pytest.mark.parametrize("text", ["0206-05", "1989-12", "2101-01"])
def test_months_out_of_range_are_refused_everywhere(text):
    with pytest.raises(ValidationError):
        month_from(text)
    with pytest.raises(CellError):
        cells.period(text)
