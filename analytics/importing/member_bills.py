"""Member bills: a million rows a month, built beside the old month and swapped in at the end.

Order inside the one transaction: rows are copied into a new table, duplicates left out; rows of
other files of the month are taken over; key and index are built; members are brought up to date.
The caller then computes facts and alerts from the new table and finally calls `partitions.swap`, so
that readers are kept waiting for milliseconds only.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from contextlib import closing
from datetime import date
from typing import Any, NamedTuple

import polars as pl
from django.db import connection
from django.db.backends.utils import CursorWrapper

from accounts.models import Client
from analytics.comparison import compare
from analytics.importing.accepting import FastPath, Verdict
from analytics.importing.ahead import made_ahead
from analytics.importing.bills import CATEGORIES, FIELDS, NO_DATE, Bills, as_number
from analytics.importing.checking import Problem
from analytics.importing.clients import ClientIndex
from analytics.importing.copying import copy_records, records_of
from analytics.importing.loading import Load
from analytics.importing.members import release_members, unlike_members, update_members
from analytics.importing.partitions import create_month_table, table_exists
from analytics.importing.problems import FileRefused
from analytics.importing.reading import Block
from analytics.importing.repeats import SeenNumbers
from analytics.importing.rows import Rows
from analytics.models.billing import partition_name
from crm.lib.months import month_before

UNKNOWN_CLIENT = Problem("unknown_client", "client_code")


class JudgedBlock(NamedTuple):
    """The good rows of a block by month; `done` as in Block."""

    months: list[tuple[date, Bills]]
    done: int


class ReadyMonth(NamedTuple):
    """Good rows of a month as the records that are sent to the database; `fen` is their sum."""

    month: date
    rows: int
    fen: int
    records: bytes


class ReadyBlock(NamedTuple):
    """A judged block as it is loaded."""

    months: list[ReadyMonth]
    done: int


class MemberBillLoader:
    """Takes the blocks of one file and ends with one new table per month."""

    def __init__(self, load: Load) -> None:
        self._load = load
        self._number = load.billing_import.number
        self._clients = ClientIndex(load)
        header, period = load.source.header, load.billing_import.period
        # Codes are copied: the second one, one thread further on, adds to them.
        self._fast = FastPath(header, period, dict(self._clients.by_code))
        self._fast_again = FastPath(header, period, self._clients.by_code)
        self._cursor: CursorWrapper = connection.cursor()
        self._seen: defaultdict[date, SeenNumbers] = defaultdict(SeenNumbers)
        self._rows: Counter[date] = Counter()
        self.tables: dict[date, str] = {}

    def judged(self, blocks: Iterator[Block]) -> Iterator[JudgedBlock]:
        """The good rows of each block; the bad ones go to the quarantine.

        Runs in threads of its own, ahead of `take`, and so must leave the database alone.
        """
        verdicts = ((block, self._fast.accept(block.rows)) for block in blocks)
        with closing(made_ahead(verdicts)) as ahead:
            for block, verdict in ahead:
                rows = self._good_rows(block, verdict)
                self._warn_of_sums(rows)
                months = [
                    (month, self._without_repeats(month, part, block))
                    for month, part in rows.by_month()
                ]
                yield JudgedBlock(months, block.done)

    def ready(self, blocks: Iterator[Block]) -> Iterator[ReadyBlock]:
        """Judged blocks, made ready ahead of `take` so that the database need not wait."""
        for block in self.judged(blocks):
            months = [self._ready(month, bills) for month, bills in block.months]
            yield ReadyBlock(months, block.done)

    def _ready(self, month: date, bills: Bills) -> ReadyMonth:
        records = records_of(bills, self._clients.ids(), self._number)
        return ReadyMonth(month, bills.height, int(bills["total"].sum()), records)

    def take(self, block: ReadyBlock) -> None:
        """Copy the rows into their months' new tables."""
        for month, rows, fen, records in block.months:
            if month not in self.tables:
                self.tables[month] = create_month_table(self._cursor, month, self._number)
            copy_records(self._cursor, self.tables[month], records)
            self._rows[month] += rows
            self._load.totals.loaded += rows
            self._load.totals.add_money(month, fen)

    def finish(self) -> None:
        """Make each month's new table whole; `tables` names them."""
        self._clients.save_new()
        left_out = []
        for month in sorted(self.tables):
            table = self.tables[month]
            self._check_sum(month, table)
            changes = self._corrections(month, table)
            if changes:
                self._take_over_other_files(month, table, changes)
                left_out.append(f"SELECT msisdn FROM {changes} WHERE client_id IS NULL")
            self._index(table)
            changes = changes or self._changes_since_last_month(month, table)
            update_members(self._cursor, changes or unlike_members(self._cursor, table), month)
        release_members(self._cursor, left_out, self.tables)

    @property
    def new_clients(self) -> list[Client]:
        return self._clients.new

    def numbers_of(self, month: date) -> SeenNumbers:
        """The good phone numbers that the file has for a month."""
        return self._seen[month]

    def _good_rows(self, block: Block, verdict: Verdict) -> Bills:
        """In the order of the file, so that of repeated numbers the first line stays."""
        accepted, unknown, rest = verdict
        parts, left = [accepted], [rest]
        if unknown.height and self._clients.creates:
            self._make_clients(unknown)
            accepted, unknown, unsure = self._fast_again.accept(unknown)
            parts.append(accepted)
            left.append(unsure)
        if unknown.height:
            self._load.refuse_all(unknown, UNKNOWN_CLIENT)
        self._load.totals.read += sum(part.height for part in parts)
        parts.append(self._judge(Block(left[0], block.odd, block.done)))
        parts.extend(self._judge(Block(rows, [], block.done)) for rows in left[1:])
        return Bills.in_order(parts)

    def _make_clients(self, unknown: Rows) -> None:
        """Clients nobody knew, of rows with which nothing else is wrong."""
        positions = self._load.source.header.positions
        code = pl.col(f"c{positions['client_code']}")
        name = pl.col(f"c{positions.get('client_name', positions['client_code'])}")
        first = unknown.frame.select(code.alias("code"), name.fill_null("").alias("name")).unique(
            "code", keep="first", maintain_order=True
        )
        for client_code, client_name in first.iter_rows():
            self._clients.find(client_code, client_name.strip())

    def _judge(self, block: Block) -> Bills:
        """Rows the fast path was not sure of, one by one."""
        rows: list[list[int]] = []
        for line, cells, values in self._load.judge(block):
            client = self._clients.find(values["client_code"], values.get("client_name", ""))
            if client is None:
                self._load.refuse(line, cells, UNKNOWN_CLIENT, counted=True)
            else:
                rows.append(_numbers(values | {"line": line, "client": client}))
        return Bills.of_rows(rows)

    def _warn_of_sums(self, bills: Bills) -> None:
        """Files with categories only: without any there is nothing to add up."""
        present = [name for name in CATEGORIES if name in self._load.source.header.positions]
        if not present:
            return
        from_parts = sum(bills[name] for name in present) - bills["discount"]
        differing = abs(bills["total"] - from_parts) > 1
        for line in bills["line"][differing].tolist():
            self._load.quarantine.warn(Problem("sum_differs", "total"), line)

    def _without_repeats(self, month: date, bills: Bills, block: Block) -> Bills:
        """A number counts once a month: the first line stays, later ones are quarantined."""
        again = self._seen[month].repeated(bills["msisdn"])
        late = bills["line"][again].tolist()
        for line, cells in block.cells_of(late):
            self._load.refuse(line, cells, Problem("duplicate", "msisdn"), counted=True)
        return bills.only(~again)

    def _check_sum(self, month: date, table: str) -> None:
        """What was copied must be what was read, to the cent (P11)."""
        self._cursor.execute(f"SELECT coalesce(sum(total), 0) FROM {table}")
        if self._cursor.fetchone()[0] != self._load.totals.fen[month]:
            raise FileRefused("totals_differ")

    def _corrections(self, month: date, table: str) -> str:
        """Table of what this file tells differently than the month so far; "" without a month.

        Whoever has the same bill as before is up to date already.
        """
        old = partition_name(month)
        return compare(self._cursor, old, table) if self._has_bills(old) else ""

    def _take_over_other_files(self, month: date, table: str, changes: str) -> None:
        """Rows of the month that this file neither contains nor replaces stay.

        Which earlier files it replaces: `Load.superseded`. Of the others its rows win number
        by number. What stays is no change any more.
        """
        old = partition_name(month)
        rows_of = self._counts(f"SELECT import_number, count(*) FROM {old} GROUP BY 1")
        missing = self._counts(
            f"SELECT was_import, count(*) FROM {changes} WHERE client_id IS NULL GROUP BY 1"
        )
        shared_of = {number: rows - missing.get(number, 0) for number, rows in rows_of.items()}
        totals = self._load.totals
        replaced = self._load.superseded(rows_of, shared_of, self._rows[month])
        self._cursor.execute(
            f"""
            WITH kept AS (
                DELETE FROM {changes} WHERE client_id IS NULL AND was_import <> ALL(%s)
                RETURNING msisdn
            )
            INSERT INTO {table} SELECT o.* FROM {old} o JOIN kept USING (msisdn)
            """,
            [replaced],
        )
        totals.replaced += sum(rows_of.values()) - self._cursor.rowcount
        totals.replaced_imports.update(
            number for number, shared in shared_of.items() if shared or number in replaced
        )

    def _counts(self, query: str) -> dict[int, int]:
        self._cursor.execute(query)
        return dict(self._cursor.fetchall())

    def _has_bills(self, table: str) -> bool:
        if not table_exists(self._cursor, table):
            return False
        self._cursor.execute(f"SELECT EXISTS (SELECT FROM {table})")
        return self._cursor.fetchone()[0]

    def _index(self, table: str) -> None:
        self._cursor.execute(f"ALTER TABLE {table} ADD PRIMARY KEY (msisdn, period)")
        self._cursor.execute(f"CREATE INDEX ON {table} (client_id)")
        self._cursor.execute(f"ANALYZE {table}")

    def _changes_since_last_month(self, month: date, table: str) -> str:
        """Table of what the month tells differently than the one before; "" when that is no help.

        Members follow their newest bill. Ahead of all loaded months, a number with the same bill
        as the month before is up to date already; the comparison is needed for the facts anyway.
        """
        last = month_before(month)
        previous = self.tables.get(last) or partition_name(last)
        self._cursor.execute(
            "SELECT EXISTS (SELECT FROM analytics_memberbill WHERE period >= %s)", [month]
        )
        is_ahead = not self._cursor.fetchone()[0]
        is_comparable = is_ahead and table_exists(self._cursor, previous)
        return compare(self._cursor, previous, table) if is_comparable else ""


def _numbers(values: Mapping[str, Any]) -> list[int]:
    """What a row says in the order of FIELDS; what it does not say is 0, or no date."""
    nothing = {"joined_on": NO_DATE}
    return [
        nothing.get(name, 0) if values.get(name) is None else as_number(values[name])
        for name in FIELDS
    ]
