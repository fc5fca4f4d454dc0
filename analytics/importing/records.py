"""Payments, handled business and daily usage: lines of members.

Good rows are copied batch by batch into a temporary table beside the real one, and inserted from
there at the end. Memory is that of one batch, however long the file, and no query is made for a
single row.
"""

import csv
import io
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import islice
from typing import Any, ClassVar, NamedTuple
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.db.models import Exists, Max, Model, OuterRef
from django.utils import timezone

from accounts.choices import PaymentMethod
from accounts.models import Member
from accounts.selectors.merges import codes_now
from analytics.importing.checking import Problem
from analytics.importing.loading import Load
from analytics.importing.reading import Block
from analytics.models import BusinessHandling, DailyUsage, Payment

BATCH = 10_000
# Temporary tables: the rows of one batch, and all good rows of the file.
FRESH, NEW = "record_fresh", "record_new"

# Sums the transfers and charges between two settlements of a member. Lines come in any order
# (ANA-13): of one moment the settlement is the last; a day without a time spans all of it.
SETTLEMENTS = """
    WITH ordered AS (
        SELECT member_id, operation_type, amount, import_number, line,
               count(*) FILTER (WHERE operation_type = 'settlement') OVER (
                   PARTITION BY member_id
                   ORDER BY operated_on,
                            coalesce(operated_time, CASE operation_type
                                WHEN 'settlement' THEN time '24:00' ELSE time '00:00' END),
                            operation_type = 'settlement', id
                   ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
               ) AS settled_before
        FROM analytics_payment
        WHERE member_id IN (
            SELECT member_id FROM analytics_payment
            WHERE import_number = %(number)s AND operation_type = 'settlement'
        )
    )
    SELECT max(line) FILTER (WHERE operation_type = 'settlement') AS line
    FROM ordered
    GROUP BY member_id, settled_before
    HAVING max(import_number) FILTER (WHERE operation_type = 'settlement') = %(number)s
       AND max(amount) FILTER (WHERE operation_type = 'settlement')
           <> sum(amount) FILTER (WHERE operation_type IN ('transfer', 'charge'))
    ORDER BY line
"""


class Row(NamedTuple):
    """A good row of a member the importer may see."""

    line: int
    cells: list[str]
    member_id: UUID
    values: dict[str, Any]


class RecordLoader(ABC):
    """What the three kinds share.

    `columns` are filled by `_record`; two rows of a member that agree in `key` are one. Repetitions
    within the file go to the quarantine; rows that an earlier file brought are left alone and
    counted as replaced. Nothing is written before `finish`.
    """

    model: ClassVar[type[Model]]
    columns: ClassVar[tuple[str, ...]]
    texts: ClassVar[tuple[str, ...]] = ()
    key: ClassVar[tuple[str, ...]]

    def __init__(self, load: Load, now: datetime) -> None:
        self._load = load
        self._number = load.billing_import.number
        self._today = timezone.localdate(now)
        self._members = load.mine(Member.objects.all())
        self._codes_now = codes_now()
        self._table = self.model._meta.db_table
        self._columns = ", ".join(("member_id", "line", "import_number", *self.columns))
        self._make_tables()

    def _make_tables(self) -> None:
        with connection.cursor() as cursor:
            for name in (FRESH, NEW):
                cursor.execute(f"DROP TABLE IF EXISTS {name}")
                cursor.execute(
                    f"CREATE TEMP TABLE {name} ON COMMIT DROP AS "
                    f"SELECT {self._columns} FROM {self._table} WITH NO DATA"
                )
            key = ", ".join(("member_id", *self.key))
            cursor.execute(f"CREATE UNIQUE INDEX ON {NEW} ({key}) NULLS NOT DISTINCT")

    def take(self, block: Block) -> None:
        judged = self._load.judge(block)
        while batch := list(islice(judged, BATCH)):
            self._keep(list(self._of_members(batch)))

    def finish(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                f"""
                INSERT INTO {self._table} ({self._columns})
                SELECT {self._columns} FROM {NEW} ORDER BY line
                ON CONFLICT DO NOTHING
                """
            )
            known = self._load.totals.loaded - cursor.rowcount
            cursor.execute(f"DROP TABLE {FRESH}, {NEW}")
        self._load.totals.loaded -= known
        self._load.totals.replaced += known

    @abstractmethod
    def _record(self, values: dict[str, Any]) -> tuple[Any, ...]:
        """What goes into `columns`."""

    def _problem(self, values: dict[str, Any], client_code: str | None) -> Problem | None:
        """What is wrong with good cells; `client_code` is the member's, None without a member."""
        if client_code is None:
            return Problem("unknown_member", "number")
        said = values.get("client_code")
        if said is not None and self._codes_now.get(said, said) != client_code:
            return Problem("other_client", "client_code")
        return None

    def _of_members(self, batch: list[tuple[int, list[str], dict[str, Any]]]) -> Iterator[Row]:
        numbers = {values["number"] for _, _, values in batch}
        found = self._members.filter(msisdn__in=numbers)
        ids, codes = {}, {}
        for number, pk, code in found.values_list("msisdn", "pk", "client__code"):
            ids[number], codes[number] = pk, code
        for line, cells, values in batch:
            number = values["number"]
            if problem := self._problem(values, codes.get(number)):
                self._load.refuse(line, cells, problem, counted=True)
            else:
                yield Row(line, cells, ids[number], values)

    def _keep(self, rows: list[Row]) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"TRUNCATE {FRESH}")
            cursor.copy_expert(
                f"COPY {FRESH} FROM STDIN (FORMAT csv{self._not_null()})", self._stream(rows)
            )
            cursor.execute(
                f"""
                WITH kept AS (
                    INSERT INTO {NEW} SELECT * FROM {FRESH} ORDER BY line
                    ON CONFLICT DO NOTHING
                    RETURNING line
                )
                SELECT line FROM {FRESH} EXCEPT SELECT line FROM kept
                """
            )
            repeated = {line for (line,) in cursor.fetchall()}
        for row in rows:
            if row.line in repeated:
                problem = Problem("duplicate", "number")
                self._load.refuse(row.line, row.cells, problem, counted=True)
        self._load.totals.loaded += len(rows) - len(repeated)

    def _not_null(self) -> str:
        """An empty cell is an empty text here and no value elsewhere."""
        return f", FORCE_NOT_NULL ({', '.join(self.texts)})" if self.texts else ""

    def _stream(self, rows: Iterable[Row]) -> io.StringIO:
        stream = io.StringIO(newline="")
        csv.writer(stream).writerows(
            (row.member_id, row.line, self._number, *self._record(row.values)) for row in rows
        )
        stream.seek(0)
        return stream


