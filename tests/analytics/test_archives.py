"""Gzipped and zipped files are read like the file inside; everything else about them is refused."""

import bz2
import gzip
import io
import struct
import tarfile
import zipfile

import pytest

from analytics.importing import archives
from analytics.importing.archives import unpacked
from analytics.importing.problems import FileRefused
from tests.analytics.billing_files import bills, csv_text, hand_in, load, number, row, xlsx

TEXT = csv_text([row(1), row(2, total="20.00")]).encode()
CELLS = [["period", "client_code", "msisdn", "status", "total"], list(row(1).values())]
WORKBOOK = xlsx(CELLS)
MB = 1024 * 1024


def zipped(*entries: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, content in entries:
            archive.writestr(name, content)
    return stream.getvalue()


def tarred(content: bytes) -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as archive:
        entry = tarfile.TarInfo("bills.csv")
        entry.size = len(content)
        archive.addfile(entry, io.BytesIO(content))
    return stream.getvalue()


def content_of(data: bytes) -> bytes:
    with unpacked(io.BytesIO(data), len(data)) as (content, size):
        found = content.read()
    assert len(found) == size
    return found


def refusal(data: bytes) -> FileRefused:
    with pytest.raises(FileRefused) as caught:
        content_of(data)
    return caught.value


def flagged(data: bytes, offset: int, value: int) -> bytes:
    """A ZIP with one number of its entry's two headers changed, counted from the flags."""
    changed = bytearray(data)
    struct.pack_into("<H", changed, 6 + offset, value)
    struct.pack_into("<H", changed, data.index(b"PK\x01\x02") + 8 + offset, value)
    return bytes(changed)


PACKED = {
    "gzip": gzip.compress(TEXT),
    "gzip in two pieces": gzip.compress(TEXT[:40]) + gzip.compress(TEXT[40:]),
    "zip": zipped(("bills.csv", TEXT)),
    "zip, not compressed": zipped(("bills.csv", TEXT), method=zipfile.ZIP_STORED),
    "zip, bzip2": zipped(("bills.csv", TEXT), method=zipfile.ZIP_BZIP2),
    "zip, lzma": zipped(("bills.csv", TEXT), method=zipfile.ZIP_LZMA),
    "zip with a folder": zipped(("June/", b""), ("June/账单.csv", TEXT)),
    "zip of macOS": zipped(
        ("bills.csv", TEXT), ("__MACOSX/._bills.csv", b"x"), (".DS_Store", b"x")
    ),
    "zip of Windows": zipped(("a/Thumbs.db", b"x"), ("desktop.ini", b"x"), ("a/bills.csv", TEXT)),
}


@pytest.mark.rule("P13")
@pytest.mark.parametrize("packed", PACKED.values(), ids=PACKED)
def test_the_file_inside_is_what_is_read(packed):
    assert content_of(packed) == TEXT


@pytest.mark.parametrize("data", [TEXT, WORKBOOK, b"", b"PK", b"\x1f", b"BZh,x\n"], ids=range(6))
def test_what_is_no_archive_stays_as_it_is(data):
    assert content_of(data) == data


def test_a_workbook_inside_stays_a_workbook():
    assert content_of(zipped(("bills.xlsx", WORKBOOK))) == WORKBOOK
    assert content_of(gzip.compress(WORKBOOK)) == WORKBOOK


REFUSED = {
    "nothing inside": (zipped(), "archive_empty"),
    "a folder only": (zipped(("June/", b"")), "archive_empty"),
    "hidden files only": (zipped((".x.csv", TEXT), ("__MACOSX/y.csv", TEXT)), "archive_empty"),
    "two files": (zipped(("a.csv", TEXT), ("b.csv", TEXT)), "archive_several"),
    "a zip in a zip": (zipped(("a.zip", zipped(("a.csv", TEXT)))), "archive_nested"),
    "a gzip in a zip": (zipped(("a.csv.gz", gzip.compress(TEXT))), "archive_nested"),
    "a zip in a gzip": (gzip.compress(zipped(("a.csv", TEXT))), "archive_nested"),
    "a gzip in a gzip": (gzip.compress(gzip.compress(TEXT)), "archive_nested"),
    "a tar in a gzip": (gzip.compress(tarred(TEXT)), "archive_nested"),
    "a RAR in a zip": (zipped(("a.rar", b"Rar!\x1a\x07\x01\x00")), "archive_nested"),
    "tar": (tarred(TEXT), "archive_other"),
    "bzip2": (bz2.compress(TEXT), "archive_other"),
    "RAR": (b"Rar!\x1a\x07\x01\x00" + bytes(50), "archive_other"),
    "7-Zip": (b"7z\xbc\xaf\x27\x1c" + bytes(50), "archive_other"),
    "unknown packing": (flagged(zipped(("a.csv", TEXT)), 2, 9), "archive_other"),
    "password": (flagged(zipped(("a.csv", TEXT)), 0, 1), "archive_encrypted"),
    "gzip cut short": (gzip.compress(TEXT)[:-20], "broken_archive"),
    "gzip without end": (gzip.compress(TEXT)[:-4], "broken_archive"),
    "gzip, wrong checksum": (gzip.compress(TEXT)[:-8] + bytes(8), "broken_archive"),
    "gzip, rubbish behind": (gzip.compress(TEXT) + b"rubbish", "broken_archive"),
    "gzip, rubbish inside": (gzip.compress(TEXT)[:20] + b"\xff" * 40, "broken_archive"),
    "zip cut short": (zipped(("a.csv", TEXT))[:-30], "broken_archive"),
    "zip, rubbish inside": (
        zipped(("a.csv", TEXT)).replace(zipped(("a.csv", TEXT))[40:60], b"\xff" * 20),
        "broken_archive",
    ),
    "zip in name only": (b"PK\x03\x04nonsense", "broken_archive"),
}


@pytest.mark.rule("P16")
@pytest.mark.parametrize(("data", "code"), REFUSED.values(), ids=REFUSED)
def test_other_archives_are_refused(data, code):
    assert refusal(data).code == code


def test_several_files_are_counted_and_the_first_named():
    error = refusal(zipped(*((f"{n}.csv", TEXT) for n in range(9))))

    assert error.params == {"count": 9, "files": "0.csv, 1.csv, 2.csv, 3.csv, 4.csv"}


def test_names_in_the_encoding_of_chinese_windows_are_read():
    entry = zipfile.ZipInfo("六月.csv".encode("gb18030").decode("cp437"))

    assert archives._name(entry) == "六月.csv"


@pytest.mark.rule("P16")
@pytest.mark.parametrize("pack", [gzip.compress, lambda data: zipped(("a.csv", data))])
def test_bomb_is_stopped_by_its_ratio(pack):
    bomb = pack(bytes(20 * MB))

    assert len(bomb) < MB
    assert refusal(bomb).code == "archive_too_large"


@pytest.mark.rule("P16")
@pytest.mark.parametrize("pack", [gzip.compress, lambda data: zipped(("a.csv", data))])
def test_nothing_unpacks_beyond_the_limit(pack, settings):
    settings.IMPORT_MAX_BYTES = MB

    error = refusal(pack(b"x" * (MB + 1)))

    assert (error.code, error.params) == ("archive_too_large", {"limit": 1})
    assert content_of(pack(b"x" * MB)) == b"x" * MB


@pytest.mark.rule("P16")
def test_a_zip_that_lies_about_its_size_gives_no_more_than_it_said(settings):
    settings.IMPORT_MAX_BYTES = MB
    packed = bytearray(zipped(("a.csv", b"x" * 9 * MB)))
    for place in (22, packed.index(b"PK\x01\x02") + 24):
        struct.pack_into("<L", packed, place, 1000)

    assert refusal(bytes(packed)).code == "broken_archive"


@pytest.mark.rule("P16")
def test_a_list_of_contents_beyond_memory_is_not_read(monkeypatch):
    packed = zipped(*((f"{n}.csv", b"") for n in range(100)))
    monkeypatch.setattr(archives, "MAX_DIRECTORY_BYTES", 1000)

    assert refusal(packed).code == "broken_archive"


def test_archives_are_recognised_by_content_not_by_name(clients):
    for ending in ("csv", "zip", "xlsx", "gz"):
        done = load(gzip.compress(TEXT), file_name=f"bills.{ending}")

        assert (done.state, done.loaded) == ("loaded", 2)


@pytest.mark.rule("P13")
@pytest.mark.parametrize("packed", PACKED.values(), ids=PACKED)
def test_packed_bills_are_loaded_like_plain_ones(clients, packed):
    done = load(packed)

    assert (done.state, done.encoding, done.size) == ("loaded", "utf-8", len(packed))
    assert bills() == {number(1): ("C1", 1000), number(2): ("C1", 2000)}


def test_packed_workbook_is_loaded(clients):
    assert load(zipped(("bills.xlsx", WORKBOOK))).encoding == "xlsx"
    assert bills() == {number(1): ("C1", 1000)}


@pytest.mark.parametrize("packed", [b"", b"\n \n"])
def test_packed_empty_file_is_an_empty_file(clients, packed):
    assert load(gzip.compress(packed)).error_code == "empty_file"


def test_other_documents_are_no_workbooks(clients):
    letter = zipped(("[Content_Types].xml", b"<x/>"), ("word/document.xml", b"<x/>"))

    assert load(letter).error_code == "not_workbook"
    assert load(zipped(("letter.docx", letter))).error_code == "not_workbook"


def test_the_reason_is_told_in_words(clients, settings):
    done = load(zipped(("a.csv", TEXT), ("b.csv", TEXT)))

    assert (done.state, done.error_code) == ("failed", "archive_several")
    assert done.error_params == {"count": "2", "files": "a.csv, b.csv"}


def test_the_file_is_kept_as_it_came(clients):
    packed = gzip.compress(TEXT)

    with hand_in(packed, file_name="bills.csv.gz").file.open("rb") as kept:
        assert kept.read() == packed
