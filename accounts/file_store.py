"""The bytes of clients' files: kept under random names, fetched, deleted.

Names are made here and nothing of them comes from a person. Errors of disk and bucket become one
refusal that says so.
"""

import logging
import secrets
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import Storage, storages
from django.utils.translation import gettext as _

from accounts.exceptions import FileStorageFailed

log = logging.getLogger(__name__)
SHELVES = tuple(f"{number:02x}" for number in range(256))


def store() -> Storage:
    return storages["private"]


def keep(content: bytes) -> str:
    """The name under which the bytes lie now; FileStorageFailed when they do not."""
    token = secrets.token_hex(16)
    try:
        return store().save(f"{token[:2]}/{token[2:]}", ContentFile(content))
    except OSError as error:
        log.exception("a file could not be stored")
        raise _failed() from error


def fetch(name: str) -> Any:
    """The bytes as an open file."""
    try:
        return store().open(name)
    except OSError as error:
        log.exception("the stored file %s could not be read", name)
        raise _failed() from error


def content(name: str) -> bytes:
    with fetch(name) as file:
        return file.read()


def drop(names: Iterable[str]) -> None:
    """Delete what is there; what cannot be deleted now, the nightly sweep finds."""
    for name in filter(None, names):
        try:
            store().delete(name)
        except OSError:
            log.warning("the stored file %s could not be deleted", name, exc_info=True)


def shelves() -> Iterator[list[str]]:
    """The names on each of the 256 shelves, one shelf at a time."""
    for shelf in SHELVES:
        try:
            _folders, files = store().listdir(shelf)
        except FileNotFoundError:
            continue
        yield [f"{shelf}/{name}" for name in files]


def kept_since(name: str) -> datetime:
    return store().get_modified_time(name)


def _failed() -> FileStorageFailed:
    return FileStorageFailed(
        _("The files cannot be reached just now; nothing was changed. Please try again later.")
    )
