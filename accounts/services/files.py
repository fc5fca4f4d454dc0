"""Adding files of clients, changing what is known of them, taking them away and out."""

import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import PurePath
from typing import Any, Protocol
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from accounts import file_store
from accounts.choices import FileKind, FileState, FileWay, ScanState
from accounts.exceptions import (
    FileAlreadyThere,
    FileGone,
    FileNotReady,
    FileNotTaken,
    OtherClient,
)
from accounts.models import Client, ClientFile, Contact, FileLook
from accounts.services.file_jobs import anew
from accounts.tasks import prepare_file_task
from crm.lib import pictures
from crm.lib.file_types import FileType, recognise
from crm.lib.models import uuid7
from crm.lib.pinyin import search_text
from crm.lib.services import service
from staff.models import User

# What would break a line, a header or a path, or show a name from right to left.
UNFIT = re.compile("[\x00-\x1f\x7f/\\\\\u200e\u200f\u2028-\u202e\u2066-\u2069]+")
NAME_LENGTH = 200
EDITABLE = ("title", "kind", "contact", "taken_on")
WHY_NOT_READY = {
    FileState.WAITING: lambda: _("This file is still being checked. Try again in a minute."),
    FileState.INFECTED: lambda: _("A virus was found in this file; it is locked away."),
    FileState.BROKEN: lambda: _("This file is broken: it cannot be opened."),
    FileState.REMOVED: lambda: _("This file was removed. Put it back first."),
    FileState.PURGED: lambda: _("This file was deleted for good."),
}


class Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...


@service
def add_file(
    *,
    client: Client,
    file: Readable,
    name: str,
    now: datetime,
    by: User,
    kind: str = "",
    title: str = "",
    contact: Contact | None = None,
    place: str = "",
    record: UUID | None = None,
    taken_on: date | None = None,
    id: UUID | None = None,  # noqa: A002 -- the field's name
) -> ClientFile:
    """Keep a paper or photo of a client; sent again with the same id it is the same file.

    Without a kind a picture is a photo and everything else "other".

    FileNotTaken, FileRefused or PictureRefused for what cannot be kept, FileAlreadyThere for bytes
    that are. The row is written when the bytes are stored: neither is there without the other.
    A picture is made anew first, a large one by a job, as is whatever has to be scanned.
    """
    content = _read(file)
    checksum = hashlib.sha256(content).hexdigest()
    if same := _sent_before(id, client, checksum):
        return same
    if contact and contact.client_id != client.pk:
        raise OtherClient(_("This person is at another client."))
    file_type = recognise(content, name, settings.FILE_TYPES)
    row = ClientFile(
        id=id or uuid7(),
        client=client,
        contact=contact,
        place=place,
        record=record,
        kind=kind or (FileKind.PHOTO if file_type.is_picture else FileKind.OTHER),
        title=tidy(title) or tidy(PurePath(name).stem) or file_type.name,
        original_name=tidy(PurePath(name).name),
        content_type=file_type.mime,
        sha256=checksum,
        size=len(content),
        taken_on=taken_on,
        scan=ScanState.WAITING if settings.CLAMAV_URL else ScanState.OFF,
        uploaded_by=by,
        created_at=now,
    )
    row.search_text = search_text(row.title)
    _refuse(row)
    with _stored(row, content, file_type, now):
        Client.objects.select_for_update().get(pk=client.pk)  # two at once must not pass the limit
        _refuse(row)
        _insert(row)
    if not row.prepared_at or row.scan == ScanState.WAITING:
        transaction.on_commit(lambda: prepare_file_task.delay(str(row.pk)))
    return row


def tidy(name: str) -> str:
    """A name as it may stand in a page, a header and a database."""
    return UNFIT.sub(" ", name).strip()[:NAME_LENGTH].strip()


