"""The demo company: same bytes for one seed, exact money, true stories, countable bad rows."""

import csv
import hashlib
import io
from collections import Counter, defaultdict
from contextlib import closing
from datetime import date
from pathlib import Path

import openpyxl
import polars as pl
import pytest

from analytics.demo import bills, company, defects, dialects, files, people, stories

LAST = date(2026, 6, 1)
ON_NETWORK = {"active", "pre_churn", "suspended", "booked_cancel"}
PRE_CHURN = {"pre_churn", "booked_cancel"}
SEED = files.DEFAULT_SEED


@pytest.fixture(scope="module")
def clients():
    return company.build_company(seed=SEED)


@pytest.fixture(scope="module")
def year(clients):
    return list(bills.BillingYear(clients, seed=SEED, last_month=LAST).months())


@pytest.fixture(scope="module")
def demo_files(tmp_path_factory):
    return small_files(tmp_path_factory.mktemp("demo"), SEED)


def small_files(folder: Path, seed: int) -> list[files.DemoFile]:
    return files.write_demo_files(folder, last_month=LAST, seed=seed, clients=60, members=3_000)


def digests(written: list[files.DemoFile]) -> dict[str, str]:
    return {each.path.name: hashlib.sha256(each.path.read_bytes()).hexdigest() for each in written}


def _text(cell: object) -> str:
    if cell is None:
        return ""
    return f"{cell:.2f}" if isinstance(cell, int | float) else str(cell)


def table(file: files.DemoFile) -> list[list[str]]:
    """Header and rows as a strict reader sees them, line by line; stray quotes are left in."""
    if file.encoding == "xlsx":
        with closing(openpyxl.load_workbook(file.path, read_only=True)) as book:
            rows = book.worksheets[0].iter_rows(values_only=True)
            return [[_text(cell) for cell in row] for row in rows]
    lines = file.path.read_bytes().decode(file.encoding).splitlines()
    separator = next(each for each in ",;\t" if each in lines[0])
    return [split(line, separator) for line in lines]


def split(line: str, separator: str) -> list[str]:
    if line.count('"') % 2:
        return line.split(separator)
    return next(csv.reader(io.StringIO(line), delimiter=separator))


def english_rows(file: files.DemoFile) -> list[dict[str, str]]:
    english = {han: name for name, han in dialects.HEADERS.items() if name != "name"}
    english |= {han: name for name, han in dialects.OTHER_HEADERS.items()}
    header, *rows = table(file)
    names = [english.get(name, name) for name in header]
    return [dict(zip(names, row, strict=False)) | {"": str(len(row))} for row in rows]


def yuan(text: str) -> str:
    return text.replace("¥", "").replace(",", "")


def is_refused(row: dict[str, str], width: int, codes: set[str], seen: set[str]) -> bool:
    """An own reading of the formats, cell by cell."""
    number = row.get("msisdn", "")
    period = "".join(c if c.isdigit() else "-" for c in row.get("period", "")).strip("-")
    month = period.split("-")[1] if "-" in period else period[4:]
    status = set(files.dialects.WORDS.values()) | set(files.dialects.WORDS)
    good = (
        int(row[""]) == width
        and len(number) == 11
        and number.isdigit()
        and number[0] == "1"
        and number not in seen
        and row["client_code"] in codes
        and row["status"] in status
        and yuan(row["total"]).replace(".", "").isdigit()
        and 1 <= int(month) <= 12
    )
    if good:
        seen.add(number)
    return not good


def test_same_seed_same_bytes(tmp_path, demo_files):
    again = small_files(tmp_path, SEED)

    assert digests(again) == digests(demo_files)
    assert [each.path.name for each in again][:4] == [
        "clients.csv",
        "contacts.csv",
        "member_bill_2025-06.csv",
        "product_bill_2025-06.csv",
    ]


def test_other_seed_other_bytes(tmp_path, demo_files):
    other = digests(small_files(tmp_path, SEED + 1))

    same = {name for name, digest in digests(demo_files).items() if other[name] == digest}
    assert same == set()


