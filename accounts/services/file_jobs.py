"""What jobs do with files of clients: scan, make pictures anew, delete for good, sweep."""

import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from accounts import file_store
from accounts.choices import ScanState
from accounts.models import ClientFile
from accounts.tasks import prepare_file_task
from crm.lib import clamd, pictures
from crm.lib.services import service
from staff.models import User
from staff.services.work import notify

log = logging.getLogger(__name__)
AT_ONCE = 500
# Bytes without a row may be those of an upload that goes on just now.
ORPHAN_AGE = timedelta(hours=24)


def anew(content: bytes) -> pictures.Picture:
    return pictures.made_anew(
        content,
        max_side=settings.FILE_PICTURE_SIDE,
        thumbnail_side=settings.FILE_THUMBNAIL_SIDE,
    )


@service
def prepare_file(*, file: ClientFile, now: datetime, by: User | None) -> ClientFile | None:
    """Scan what has to be scanned, then make a picture anew; done twice, nothing changes.

    None when another job is at it. ScannerUnavailable or FileStorageFailed leave it waiting.
    """
    rows = ClientFile.objects.select_for_update(of=("self",), skip_locked=True)
    row = rows.with_people().filter(pk=file.pk, purged_at=None, problem="").first()
    if row is None or row.scan == ScanState.INFECTED:
        return row
    needs_scan = bool(settings.CLAMAV_URL) and row.scan != ScanState.CLEAN
    if not needs_scan and row.scan != ScanState.WAITING and row.prepared_at:
        return row
    content = file_store.content(row.stored_name)
    if needs_scan:
        row.signature = clamd.scan(content, settings.CLAMAV_URL, seconds=settings.CLAMAV_SECONDS)[
            :200
        ]
        row.scan = ScanState.INFECTED if row.signature else ScanState.CLEAN
    elif row.scan == ScanState.WAITING:
        row.scan = ScanState.OFF  # the scanner was taken away meanwhile
    if row.scan == ScanState.INFECTED:
        _settle(row, "file-infected", now)
    elif not row.prepared_at:
        _make_anew(row, content, now)
    row.save()
    return row


def _make_anew(row: ClientFile, content: bytes, now: datetime) -> None:
    try:
        picture = anew(content)
    except pictures.PictureRefused as refusal:
        row.problem = refusal.code
        _settle(row, "file-broken", now)
        return
    came_as = row.stored_name
    row.stored_name = file_store.keep(picture.content)
    row.thumbnail_name = file_store.keep(picture.thumbnail)
    row.width, row.height, row.size = picture.width, picture.height, len(picture.content)
    row.prepared_at = now
    transaction.on_commit(lambda: file_store.drop([came_as]))


def _settle(row: ClientFile, kind: str, now: datetime) -> None:
    """It will never be given out; whoever added it is told."""
    row.settled_at = now
    notify(
        recipients=[row.uploaded_by],
        kind=kind,
        key=f"{kind}:{row.pk}",
        params={"title": row.title, "client": row.client.name, "found": row.signature},
        link=row.get_absolute_url(),
        by=None,
    )


def prepare_waiting(*, now: datetime) -> int:
    """Queue again what a killed worker or an absent scanner left; how many."""
    waiting = ClientFile.objects.waiting(now).order_by("created_at", "pk")
    found = list(waiting.values_list("pk", flat=True)[:AT_ONCE])
    for pk in found:
        prepare_file_task.delay(str(pk))
    return len(found)


@service
def purge_files(*, now: datetime, by: User | None) -> int:
    """Delete for good the bytes of what was removed, infected or broken for long; how many files.

    The row stays: it says what there was, and who took it out.
    """
    rows = list(ClientFile.objects.expired(now).select_for_update(skip_locked=True)[:AT_ONCE])
    names = [name for row in rows for name in (row.stored_name, row.thumbnail_name)]
    for row in rows:
        row.stored_name = row.thumbnail_name = ""
        row.purged_at = now
        row.save()
    transaction.on_commit(lambda: file_store.drop(names))
    return len(rows)


def sweep_orphans(*, now: datetime) -> int:
    """Delete bytes that no row names: a killed process leaves them. How many were deleted."""
    swept = 0
    for names in file_store.shelves():
        orphans = set(names) - _named(names)
        old = [name for name in orphans if _age(name, now) > ORPHAN_AGE]
        file_store.drop(old)
        swept += len(old)
    return swept


def _age(name: str, now: datetime) -> timedelta:
    try:
        return now - file_store.kept_since(name)
    except FileNotFoundError:  # deleted since the shelf was looked at
        return timedelta()


def _named(names: list[str]) -> set[str]:
    """Those of the names that a row has."""
    stored = ClientFile.objects.filter(stored_name__in=names)
    thumbnails = ClientFile.objects.filter(thumbnail_name__in=names)
    return {
        *stored.values_list("stored_name", flat=True),
        *thumbnails.values_list("thumbnail_name", flat=True),
    }
