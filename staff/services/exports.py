"""Writes about exports: ordered, written, approved by a second person, fetched, gone."""

import hashlib
import tempfile
import zoneinfo
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial

from django.conf import settings
from django.core.files import File
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from crm.lib.services import service
from staff import exporting
from staff.choices import ExportFormat, ExportState
from staff.exceptions import ExportDecided, ExportNeedsReason, OutOfReach, OwnDecision
from staff.models import Export, ExportDownload, User
from staff.selectors.exports import approvers_of
from staff.services.work import notify
from staff.tasks import run_export_task

# A list grows while somebody decides: an approval covers a tenth more than what was asked for.
COVERED = 1.1


@service
def order_export(*, list_name: str, query: str, file_format: str, reason: str, by: User) -> Export:
    """Queue the file; it appears on the person's page of exports (SEC-08).

    The job counts first: with too many rows of personal data it asks a second person (P34).
    """
    exporting.list_view(list_name)
    if not reason.strip():
        raise ExportNeedsReason(_("Say what you need the file for."))
    export = Export.objects.create(
        owner=by,
        list_name=list_name,
        query=query,
        columns=by.chosen_columns(list_name),
        reason=reason,
        format=ExportFormat(file_format),
        language=translation.get_language() or "en",
    )
    transaction.on_commit(lambda: run_export_task.delay(str(export.pk)))
    return export


def run_export(export: Export, *, now: datetime) -> None:
    """Write the file, or ask for approval first. Doing it twice writes it again.

    Not one transaction: a big file takes minutes.
    """
    if export.state not in {ExportState.QUEUED, ExportState.DONE}:
        return
    zone = zoneinfo.ZoneInfo(export.owner.time_zone)
    with translation.override(export.language), timezone.override(zone):
        content = exporting.content_of(export, now=timezone.localtime(now))
        if content.personal and content.people > covered(export):
            ask_for_approval(
                export=export, rows=content.people, personal=content.personal, now=now, by=None
            )
            return
        with tempfile.TemporaryFile() as file:
            rows = content.write(file)
            file.seek(0)
            checksum = hashlib.file_digest(file, "sha256").hexdigest()
            file.seek(0)
            what = export.document or export.list_name.split(":")[-1]
            name = f"{what}-{now:%Y%m%d-%H%M%S}.{export.format}"
            export.file.save(name, File(file), save=False)
    finish_export(
        export=export, rows=rows, personal=content.personal, checksum=checksum, now=now, by=None
    )


def covered(export: Export) -> float:
    """Up to how many rows of personal data the file may be written."""
    allowed = float(settings.EXPORT_APPROVAL_ROWS)
    return max(allowed, export.rows * COVERED) if export.is_approved else allowed


@service
def finish_export(
    *,
    export: Export,
    rows: int,
    personal: Sequence[str],
    checksum: str,
    now: datetime,
    by: User | None,
) -> None:
    """The file is there: what is in it goes into the log."""
    export.rows, export.personal, export.checksum = rows, list(personal), checksum
    export.state, export.finished_at = ExportState.DONE, now
    export.save(update_fields=["file", "rows", "personal", "checksum", "state", "finished_at"])


@service
def ask_for_approval(
    *, export: Export, rows: int, personal: Sequence[str], now: datetime, by: User | None
) -> None:
    """The file waits for somebody above its owner, who is told; nobody decides about their own."""
    export = (
        Export.objects.select_for_update(of=("self",)).select_related("owner").get(pk=export.pk)
    )
    if export.state not in {ExportState.QUEUED, ExportState.DONE}:
        return
    export.state, export.rows, export.personal = ExportState.APPROVAL, rows, list(personal)
    export.decided_by = export.decided_at = None
    export.expires_at = now + timedelta(days=settings.EXPORT_APPROVAL_DAYS)
    export.save(
        update_fields=["state", "rows", "personal", "decided_by", "decided_at", "expires_at"]
    )
    _tell(approvers_of(export.owner), "export-waiting", export, by, until=export.expires_at)


@service
def approve_export(*, export: Export, note: str, now: datetime, by: User) -> Export:
    """The job may write the file now."""
    export = _lock(export, now, by)
    _decide(export, ExportState.QUEUED, note, now, by)
    _tell([export.owner], "export-approved", export, by)
    transaction.on_commit(lambda: run_export_task.delay(str(export.pk)))
    return export


@service
def refuse_export(*, export: Export, note: str, now: datetime, by: User) -> Export:
    """No file; the owner reads why."""
    if not note.strip():
        raise ExportNeedsReason(_("Say why not: the person will read it."))
    export = _lock(export, now, by)
    _decide(export, ExportState.REFUSED, note, now, by)
    _tell([export.owner], "export-refused", export, by)
    return export


@service
def expire_exports(*, now: datetime, by: User | None) -> int:
    """Orders that nobody decided about in time, and files kept long enough; how many of both."""
    late = Export.objects.select_for_update(of=("self",), skip_locked=True).filter(
        state=ExportState.APPROVAL, expires_at__lte=now
    )
    expired = list(late.select_related("owner").order_by("pk"))
    for export in expired:
        export.state, export.finished_at = ExportState.EXPIRED, now
        export.save(update_fields=["state", "finished_at"])
        _tell([export.owner], "export-expired", export, by)
    return len(expired) + _delete_old_files(now)


def _delete_old_files(now: datetime) -> int:
    if not settings.EXPORT_FILE_DAYS:
        return 0
    kept_since = now - timedelta(days=settings.EXPORT_FILE_DAYS)
    old = list(Export.objects.filter(finished_at__lt=kept_since).exclude(file="").order_by("pk"))
    for export in old:
        transaction.on_commit(partial(export.file.storage.delete, str(export.file.name)))
        export.file = ""
        export.save(update_fields=["file"])
    return len(old)


@service
def note_download(*, export: Export, now: datetime, by: User) -> ExportDownload:
    return ExportDownload.objects.create(export=export, downloaded_by=by, downloaded_at=now)


def _lock(export: Export, now: datetime, by: User) -> Export:
    """The order, if this person may decide about it now."""
    rows = Export.objects.select_for_update(of=("self",)).select_related("owner")
    export = rows.get(pk=export.pk)
    if by.pk == export.owner_id:
        raise OwnDecision(_("Somebody else decides about your own export."))
    if not Export.objects.to_be_decided_by(by).filter(pk=export.pk).exists():
        raise OutOfReach(_("You may not decide about this export."))
    if not export.is_waiting(now):
        raise ExportDecided(_("This export is decided already, or its time is over."))
    return export


def _decide(export: Export, state: str, note: str, now: datetime, by: User) -> None:
    export.state, export.decision_note = state, note.strip()[:200]
    export.decided_by, export.decided_at = by, now
    fields = ["state", "decision_note", "decided_by", "decided_at"]
    if state == ExportState.REFUSED:
        export.finished_at = now
        fields.append("finished_at")
    export.save(update_fields=fields)


def _tell(
    recipients: Sequence[User],
    kind: str,
    export: Export,
    by: User | None,
    until: datetime | None = None,
) -> None:
    # One asked for again because it had grown is news again.
    asked = (until or export.decided_at or export.expires_at or export.created_at).isoformat()
    notify(
        recipients=recipients,
        kind=kind,
        key=f"{kind}:{export.pk}:{asked}",
        params={"person": export.owner.full_name, "rows": f"{export.rows:,}"},
        link=export.get_absolute_url(),
        by=by,
    )
