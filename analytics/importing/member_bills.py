"""Member bills: a million rows a month, built beside the old month and swapped in at the end.

Order inside the one transaction: rows are copied into a new table, duplicates left out; rows of
other files of the month are taken over; key and index are built; members are brought up to date.
The caller then computes facts and alerts from the new table and finally calls `swap`, so that
readers are kept waiting for milliseconds only.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import closing
from datetime import date, timedelta
from typing import NamedTuple

import numpy as np
import polars as pl
from django.db import connection
from django.db.backends.utils import CursorWrapper

from accounts.models import Client
from analytics.comparison import compare
from analytics.importing.accepting import CATEGORIES, EPOCH, SCHEMA, FastPath, Verdict, as_number
from analytics.importing.ahead import one_ahead
from analytics.importing.checking import Problem
from analytics.importing.clients import ClientIndex
from analytics.importing.copying import copy_member_bills
from analytics.importing.loading import Load
from analytics.importing.problems import FileRefused
from analytics.importing.reading import LINE, Block
from analytics.importing.repeats import SeenNumbers
from analytics.models.billing import partition_name
from crm.lib.months import month_before

UNKNOWN_CLIENT = Problem("unknown_client", "client_code")


class JudgedBlock(NamedTuple):
    """The good rows of a block by month, typed as in accepting.SCHEMA; `done` as in Block.

    `client_ids`: 16-byte ids by client index, shape (clients,).
    """

    months: list[tuple[date, pl.DataFrame]]
    client_ids: np.ndarray
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
        self.tables: dict[date, str] = {}

    def judged(self, blocks: Iterator[Block]) -> Iterator[JudgedBlock]:
        """The good rows of each block; the bad ones go to the quarantine.

        Runs in threads of its own, ahead of `take`, and so must leave the database alone.
        """
        verdicts = ((block, self._fast.accept(block.frame)) for block in blocks)
        with closing(one_ahead(verdicts)) as ahead:
            for block, verdict in ahead:
                rows = self._good_rows(block, verdict)
                self._warn_of_sums(rows)
                months = [
                    (month, self._without_repeats(month, part, block))
                    for month, part in _by_month(rows)
                ]
                yield JudgedBlock(months, self._clients.ids(), block.done)

    def take(self, block: JudgedBlock) -> None:
        """Copy the rows into their months' new tables."""
        for month, rows in block.months:
            if month not in self.tables:
                self.tables[month] = create_month_table(self._cursor, month, self._number)
            copy_member_bills(
                self._cursor, self.tables[month], rows, block.client_ids, self._number
            )
            self._load.totals.loaded += rows.height
            self._load.totals.add_money(month, int(rows["total"].cast(pl.Int64).sum()))

    def finish(self) -> None:
        """Make each month's new table whole; `tables` names them."""
        self._clients.save_new()
        for month in sorted(self.tables):
            table = self.tables[month]
            self._check_sum(month, table)
            self._take_over_other_files(month, table)
            self._index(table)
            update_members(self._cursor, self._told_differently(table, month), month)
        release_members(self._cursor, self.tables)

    @property
    def new_clients(self) -> list[Client]:
        return self._clients.new

    def numbers_of(self, month: date) -> SeenNumbers:
        """The good phone numbers that the file has for a month."""
        return self._seen[month]

    def _good_rows(self, block: Block, verdict: Verdict) -> pl.DataFrame:
        """In the order of the file, so that of repeated numbers the first line stays."""
        accepted, unknown, rest = verdict
        parts = [accepted]
        if unknown.height and self._clients.creates:
            self._make_clients(unknown)
            accepted, unknown, unsure = self._fast_again.accept(unknown)
            parts.append(accepted)
            rest = pl.concat([rest, unsure])
        if unknown.height:
            self._load.refuse_all(unknown, UNKNOWN_CLIENT)
        self._load.totals.read += sum(part.height for part in parts)
        parts.append(self._judge(Block(rest, block.odd, block.done)))
        return pl.concat(parts).sort(LINE)

    def _make_clients(self, unknown: pl.DataFrame) -> None:
        """Clients nobody knew, of rows with which nothing else is wrong."""
        positions = self._load.source.header.positions
        code = pl.col(f"c{positions['client_code']}")
        name = pl.col(f"c{positions.get('client_name', positions['client_code'])}")
        first = unknown.select(code.alias("code"), name.fill_null("").alias("name")).unique(
            "code", keep="first", maintain_order=True
        )
        for client_code, client_name in first.iter_rows():
            self._clients.find(client_code, client_name.strip())

    def _judge(self, block: Block) -> pl.DataFrame:
        """Rows the fast path was not sure of, one by one."""
        rows: list[dict[str, int | None]] = []
        for line, cells, values in self._load.judge(block):
            client = self._clients.find(values["client_code"], values.get("client_name", ""))
            if client is None:
                self._load.refuse(line, cells, UNKNOWN_CLIENT, counted=True)
                continue
            row = {
                name: None if values.get(name) is None else as_number(values[name])
                for name in SCHEMA
                if name in values
            }
            rows.append(row | {LINE: line, "client": client})
        frame = pl.DataFrame(rows, schema=SCHEMA)
        return frame.with_columns(
            pl.col(name).fill_null(0) for name in SCHEMA if name != "joined_on"
        )

    def _warn_of_sums(self, rows: pl.DataFrame) -> None:
        """Files with categories only: without any there is nothing to add up."""
        present = [name for name in CATEGORIES if name in self._load.source.header.positions]
        if not present:
            return
        from_parts = pl.sum_horizontal(pl.col(name).cast(pl.Int64) for name in present) - pl.col(
            "discount"
        )
        differing = rows.filter((pl.col("total").cast(pl.Int64) - from_parts).abs() > 1)
        for line in differing[LINE].to_list():
            self._load.quarantine.warn(Problem("sum_differs", "total"), line)

    def _without_repeats(self, month: date, rows: pl.DataFrame, block: Block) -> pl.DataFrame:
        """A number counts once a month: the first line stays, later ones are quarantined."""
        again = self._seen[month].repeated(rows["msisdn"].to_numpy())
        if not again.any():
            return rows
        late = rows.filter(again)[LINE].to_list()
        for line, cells in block.cells_of(late):
            self._load.refuse(line, cells, Problem("duplicate", "msisdn"), counted=True)
        return rows.filter(~again)

    def _check_sum(self, month: date, table: str) -> None:
        """What was copied must be what was read, to the cent (P11)."""
        self._cursor.execute(f"SELECT coalesce(sum(total), 0) FROM {table}")
        if self._cursor.fetchone()[0] != self._load.totals.fen[month]:
            raise FileRefused("totals_differ")

    def _take_over_other_files(self, month: date, table: str) -> None:
        """Rows of the month that this file neither contains nor replaces stay.

        Which earlier files it replaces: `Load.superseded`. Of the others its rows win number
        by number.
        """
        old = partition_name(month)
        if not table_exists(self._cursor, old):
            return
        self._cursor.execute(
            f"""
            SELECT o.import_number, count(*), count(n.msisdn)
            FROM {old} o LEFT JOIN {table} n USING (msisdn) GROUP BY o.import_number
            """
        )
        earlier = self._cursor.fetchall()
        self._cursor.execute(f"SELECT count(*) FROM {table}")
        replaced = self._load.superseded(
            {number: rows for number, rows, _ in earlier},
            {number: shared for number, _, shared in earlier},
            self._cursor.fetchone()[0],
        )
        self._cursor.execute(
            f"""
            INSERT INTO {table} SELECT o.* FROM {old} o
            WHERE o.import_number <> ALL(%s)
              AND NOT EXISTS (SELECT FROM {table} n WHERE n.msisdn = o.msisdn)
            """,
            [replaced],
        )
        kept = self._cursor.rowcount
        self._load.totals.replaced += sum(rows for _, rows, _ in earlier) - kept

    def _index(self, table: str) -> None:
        self._cursor.execute(f"ALTER TABLE {table} ADD PRIMARY KEY (period, msisdn)")
        self._cursor.execute(f"CREATE INDEX ON {table} (client_id)")
        self._cursor.execute(f"ANALYZE {table}")

    def _told_differently(self, table: str, month: date) -> str:
        """The bills that may change a member.

        Members follow their newest bill. Ahead of all loaded months, a number with the same bill
        as the month before is up to date already; the comparison is needed for the facts anyway.
        """
        last = month_before(month)
        previous = self.tables.get(last) or partition_name(last)
        self._cursor.execute(
            "SELECT EXISTS (SELECT FROM analytics_memberbill WHERE period >= %s)", [month]
        )
        if self._cursor.fetchone()[0] or not table_exists(self._cursor, previous):
            return table
        return (
            f"(SELECT * FROM {compare(self._cursor, previous, table)} WHERE client_id IS NOT NULL)"
        )


