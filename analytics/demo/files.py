"""Demo and benchmark files on disk, as varied as real ones and the same bytes every time."""

import csv
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
import polars as pl
import xlsxwriter

from analytics.demo import dialects, records
from analytics.demo.bills import (
    BLOCK_ROWS,
    MEMBER_COLUMNS,
    MONEY_COLUMNS,
    PRODUCT_COLUMNS,
    BillingYear,
)
from analytics.demo.company import DemoClient, build_company
from analytics.demo.defects import CELL_KINDS, KINDS, UNKNOWN_CLIENT, bad_lines, spoiled
from analytics.demo.dialects import Dialect
from crm.lib.months import month_after

DEFAULT_SEED = 20_250_815
BENCH_BAD_SHARE = 0.012
ENGLISH = Dialect(chinese=False)
WINDOWS = Dialect("utf-8-sig", newline="\r\n")
GB18030 = Dialect("gb18030", newline="\r\n")
DIALECTS = (  # of the last month first, then backwards
    WINDOWS,
    Dialect("gb18030", newline="\r\n", shifted_columns=3),
    Dialect("xlsx"),
    Dialect(chinese=False),
    Dialect("utf-8-sig", yuan_signs=True, period_style="%Y年%-m月"),
    Dialect("utf-16", separator="\t", newline="\r\n"),
    Dialect(separator=";", second_aliases=True, blank_zeros=True),
    Dialect("utf-8-sig", newline="\r\n", remark=True),
    Dialect(separator="\t", period_style="%Y%m", yuan_signs=True),
    Dialect("gb18030", newline="\r\n", blank_zeros=True),
    Dialect(second_aliases=True, shifted_columns=11),
    Dialect("utf-8-sig", newline="\r\n", period_style="%Y%m"),
    Dialect("gb18030"),
)
_BAD_IN_DEMO = (28, 0, 24, 14, 0, 42, 0)
"""Bad rows of a month, the last month first, repeated backwards."""
CLIENT_COLUMNS = (
    "client_code",
    "name",
    "nature",
    "industry",
    "class",
    "unit_code",
    "manager",
    "chief_representative",
    "address",
    "latitude",
    "longitude",
    "employees",
    "own_users",
    "other_users",
    "founded_on",
    "status",
)
CONTACT_COLUMNS = (
    "client_code",
    "name",
    "title",
    "department",
    "mobile",
    "phone",
    "email",
    "buying_roles",
    "kind",
    "birthday",
    "personality",
)


@dataclass(frozen=True)
class DemoFile:
    path: Path
    kind: str
    """as `import_file --kind` takes it"""
    period: str | None
    """YYYY-MM"""
    encoding: str
    """utf-8, utf-8-sig, utf-16, gb18030 or xlsx"""
    expected_bad: int
    rows: int
    """all rows of the file, the bad ones included, the header not"""


def write_demo_files(
    folder: Path,
    *,
    last_month: date,
    seed: int = DEFAULT_SEED,
    clients: int = 300,
    members: int = 20_000,
    months: int = 13,
    bad_rows: bool = True,
) -> list[DemoFile]:
    """Rosters first, then month by month the member bill and the product bill, records last."""
    company = build_company(seed=seed, clients=clients, members=members)
    year = BillingYear(company, seed=seed, last_month=last_month, months=months)
    written = [
        write_client_roster(folder / "clients.csv", company),
        write_contact_roster(folder / "contacts.csv", company),
    ]
    for index, month in enumerate(year.months()):
        ago = months - 1 - index
        dialect = DIALECTS[ago % len(DIALECTS)]
        bad = _BAD_IN_DEMO[ago % len(_BAD_IN_DEMO)] if bad_rows else 0
        suffix = "xlsx" if dialect.encoding == "xlsx" else "csv"
        path = folder / f"member_bill_{month.period:%Y-%m}.{suffix}"
        written.append(write_member_bill(path, month.members, dialect=dialect, bad=bad, seed=seed))
        path = folder / f"product_bill_{month.period:%Y-%m}.csv"
        dialect = ENGLISH if not dialect.chinese else WINDOWS
        written.append(write_product_bill(path, month.products, dialect=dialect, bad=min(bad, 2)))
    return [*written, *write_records(folder, month.members, seed=seed)]