class PaymentLoader(RecordLoader):
    """Payment records (ANA-11); settlements are compared with what was paid before (ANA-12)."""

    model = Payment
    columns = (
        "operated_on", "operated_time", "operation_type", "amount", "serial_number",
        "payment_method",
    )  # fmt: skip
    texts = ("operation_type", "serial_number")
    key = ("operated_on", "operated_time", "operation_type", "amount", "serial_number")

    def _record(self, values: dict[str, Any]) -> tuple[Any, ...]:
        return (
            *values["operation_time"],
            values["operation_type"],
            _yuan(values["amount"]),
            values.get("serial_number", ""),
            values.get("payment_method", PaymentMethod.UNKNOWN),
        )

    def finish(self) -> None:
        """A settlement that differs is a warning and nothing more: the handbook's own does."""
        super().finish()
        with connection.cursor() as cursor:
            cursor.execute(SETTLEMENTS, {"number": self._number})
            for (line,) in cursor.fetchall():
                self._load.quarantine.warn(Problem("settlement_differs", "amount"), line)


class HandlingLoader(RecordLoader):
    """Business-handling records (ANA-10)."""

    model = BusinessHandling
    columns = (
        "operated_on", "operated_time", "operation_type", "amount", "payment_method", "place",
    )  # fmt: skip
    texts = ("operation_type", "place")
    key = ("operated_on", "operated_time", "operation_type", "amount")

    def _record(self, values: dict[str, Any]) -> tuple[Any, ...]:
        return (
            *values["operation_time"],
            values["operation_type"],
            _yuan(values.get("amount")),
            values.get("payment_method", PaymentMethod.UNKNOWN),
            values.get("place", ""),
        )


class UsageLoader(RecordLoader):
    """Daily usage of the rolling window of USAGE_DAYS (ANA-03).

    Each import keeps rows of its own; of a member's day the newest counts.
    """

    model = DailyUsage
    columns = ("day", "voice_minutes", "data_mb", "sms")
    key = ("day",)

    def _record(self, values: dict[str, Any]) -> tuple[Any, ...]:
        return (values["day"], values["voice_minutes"], values["data_mb"], values.get("sms", 0))

    def _problem(self, values: dict[str, Any], client_code: str | None) -> Problem | None:
        if values["day"] > self._today:
            # One such day would push everybody's real days out of the window.
            return Problem("future_day", "day")
        return super()._problem(values, client_code)

    def finish(self) -> None:
        super().finish()
        self._load.totals.replaced = self._replaced_count()
        self._drop_old_days()

    def _replaced_count(self) -> int:
        earlier = DailyUsage.objects.filter(
            member=OuterRef("member"), day=OuterRef("day"), import_number__lt=self._number
        )
        return DailyUsage.objects.filter(Exists(earlier), import_number=self._number).count()

    def _drop_old_days(self) -> None:
        newest = DailyUsage.objects.aggregate(day=Max("day"))["day"]
        if newest is None:
            return
        old = DailyUsage.objects.filter(day__lt=newest - timedelta(days=settings.USAGE_DAYS))
        mine = old.filter(import_number=self._number).order_by("line")
        lines = list(mine.values_list("line", flat=True))
        if lines:
            self._load.quarantine.warn_all(Problem("too_old", "day"), lines)
            self._load.totals.loaded -= len(lines)
        old.delete()


def _yuan(fen: int | None) -> Decimal | None:
    return None if fen is None else Decimal(fen) / 100