def _by_month(rows: pl.DataFrame) -> Iterator[tuple[date, pl.DataFrame]]:
    for (days,), part in rows.group_by("period", maintain_order=True):
        yield EPOCH + timedelta(days=days), part


def create_month_table(cursor: CursorWrapper, month: date, number: int) -> str:
    """An empty table like the bills, able to become the month's partition without a scan."""
    table = f"{partition_name(month)}_import_{number}"
    cursor.execute(f"CREATE TABLE {table} (LIKE analytics_memberbill)")
    cursor.execute(
        f"ALTER TABLE {table} ADD CONSTRAINT {table}_month CHECK (period = DATE '{month}')"
    )
    return table


def swap(cursor: CursorWrapper, table: str, month: date) -> None:
    """Put the new table in the old month's place; the only step readers have to wait for."""
    partition = partition_name(month)
    if table_exists(cursor, partition):
        cursor.execute(f"ALTER TABLE analytics_memberbill DETACH PARTITION {partition}")
        cursor.execute(f"DROP TABLE {partition}")
    cursor.execute(f"ALTER TABLE {table} RENAME TO {partition}")
    cursor.execute(
        f"ALTER TABLE analytics_memberbill ATTACH PARTITION {partition} "
        f"FOR VALUES IN (DATE '{month}')"
    )
    cursor.execute(f"ALTER TABLE {partition} DROP CONSTRAINT {table}_month")


