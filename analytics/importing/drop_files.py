"""The files of the drop folder: which wait, taking them, answering, putting them away (ADR 0018).

Whoever drops files may be a stranger to this machine's other folders, so nothing here follows a
link: folders are opened step by step from the top, and files are named relative to them.
"""

import json
import os
import secrets
import stat
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path
from typing import Any, Self

from analytics.choices import ImportKind

TAKEN, DONE, FAILED = "taken", "done", "failed"
SIDECAR, READY, STATUS = ".json", ".ready", ".status.json"
PARTIAL = (".part", ".tmp", ".filepart")
NOT_DATA = (SIDECAR, READY, *PARTIAL)
SIDECAR_BYTES = 64 * 1024
FOLDER_FLAGS = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW
# Without O_NONBLOCK opening a pipe would wait for ever.
FILE_FLAGS = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK


@dataclass(frozen=True)
class Waiting:
    """A file in the drop folder or in the sub-folder of a kind. `signature` changes with it."""

    folder: str
    name: str
    signature: str
    is_ready: bool


@dataclass(frozen=True)
class Delivery:
    """A file taken: it lies in `taken/<number>/` as it lay in the drop folder."""

    number: str
    folder: str
    name: str

    @property
    def places(self) -> tuple[str, ...]:
        return tuple(filter(None, (TAKEN, self.number, self.folder)))


class NotAFile(OSError):
    """A link, a folder, a pipe: whatever it is, it is not read."""


class DropFolder:
    """The open drop folder; to be used as a context manager."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> Self:
        self._top = os.open(self._path, os.O_RDONLY | os.O_DIRECTORY)
        for name in (TAKEN, DONE, FAILED):
            _make(name, self._top)
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self._top)

    def waiting(self) -> list[Waiting]:
        """Data files that could be taken; links, folders, hidden and unfinished files are not."""
        found = []
        for folder in ("", *ImportKind.values):
            try:
                with self._opened(*filter(None, [folder])) as place:
                    found += _waiting_in(place, folder)
            except OSError:
                continue  # no such sub-folder, or a link in its place
        return found

    def take(self, file: Waiting, number: str) -> bool:
        """Move it to `taken/<number>/`; False when somebody else was faster."""
        with ExitStack() as stack:
            source = stack.enter_context(self._opened(*filter(None, [file.folder])))
            taken = stack.enter_context(self._opened(TAKEN))
            os.mkdir(number, 0o750, dir_fd=taken)
            if file.folder:
                os.mkdir(f"{number}/{file.folder}", 0o750, dir_fd=taken)
            target = stack.enter_context(self._opened(*filter(None, (TAKEN, number, file.folder))))
            try:
                os.rename(file.name, file.name, src_dir_fd=source, dst_dir_fd=target)
            except FileNotFoundError:
                self.remove_empty(number)
                return False
        return True

    def numbers(self) -> list[str]:
        """What was taken and is not put away yet, the oldest first."""
        with self._opened(TAKEN) as taken:
            return sorted(entry.name for entry in _entries(taken) if _is_folder(entry))

    def delivery(self, number: str) -> Delivery | None:
        """The file in `taken/<number>/`; None when a killed worker left it empty."""
        for folder in ("", *ImportKind.values):
            try:
                with self._opened(TAKEN, number, *filter(None, [folder])) as place:
                    names = [entry.name for entry in _entries(place) if not _is_folder(entry)]
            except OSError:
                continue
            for name in names:
                if _is_data(name):
                    return Delivery(number, folder, name)
        return None

    def remove_empty(self, number: str) -> None:
        with self._opened(TAKEN) as taken:
            for folder in (*ImportKind.values, ""):
                try:
                    os.rmdir(f"{number}/{folder}" if folder else number, dir_fd=taken)
                except FileNotFoundError:
                    continue

    def fetch_sidecar(self, delivery: Delivery) -> None:
        """Move `NAME.json` beside the file and remove `NAME.ready`; again is harmless."""
        with ExitStack() as stack:
            try:
                source = stack.enter_context(self._opened(*filter(None, [delivery.folder])))
            except OSError:
                return
            target = stack.enter_context(self._opened(*delivery.places))
            name = delivery.name + SIDECAR
            try:
                os.rename(name, name, src_dir_fd=source, dst_dir_fd=target)
            except FileNotFoundError:
                pass
            try:
                os.unlink(delivery.name + READY, dir_fd=source)
            except OSError:
                pass  # there is none, or it is a folder

    def sidecar(self, delivery: Delivery) -> bytes:
        """What `NAME.json` says, at most SIDECAR_BYTES + 1 of it; empty when there is none."""
        try:
            with self._file(delivery, delivery.name + SIDECAR) as file:
                return file.read(SIDECAR_BYTES + 1)
        except FileNotFoundError:
            return b""

    @contextmanager
    def data(self, delivery: Delivery) -> Iterator[BufferedReader]:
        with self._file(delivery, delivery.name) as file:
            yield file

    def answer(self, delivery: Delivery, status: Mapping[str, Any]) -> None:
        """Write `NAME.status.json` where the file was dropped, and beside the file."""
        text = json.dumps(status, ensure_ascii=False, indent=1).encode() + b"\n"
        name = delivery.name + STATUS
        with self._opened(*delivery.places) as place:
            _write(name, text, place)
        try:
            with self._opened(*filter(None, [delivery.folder])) as place:
                _write(name, text, place)
        except (FileNotFoundError, NotADirectoryError):
            pass  # the sub-folder is gone, or something else by now

    def put_away(self, delivery: Delivery, where: str) -> None:
        with self._opened(TAKEN) as taken, self._opened(where) as target:
            os.rename(delivery.number, delivery.number, src_dir_fd=taken, dst_dir_fd=target)

    @contextmanager
    def _opened(self, *names: str) -> Iterator[int]:
        """A folder below the top, as a descriptor; OSError when a link is on the way."""
        place = os.dup(self._top)
        try:
            for name in names:
                inner = os.open(name, FOLDER_FLAGS, dir_fd=place)
                os.close(place)
                place = inner
            yield place
        finally:
            os.close(place)

    @contextmanager
    def _file(self, delivery: Delivery, name: str) -> Iterator[BufferedReader]:
        with self._opened(*delivery.places) as place:
            if not stat.S_ISREG(os.stat(name, dir_fd=place, follow_symlinks=False).st_mode):
                raise NotAFile(name)
            descriptor = os.open(name, FILE_FLAGS, dir_fd=place)
        with os.fdopen(descriptor, "rb") as file:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise NotAFile(name)
            yield file


def delivery_number(stamp: str) -> str:
    """A name that no two workers choose: the time first, so that they sort."""
    return f"{stamp}-{secrets.token_hex(6)}"


def readable(name: str) -> str:
    """A file name as text; names in a Chinese Windows' encoding are common over SFTP."""
    raw = os.fsencode(name)
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return raw.decode("utf-8", "replace")


