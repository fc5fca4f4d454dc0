"""The fast path against the judge: it may hesitate, it may not differ."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.choices import MemberStatus
from analytics.importing.accepting import FastPath, Verdict
from analytics.importing.bills import FIELDS, NO_DATE, as_number
from analytics.importing.checking import RowChecker
from analytics.importing.columns import MEMBER_BILL
from analytics.importing.lines import Lines
from analytics.importing.reading import Header
from analytics.importing.repeats import SeenNumbers
from analytics.importing.rows import Rows
from analytics.importing.sheet_text import NEWLINE, SEPARATOR

NAMES = [column.name for column in MEMBER_BILL]
# The last two are stored, but no cell is ever read as them.
CLIENTS = {"C1": 0, "C2": 1, "集团3": 2, "Ｃ４": 3, " C5": 4}
GOOD = {
    "period": "2026-06",
    "client_code": "C1",
    "client_name": "某公司",
    "msisdn": "13800000001",
    "status": "正常",
    "tier": "gold",
    "joined_on": "2020-02-29",
    "corporate_paid": "否",
    "local": "12.30",
    "discount": "0.5",
    "total": "-7",
    "arrears": "",
    "payment_method": "",
    "points": "-12",
}

letters = st.characters(codec="utf-8", exclude_characters=SEPARATOR + NEWLINE)
blanks = st.sampled_from(["", " ", "\t", "\ufeff", "\u3000"])
money = st.one_of(
    st.decimals(-30_000_000, 30_000_000, places=2).map(str),
    st.integers(-(10**10), 10**10).map(str),
    st.from_regex(r"\A[+-]?[0-9]{0,8}[.,]?[0-9]{0,4}\Z"),
    st.sampled_from(
        ["-0.00", "1e2", "inf", "NaN", "1_0", "٣", "¥1.20", "1,234.50", "１.５", "0x1"]
    ),
)
CELLS: dict[str, st.SearchStrategy[str]] = {
    "period": st.sampled_from(["2026-06", "202606", "2026年6月", "2026-07", "2026-13", "06-2026"]),
    "client_code": st.sampled_from(
        [*CLIENTS, "C4", "C5", "C9", "Ｃ１", "集团9", "C" * 33, "C\x07"]
    ),
    "client_name": st.one_of(st.text(letters, max_size=8), st.integers(190, 210).map("名".__mul__)),
    "msisdn": st.one_of(
        st.integers(9_999_999_990, 20_000_000_010).map(str),
        st.from_regex(r"\A[ +1-]?[0-9 .]{9,12}\Z"),
        st.sampled_from(["1.38E+10", "１3800000001", "138 0000 0001", "1380000000１"]),
    ),
    "status": st.sampled_from(["active", "Active", "正常", "离网", "ＡＣＴＩＶＥ", "gone", "1"]),
    "tier": st.sampled_from(["gold", "金卡", "VIP", "tin"]),
    "joined_on": st.one_of(
        st.dates().map(str), st.sampled_from(["2020-2-9", "20200209", "2020-02-30", "2020年2月9日"])
    ),
    "corporate_paid": st.sampled_from(["yes", "是", "1", "0", "ja", "TRUE"]),
    "payment_method": st.sampled_from(["cash", "托收", "card"]),
    "points": st.one_of(
        st.integers(-(2**33), 2**33).map(str), st.sampled_from(["1.0", "1,000", "+5", "-0"])
    ),
}
cell_of = {
    name: st.tuples(
        st.just(name), st.one_of(CELLS.get(name, money), blanks, st.text(letters), st.just(""))
    )
    for name in NAMES
}
# Good rows with a few odd cells: with many, hardly any row would be accepted.
spoilt = st.lists(st.one_of(*cell_of.values()), min_size=1, max_size=2).map(
    lambda odd: GOOD | dict(odd)
)
headers = st.one_of(
    st.just(NAMES),
    st.lists(st.sampled_from(NAMES), unique=True).map(
        lambda some: list(dict.fromkeys(["client_code", "msisdn", "status", "total", *some]))
    ),
)


def header_of(names: Sequence[str]) -> Header:
    return Header(list(names), {name: position for position, name in enumerate(names)})


def verdict_of(
    rows: Sequence[dict[str, str]], names: Sequence[str], period: date | None = None
) -> Verdict:
    cells = (SEPARATOR.join(row.get(name, "") for name in names) for row in rows)
    lines = Lines(NEWLINE.join(cells).encode(), NEWLINE)
    numbers = np.arange(lines.height)
    fast = FastPath(header_of(names), period, CLIENTS)
    return fast.accept(
        Rows(lines.raw, lines.starts, lines.ends, numbers, len(names), SEPARATOR, NEWLINE)
    )


def as_loaded(line: int, values: dict[str, Any]) -> list[int]:
    """What the judge's values are in the table's terms."""
    values = values | {"line": line, "client": CLIENTS[values["client_code"]]}
    loaded = {name: 0 if values.get(name) is None else as_number(values[name]) for name in FIELDS}
    if values.get("joined_on") is None:
        loaded["joined_on"] = NO_DATE
    return list(loaded.values())


@settings(max_examples=500, deadline=None)
@given(
    rows=st.lists(spoilt, min_size=1, max_size=30),
    names=headers,
    period=st.sampled_from([None, date(2026, 6, 1)]),
)
def test_what_it_accepts_is_what_the_judge_accepts(rows, names, period):
    judge = RowChecker("member_bill", header_of(names), period)

    verdict = verdict_of(rows, names, period)

    accepted = verdict.accepted.numbers.T.tolist()
    unknown = verdict.unknown_client.numbers.tolist()
    by_judge = {
        line: judge.check([row.get(name, "") for name in names]) for line, row in enumerate(rows)
    }
    assert accepted == [as_loaded(line, by_judge[line][0]) for line, *_ in accepted]
    decided = [line for line, *_ in accepted] + unknown
    assert [by_judge[line][1] for line in decided] == [[] for _ in decided]
    assert not {by_judge[line][0]["client_code"] for line in unknown} & set(CLIENTS)
    assert sorted([*decided, *verdict.rest.numbers.tolist()]) == list(range(len(rows)))


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"client_code": "集团3"},
        {"joined_on": ""},
        {"total": "9999999.99"},
        {"local": "-0.01"},
        {"period": "2026年6月"},
    ],
)
def test_ordinary_rows_are_not_left_to_the_judge(change):
    verdict = verdict_of([GOOD | change], NAMES)

    assert (verdict.accepted.height, verdict.rest.height) == (1, 0)


@pytest.mark.parametrize("code", ["C1", "C9"])
def test_without_any_month_all_is_left_to_the_judge(code):
    verdict = verdict_of([GOOD | {"client_code": code}], ["client_code", *NAMES[3:]])

    assert verdict.rest.numbers.tolist() == [0]


def test_words_come_and_go():
    """The rows before and after one that says something else."""
    statuses = ["active", "gone", "active", "", "active", "离网", "离网", "gone"]

    verdict = verdict_of([GOOD | {"status": status} for status in statuses], NAMES)

    assert verdict.rest.numbers.tolist() == [1, 3, 7]
    assert verdict.accepted["line"].tolist() == [0, 2, 4, 5, 6]
    assert verdict.accepted["status"].tolist() == [
        *[MemberStatus.ACTIVE] * 3,
        *[MemberStatus.CHURNED] * 2,
    ]


def test_rows_that_lack_only_their_client_are_told_apart():
    rows = [GOOD | {"client_code": "C9"}, GOOD | {"client_code": "C9", "total": "many"}, GOOD]

    verdict = verdict_of(rows, NAMES)

    assert verdict.unknown_client.numbers.tolist() == [0]
    assert verdict.rest.numbers.tolist() == [1]


@given(st.lists(st.lists(st.integers(0, 40), max_size=30), max_size=12))
def test_numbers_are_repeated_from_their_second_time_on(blocks):
    seen, expected = set(), []
    for number in (number for block in blocks for number in block):
        expected.append(number in seen)
        seen.add(number)
    numbers = SeenNumbers()

    found = [numbers.repeated(np.array(block, dtype=np.int64)) for block in blocks]

    assert [again for block in found for again in block.tolist()] == expected


@pytest.mark.parametrize("code", ["Ｃ４", " C5"])
def test_a_stored_code_no_cell_can_name_is_the_judges_business(code):
    verdict = verdict_of([GOOD | {"client_code": code}], NAMES)

    assert verdict.rest.numbers.tolist() == [0]