def write_records(folder: Path, members: pl.DataFrame, *, seed: int) -> list[DemoFile]:
    """Payments, handled business and daily usage of some of a month's members."""
    month: date = members["period"][0]
    numbers = records.chosen_numbers(members)
    rng = np.random.default_rng([seed, 11])
    files = (
        ("payments", records.PAYMENT_HEADER, records.payments(numbers, month, rng), GB18030),
        ("handlings", records.HANDLING_HEADER, records.handlings(numbers, month, rng), WINDOWS),
        (
            "usage",
            records.USAGE_HEADER,
            records.usage(numbers, month_after(month) - timedelta(days=1), rng),
            WINDOWS,
        ),
    )
    return [
        DemoFile(
            path := folder / f"{kind}_{month:%Y-%m}.csv",
            kind,
            None,
            dialect.encoding,
            0,
            records.written(path, header, rows, dialect),
        )
        for kind, header, rows, dialect in files
    ]


def write_member_bill(
    path: Path, members: pl.DataFrame, *, dialect: Dialect = ENGLISH, bad: int = 0, seed: int = 0
) -> DemoFile:
    """One month's member rows with `bad` refusable rows in between."""
    if dialect.encoding == "xlsx":
        return _write_member_workbook(path, members, dialect, bad, seed)
    with MemberBillWriter(path, dialect=dialect, seed=seed) as bill:
        for at, part in enumerate(members.iter_slices(BLOCK_ROWS)):
            bill.append(part, bad=bad if at == 0 else 0)
    return bill.demo_file(members["period"][0])


class MemberBillWriter:
    """Writes one bill in parts, so that memory holds one part only."""

    def __init__(self, path: Path, *, dialect: Dialect = ENGLISH, seed: int = 0) -> None:
        self.path, self.dialect, self.rows, self.bad = path, dialect, 0, 0
        self._seed = seed

    def __enter__(self) -> Self:
        self._file = self.path.open("wb")
        header = self.dialect.separator.join(
            self.dialect.header(name) for name in self.dialect.order(MEMBER_COLUMNS)
        )
        self._file.write(self.dialect.bom + self.dialect.encode(header + self.dialect.newline))
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.close()

    def append(self, members: pl.DataFrame, *, bad: int = 0) -> None:
        good = dialects.cells(members, self.dialect)
        lines = dialects.joined(good, self.dialect)
        if bad:
            positions, rows = _bad_rows(good, bad, KINDS, self.bad, self._seed)
            lines = _mixed(lines, bad_lines(rows, self.dialect), positions)
        for part in dialects.encoded(lines, self.dialect):
            self._file.write(part)
        self.rows += len(lines)
        self.bad += bad

    def demo_file(self, period: date) -> DemoFile:
        return DemoFile(
            self.path, "member_bill", f"{period:%Y-%m}", self.dialect.encoding, self.bad, self.rows
        )


def _bad_rows(
    good: pl.DataFrame, bad: int, kinds: Sequence[str], used: int, seed: int
) -> tuple[np.ndarray, pl.DataFrame]:
    """Where the bad rows go, and the rows; a source always stands before its bad copy."""
    rng = np.random.default_rng([seed, 9, used, len(good)])
    positions = np.sort(rng.integers(1, len(good) + 1, bad))
    sources = (positions * rng.random(bad)).astype(np.int64)
    chosen = np.array(kinds)[(used + np.arange(bad)) % len(kinds)]
    return positions, spoiled(good, sources, chosen, used)


def _mixed(good: pl.Series, bad: pl.Series, positions: np.ndarray) -> pl.Series:
    order = np.insert(np.arange(len(good)), positions, len(good) + np.arange(len(bad)))
    return pl.concat([good, bad]).gather(order)


def _write_member_workbook(
    path: Path, members: pl.DataFrame, dialect: Dialect, bad: int, seed: int
) -> DemoFile:
    good = dialects.cells(members, dialect)
    rows = good
    if bad:
        positions, spoilt = _bad_rows(good, bad, CELL_KINDS, 0, seed)
        order = np.insert(np.arange(len(good)), positions, len(good) + np.arange(bad))
        rows = pl.concat([good, spoilt.drop("_kind")])[order]
    names = dialect.order(MEMBER_COLUMNS)
    numbers = [names.index(name) for name in (*MONEY_COLUMNS, "points")]
    _write_workbook(path, [dialect.header(name) for name in names], rows.select(names), numbers)
    return DemoFile(path, "member_bill", f"{members['period'][0]:%Y-%m}", "xlsx", bad, rows.height)


def _write_workbook(path: Path, header: list[str], rows: pl.DataFrame, numbers: list[int]) -> None:
    """Cells of the columns `numbers` become numbers, as a spreadsheet program keeps them.

    The float is only the container: it is written back with the same two decimals.
    """
    book = xlsxwriter.Workbook(path, {"constant_memory": True})
    book.set_properties({"created": datetime(2025, 1, 1, tzinfo=UTC).replace(tzinfo=None)})
    sheet = book.add_worksheet("成员账单")
    sheet.write_row(0, 0, header)
    for at, row in enumerate(rows.iter_rows(), start=1):
        for column, text in enumerate(row):
            if column in numbers and text[:1].isdigit():
                sheet.write_number(at, column, float(text))
            else:
                sheet.write_string(at, column, text)
    book.close()


