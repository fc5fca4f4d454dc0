"""What is kept: months of member bills, former months that an undo puts back, files."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection
from django.db.models import Count, Q, Sum

from analytics.models import BillingImport, BillingPeriod
from analytics.selectors.undo_time import undo_until
from crm.lib.months import month_before
from staff.models import User

TABLE = re.compile(r"analytics_memberbill_(\d{4})(\d{2})(?:_before_(\d+))?")


@dataclass(frozen=True)
class BillTable:
    """A table of one month. `number`: the import before which it was so; None for the month itself.

    `rows` is PostgreSQL's estimate, None when it has never looked; `size` in bytes with indexes.
    """

    name: str
    month: date
    number: int | None
    rows: int | None
    size: int


@dataclass(frozen=True)
class KeptTable:
    """A former month, its import when the person may see it, and until when it is kept."""

    table: BillTable
    billing_import: BillingImport | None
    until: datetime | None


@dataclass(frozen=True)
class FileTotal:
    """Files of one sort: how many, and their bytes."""

    count: int
    size: int


@dataclass(frozen=True)
class Storage:
    months: Sequence[BillTable]
    kept: Sequence[KeptTable]
    originals: FileTotal
    quarantine: FileTotal

    @property
    def months_size(self) -> int:
        return sum(table.size for table in self.months)

    @property
    def kept_size(self) -> int:
        return sum(kept.table.size for kept in self.kept)


def storage_of(user: User) -> Storage:
    """From the catalogue of the database, whatever the number of bills; newest months first."""
    tables = bill_tables()
    imports = BillingImport.objects.visible_to(user)
    numbers = {table.number for table in tables if table.number is not None}
    by_number = {each.number: each for each in imports.filter(number__in=numbers)}
    kept = [
        KeptTable(
            table, each := by_number.get(table.number or 0), undo_until(each) if each else None
        )
        for table in tables
        if table.number is not None
    ]
    files = imports.aggregate(
        originals=Count("pk", filter=~Q(file="")),
        originals_size=Sum("size", filter=~Q(file=""), default=0),
        quarantine=Count("pk", filter=~Q(quarantine_file="")),
        quarantine_size=Sum("quarantine_size", default=0),
    )
    return Storage(
        months=[table for table in tables if table.number is None],
        kept=kept,
        originals=FileTotal(files["originals"], files["originals_size"]),
        quarantine=FileTotal(files["quarantine"], files["quarantine_size"]),
    )


def bill_tables() -> list[BillTable]:
    """Every table of a month of member bills, attached or kept beside; the newest month first."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT relname, reltuples::bigint, pg_total_relation_size(oid) FROM pg_class
            WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace
              AND relname LIKE 'analytics\\_memberbill\\_%'
            ORDER BY relname DESC
            """
        )
        rows = cursor.fetchall()
    tables = []
    for name, estimate, size in rows:
        if found := TABLE.fullmatch(name):
            year, month, number = found.groups()
            tables.append(
                BillTable(
                    name=name,
                    month=date(int(year), int(month), 1),
                    number=int(number) if number else None,
                    rows=None if estimate < 0 else estimate,
                    size=size,
                )
            )
    return tables


def dropped_months(months: Iterable[date]) -> list[date]:
    """Those of the months whose member bills are no longer kept, in order."""
    dropped = BillingPeriod.objects.filter(pk__in=list(months), bills_dropped_at__isnull=False)
    return list(dropped.order_by("month").values_list("month", flat=True))


def frozen_by(months: Iterable[date]) -> date | None:
    """The first month without its bills that one of these needs: itself or the one before."""
    needed = {each for month in months for each in (month, month_before(month))}
    return next(iter(dropped_months(needed)), None)
