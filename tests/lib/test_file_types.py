"""What a file is, by its content."""

import pytest

from crm.lib.file_types import NAMES, FileRefused, recognise
from tests import uploads

pytestmark = pytest.mark.rule("P33")
EVERYTHING = frozenset(NAMES)
GOOD = {
    "pdf": uploads.PDF,
    "jpg": uploads.photo(),
    "png": uploads.photo(image_format="PNG"),
    "webp": uploads.photo(image_format="WEBP"),
    "docx": uploads.docx(),
    "xlsx": uploads.xlsx(),
    "doc": uploads.compound("WordDocument"),
    "xls": uploads.compound("Workbook"),
    "txt": "电话 1860\n".encode("gb18030"),
    "csv": "号码,姓名\n".encode("utf-16"),
}


@pytest.mark.parametrize("kind", GOOD)
def test_a_file_is_known_by_its_content(kind):
    assert recognise(GOOD[kind], f"x.{kind}", EVERYTHING).name == kind


@pytest.mark.parametrize("kind", sorted(set(GOOD) - {"txt", "csv"}))
def test_the_name_says_nothing(kind):
    assert recognise(GOOD[kind], "holiday.exe", EVERYTHING).name == kind


@pytest.mark.parametrize("kind", GOOD)
def test_what_is_not_on_the_list_is_refused(kind):
    with pytest.raises(FileRefused, match="Such files are not taken"):
        recognise(GOOD[kind], f"x.{kind}", EVERYTHING - {kind})


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (b"<html><script>alert(1)</script>", "x.html", "file_type_refused"),
        (b"<html><script>alert(1)</script>", "x.txt", "file_type_refused"),
        (b"a,b\n<SVG onload=alert(1)>", "x.csv", "file_type_refused"),
        (b"\xef\xbb\xbf  <!DOCTYPE html>", "x.txt", "file_type_refused"),
        (b"<?xml version='1.0'?><svg/>", "x.svg", "file_type_refused"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "photo.jpg", "file_type_refused"),
        (b"#!/bin/sh\nrm -rf /\n", "x.txt", "file_type_refused"),
        (b"MsgBox 1", "x.vbs", "file_type_refused"),
        (b"MZ\x90\x00\x03" + bytes(200), "x.pdf", "file_type_refused"),
        (b"\x7fELF\x02\x01" + bytes(200), "x.txt", "file_type_refused"),
        (b"GIF89a" + bytes(30), "x.gif", "file_type_refused"),
        (b"junk" + uploads.PDF, "x.pdf", "file_type_refused"),
        (b"%PDF-1.4 without an end", "x.pdf", "file_type_refused"),
        (b"", "x.txt", "file_type_refused"),
        (b"\xff\xfe\xff", "x.txt", "file_type_refused"),
        (b"\0\0\0\x18ftypheic" + bytes(40), "IMG_1.HEIC", "heic_refused"),
        (uploads.archive(readme__txt="x"), "x.zip", "file_type_refused"),
        (uploads.archive(readme__txt="x"), "x.docx", "file_type_refused"),
        (uploads.compound("Installer"), "x.msi", "file_type_refused"),
        (uploads.compound("WordDocument", "_VBA_PROJECT"), "x.doc", "file_has_macros"),
        (uploads.compound("EncryptedPackage"), "x.docx", "file_encrypted"),
        (uploads.added_to(uploads.docx(), "word/vbaProject.bin", b"x"), "x.docx",
         "file_has_macros"),
        (uploads.added_to(uploads.docx(), "../../x", b"x"), "x.docx", "file_broken"),
        (uploads.docx()[:900], "x.docx", "file_broken"),
        (uploads.archive(**{"[Content_Types].xml": b"x.macroEnabled.main+xml"}), "x.docm",
         "file_has_macros"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",  # archives hold the time of day
)  # fmt: skip
def test_what_could_do_harm_is_refused(content, name, code):
    with pytest.raises(FileRefused) as refusal:
        recognise(content, name, EVERYTHING)

    assert refusal.value.code == code


@pytest.mark.parametrize("kind", ["pdf", "jpg", "png", "txt"])
def test_a_file_that_is_an_archive_too_is_refused(kind):
    with pytest.raises(FileRefused):
        recognise(GOOD[kind] + uploads.archive(x__class="y"), f"x.{kind}", EVERYTHING)


def test_an_archive_behind_something_else_is_refused():
    with pytest.raises(FileRefused) as refusal:
        recognise(b"PK\x03\x04junk" + uploads.docx(), "x.docx", EVERYTHING)

    assert refusal.value.code == "file_mixed"


def test_an_office_file_that_unpacks_too_large_is_refused(monkeypatch):
    monkeypatch.setattr("crm.lib.office_files.UNPACKED_BYTES", 10_000)
    bomb = uploads.added_to(uploads.xlsx(), "xl/x.xml", b"0" * 10_001)

    with pytest.raises(FileRefused) as refusal:
        recognise(bomb, "x.xlsx", EVERYTHING)

    assert refusal.value.code == "file_too_large_unpacked"


def test_a_locked_entry_is_refused():
    content = bytearray(uploads.xlsx())
    start = content.rfind(b"PK\x01\x02")
    content[start + 8] |= 1

    with pytest.raises(FileRefused) as refusal:
        recognise(bytes(content), "x.xlsx", EVERYTHING)

    assert refusal.value.code == "file_encrypted"