def write_product_bill(
    path: Path, products: pl.DataFrame, *, dialect: Dialect = ENGLISH, bad: int = 0
) -> DemoFile:
    """`bad` is at most two: one unknown client, one row without an amount."""
    rows = dialects.cells(products, dialect)
    spoilt = [
        rows[:1].with_columns(client_code=pl.lit(UNKNOWN_CLIENT)),
        rows[1:2].with_columns(product_code=pl.lit("P1099"), amount=pl.lit("")),
    ]
    rows = pl.concat([rows, *spoilt[:bad]])
    header = dialect.separator.join(dialect.header(name) for name in PRODUCT_COLUMNS)
    with path.open("wb") as file:
        file.write(dialect.bom + dialect.encode(header + dialect.newline))
        file.writelines(dialects.encoded(dialects.joined(rows, dialect), dialect))
    period = f"{products['period'][0]:%Y-%m}"
    return DemoFile(path, "product_bill", period, dialect.encoding, bad, rows.height)


def write_client_roster(
    path: Path, company: Iterable[DemoClient], *, dialect: Dialect = WINDOWS
) -> DemoFile:
    rows = [
        (
            each.code,
            each.name,
            each.nature,
            each.industry,
            each.client_class,
            each.unit,
            each.manager,
            each.chief_representative,
            each.address,
            each.latitude,
            each.longitude,
            each.employees,
            each.own_users,
            each.other_users,
            each.founded_on,
            each.status,
        )
        for each in company
    ]
    header = [dialect.header(name) for name in CLIENT_COLUMNS]
    return _write_roster(path, "clients", header, rows, dialect)


def write_contact_roster(
    path: Path, company: Iterable[DemoClient], *, dialect: Dialect = WINDOWS
) -> DemoFile:
    rows = [
        (
            client.code,
            each.name,
            each.title,
            each.department,
            each.mobile,
            each.phone,
            each.email,
            ";".join(each.buying_roles),
            each.kind,
            each.birthday,
            each.personality,
        )
        for client in company
        for each in client.contacts
    ]
    header = [
        dialects.CONTACT_HEADERS.get(name) or dialect.header(name) if dialect.chinese else name
        for name in CONTACT_COLUMNS
    ]
    return _write_roster(path, "contacts", header, rows, dialect)


def _write_roster(
    path: Path, kind: str, header: list[str], rows: Sequence[tuple[object, ...]], dialect: Dialect
) -> DemoFile:
    text = StringIO()
    writer = csv.writer(text, delimiter=dialect.separator, lineterminator=dialect.newline)
    writer.writerow(header)
    writer.writerows(rows)
    path.write_bytes(dialect.bom + dialect.encode(text.getvalue()))
    return DemoFile(path, kind, None, dialect.encoding, 0, len(rows))


def bench_company(*, seed: int, clients: int, members: int) -> tuple[DemoClient, ...]:
    """A company whose bills have exactly `members` rows a month, bad rows included."""
    good = members - round(members * BENCH_BAD_SHARE)
    return build_company(seed=seed, clients=clients, members=good, with_stories=False)


def write_bench_bills(
    folder: Path,
    *,
    clients: int,
    members: int,
    months: int,
    last_month: date,
    seed: int = DEFAULT_SEED,
    bad_share: float = BENCH_BAD_SHARE,
) -> list[Path]:
    """Member bills in UTF-8 with English headers, oldest first; memory stays at one block.

    Of the rows of each month `bad_share` are bad, of all KINDS in turn; with 0 the bills are
    clean and hold the good rows only.
    """
    year = BillingYear(
        bench_company(seed=seed, clients=clients, members=members),
        seed=seed,
        last_month=last_month,
        months=months,
        with_stories=False,
        steady=True,
    )
    paths = [folder / f"bench_{period:%Y-%m}.csv" for period in year.periods]
    with ExitStack() as stack:
        bills = [stack.enter_context(MemberBillWriter(path, seed=seed)) for path in paths]
        for block in year.blocks():
            for bill, frame in zip(bills, block, strict=True):
                bill.append(frame, bad=_bad_due(bill, len(frame), members, bad_share))
    return paths


def _bad_due(bill: MemberBillWriter, good: int, members: int, bad_share: float) -> int:
    """Bad rows for the next part, so that the whole bill has its exact share."""
    wanted = round(members * bad_share)
    held = members - round(members * BENCH_BAD_SHARE)
    return wanted * (bill.rows - bill.bad + good) // held - bill.bad
