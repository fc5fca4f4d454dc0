"""Files that come gzipped or zipped, unpacked beside them before they are read.

Recognised by content, never by name. Nothing expands further than IMPORT_MAX_BYTES or MAX_RATIO
allow: bytes are counted while they come, whatever the archive says about itself.
"""

import gzip
import io
import lzma
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import PurePosixPath
from typing import IO, BinaryIO

from django.conf import settings

from analytics.importing.problems import FileRefused
from crm.lib.text import listed

Packed = gzip.GzipFile | IO[bytes]
GZIP, ZIP = "gzip", "ZIP"
# Where a mark stands, the mark, and what packed the file.
MARKS = (
    (0, b"\x1f\x8b", GZIP),
    (0, b"PK\x03\x04", ZIP),
    (0, b"PK\x05\x06", ZIP),  # an empty one
    (0, b"PK\x07\x08", ZIP),  # the first of several volumes
    (0, b"Rar!\x1a\x07", "RAR"),
    (0, b"7z\xbc\xaf\x27\x1c", "7-Zip"),
    (0, b"\xfd7zXZ\x00", "xz"),
    (0, b"\x28\xb5\x2f\xfd", "Zstandard"),
    (4, b"1AY&SY", "bzip2"),
    (257, b"ustar", "tar"),
)
# Workbooks and other office documents are ZIP files too, with one of these inside.
DOCUMENT_PARTS = frozenset(("[Content_Types].xml", "xl/workbook.xml", "mimetype"))
NOT_DATA = frozenset(("__macosx", "thumbs.db", "desktop.ini"))
IS_ENCRYPTED, NAME_IS_UTF8 = 0x1, 0x800
NAMES_SHOWN = 5

HEAD_BYTES = 64 * 1024
# The end of a ZIP: its last record, a comment of up to 64 KB, and the larger record before.
TAIL_BYTES = 65 * 1024
PIECE_BYTES = 1024 * 1024
# Bills shrink to a tenth, monotonous ones to a hundredth; zeros to a thousandth.
MAX_RATIO = 250
RATIO_COUNTS_FROM = 16 * 1024 * 1024
# A list of contents larger than this is an attack on memory: a bill has one line in it.
MAX_DIRECTORY_BYTES = 4 * 1024 * 1024

BROKEN = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, ValueError, struct.error,
)  # fmt: skip


@contextmanager
def unpacked(file: BinaryIO, size: int) -> Iterator[tuple[BinaryIO, int]]:
    """The data file inside an archive and its size in bytes; any other file as it came.

    What is unpacked lives in a temporary file until the end of the block. Raises FileRefused.
    """
    archive_kind = _archive_kind(file)
    file.seek(0)
    if not archive_kind:
        yield file, size
        return
    with tempfile.TemporaryFile() as content:
        if archive_kind == GZIP:
            _unpack_gzip(file, size, content)
        elif archive_kind == ZIP:
            _unpack_zip(file, content)
        else:
            raise FileRefused("archive_other", kind=archive_kind)
        unpacked_size = content.tell()
        if _archive_kind(content):
            raise FileRefused("archive_nested")
        content.seek(0)
        yield content, unpacked_size


def _archive_kind(file: IO[bytes]) -> str:
    """What packed it; empty for data files, workbooks and other documents."""
    file.seek(0)
    head = file.read(HEAD_BYTES)
    kinds = [kind for place, mark, kind in MARKS if head[place:].startswith(mark)]
    if not kinds or (kinds[0] == ZIP and _is_document(file, head)):
        return ""
    return kinds[0]


def _is_document(file: IO[bytes], head: bytes) -> bool:
    _check_directory(file)
    try:
        with zipfile.ZipFile(file) as archive:
            return not DOCUMENT_PARTS.isdisjoint(archive.namelist())
    except (NotImplementedError, *BROKEN):
        # Too damaged to be opened; its first file tells what it was meant to be.
        return any(part.encode() in head for part in DOCUMENT_PARTS)


def _check_directory(file: IO[bytes]) -> None:
    """Refuse a list of contents that would not fit into memory, before anything reads it."""
    end = file.seek(0, io.SEEK_END)
    file.seek(max(0, end - TAIL_BYTES))
    tail = file.read()
    place = tail.rfind(b"PK\x05\x06")
    if place < 0:
        return  # without it nobody can open the archive
    try:
        (size,) = struct.unpack_from("<L", tail, place + 12)
        if tail[place - 20 : place].startswith(b"PK\x06\x07"):
            # The larger record in front of it counts instead.
            (size,) = struct.unpack_from("<Q", tail, place - 76 + 40)
    except struct.error as error:
        raise FileRefused("broken_archive") from error
    if size > MAX_DIRECTORY_BYTES:
        raise FileRefused("broken_archive")


def _unpack_gzip(file: BinaryIO, size: int, content: IO[bytes]) -> None:
    with gzip.GzipFile(fileobj=file) as packed:
        _copy(packed, size, content)


def _unpack_zip(file: BinaryIO, content: IO[bytes]) -> None:
    try:
        archive = zipfile.ZipFile(file)
        entry = _data_file(archive.infolist())
        packed = archive.open(entry)
    except NotImplementedError as error:
        # A way of packing that Python does not know, such as Deflate64.
        raise FileRefused("archive_other", kind=f"{ZIP}: {error}") from error
    except BROKEN as error:
        raise FileRefused("broken_archive") from error
    with archive, packed:
        if entry.file_size > settings.IMPORT_MAX_BYTES:
            raise _too_large()
        _copy(packed, entry.compress_size, content)


def _data_file(entries: list[zipfile.ZipInfo]) -> zipfile.ZipInfo:
    data_files = [entry for entry in entries if _is_data(entry)]
    if not data_files:
        raise FileRefused("archive_empty")
    if len(data_files) > 1:
        names = listed(_name(entry)[:60] for entry in data_files[:NAMES_SHOWN])
        raise FileRefused("archive_several", count=len(data_files), files=names)
    if data_files[0].flag_bits & IS_ENCRYPTED:
        raise FileRefused("archive_encrypted")
    return data_files[0]


def _is_data(entry: zipfile.ZipInfo) -> bool:
    """No folder, nothing hidden, nothing that macOS or Windows adds by itself."""
    parts = PurePosixPath(entry.filename.replace("\\", "/")).parts
    is_hidden = any(part.startswith(".") or part.lower() in NOT_DATA for part in parts)
    return bool(parts) and not entry.is_dir() and not is_hidden


def _name(entry: zipfile.ZipInfo) -> str:
    """Chinese Windows writes names in its own encoding and does not say so."""
    if entry.flag_bits & NAME_IS_UTF8:
        return entry.filename
    try:
        return entry.filename.encode("cp437").decode("gb18030")
    except UnicodeError:
        return entry.filename


def _copy(packed: Packed, packed_size: int, content: IO[bytes]) -> None:
    """Unpack piece by piece, and stop at the first byte too many."""
    total = 0
    for piece in _pieces(packed):
        total += len(piece)
        is_bomb = total > RATIO_COUNTS_FROM and total > MAX_RATIO * packed_size
        if is_bomb or total > settings.IMPORT_MAX_BYTES:
            raise _too_large()
        content.write(piece)


def _pieces(packed: Packed) -> Iterator[bytes]:
    """Only what goes wrong here is the archive's fault; a full disk is not."""
    try:
        while piece := packed.read(PIECE_BYTES):
            yield piece
    except BROKEN as error:
        raise FileRefused("broken_archive") from error


def _too_large() -> FileRefused:
    return FileRefused("archive_too_large", limit=settings.IMPORT_MAX_BYTES // 1024**2)
