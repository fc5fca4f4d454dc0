"""Files that come in chunks: kept on the disk until they are whole, then handed in."""

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Protocol

from django.conf import settings
from django.db import transaction
from django.http import UnreadablePostError
from django.utils.translation import gettext as _

from analytics.exceptions import ChecksumDiffers, IncompleteChunk, TooManyUploads, WrongOffset
from analytics.models import BillingUpload
from analytics.services.imports import hand_in_file
from crm.lib.services import service
from staff.models import User

CHUNK_MAX_BYTES = 16 * 1024 * 1024
KEPT = timedelta(hours=24)
MOST_OPEN = 20
READ_BYTES = 64 * 1024


class Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...


def uploads_folder() -> Path:
    folder = Path(settings.MEDIA_ROOT) / "uploads"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def part_path(upload: BillingUpload) -> Path:
    """Where the bytes wait. It may be longer than `received`: a killed server leaves such ends."""
    return uploads_folder() / f"{upload.pk}.part"


@service
def start_upload(
    *,
    file_name: str,
    size: int,
    sha256: str,
    kind: str,
    period: date | None,
    creates_clients: bool,
    completes_period: bool,
    now: datetime,
    by: User,
) -> BillingUpload:
    """Announce a file of `size` bytes; the caller has judged the size."""
    User.objects.select_for_update().get(pk=by.pk)  # two at once must not pass the limit
    if BillingUpload.objects.visible_to(by).current(now).open().count() >= MOST_OPEN:
        raise TooManyUploads(
            _("You have %(most)s unfinished uploads. Finish one, or wait until they expire.")
            % {"most": MOST_OPEN}
        )
    return BillingUpload.objects.create(
        file_name=Path(file_name).name[:200],
        size=size,
        sha256=sha256.lower(),
        kind=kind,
        period=period,
        creates_clients=creates_clients,
        completes_period=completes_period,
        created_by=by,
        expires_at=now + KEPT,
    )


def receive_chunk(
    *, upload: BillingUpload, first: int, length: int, body: Readable, by: User
) -> BillingUpload:
    """Bytes `first` to `first + length - 1`. A chunk that is there already changes nothing.

    WrongOffset when bytes before it are missing; IncompleteChunk when the body ends early;
    ChecksumDiffers when the file is whole and another than announced: it starts over.
    """
    if _is_there(upload, first, length):
        return upload
    # First to a file of its own: neither lock nor transaction waits for the network.
    with _spooled(body, length) as chunk:
        try:
            return append_chunk(upload=upload, first=first, chunk=chunk, by=by)
        except ChecksumDiffers:
            start_over(upload=upload, by=by)
            raise


@contextmanager
def _spooled(body: Readable, length: int) -> Iterator[Path]:
    with tempfile.NamedTemporaryFile(dir=uploads_folder(), suffix=".chunk") as file:
        left = length
        try:
            while left and (piece := body.read(min(READ_BYTES, left))):
                file.write(piece)
                left -= len(piece)
        except UnreadablePostError:
            pass  # the connection broke: what came is less than was said
        if left:
            raise IncompleteChunk(_("The body is shorter than its Content-Range says."))
        file.flush()
        yield Path(file.name)


@service
def append_chunk(*, upload: BillingUpload, first: int, chunk: Path, by: User) -> BillingUpload:
    """Put a received chunk behind the others; hand the file in when it was the last one.

    Bytes are on the disk before the offset says so. Killed anywhere before the commit, the
    offset stays and the same chunk comes again.
    """
    upload = BillingUpload.objects.select_for_update().get(pk=upload.pk)
    length = chunk.stat().st_size
    if _is_there(upload, first, length):
        return upload
    if first != upload.received or first + length > upload.size:
        raise WrongOffset(upload.received)
    _append(part_path(upload), upload.received, chunk)
    upload.received += length
    if upload.is_whole:
        _hand_in(upload, by)
    upload.save(update_fields=["received", "billing_import"])
    return upload


def _is_there(upload: BillingUpload, first: int, length: int) -> bool:
    return first + length <= upload.received


def _append(part: Path, offset: int, chunk: Path) -> None:
    with part.open("r+b" if part.exists() else "xb") as file, chunk.open("rb") as source:
        file.seek(offset)
        shutil.copyfileobj(source, file)
        file.truncate()
        file.flush()
        os.fsync(file.fileno())


def _hand_in(upload: BillingUpload, by: User) -> None:
    part = part_path(upload)
    with part.open("rb") as file:
        if hashlib.file_digest(file, "sha256").hexdigest() != upload.sha256:
            raise ChecksumDiffers(
                _("The file's checksum is another than announced. Send it again from byte 0.")
            )
        file.seek(0)
        upload.billing_import = hand_in_file(
            file=file,
            file_name=upload.file_name,
            size=upload.size,
            kind=upload.kind,
            period=upload.period,
            creates_clients=upload.creates_clients,
            completes_period=upload.completes_period,
            holds_thin_month=True,
            by=by,
        )
    transaction.on_commit(lambda: part.unlink(missing_ok=True))


@service
def start_over(*, upload: BillingUpload, by: User) -> None:
    """Forget the bytes that came; an upload that was handed in meanwhile stays as it is."""
    BillingUpload.objects.open().filter(pk=upload.pk).update(received=0)


@service
def remove_expired(*, now: datetime, by: User | None) -> int:
    """Rows and files of uploads nobody finished in time, and what killed servers left behind."""
    expired = BillingUpload.objects.expired(now).select_for_update(skip_locked=True)
    gone = [upload.pk for upload in expired]
    BillingUpload.objects.filter(pk__in=gone).delete()
    known = {str(pk) for pk in BillingUpload.objects.values_list("pk", flat=True)}
    for path in uploads_folder().iterdir():
        is_old = path.stat().st_mtime < (now - KEPT).timestamp()
        if path.stem not in known and (path.stem in set(map(str, gone)) or is_old):
            path.unlink(missing_ok=True)
    return len(gone)