def test_clients_have_the_shares_and_people_they_need(clients):
    usernames = {user.username: user for user in people.USERS}
    classes = Counter(each.client_class for each in clients)

    assert classes == {"A": 30, "B": 90, "C": 180}
    assert sum(each.members for each in clients) == 20_000
    assert len({each.code for each in clients}) == len({each.name for each in clients}) == 300
    for each in clients:
        assert usernames[each.manager].role in {"account_manager", "agent"}
        assert each.unit == usernames[each.manager].unit
        assert bool(each.chief_representative) == (each.client_class in "AB")
        assert 1 <= len(each.contacts) <= 4
        assert each.employees >= each.own_users + each.other_users


def test_units_name_parents_before_children():
    seen: set[str | None] = {None}
    for each in people.UNITS:
        assert each.parent in seen
        seen.add(each.code)

    assert {user.unit for user in people.USERS} <= seen


def test_birthdays_come_in_all_forms(clients):
    forms = Counter(
        len(contact.birthday) if not contact.birthday.startswith("L") else "lunar"
        for each in clients
        for contact in each.contacts
    )

    assert set(forms) == {0, 5, 10, "lunar"}


def test_totals_are_charges_less_discount_but_for_a_known_share(year):
    rows = pl.concat([month.members for month in year])
    gap = rows.select(pl.sum_horizontal(bills.CHARGES) - pl.col("discount") - pl.col("total"))
    wrong = gap.to_series().abs()

    assert tuple(rows.columns) == bills.MEMBER_COLUMNS
    assert len(rows.columns) == 27
    assert set(wrong.filter(wrong > 0).unique()) <= set(range(2, 501))
    assert 0.5 < (wrong > 0).mean() / bills.TOTAL_MISMATCH_SHARE < 1.5
    assert rows.select(pl.min_horizontal(bills.MONEY_COLUMNS).min()).item() == 0


def test_numbers_are_unique_in_a_month_and_come_back_elsewhere(year):
    first, last = year[0].members, year[-1].members
    for month in year:
        assert month.members["msisdn"].is_unique().all()
        assert month.members["joined_on"].max() < stories.month_before(month.period, -1)

    both = first.join(last, on="msisdn")
    reused = both.filter(pl.col("joined_on") != pl.col("joined_on_right"))
    moved = both.filter(
        (pl.col("joined_on") == pl.col("joined_on_right"))
        & (pl.col("client_code") != pl.col("client_code_right"))
    )
    assert reused.height > 5
    assert moved.height > 50


def test_income_looks_real(clients, year):
    classes = {each.code: each.client_class for each in clients if not each.is_pinned}
    by_class = defaultdict(list)
    for code, fen in incomes(year[-1]).items():
        by_class[classes.get(code)].append(fen / 100)

    assert all(30_000 <= each <= 300_000 for each in by_class["A"])
    assert all(100 <= each <= 6_000 for each in by_class["C"])


def incomes(month: bills.BillMonth) -> dict[str, int]:
    earned: Counter[str] = Counter()
    for code, fen in month.members.select("client_code", "total").iter_rows():
        earned[code] += fen
    for code, fen in month.products.select("client_code", "amount").iter_rows():
        earned[code] += fen
    return dict(earned)


