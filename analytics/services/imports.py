"""Handing in a file, running its import, cancelling it."""

import hashlib
import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any, BinaryIO, Protocol, cast

from django.conf import settings
from django.core.cache import cache
from django.core.files import File
from django.db import DataError, connection, transaction
from django.db.models import Max
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from analytics import facts
from analytics.choices import LOADING_IMPORT_STATES, ImportKind, ImportState
from analytics.exceptions import ImportFinished
from analytics.importing import accepting
from analytics.importing.ahead import made_ahead
from analytics.importing.archives import unpacked
from analytics.importing.cells import printable
from analytics.importing.loading import Load, Totals
from analytics.importing.member_bills import MemberBillLoader
from analytics.importing.memory import keep_for_reuse
from analytics.importing.partitions import swap
from analytics.importing.problems import FileRefused, ImportCancelled
from analytics.importing.product_bills import ProductBillLoader
from analytics.importing.quarantine import Quarantine
from analytics.importing.reading import Block, Source, open_source
from analytics.importing.records import HandlingLoader, PaymentLoader, UsageLoader
from analytics.importing.remembered import choose_for
from analytics.importing.rosters import ClientRosterLoader, ContactRosterLoader
from analytics.models import BillingImport, BillingPeriod, ImportProblem
from analytics.progress import Progress, Stopwatch
from analytics.selectors.storage import frozen_by
from analytics.services import locks, periods
from analytics.services.period_closing import refuse_closed_months
from analytics.services.period_undo import states_around, states_left
from analytics.tasks import run_import_task
from crm.lib.services import audited, service
from staff.models import User
from staff.services.people import found_root_unit
from staff.services.work import notify

log = logging.getLogger(__name__)
Blocks = Iterator[Block]
OTHER_LOADERS: dict[ImportKind, Callable[[Load, datetime], Any]] = {
    ImportKind.CLIENTS: ClientRosterLoader,
    ImportKind.CONTACTS: ContactRosterLoader,
    ImportKind.PAYMENTS: PaymentLoader,
    ImportKind.HANDLINGS: HandlingLoader,
    ImportKind.USAGE: UsageLoader,
}
FINISHED_FIELDS = (
    "quarantine_file", "state", "encoding", "periods", "rows", "loaded", "quarantined",
    "warnings", "replaced", "total", "ignored_columns", "finished_at", "quarantine_size",
    "replaced_imports", "completed_months", "period_states",
    "loaded_as",
)  # fmt: skip


@service
def hand_in_file(
    *,
    file: Any,
    file_name: str,
    size: int,
    kind: str,
    by: User | None,
    period: date | None = None,
    creates_clients: bool = False,
    completes_period: bool = False,
    corrects: BillingImport | None = None,
    corrects_rows: Sequence[int] = (),
    holds_thin_month: bool = False,
    in_background: bool = True,
) -> BillingImport:
    """Keep the file as it came and queue its import; one that is too large is refused unread.

    Files that a person must confirm first: `drafts.hand_in_draft`.
    """
    billing_import = BillingImport(
        kind=kind,
        file_name=Path(file_name).name[:200],
        size=size,
        period=period,
        creates_clients=creates_clients,
        completes_period=completes_period,
        corrects=corrects,
        mapping=corrects.mapping if corrects else None,
        words=corrects.words if corrects else {},
        corrects_rows=list(corrects_rows),
        holds_thin_month=holds_thin_month,
        created_by=by,
    )
    if size <= settings.IMPORT_MAX_BYTES:
        keep_file(billing_import, file)
    billing_import.save(force_insert=True)
    if in_background:
        transaction.on_commit(lambda: run_import_task.delay(str(billing_import.pk)))
    return billing_import


def keep_file(billing_import: BillingImport, file: Any) -> None:
    billing_import.sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    file.seek(0)
    name = f"{billing_import.pk}{Path(billing_import.file_name).suffix[:10]}"
    try:
        billing_import.file.save(name, File(file), save=False)
    except OSError:
        # Half a file would fill a full disk further with every new try.
        field = billing_import.file.field
        billing_import.file.storage.delete(field.generate_filename(billing_import, name))
        raise


@service
def request_cancel(*, billing_import: BillingImport, by: User) -> BillingImport:
    """Stop a waiting or running import; nothing of it will have been loaded."""
    billing_import = BillingImport.objects.select_for_update().get(pk=billing_import.pk)
    if billing_import.is_finished:
        raise ImportFinished(_("This import has already ended."))
    if billing_import.is_draft:
        discard(billing_import, now=timezone.now())
        return billing_import
    billing_import.is_cancel_requested = True
    billing_import.save(update_fields=["is_cancel_requested"])
    return billing_import


def discard(draft: BillingImport, *, now: datetime) -> None:
    """A draft ends and its file goes; a check that still runs finds out and stops.

    The caller has locked the row.
    """
    name, storage = draft.file.name, draft.file.storage
    draft.state = ImportState.CANCELLED
    draft.is_cancel_requested = True
    draft.finished_at = now
    draft.file, draft.looked, draft.preview = "", None, None
    draft.save(
        update_fields=["state", "is_cancel_requested", "finished_at", "file", "looked", "preview"]
    )
    if name:
        transaction.on_commit(lambda: storage.delete(name))


