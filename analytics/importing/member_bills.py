"""Member bills: a million rows a month, built beside the old month and swapped in at the end.

Order inside the one transaction: rows are copied into a new table; duplicates leave it; rows of
other files of the month are taken over; key and index are built; members are brought up to date.
The caller then computes facts and alerts from the new table and finally calls `swap`, so that
readers are kept waiting for milliseconds only.
"""

from datetime import date, timedelta

import numpy as np
import polars as pl
from django.db import connection
from django.db.backends.utils import CursorWrapper

from analytics.importing.accepting import CATEGORIES, EPOCH, SCHEMA, FastPath, as_number
from analytics.importing.checking import Problem
from analytics.importing.clients import ClientIndex
from analytics.importing.copying import copy_member_bills
from analytics.importing.loading import Load, superseded
from analytics.importing.problems import FileRefused
from analytics.importing.reading import LINE, Block
from analytics.models.billing import partition_name


class MemberBillLoader:
    """Takes the blocks of one file and ends with one new table per month."""

    def __init__(self, load: Load) -> None:
        self._load = load
        self._number = load.billing_import.number
        self._clients = ClientIndex(
            creates=load.billing_import.creates_clients, unit=load.unit
        )
        self._fast = FastPath(
            load.source.header, load.billing_import.period, self._clients.codes
        )
        self._cursor: CursorWrapper = connection.cursor()
        self._numbers_seen: dict[date, list[np.ndarray]] = {}
        self.tables: dict[date, str] = {}

    def take(self, block: Block) -> None:
        """Check one block and copy its good rows."""
        totals = self._load.totals
        typed, rest = self._fast.accept(block.frame)
        if self._clients.creates and rest.height:
            # Codes nobody knew: make those clients whose rows are good, then try once more.
            typed_again, rest = self._accept_new_clients(rest)
            typed = pl.concat([typed, typed_again])
        totals.read += typed.height
        judged = self._judged(Block(rest, block.odd, block.done))
        rows = pl.concat([typed, judged]) if judged.height else typed
        self._warn_of_sums(rows)
        for month_number in rows["period"].unique().to_list():
            month = EPOCH + timedelta(days=month_number)
            part = rows.filter(pl.col("period") == month_number)
            self._copy(month, part)

    def finish(self) -> None:
        """Make each month's new table whole; `tables` names them."""
        for month in sorted(self.tables):
            table = self.tables[month]
            self._drop_duplicates(month, table)
            self._check_sum(month, table)
            self._take_over_other_files(month, table)
            self._index(table)
            update_members(self._cursor, table, month)

    def _accept_new_clients(self, rest: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
        positions = self._load.source.header.positions
        code = f"c{positions['client_code']}"
        name = f"c{positions['client_name']}" if "client_name" in positions else code
        judge = self._load.checker
        unknown = {}
        for cells in rest.select(pl.exclude(LINE)).unique(subset=[code], keep="first").iter_rows():
            values, problems = judge.check([cell or "" for cell in cells])
            if not problems and values["client_code"] not in self._clients.by_code:
                unknown[values["client_code"]] = cells[int(name[1:])] or ""
        self._clients.create({code: text.strip()[:200] for code, text in unknown.items()})
        return self._fast.accept(rest)

    def _judged(self, block: Block) -> pl.DataFrame:
        """Rows the fast path was not sure of, one by one."""
        rows: list[dict[str, int | None]] = []
        for line, cells, values in self._load.judge(block):
            client = self._clients.find(values["client_code"], values.get("client_name", ""))
            if client is None:
                self._load.refuse(
                    line, cells, Problem("unknown_client", "client_code"), counted=True
                )
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

    def _copy(self, month: date, rows: pl.DataFrame) -> None:
        if month not in self.tables:
            self.tables[month] = create_month_table(self._cursor, month, self._number)
        copy_member_bills(
            self._cursor, self.tables[month], rows, self._clients.ids(), self._number
        )
        self._numbers_seen.setdefault(month, []).append(rows["msisdn"].to_numpy())
        self._load.totals.loaded += rows.height
        self._load.totals.add_money(month, int(rows["total"].cast(pl.Int64).sum()))

    def _drop_duplicates(self, month: date, table: str) -> None:
        """A number counts once a month: the first line stays, later ones are quarantined."""
        numbers = np.sort(np.concatenate(self._numbers_seen.pop(month)))
        repeated = np.unique(numbers[1:][numbers[1:] == numbers[:-1]])
        if not len(repeated):
            return
        self._cursor.execute(
            f"""
            DELETE FROM {table} late USING (
                SELECT msisdn, min(line) AS line FROM {table}
                WHERE msisdn = ANY(%s) GROUP BY msisdn
            ) first
            WHERE late.msisdn = first.msisdn AND late.line > first.line
            RETURNING late.line, late.total
            """,
            [repeated.tolist()],
        )
        late = dict(self._cursor.fetchall())
        self._load.totals.loaded -= len(late)
        self._load.totals.add_money(month, -sum(late.values()))
        for line, cells in self._load.cells_of(set(late)):
            self._load.refuse(line, cells, Problem("duplicate", "msisdn"), counted=True)

    def _check_sum(self, month: date, table: str) -> None:
        """What was copied must be what was read, to the cent (P11)."""
        self._cursor.execute(f"SELECT coalesce(sum(total), 0) FROM {table}")
        if self._cursor.fetchone()[0] != self._load.totals.fen[month]:
            raise FileRefused("totals_differ")

    def _take_over_other_files(self, month: date, table: str) -> None:
        """Rows of the month that this file neither contains nor replaces stay.

        Which earlier files it replaces: `loading.superseded`. Of the others its rows win number
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
        replaced = superseded(
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


def update_members(cursor: CursorWrapper, table: str, month: date) -> None:
    """Members follow their newest bill: new numbers appear, changed ones are brought up to date.

    A bill older than one the member already has changes nothing, so that the order in which
    months arrive does not matter (P17).
    """
    cursor.execute(
        f"""
        CREATE TEMP TABLE member_change ON COMMIT DROP AS
        SELECT m.id, n.msisdn, n.client_id, n.status, n.tier, n.joined_on, n.is_corporate_paid
        FROM {table} n LEFT JOIN accounts_member m USING (msisdn)
        WHERE m.id IS NULL
           OR (m.client_id, m.status, m.tier, m.joined_on, m.is_corporate_paid)
              IS DISTINCT FROM (n.client_id, n.status, n.tier, n.joined_on, n.is_corporate_paid)
        """
    )
    cursor.execute(
        """
        INSERT INTO accounts_member
            (msisdn, client_id, status, tier, joined_on, is_corporate_paid)
        SELECT msisdn, client_id, status, tier, joined_on, is_corporate_paid
        FROM member_change WHERE id IS NULL
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

