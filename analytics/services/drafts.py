"""Files handed in on a page: looked at, checked, and loaded when a person says so (ADR 0020).

A draft is CHECKING while a job works on it and READY while a person does. The first check looks
at the file (`looked`); when the columns are confirmed (`mapping`), a second one tries what loading
would do (`preview`). Checks write nothing but these two fields.
"""

import logging
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, BinaryIO

from django.core.cache import cache
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from analytics.choices import ImportKind, ImportState
from analytics.exceptions import NotADraft, NotLookedAt
from analytics.importing import dry_run
from analytics.importing.cells import printable
from analytics.importing.columns import fingerprint, own_columns_left_out
from analytics.importing.loading import Load, Totals
from analytics.importing.member_bills import MemberBillLoader
from analytics.importing.memory import keep_for_reuse
from analytics.importing.problems import FileRefused, ImportCancelled
from analytics.importing.product_bills import ProductBillLoader
from analytics.importing.quarantine import Quarantine
from analytics.importing.reading import Source, Words, map_header, open_source, open_unmapped
from analytics.importing.recognising import Looker, without_numbers
from analytics.importing.remembered import choose_for, to_remember
from analytics.models import BillingImport, ColumnMapping
from analytics.services import locks
from analytics.services.imports import (
    content_of,
    discard,
    keep_file,
    other_loader_of,
    take_all,
)
from analytics.services.period_closing import refuse_closed_months
from analytics.tasks import check_import_task, run_import_task
from crm.lib.services import service
from staff.models import User
from staff.services.people import found_root_unit

log = logging.getLogger(__name__)
KEEP_DRAFTS = timedelta(hours=24)


@service
def hand_in_draft(
    *, file: Any, file_name: str, size: int, now: datetime, by: User
) -> BillingImport:
    """Keep the file as it came and queue a first look at it. The caller has judged its size."""
    draft = BillingImport(
        kind=ImportKind.MEMBER_BILL,  # until the first look
        file_name=Path(file_name).name[:200],
        size=size,
        state=ImportState.CHECKING,
        touched_at=now,
        created_by=by,
    )
    keep_file(draft, file)
    draft.save(force_insert=True)
    _queue_check(draft)
    return draft


def _queue_check(draft: BillingImport) -> None:
    transaction.on_commit(lambda: check_import_task.delay(str(draft.pk)))


def _locked_draft(billing_import: BillingImport) -> BillingImport:
    """The draft as it is now, READY; others keep their hands off it until the commit."""
    draft = BillingImport.objects.select_for_update().get(pk=billing_import.pk)
    if draft.state != ImportState.READY or draft.looked is None:
        raise NotADraft(_("This file is not waiting to be confirmed."))
    return draft


@service
def confirm_columns(
    *,
    billing_import: BillingImport,
    kind: str,
    mapping: Mapping[str, int],
    words: Words,
    period: date | None,
    creates_clients: bool,
    completes_period: bool,
    now: datetime,
    by: User,
) -> BillingImport:
    """A person said what the file is and how to read it: check the whole of it."""
    draft = _locked_draft(billing_import)
    draft.kind = kind
    draft.mapping, draft.words = dict(mapping), {name: dict(own) for name, own in words.items()}
    draft.period = period
    draft.creates_clients = creates_clients
    draft.completes_period = completes_period
    draft.preview = None
    draft.state = ImportState.CHECKING
    draft.touched_at = now
    draft.save()
    _queue_check(draft)
    return draft


@service
def confirm_load(
    *, billing_import: BillingImport, looked_at: Collection[str], now: datetime, by: User
) -> BillingImport:
    """Load what was checked. A second call changes nothing: the file is on its way already.

    `looked_at`: keys (`oddity_key`) of the oddities that the person has looked at.
    """
    draft = BillingImport.objects.select_for_update().get(pk=billing_import.pk)
    if not draft.is_draft and draft.mapping is not None and not draft.is_cancel_requested:
        return draft
    if draft.state != ImportState.READY or draft.preview is None:
        raise NotADraft(_("This file is not waiting to be confirmed."))
    if {oddity_key(odd) for odd in draft.preview["odd"]} - set(looked_at):
        raise NotLookedAt(_("Please look at everything that is odd first, and say that you did."))
    names = draft.preview["names"]
    _remember(names, draft, now, by)
    draft.state = ImportState.QUEUED
    draft.touched_at = now
    # The samples are no longer needed, and are the client's.
    draft.looked = None
    draft.save()
    transaction.on_commit(lambda: run_import_task.delay(str(draft.pk)))
    return draft


def oddity_key(odd: Mapping[str, Any]) -> str:
    return f"{odd['code']}-{odd['month']}" if "month" in odd else odd["code"]


def _remember(names: list[str], draft: BillingImport, now: datetime, by: User) -> None:
    """For the next file with this header; nothing when its names say it all."""
    same = ColumnMapping.objects.filter(kind=draft.kind, fingerprint=fingerprint(names))
    words = {column: own for column, own in draft.words.items() if own}
    if not words and _says_it_all(names, draft):
        same.delete()
        return
    ColumnMapping.objects.update_or_create(
        kind=draft.kind,
        fingerprint=fingerprint(names),
        defaults={
            "names": [without_numbers(names[place]) for place in own_columns_left_out(names)],
            "mapping": to_remember(names, draft.mapping or {}),
            "words": words,
            "updated_by": by,
            "updated_at": now,
        },
    )


