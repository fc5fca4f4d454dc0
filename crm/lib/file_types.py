"""What a handed-in file is, by its content. The name only tells a table of text from plain text.

Only what is on the list is taken. A file that is two things at once, or brings programs along,
is refused: what we keep is opened by somebody else one day (P33).
"""

import codecs
import re
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import PurePath

from django.utils.translation import gettext as _

from crm.lib import office_files
from crm.lib.exceptions import DomainError


class FileRefused(DomainError):
    code = "file_type_refused"


@dataclass(frozen=True)
class FileType:
    """`suffixes`: how names of such files end, the usual one first."""

    mime: str
    suffixes: tuple[str, ...]
    is_picture: bool = False

    @property
    def name(self) -> str:
        """As settings and people call it: `pdf`."""
        return self.suffixes[0].removeprefix(".")


PDF = FileType("application/pdf", (".pdf",))
JPEG = FileType("image/jpeg", (".jpg", ".jpeg"), is_picture=True)
PNG = FileType("image/png", (".png",), is_picture=True)
WEBP = FileType("image/webp", (".webp",), is_picture=True)
DOCX = FileType(office_files.DOCX, (".docx",))
XLSX = FileType(office_files.XLSX, (".xlsx",))
PPTX = FileType(office_files.PPTX, (".pptx",))
DOC = FileType(office_files.DOC, (".doc",))
XLS = FileType(office_files.XLS, (".xls", ".et"))
TXT = FileType("text/plain", (".txt",))
CSV = FileType("text/csv", (".csv",))
TYPES = {each.mime: each for each in (PDF, JPEG, PNG, WEBP, DOCX, XLSX, PPTX, DOC, XLS, TXT, CSV)}
NAMES = {each.name: each for each in TYPES.values()}

HEIC_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"mif1", b"msf1"})
TAIL = 2048  # of a PDF, where its end mark is
ZIP_END = b"PK\x05\x06"
ZIP_END_BYTES = 22
ZIP_COMMENT = 65_535
CONTROL = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f]")
MARKUP = re.compile(
    r"<\s*(?:!doctype|\?xml|\?php|html|head|body|script|svg|iframe|object|embed|math|style|link)\b",
    re.IGNORECASE,
)


def recognise(content: bytes, name: str, allowed: Collection[str]) -> FileType:
    """The type of a whole file; FileRefused for anything that is not `allowed` (names of types)."""
    found = _by_signature(content) or _text(content, name)
    if found is None or found.name not in allowed:
        raise FileRefused(
            _("Such files are not taken. Taken are: %(types)s.")
            % {"types": ", ".join(each.upper() for each in NAMES if each in allowed)}
        )
    if found.mime not in office_files.ZIPPED and _is_zip_too(content):
        raise FileRefused(_("This file is an archive, too. Such files are not taken."))
    return found


def _by_signature(content: bytes) -> FileType | None:
    if content.startswith(b"%PDF-"):
        return PDF if b"%%EOF" in content[-TAIL:] else None
    if content.startswith(b"\xff\xd8\xff"):
        return JPEG
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return WEBP
    if content[4:8] == b"ftyp" and content[8:12] in HEIC_BRANDS:
        raise FileRefused(
            _(
                "This photo is in the format HEIC, which most computers cannot open. Set the camera"
                " to “Most compatible”, or send it as JPEG."
            ),
            code="heic_refused",
        )
    if content.startswith(office_files.ZIP_START):
        return _office(office_files.zipped_kind(content))
    if content.startswith(office_files.OLE_START):
        return _office(office_files.old_kind(content))
    return None


def _office(found: office_files.Found) -> FileType | None:
    if found.problem:
        raise FileRefused(PROBLEMS[found.problem](), code=found.problem)
    return TYPES.get(found.mime)


# What is wrong with an office file, as sentences.
PROBLEMS = {
    office_files.MACROS: lambda: _(
        "This file brings programs (macros) along. Save it without them and send it again."
    ),
    office_files.ENCRYPTED: lambda: _(
        "This file is locked by a password. Send it without, or nobody can look inside."
    ),
    office_files.BOMB: lambda: _("Unpacked, this file would be far too large."),
    office_files.BROKEN: lambda: _("This file is broken: it cannot be opened."),
    office_files.MIXED: lambda: _("This file is two things at once. Such files are not taken."),
}


def _text(content: bytes, name: str) -> FileType | None:
    """Plain text or a table, when every character of it is one; never markup or a script."""
    suffix = PurePath(name.lower()).suffix
    found = next((each for each in (TXT, CSV) if suffix in each.suffixes), None)
    text = _decoded(content)
    if found is None or not text or CONTROL.search(text):
        return None
    if text.startswith(("#!", "%!")) or MARKUP.search(text):
        return None
    return found


def _decoded(content: bytes) -> str:
    codings = ("utf-8-sig", "gb18030")
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        codings = ("utf-16", "utf-16")
    for coding in codings:
        try:
            return content.decode(coding)
        except UnicodeDecodeError:
            continue
    return ""


def _is_zip_too(content: bytes) -> bool:
    """True when the directory of a ZIP archive ends where the file does."""
    start = content.rfind(ZIP_END, max(0, len(content) - ZIP_COMMENT - ZIP_END_BYTES))
    if start < 0 or start + ZIP_END_BYTES > len(content):
        return False
    comment = int.from_bytes(content[start + 20 : start + 22], "little")
    return start + ZIP_END_BYTES + comment == len(content)
