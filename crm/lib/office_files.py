"""A look inside office files: which of them it is, and what must not be in it.

The newer ones are ZIP archives (ECMA-376), the older ones compound files (OLE).
"""

import io
import zipfile
import zlib
from dataclasses import dataclass

OPEN_XML = "application/vnd.openxmlformats-officedocument."
DOCX = f"{OPEN_XML}wordprocessingml.document"
XLSX = f"{OPEN_XML}spreadsheetml.sheet"
PPTX = f"{OPEN_XML}presentationml.presentation"
DOC = "application/msword"
XLS = "application/vnd.ms-excel"
ZIPPED = frozenset({DOCX, XLSX, PPTX})
ZIP_START = b"PK\x03\x04"
OLE_START = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

MACROS = "file_has_macros"
ENCRYPTED = "file_encrypted"
BOMB = "file_too_large_unpacked"
BROKEN = "file_broken"
MIXED = "file_mixed"

# The content type of the main part says what the whole is.
MAIN_PARTS = {
    f"{DOCX}.main+xml".encode(): DOCX,
    f"{XLSX}.main+xml".encode(): XLSX,
    f"{PPTX}.main+xml".encode(): PPTX,
    f"{OPEN_XML}presentationml.slideshow.main+xml".encode(): PPTX,
}
CONTENT_TYPES = "[Content_Types].xml"
TYPES_BYTES = 1024 * 1024  # more than the list of parts ever needs
ENTRIES = 10_000
UNPACKED_BYTES = 500 * 1024 * 1024
IS_ENCRYPTED = 0x1
OLE_ENTRY = 128  # bytes of an entry in the directory of a compound file


@dataclass(frozen=True)
class Found:
    """What an office file is, or the code of what is wrong with it; nothing of both: another one."""

    mime: str = ""
    problem: str = ""


def zipped_kind(content: bytes) -> Found:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _of_archive(archive)
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError, ValueError):
        return Found(problem=BROKEN)


def _of_archive(archive: zipfile.ZipFile) -> Found:
    entries = archive.infolist()
    names = {entry.filename for entry in entries}
    if CONTENT_TYPES not in names:
        return Found()
    if archive.comment or min(entry.header_offset for entry in entries) > 0:
        return Found(problem=MIXED)
    if len(entries) > ENTRIES or sum(entry.file_size for entry in entries) > UNPACKED_BYTES:
        return Found(problem=BOMB)
    if any(entry.flag_bits & IS_ENCRYPTED for entry in entries):
        return Found(problem=ENCRYPTED)
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        return Found(problem=MACROS)
    if any(name.startswith("/") or ".." in name.split("/") for name in names):
        return Found(problem=BROKEN)
    with archive.open(CONTENT_TYPES) as part:
        types = part.read(TYPES_BYTES)
    if b"macroEnabled" in types:
        return Found(problem=MACROS)
    return Found(next((mime for main, mime in MAIN_PARTS.items() if main in types), ""))


def old_kind(content: bytes) -> Found:
    """By the names of its streams; installers are compound files, too, and have others."""
    if _has_stream(content, "EncryptedPackage"):
        return Found(problem=ENCRYPTED)
    if any(_has_stream(content, name) for name in ("_VBA_PROJECT", "_VBA_PROJECT_CUR", "VBA")):
        return Found(problem=MACROS)
    if _has_stream(content, "WordDocument"):
        return Found(DOC)
    if _has_stream(content, "Workbook") or _has_stream(content, "Book"):
        return Found(XLS)
    return Found()


def _has_stream(content: bytes, name: str) -> bool:
    """Entries of the directory begin at multiples of their size, with the name in UTF-16."""
    wanted = name.encode("utf-16-le") + b"\0\0"
    length = len(wanted).to_bytes(2, "little")  # stands behind the 64 bytes of the name
    at = content.find(wanted)
    while at >= 0:
        if at % OLE_ENTRY == 0 and content[at + 64 : at + 66] == length:
            return True
        at = content.find(wanted, at + 1)
    return False