def _read(file: Readable) -> bytes:
    content = file.read(settings.FILE_MAX_BYTES + 1)
    if len(content) > settings.FILE_MAX_BYTES:
        raise FileNotTaken(
            _("This file is too large; at most %(most)s MB are taken.")
            % {"most": settings.FILE_MAX_BYTES // 1024**2}
        )
    if not content:
        raise FileNotTaken(_("This file is empty."), code="file_empty")
    return content


def _sent_before(pk: UUID | None, client: Client, checksum: str) -> ClientFile | None:
    if pk is None:
        return None
    return ClientFile.objects.filter(pk=pk, client=client, sha256=checksum).first()


def _refuse(row: ClientFile) -> None:
    """Bytes that are there already, and more than a client may have."""
    others = ClientFile.objects.filter(client=row.client_id)
    same = others.kept().filter(sha256=row.sha256).first()
    if same:
        raise _already_there(same)
    used = others.filter(purged_at=None).aggregate(used=Sum("size"))["used"] or 0
    if used + row.size > settings.FILE_CLIENT_MAX_BYTES:
        raise FileNotTaken(
            _("The files of this client would need more than %(most)s MB. Remove some first.")
            % {"most": settings.FILE_CLIENT_MAX_BYTES // 1024**2},
            code="client_files_too_large",
        )


def _already_there(same: ClientFile) -> FileAlreadyThere:
    if same.state == FileState.INFECTED:
        return FileAlreadyThere(WHY_NOT_READY[FileState.INFECTED]())
    return FileAlreadyThere(_("This file is there already: “%(title)s”.") % {"title": same.title})


@contextmanager
def _stored(row: ClientFile, content: bytes, file_type: FileType, now: datetime) -> Iterator[None]:
    """The bytes lie in the store; they go again when what follows fails."""
    names: list[str] = []
    try:
        _keep(row, content, file_type, now, names)
        yield
    except BaseException:
        file_store.drop(names)
        raise


def _keep(
    row: ClientFile, content: bytes, file_type: FileType, now: datetime, names: list[str]
) -> None:
    """Store the bytes as they will be given out, when that can be made at once."""
    picture = None
    if file_type.is_picture:
        facts = pictures.look_at(content, max_pixels=settings.FILE_MAX_PIXELS)
        row.taken_on = row.taken_on or facts.taken_on
        if row.scan == ScanState.OFF and facts.pixels <= settings.FILE_INLINE_PIXELS:
            picture = anew(content)
            content = picture.content
    names.append(file_store.keep(content))
    row.stored_name, row.size = names[0], len(content)
    if picture:
        names.append(file_store.keep(picture.thumbnail))
        row.thumbnail_name, row.width, row.height = names[1], picture.width, picture.height
    if picture or not file_type.is_picture:
        row.prepared_at = now


def _insert(row: ClientFile) -> None:
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:  # the key is taken: by another client's file, or by other bytes
        raise FileAlreadyThere(_("A record with these values already exists.")) from None


@service
def update_file(*, file: ClientFile, by: User, **fields: Any) -> ClientFile:
    """Another title, kind, contact or day (`EDITABLE`)."""
    file = _locked(file)
    for name in EDITABLE:
        if name in fields:
            setattr(file, name, fields[name])
    file.title = tidy(file.title) or file.file_type.name
    if file.contact and file.contact.client_id != file.client_id:
        raise OtherClient(_("This person is at another client."))
    file.search_text = search_text(file.title)
    file.save()
    return file


@service
def remove_file(*, file: ClientFile, now: datetime, by: User) -> ClientFile:
    """Take a file away; `restore_file` brings it back until its bytes are deleted."""
    file = _locked(file)
    file.removed_at = file.removed_at or now
    file.save()
    return file


@service
def restore_file(*, file: ClientFile, by: User) -> ClientFile:
    """FileGone when the bytes are deleted, FileAlreadyThere when they were added again."""
    file = _locked(file)
    if file.purged_at:
        raise FileGone(WHY_NOT_READY[FileState.PURGED]())
    Client.objects.select_for_update().get(pk=file.client_id)  # as `add_file` does
    same = ClientFile.objects.kept().filter(client=file.client_id, sha256=file.sha256)
    if other := same.exclude(pk=file.pk).first():
        raise _already_there(other)
    file.removed_at = None
    file.save()
    return file


def _locked(file: ClientFile) -> ClientFile:
    rows = ClientFile.objects.select_for_update(of=("self",)).select_related("contact")
    return rows.get(pk=file.pk)


@service
def hand_out(*, file: ClientFile, way: str, now: datetime, by: User) -> Any:
    """The bytes as an open file, for whoever takes it out; of files about people that is noted.

    FileNotReady while nothing is given out, FileStorageFailed when they cannot be read.
    """
    require_ready(file)
    if file.is_personal:
        FileLook.objects.create(file=file, way=FileWay(way), looked_by=by, looked_at=now)
    return file_store.fetch(file.stored_name)


def require_ready(file: ClientFile) -> None:
    if not file.is_ready:
        raise FileNotReady(WHY_NOT_READY[file.state]())