def readings(before: bills.BillMonth, month: bills.BillMonth) -> dict[tuple[str, str], tuple]:
    """Client and rule to (previous, current) for every condition that holds."""
    columns = ("msisdn", "client_code", "status", "arrears")
    now = list(month.members.select(columns).iter_rows())
    active_now = {number for number, _, status, _ in now if status in ON_NETWORK}
    active, pre_churn, owed, were, lost = (Counter() for _ in range(5))
    for _, code, status, arrears in now:
        active[code] += status in ON_NETWORK
        pre_churn[code] += status in PRE_CHURN
        owed[code] += arrears
    for number, code, status, _ in before.members.select(columns).iter_rows():
        were[code] += status in ON_NETWORK
        lost[code] += status in ON_NETWORK and number not in active_now
    earned_before, earned = incomes(before), incomes(month)
    holds = {}
    for code in set(were) | set(active):
        previous, current = earned_before.get(code, 0), earned.get(code, 0)
        if previous > 0 and current * 10 < previous * 7:
            holds[code, "revenue_drop"] = (previous, current)
        if pre_churn[code] and pre_churn[code] * 10 >= active[code]:
            holds[code, "pre_churn"] = (active[code], pre_churn[code])
        if lost[code] >= 3 and lost[code] * 10 >= were[code]:
            holds[code, "member_loss"] = (were[code], lost[code])
        if owed[code] >= 100_00 and owed[code] * 10 >= current:
            holds[code, "arrears"] = (current, owed[code])
    return holds


@pytest.fixture(scope="module")
def holding(year):
    return {ago: readings(year[-2 - ago], year[-1 - ago]) for ago in range(stories.STORY_MONTHS)}


def test_stories_are_exactly_what_happens_to_their_clients(holding):
    pinned = {each.code for each in stories.PINNED}
    happened = {
        (code, ago, rule)
        for ago, holds in holding.items()
        for code, rule in holds
        if code in pinned
    }

    told = {
        (each.client_code, each.months_ago, each.rule) for each in stories.STORIES if each.fires
    }
    silent = {(each.client_code, each.months_ago, each.rule) for each in stories.STORIES} - told
    assert happened == told
    assert len(silent) == 6


@pytest.mark.parametrize(
    ("code", "ago", "permille"),
    [
        ("451000001", 3, 550),
        ("459000001", 0, 450),
        ("451000002", 1, 690),
        ("451000003", 0, 700),
        ("453000001", 2, 300),
        ("451000001", 1, 1700),
        ("459000004", 0, 640),
    ],
)
def test_story_incomes_are_exact_to_the_fen(year, code, ago, permille):
    previous, current = incomes(year[-2 - ago])[code], incomes(year[-1 - ago])[code]

    assert current * 1000 == previous * permille


def test_story_counts_are_exact(holding, year):
    assert holding[0]["451000004", "pre_churn"] == (50, 5)
    assert holding[0]["459000002", "pre_churn"] == (41, 5)
    assert holding[0]["453000002", "member_loss"] == (30, 3)
    assert holding[2]["451000005", "member_loss"] == (80, 16)
    assert holding[1]["453000004", "member_loss"] == (16, 16)
    income, owed = holding[0]["453000003", "arrears"]
    assert owed * 10 == income
    near = year[-1].members.filter(pl.col("client_code") == "451000007")["arrears"].sum()
    assert near == 99_99
    assert near * 10 >= incomes(year[-1])["451000007"]


def test_other_clients_raise_few_alerts(holding):
    pinned = {each.code for each in stories.PINNED}
    for holds in holding.values():
        natural = Counter(rule for code, rule in holds if code not in pinned)
        assert natural["revenue_drop"] <= 3
        assert natural.total() <= 20


def test_products_are_positive_and_categories_known(year):
    for month in year:
        assert month.products["amount"].min() > 0
        assert set(month.products["category"]) <= set(bills.CHARGES)


def test_files_vary_as_in_real_life(demo_files):
    member_bills = [each for each in demo_files if each.kind == "member_bill"]
    first_lines = [";".join(table(each)[0]) for each in member_bills]
    raw = [each.path.read_bytes()[:400] for each in member_bills]

    assert {each.encoding for each in member_bills} == {
        "utf-8",
        "utf-8-sig",
        "utf-16",
        "gb18030",
        "xlsx",
    }
    assert sum(line.startswith("period") for line in first_lines) == 1
    assert any(line.startswith("period;") is False and "计费月" in line for line in first_lines)
    assert any(b"\t" in line for line in raw)
    assert any(b";" in line for line in raw)
    assert any("备注" in line for line in first_lines)