def _says_it_all(names: list[str], draft: BillingImport) -> bool:
    try:
        return map_header(names, draft.kind).positions == draft.mapping
    except FileRefused:
        return False


@service
def forget_mapping(*, mapping: ColumnMapping, by: User) -> None:
    """Files with this header are read by their names again."""
    mapping.delete()


@service
def drop_stale_drafts(*, now: datetime, by: User | None) -> int:
    """Drafts that nobody confirmed within a day end, and their files go."""
    stale = BillingImport.objects.drafts().filter(touched_at__lt=now - KEEP_DRAFTS)
    drafts = list(stale.select_for_update(skip_locked=True))
    for draft in drafts:
        discard(draft, now=now)
    return len(drafts)


def run_check(billing_import: BillingImport, *, now: datetime) -> BillingImport:
    """Look at a draft or try what loading it would do. Safe to call again, also after a kill."""
    number = billing_import.number
    try:
        with transaction.atomic():
            if locks.try_import(number):
                _check_locked(billing_import, now)
    except FileRefused as refusal:
        params = {name: printable(str(value)) for name, value in refusal.params.items()}
        _refuse(billing_import, refusal.code, params)
    except ImportCancelled:
        pass  # whoever cancelled has said so in the row
    except Exception:
        log.exception("the check of import %s broke off", number)
        _refuse(billing_import, "server_problem", {})
    billing_import.refresh_from_db()
    return billing_import


def _check_locked(draft: BillingImport, now: datetime) -> None:
    draft.refresh_from_db()
    if draft.state != ImportState.CHECKING:
        return
    author = draft.created_by
    keep_for_reuse()
    with (
        translation.override((author and author.language) or translation.get_language()),
        content_of(draft) as (file, size),
    ):
        if draft.mapping is None:
            _end_check(draft, **_look(draft, file, size))
        else:
            _end_check(draft, preview=_try(draft, file, size, now))


@dataclass
class Looking:
    """A file that is looked at: nothing is judged yet."""

    billing_import: BillingImport
    source: Source
    quarantine: Quarantine
    totals: Totals


def _look(draft: BillingImport, file: BinaryIO, size: int) -> dict[str, Any]:
    source = open_unmapped(file, size)
    looker = Looker(source)
    nothing_bad = dry_run.FirstProblems(source.header.names, "")
    take_all(Looking(draft, source, nothing_bad, looker.totals), looker.take)
    look = looker.finish()
    return {"looked": look.as_json(), "kind": look.kind, "encoding": look.encoding}


def _try(draft: BillingImport, file: BinaryIO, size: int, now: datetime) -> dict[str, Any]:
    """Everything loading does but writing."""
    author = draft.created_by
    source = open_source(file, size, draft.kind, choose_for(draft))
    with dry_run.FirstProblems(source.header.names, "") as quarantine:
        load = Load(draft, source, quarantine, (author and author.unit) or found_root_unit(by=None))
        tally, loader = _take_without_writing(load, now)
        months = dry_run.months_preview(load, loader, tally)
    rows, bad = load.totals.read, quarantine.count
    return {
        "names": source.header.names,
        "rows": rows,
        "good": load.totals.loaded,
        "bad": bad,
        "warnings": quarantine.tally.warnings,
        "ignored": source.header.ignored,
        "problems": dry_run.problems_of(quarantine),
        "examples": dry_run.examples_of(quarantine, source.header.positions),
        "months": [month.as_json() for month in months],
        "new_clients": dry_run.new_clients(loader),
        "roster": dry_run.roster_counts(loader),
        "odd": dry_run.oddities(
            rows=rows, bad=bad, months=months, today=timezone.localtime(now).date()
        ),
    }


def _take_without_writing(load: Load, now: datetime) -> tuple[dry_run.MemberBillTally | None, Any]:
    """The loader after it has read everything, its `finish` left out."""
    kind = load.billing_import.kind
    if kind == ImportKind.MEMBER_BILL:
        loader = MemberBillLoader(load)
        tally = dry_run.MemberBillTally(load, loader)
        take_all(load, tally.take, loader.judged)
        refuse_closed_months(tally.months)
        return tally, loader
    collecting: Any = (
        ProductBillLoader(load) if kind == ImportKind.PRODUCT_BILL else other_loader_of(load, now)
    )
    take_all(load, collecting.take)
    if kind == ImportKind.PRODUCT_BILL:
        refuse_closed_months(collecting.months)
    return None, collecting


def _end_check(draft: BillingImport, **found: Any) -> None:
    """What was found, unless somebody discarded the draft meanwhile."""
    BillingImport.objects.filter(pk=draft.pk, state=ImportState.CHECKING).update(
        state=ImportState.READY, **found
    )
    cache.delete(f"import:{draft.pk}")  # the next step starts from nothing


def _refuse(draft: BillingImport, code: str, params: dict[str, str]) -> None:
    BillingImport.objects.filter(pk=draft.pk, state=ImportState.CHECKING).update(
        state=ImportState.FAILED,
        error_code=code,
        error_params=params,
        finished_at=timezone.now(),
    )