def run_import(billing_import: BillingImport, *, now: datetime) -> BillingImport:
    """Load the file in one transaction. Safe to call again at any time, also after a kill.

    All of it is committed, or nothing is: file, facts, alerts and the import's own state.
    A second call while one is running returns at once; after the end it changes nothing.
    """
    number, watch = billing_import.number, Stopwatch(now)
    try:
        BillingImport.objects.filter(pk=billing_import.pk, state=ImportState.QUEUED).update(
            state=ImportState.RUNNING, started_at=now
        )
        with transaction.atomic(), audited("analytics.run_import", billing_import.created_by_id):
            if locks.try_import(number):
                _run_locked(billing_import, watch)
    except FileRefused as refusal:
        params = {name: printable(str(value)) for name, value in refusal.params.items()}
        _end(billing_import, ImportState.FAILED, watch.now(), refusal.code, params)
    except ImportCancelled:
        _end(billing_import, ImportState.CANCELLED, watch.now())
    except Exception:
        log.exception("import %s broke off", number)
        _end(billing_import, ImportState.FAILED, watch.now(), "server_problem")
    billing_import.refresh_from_db()
    _tell_author(billing_import)
    return billing_import


def _run_locked(billing_import: BillingImport, watch: Stopwatch) -> None:
    locks.wait_for_billing()
    billing_import.refresh_from_db()
    if billing_import.state not in LOADING_IMPORT_STATES:
        return
    if not billing_import.file:
        raise FileRefused("too_large", limit=settings.IMPORT_MAX_BYTES // 1024**2)
    plan_for_millions()
    keep_for_reuse()
    author = billing_import.created_by
    unit = author.unit if author else found_root_unit(by=None)
    with (
        translation.override((author and author.language) or translation.get_language()),
        content_of(billing_import) as (file, size),
    ):
        choose = choose_for(billing_import)
        source = open_source(file, size, billing_import.kind, choose)
        with Quarantine(source.header.names, translation.get_language()) as quarantine:
            load = Load(billing_import, source, quarantine, unit)
            changed = _load(load, watch.started_at)
            _finish(load, changed, watch.now())


@contextmanager
def content_of(billing_import: BillingImport) -> Iterator[tuple[BinaryIO, int]]:
    """The data file that was handed in and its size in bytes, unpacked when it was packed."""
    with (
        billing_import.file.open("rb") as file,
        unpacked(cast("BinaryIO", file), billing_import.size) as content,
    ):
        yield content


def _tell_author(billing_import: BillingImport) -> None:
    """Whoever handed the file in learns how it ended, wherever they are by then."""
    author = billing_import.created_by
    if author is None or not billing_import.is_finished:
        return
    notify(
        recipients=[author],
        kind=f"import-{billing_import.state}",
        key=f"import:{billing_import.pk}:{billing_import.state}",
        params={
            "file": billing_import.file_name,
            "loaded": billing_import.loaded,
            "quarantined": billing_import.quarantined,
        },
        link=billing_import.get_absolute_url(),
        by=None,
    )


def warm_up() -> None:
    """For a process that will import bills: what is loaded once need not be waited for later."""
    accepting.warm_up()


def plan_for_millions() -> None:
    """Settings of this transaction for changing bills by the million."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL work_mem = '128MB'")
        cursor.execute("SET LOCAL maintenance_work_mem = '256MB'")
        # A month is alike all over; autovacuum takes the larger sample later.
        cursor.execute("SET LOCAL default_statistics_target = 20")
        cursor.execute("SET LOCAL parallel_setup_cost = 0")


def _load(load: Load, now: datetime) -> list[date]:
    """Read, check and write; gives the months whose bills changed."""
    billing_import = load.billing_import
    if billing_import.kind == ImportKind.MEMBER_BILL:
        member_loader = MemberBillLoader(load)
        take_all(load, member_loader.take, member_loader.ready)
        refuse_closed_months(member_loader.tables)
        member_loader.finish()
        _publish(load, member_loader.tables, now)
        return sorted(member_loader.tables)
    if billing_import.kind == ImportKind.PRODUCT_BILL:
        product_loader = ProductBillLoader(load)
        take_all(load, product_loader.take)
        refuse_closed_months(product_loader.months)
        product_loader.finish()
        _bring_in_line(load, product_loader.months, facts.ensure_partition, now)
        return sorted(product_loader.months)
    loader = other_loader_of(load, now)
    take_all(load, loader.take)
    loader.finish()
    return []


def other_loader_of(load: Load, now: datetime) -> Any:
    """Of the kinds that are no part of a billing month; writes nothing before its `finish`."""
    return OTHER_LOADERS[ImportKind(load.billing_import.kind)](load, now)


class Watched(Protocol):
    """What is told about while a file is read."""

    billing_import: BillingImport
    source: Source
    quarantine: Quarantine
    totals: Totals


def take_all(load: Watched, take: Callable, prepared: Callable[[Blocks], Iterator] = iter) -> None:
    """Hand every block to the loader, telling how far it is and looking whether to stop.

    Three stages at once: reading, what the loader does to blocks without the database
    (`prepared`), and what it does with it (`take`). Only the last may use the connection, which
    one thread at a time can.
    """
    progress = Progress(load.billing_import)
    asked = BillingImport.objects.filter(pk=load.billing_import.pk, is_cancel_requested=True)
    with closing(made_ahead(prepared(made_ahead(load.source.blocks())))) as blocks:
        for block in blocks:
            is_due = progress.is_due()
            if is_due and asked.exists():
                raise ImportCancelled
            take(block)
            if is_due:
                share = block.done / max(load.source.total_bytes, 1)
                progress.tell(load.totals, load.quarantine.count, share)
    if not load.totals.read:
        raise FileRefused("no_rows")
    progress.tell_finishing()


def _publish(load: Load, tables: dict[date, str], now: datetime) -> None:
    """Facts and alerts from the new tables first, the swap last: readers wait a moment only.

    Whoever cancels after the last look here is too late; they wait and are told so.
    """

    def bills_of(month: date) -> str:
        return tables.get(month) or facts.ensure_partition(month)

    _bring_in_line(load, tables, bills_of, now)
    _stop_if_cancelled(load.billing_import)
    with connection.cursor() as cursor:
        for month, table in tables.items():
            swap(cursor, table, month, load.billing_import.number)


def _stop_if_cancelled(billing_import: BillingImport) -> None:
    """The last look, under the lock of the row: a cancel is heard or refused, never lost."""
    if BillingImport.objects.select_for_update().get(pk=billing_import.pk).is_cancel_requested:
        raise ImportCancelled


def _bring_in_line(
    load: Load, months: Iterable[date], bills_of: Callable[[date], str], now: datetime
) -> None:
    billing_import = load.billing_import
    if gone := frozen_by(months):
        raise FileRefused("month_not_kept", month=f"{gone:%Y-%m}")
    for month in sorted(months):
        BillingPeriod.objects.get_or_create(month=month)
    before = states_around(months)
    billing_import.completed_months += periods.recompute(
        months,
        bills_of=bills_of,
        now=now,
        by=billing_import.created_by,
        completes=billing_import.completes_period,
        holds_thin=billing_import.holds_thin_month,
    )
    billing_import.period_states = states_left(before)


def _finish(load: Load, changed: list[date], now: datetime) -> None:
    """Counts, problems and the quarantine file, in the same transaction as the rows."""
    billing_import, totals, tally = load.billing_import, load.totals, load.quarantine.tally
    _stop_if_cancelled(billing_import)
    ignored = load.source.header.ignored
    billing_import.problems.all().delete()
    ImportProblem.objects.bulk_create(
        ImportProblem(
            billing_import=billing_import,
            code=code,
            column=column,
            is_warning=is_warning,
            count=count,
            first_lines=tally.lines[(code, column, is_warning)],
        )
        for (code, column, is_warning), count in tally.counts.items()
    )
    if load.quarantine.count:
        load.quarantine.flush()
        with load.quarantine.path.open("rb") as file:
            billing_import.quarantine_file.save(f"{billing_import.pk}.csv", File(file), save=False)
        billing_import.quarantine_size = billing_import.quarantine_file.size
    billing_import.state = ImportState.LOADED
    billing_import.encoding = load.source.encoding
    billing_import.periods = changed
    billing_import.rows = totals.read
    billing_import.loaded = totals.loaded
    billing_import.quarantined = load.quarantine.count
    billing_import.warnings = tally.warnings + len(ignored)
    billing_import.replaced = totals.replaced
    billing_import.total = totals.yuan
    billing_import.ignored_columns = ignored
    billing_import.replaced_imports = sorted(totals.replaced_imports)
    # The billing lock is held: nobody else counts at the same time.
    last = BillingImport.objects.aggregate(last=Max("loaded_as"))["last"]
    billing_import.loaded_as = (last or 0) + 1
    billing_import.finished_at = now
    billing_import.save(update_fields=FINISHED_FIELDS)


def _end(
    billing_import: BillingImport,
    state: ImportState,
    now: datetime,
    code: str = "",
    params: dict[str, str] | None = None,
) -> None:
    """The import ended without loading anything."""
    if billing_import.quarantine_file:
        billing_import.quarantine_file.delete(save=False)
    cache.delete(f"import:{billing_import.pk}")
    unfinished = BillingImport.objects.filter(pk=billing_import.pk, state__in=LOADING_IMPORT_STATES)
    try:
        with transaction.atomic():
            unfinished.update(
                state=state, error_code=code, error_params=params or {}, finished_at=now
            )
    except DataError:
        # Details no database can hold must not leave the import to be resumed for ever.
        log.exception("import %s ended with unspeakable details", billing_import.number)
        unfinished.update(state=state, error_code="server_problem", finished_at=now)
