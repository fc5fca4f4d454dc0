"""The nightly round: room for the months ahead, and away with what is kept long enough."""

from dataclasses import asdict, dataclass, field
from datetime import date, datetime, timedelta
from functools import partial

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from analytics import facts
from analytics.choices import ImportState
from analytics.models import BillingImport, BillingPeriod, ImportChange
from analytics.models.billing import partition_name
from analytics.selectors.storage import BillTable, bill_tables
from analytics.services import locks
from crm.lib.months import month_after, month_before
from crm.lib.services import service
from staff.models import User

MONTHS_AHEAD = 2
LEAST_MONTHS = 13  # a month is looked at beside the same one of last year


@dataclass
class Round:
    """What one round did: names of tables, and how many rows and files went."""

    created: list[str] = field(default_factory=list)
    dropped: list[str] = field(default_factory=list)
    expired: list[str] = field(default_factory=list)
    changes_deleted: int = 0
    files_deleted: int = 0

    def as_json(self) -> dict[str, object]:
        return asdict(self)


@service
def keep_house(*, now: datetime, by: User | None) -> Round:
    """Harmless at any time and any number of times; waits for a running import."""
    locks.wait_for_billing()
    done = Round()
    this_month = timezone.localtime(now).date().replace(day=1)
    _make_room_ahead(this_month, done)
    _drop_old_months(this_month, now, done)
    _forget_expired_undos(now, done)
    _delete_old_files(now, done)
    return done


def _make_room_ahead(this_month: date, done: Round) -> None:
    """Nobody waits for a new partition in the middle of a night's first import."""
    there = {table.name for table in bill_tables()}
    month = this_month
    for _ in range(1 + MONTHS_AHEAD):
        if partition_name(month) not in there:
            done.created.append(facts.ensure_partition(month))
        month = month_after(month)


def _drop_old_months(this_month: date, now: datetime, done: Round) -> None:
    """Member bills only: facts, product bills, alerts and members stay."""
    if not settings.MEMBER_BILL_MONTHS:
        return
    oldest = this_month
    for _ in range(max(settings.MEMBER_BILL_MONTHS, LEAST_MONTHS)):
        oldest = month_before(oldest)
    old = [table for table in bill_tables() if table.month < oldest]
    _drop(old)
    done.dropped += [table.name for table in old]
    months = {table.month for table in old if table.number is None}
    BillingPeriod.objects.filter(pk__in=months).update(bills_dropped_at=now)


def _forget_expired_undos(now: datetime, done: Round) -> None:
    """Former months and changes of imports that can no longer be undone."""
    undoable = BillingImport.objects.filter(state=ImportState.UNDOING) | (
        BillingImport.objects.loaded().filter(
            loaded_as__isnull=False,
            finished_at__gte=now - timedelta(days=settings.IMPORT_UNDO_DAYS),
        )
    )
    numbers = set(undoable.values_list("number", flat=True))
    old = [
        table for table in bill_tables() if table.number is not None and table.number not in numbers
    ]
    _drop(old)
    done.expired += [table.name for table in old]
    changes = ImportChange.objects.exclude(billing_import__in=undoable.values("pk"))
    done.changes_deleted, _ = changes.delete()


def _drop(tables: list[BillTable]) -> None:
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"DROP TABLE {table.name}")


def _delete_old_files(now: datetime, done: Round) -> None:
    """Handed-in and quarantine files; what became of them stays on record."""
    if not settings.IMPORT_FILE_DAYS:
        return
    old = BillingImport.objects.filter(
        finished_at__lt=now - timedelta(days=settings.IMPORT_FILE_DAYS)
    ).exclude(file="", quarantine_file="")
    for billing_import in old.exclude(state=ImportState.UNDOING):
        for kept in (billing_import.file, billing_import.quarantine_file):
            if kept.name:
                transaction.on_commit(partial(kept.storage.delete, kept.name))
                done.files_deleted += 1
        billing_import.file, billing_import.quarantine_file = "", ""
        billing_import.quarantine_size = 0
        billing_import.save(update_fields=["file", "quarantine_file", "quarantine_size"])