def _waiting_in(place: int, folder: str) -> list[Waiting]:
    files = {
        entry.name: entry.stat(follow_symlinks=False)
        for entry in _entries(place)
        if entry.is_file(follow_symlinks=False)
    }
    return [
        Waiting(
            folder,
            name,
            " ".join(_signature(files[n]) for n in (name, name + SIDECAR) if n in files),
            name + READY in files,
        )
        for name in sorted(files)
        if _is_data(name)
    ]


def _is_data(name: str) -> bool:
    return not name.startswith(".") and not name.lower().endswith(NOT_DATA)


def _signature(found: os.stat_result) -> str:
    return f"{found.st_ino}:{found.st_size}:{found.st_mtime_ns}"


def _entries(place: int) -> list["os.DirEntry[str]"]:
    with os.scandir(place) as entries:
        return list(entries)


def _is_folder(entry: "os.DirEntry[str]") -> bool:
    return entry.is_dir(follow_symlinks=False)


def _make(name: str, place: int) -> None:
    try:
        os.mkdir(name, 0o750, dir_fd=place)
    except FileExistsError:
        pass


def _write(name: str, text: bytes, place: int) -> None:
    """In one step: a reader finds the old status or the new one, and a link is replaced."""
    unfinished = f".{secrets.token_hex(6)}.tmp"
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
    descriptor = os.open(unfinished, flags, 0o644, dir_fd=place)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(text)
        os.rename(unfinished, name, src_dir_fd=place, dst_dir_fd=place)
    except BaseException:
        os.unlink(unfinished, dir_fd=place)
        raise