def test_expected_bad_is_what_a_careful_reader_refuses(demo_files):
    codes = {row["client_code"] for row in english_rows(demo_files[0])}
    assert len(codes) == 60
    for each in demo_files:
        if each.kind != "member_bill":
            continue
        rows, seen = english_rows(each), set()
        width = len(table(each)[0])
        refused = sum(is_refused(row, width, codes, seen) for row in rows)
        assert (each.path.name, len(rows), refused) == (
            each.path.name,
            each.rows,
            each.expected_bad,
        )
    assert sum(each.expected_bad for each in demo_files) > 150


def test_files_carry_the_generated_money(tmp_path):
    clients = company.build_company(seed=SEED, clients=60, members=3_000)
    year = bills.BillingYear(clients, seed=SEED, last_month=LAST, months=13)
    expected = {f"{month.period:%Y-%m}": month.members["total"].sum() for month in year.months()}
    written = files.write_demo_files(
        tmp_path, last_month=LAST, seed=SEED, clients=60, members=3_000, bad_rows=False
    )

    held = {
        each.period: sum(int(yuan(row["total"]).replace(".", "")) for row in english_rows(each))
        for each in written
        if each.kind == "member_bill"
    }
    assert held == expected
    assert {each.expected_bad for each in written} == {0}


def test_records_are_of_active_members_and_settle_but_for_a_few(demo_files):
    by_kind = {each.kind: each for each in demo_files[-3:]}
    assert list(by_kind) == ["payments", "handlings", "usage"]
    last_bill = next(each for each in reversed(demo_files) if each.kind == "member_bill")
    active = {
        row["msisdn"] for row in english_rows(last_bill) if row.get("status") in ("正常", "active")
    }
    tables = {kind: table(each)[1:] for kind, each in by_kind.items()}
    assert {kind: len(rows) for kind, rows in tables.items()} == {
        kind: each.rows for kind, each in by_kind.items()
    }
    assert {row[1] for row in tables["payments"]} <= active
    assert {row[0] for row in tables["usage"]} <= active

    paid: Counter[str] = Counter()
    for _, number, _, kind, amount, _, _ in tables["payments"]:
        paid[number] += int(yuan(amount).replace(".", "")) * (-1 if kind == "月结销账" else 1)
    wrong = [number for number, rest in paid.items() if rest]
    assert 0 < len(wrong) < len(paid) / 10
    assert len({row[1] for row in tables["usage"]}) == 30


def test_bench_bills_have_exact_rows_and_all_kinds_of_bad_ones(tmp_path, monkeypatch):
    monkeypatch.setattr(bills, "BLOCK_ROWS", 1_500)  # several blocks per bill
    size = {"clients": 200, "members": 5_000}
    paths = files.write_bench_bills(tmp_path, months=2, last_month=LAST, **size)
    codes = {each.code for each in files.bench_company(seed=SEED, **size)}

    for path in paths:
        bill = files.DemoFile(path, "member_bill", None, "utf-8", 60, 5_000)
        rows, seen = english_rows(bill), set()
        assert len(rows) == 5_000
        assert sum(is_refused(row, 27, codes, seen) for row in rows) == 60
    assert len(defects.KINDS) == 14


def test_clean_bench_bills_hold_good_rows_only(tmp_path):
    paths = files.write_bench_bills(
        tmp_path, clients=200, members=5_000, months=1, last_month=LAST, bad_share=0
    )

    lines = paths[0].read_text(encoding="utf-8").splitlines()
    assert len(lines) == 1 + 4_940
    assert {line.count(",") for line in lines} == {26}


def test_last_complete_month_is_the_month_before_today():
    assert bills.last_complete_month(date(2026, 1, 31)) == date(2025, 12, 1)


def test_too_small_a_company_is_refused():
    with pytest.raises(ValueError, match="stories"):
        company.build_company(seed=SEED, clients=20, members=20_000)
