"""Undoing an import: everything is as if its file had never been handed in (P12, ADR 0017).

How each kind is undone stands in UNDO. A kind whose file only adds rows that carry its number
needs one line: `ImportKind.X: remove_rows_of(Model)`.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection, transaction

from analytics import facts
from analytics.choices import ImportKind, ImportState
from analytics.exceptions import CannotUndo
from analytics.importing.changes import bring_back
from analytics.importing.members import return_members
from analytics.importing.partitions import check_month, put_back
from analytics.models import (
    BillingImport,
    BillingPeriod,
    BusinessHandling,
    DailyUsage,
    Payment,
    ProductBill,
)
from analytics.models.billing import kept_name
from analytics.progress import Stopwatch
from analytics.selectors.undoing import in_use, months_falling_open, obstacle_to_undo
from analytics.services import locks, periods
from analytics.services.imports import plan_for_millions
from analytics.services.period_undo import give_back_states
from analytics.services.restoring import Restoring
from analytics.tasks import undo_import_task
from crm.lib.exceptions import DomainError
from crm.lib.services import audited, service
from staff.models import User
from staff.services.work import notify

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Undoing:
    """One import on its way out. `by`: who asked for it."""

    billing_import: BillingImport
    now: datetime
    by: User | None


@service
def request_undo(*, billing_import: BillingImport, now: datetime, by: User) -> BillingImport:
    """Order the undo; a job does it. Asking again while it is being undone changes nothing.

    Raises CannotUndo with the code of the obstacle.
    """
    billing_import = BillingImport.objects.select_for_update().get(pk=billing_import.pk)
    if billing_import.is_undoing:
        return billing_import
    _refuse_if_hindered(billing_import, now)
    billing_import.state = ImportState.UNDOING
    billing_import.undone_by = by
    billing_import.save(update_fields=["state", "undone_by"])
    transaction.on_commit(lambda: undo_import_task.delay(str(billing_import.pk)))
    return billing_import


def run_undo(billing_import: BillingImport, *, now: datetime) -> BillingImport:
    """Take the import back in one transaction. Safe to call again at any time, also after a kill."""
    watch = Stopwatch(now)
    try:
        with transaction.atomic(), audited("analytics.undo_import", billing_import.undone_by_id):
            if locks.try_import(billing_import.number):
                _undo_locked(billing_import, watch)
    except DomainError as refusal:
        log.warning("undo of import %s was refused: %s", billing_import.number, refusal.code)
        _give_up(billing_import)
    except Exception:
        log.exception("undo of import %s broke off", billing_import.number)
        _give_up(billing_import)
    billing_import.refresh_from_db()
    return billing_import


def _undo_locked(billing_import: BillingImport, watch: Stopwatch) -> None:
    locks.wait_for_billing()
    billing_import.refresh_from_db()
    if not billing_import.is_undoing:
        return
    _refuse_if_hindered(billing_import, watch.started_at)
    plan_for_millions()
    undoing = Undoing(billing_import, watch.started_at, billing_import.undone_by)
    UNDO[billing_import.kind](undoing)
    billing_import.undo_report = Restoring(billing_import).restore().as_json()
    billing_import.state = ImportState.UNDONE
    billing_import.undone_at = watch.now()
    billing_import.save(update_fields=["state", "undone_at", "undo_report"])
    billing_import.changes.all().delete()
    _tell_author(billing_import)


def _refuse_if_hindered(billing_import: BillingImport, now: datetime) -> None:
    if obstacle := obstacle_to_undo(billing_import, now):
        raise CannotUndo(obstacle.message, code=obstacle.code)


def _give_up(billing_import: BillingImport) -> None:
    """The import stands as before; whoever wanted it undone learns that it is not."""
    undoing = BillingImport.objects.filter(pk=billing_import.pk, state=ImportState.UNDOING)
    if not undoing.update(state=ImportState.LOADED, undone_by=None):
        return
    if by := billing_import.undone_by:
        notify(
            recipients=[by],
            kind="import-undo-refused",
            key=f"import:{billing_import.pk}:undo-refused",
            params={"file": billing_import.file_name},
            link=billing_import.get_absolute_url(),
            by=None,
        )


def _tell_author(billing_import: BillingImport) -> None:
    """Whoever handed the file in learns when somebody else took it back."""
    author, by = billing_import.created_by, billing_import.undone_by
    if author is None or by is None or author == by:
        return
    notify(
        recipients=[author],
        kind="import-undone",
        key=f"import:{billing_import.pk}:undone",
        params={"file": billing_import.file_name, "person": by.full_name},
        link=billing_import.get_absolute_url(),
        by=by,
    )


# How each kind is undone ------------------------------------------------------------------------


def _undo_member_bills(undoing: Undoing) -> None:
    """The months as they were come back; facts and alerts first, the swap last, as in an import."""
    billing_import = undoing.billing_import
    kept = {month: kept_name(month, billing_import.number) for month in billing_import.periods}

    def bills_of(month: date) -> str:
        return kept.get(month) or facts.ensure_partition(month)

    with connection.cursor() as cursor:
        for month, table in kept.items():
            check_month(cursor, table, month)
            facts.ensure_partition(month)
        return_members(cursor, kept)
        _bring_in_line(undoing, bills_of)
        for month, table in kept.items():
            put_back(cursor, table, month)


def _undo_product_bills(undoing: Undoing) -> None:
    ProductBill.objects.filter(import_number=undoing.billing_import.number).delete()
    bring_back(undoing.billing_import, ProductBill)
    _bring_in_line(undoing, facts.ensure_partition)


def _undo_roster(undoing: Undoing) -> None:
    """Clients and contacts are taken back for every kind, see Restoring."""


def remove_rows_of(*models: Any) -> Callable[[Undoing], None]:
    """For kinds whose file adds rows with `import_number` and replaces none."""

    def remove(undoing: Undoing) -> None:
        for model in models:
            model.objects.filter(import_number=undoing.billing_import.number).delete()

    return remove


UNDO: dict[str, Callable[[Undoing], None]] = {
    ImportKind.MEMBER_BILL: _undo_member_bills,
    ImportKind.PRODUCT_BILL: _undo_product_bills,
    ImportKind.CLIENTS: _undo_roster,
    ImportKind.CONTACTS: _undo_roster,
    ImportKind.PAYMENTS: remove_rows_of(Payment),
    ImportKind.HANDLINGS: remove_rows_of(BusinessHandling),
    ImportKind.USAGE: remove_rows_of(DailyUsage),
}


def _bring_in_line(undoing: Undoing, bills_of: Callable[[date], str]) -> None:
    """Facts, alerts and figures follow; a month that this import completed is open again."""
    billing_import, now, by = undoing.billing_import, undoing.now, undoing.by
    months = billing_import.periods
    empty = {month for month in months if not facts.has_bills(month, bills_of)}
    open_again = empty | set(months_falling_open(billing_import))
    for period in BillingPeriod.objects.select_for_update().filter(pk__in=open_again):
        if period.is_complete:
            periods.reopen(period, now, by)
    give_back_states(billing_import.period_states, now)
    # The months after the opened ones are compared with nothing now.
    periods.recompute({*months, *open_again}, bills_of=bills_of, now=now, by=by)
    _forget_months(billing_import, empty)
    periods.follow_newest_month()


def _forget_months(billing_import: BillingImport, empty: set[date]) -> None:
    """A month of which nothing is left is as unknown as before its first file."""
    others = BillingImport.objects.loaded().exclude(pk=billing_import.pk)
    for month in empty:
        is_held = in_use(BillingPeriod, [month], billing_import)
        if not is_held and not others.filter(periods__contains=[month]).exists():
            BillingPeriod.objects.filter(pk=month).delete()