def table_exists(cursor: CursorWrapper, table: str) -> bool:
    cursor.execute("SELECT to_regclass(%s) IS NOT NULL", [table])
    return cursor.fetchone()[0]


def update_members(cursor: CursorWrapper, bills: str, month: date) -> None:
    """Members follow their newest bill: new numbers appear, changed ones are brought up to date.

    `bills`: a table or a query in brackets. A bill older than one the member already has changes nothing, so that the order in which
    months arrive does not matter (P17).
    """
    cursor.execute(
        f"""
        CREATE TEMP TABLE member_change ON COMMIT DROP AS
        SELECT m.id, n.msisdn, n.client_id, n.status, n.tier, n.joined_on, n.is_corporate_paid
        FROM {bills} n LEFT JOIN accounts_member m USING (msisdn)
        WHERE m.id IS NULL
           OR (m.client_id, m.status, m.tier, m.joined_on, m.is_corporate_paid)
              IS DISTINCT FROM (n.client_id, n.status, n.tier, n.joined_on, n.is_corporate_paid)
        """
    )
    cursor.execute("ANALYZE member_change")
    cursor.execute(
        """
        INSERT INTO accounts_member
            (msisdn, client_id, status, tier, joined_on, is_corporate_paid)
        SELECT msisdn, client_id, status, tier, joined_on, is_corporate_paid
        FROM member_change WHERE id IS NULL
        ORDER BY msisdn  -- a first month fills the index of numbers from left to right
        """
    )
    cursor.execute(
        """
        UPDATE accounts_member m
        SET client_id = c.client_id, status = c.status, tier = c.tier,
            joined_on = c.joined_on, is_corporate_paid = c.is_corporate_paid
        FROM member_change c
        WHERE m.id = c.id AND NOT EXISTS (
            SELECT FROM analytics_memberbill later
            WHERE later.msisdn = c.msisdn AND later.period > %s
        )
        """,
        [month],
    )
    cursor.execute("DROP TABLE member_change")


def release_members(cursor: CursorWrapper, tables: Mapping[date, str]) -> None:
    """Numbers that a correction leaves out go back to their newest remaining bill.

    Without any bill left there is no such member, unless somebody has looked at the number.
    To be called while the months' old partitions are still in place.
    """
    lost = [
        f"SELECT o.msisdn FROM {partition_name(month)} o "
        f"WHERE NOT EXISTS (SELECT FROM {table} n WHERE n.msisdn = o.msisdn)"
        for month, table in tables.items()
        if table_exists(cursor, partition_name(month))
    ]
    if not lost:
        return
    cursor.execute(f"CREATE TEMP TABLE member_lost ON COMMIT DROP AS {' UNION '.join(lost)}")
    if cursor.rowcount:
        cursor.execute("ANALYZE member_lost")
        _follow_remaining_bills(cursor, tables)
    cursor.execute("DROP TABLE member_lost")


def _follow_remaining_bills(cursor: CursorWrapper, tables: Mapping[date, str]) -> None:
    columns = "period, msisdn, client_id, status, tier, joined_on, is_corporate_paid"
    unchanged_months = "(SELECT * FROM analytics_memberbill WHERE period <> ALL(%s)) bill"
    sources = [
        f"SELECT {columns} FROM {table} JOIN member_lost USING (msisdn)"
        for table in (unchanged_months, *tables.values())
    ]
    cursor.execute(
        f"""
        CREATE TEMP TABLE member_newest ON COMMIT DROP AS
        SELECT DISTINCT ON (msisdn) * FROM ({" UNION ALL ".join(sources)}) bill
        ORDER BY msisdn, period DESC
        """,
        [list(tables)],
    )
    cursor.execute(
        """
        UPDATE accounts_member m
        SET client_id = b.client_id, status = b.status, tier = b.tier,
            joined_on = b.joined_on, is_corporate_paid = b.is_corporate_paid
        FROM member_newest b
        WHERE m.msisdn = b.msisdn
          AND (m.client_id, m.status, m.tier, m.joined_on, m.is_corporate_paid)
              IS DISTINCT FROM (b.client_id, b.status, b.tier, b.joined_on, b.is_corporate_paid)
        """
    )
    cursor.execute(
        """
        DELETE FROM accounts_member m USING member_lost
        WHERE m.msisdn = member_lost.msisdn
          AND NOT EXISTS (SELECT FROM member_newest b WHERE b.msisdn = m.msisdn)
          AND NOT EXISTS (SELECT FROM accounts_numberreveal r WHERE r.member_id = m.id)
        """
    )
    cursor.execute("DROP TABLE member_newest")
