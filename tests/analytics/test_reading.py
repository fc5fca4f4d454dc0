"""Any file a person may hand in: read to the same rows, or refused with a reason they can act on."""

import contextlib
import io
import zipfile
from datetime import date, datetime

import openpyxl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from analytics.importing import reading
from analytics.importing.columns import FORMATS
from analytics.importing.problems import FileRefused
from analytics.importing.reading import open_source
from analytics.importing.workbook_process import BLOCK_ROWS
from tests.analytics.billing_files import ENCODINGS, chinese, csv_text, encoded, row, xlsx

HEAD = "period,client_code,msisdn,status,total"
LINE_1 = "2026-06,C1,13800000001,active,10.00"
LINE_2 = "2026-06,C1,13800000002,active,20.00"
GB_LINE = "2026-06,集团一,13800000001,正常,10.00"


def source_of(data: bytes | str, kind: str = "member_bill"):
    data = data.encode() if isinstance(data, str) else data
    return open_source(io.BytesIO(data), len(data), kind)


def lines_of(data: bytes | str) -> dict[int, tuple[list[str], str]]:
    """Line number -> cells and what is wrong with the line itself."""
    found = {}
    for block in source_of(data).blocks():
        found |= {line: (cells, "") for line, cells in block.rows.cells()}
        found |= {odd.number: (odd.cells, odd.problem) for odd in block.odd}
    return dict(sorted(found.items()))


def refusal(data: bytes | str, kind: str = "member_bill") -> FileRefused:
    with pytest.raises(FileRefused) as caught:
        for _ in source_of(data, kind).blocks():
            pass
    return caught.value


def good(*numbered: tuple[int, str]) -> dict[int, tuple[list[str], str]]:
    return {number: (text.split(","), "") for number, text in numbered}


@pytest.mark.rule("P13")
@pytest.mark.parametrize("encoding", ENCODINGS)
def test_every_encoding_gives_the_same_lines(encoding):
    text = f"{HEAD}\n{GB_LINE}\n{LINE_2}\n"

    assert lines_of(encoded(text, encoding)) == good((2, GB_LINE), (3, LINE_2))


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_mark_is_recognised(encoding):
    text = f"{HEAD}\n{LINE_1}\n"

    assert lines_of(text.encode(encoding)) == good((2, LINE_1))


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_delimiter_is_recognised(delimiter):
    text = csv_text([row(1), row(2, total="20.00")], delimiter=delimiter)

    assert lines_of(text) == good((2, LINE_1), (3, LINE_2))


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("ending", ["", "one"])
def test_line_ends_of_every_system(newline, ending):
    text = newline.join([HEAD, LINE_1, LINE_2]) + (newline if ending else "")

    assert lines_of(text) == good((2, LINE_1), (3, LINE_2))


def test_blank_lines_are_skipped_and_still_counted():
    text = f"\n\n{HEAD}\n\n{LINE_1}\n   \n,,,,\n{LINE_2}\n\n\n"

    found = {n: line for n, line in lines_of(text).items() if any(c.strip() for c in line[0])}

    assert found == good((5, LINE_1), (8, LINE_2))


def test_cr_lf_cut_by_the_end_of_a_block_is_one_line_end(monkeypatch):
    text = "\r\n".join([HEAD, *[LINE_1, LINE_2] * 5]) + "\r\n"
    whole = lines_of(text)

    for size in range(30, 90):
        monkeypatch.setattr(reading, "BLOCK_BYTES", size)
        assert lines_of(text) == whole


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_letters_cut_by_the_end_of_a_block_stay_whole(encoding, monkeypatch):
    data = encoded(f"{HEAD}\n" + f"{GB_LINE}\n" * 4, encoding)
    whole = lines_of(data)

    for size in range(40, 120, 3):
        monkeypatch.setattr(reading, "BLOCK_BYTES", size)
        assert lines_of(data) == whole


def test_headers_by_alias_in_any_order():
    source = source_of("总费用, 集团编码 ,用户状态,号码,计费月\n")

    assert source.header.positions == {
        "total": 0,
        "client_code": 1,
        "status": 2,
        "msisdn": 3,
        "period": 4,
    }


def test_headers_in_english_mind_neither_capitals_nor_blanks_nor_full_width():
    source = source_of("Period,Client Code,ＭＳＩＳＤＮ,STATUS,\ufeffTotal,IP\n")

    assert sorted(source.header.positions) == [
        "client_code", "ip", "msisdn", "period", "status", "total",
    ]  # fmt: skip


@pytest.mark.parametrize("kind", FORMATS)
def test_every_column_is_found_by_each_of_its_names(kind):
    for column in reading.columns_by_key(kind).values():
        for name in (column.name, *column.aliases):
            required = [
                c.name
                for c in dict.fromkeys(reading.columns_by_key(kind).values())
                if c.is_required and c is not column
            ]

            assert reading.map_header([name, *required], kind).positions[column.name] == 0


def test_unknown_columns_are_named_and_our_own_passed_over():
    source = source_of(f"{HEAD},备注,line,reason,,行号\n")

    assert source.header.ignored == ["备注"]


def test_byte_order_mark_in_the_middle_is_no_letter():
    text = f"{HEAD}\n{LINE_1}\n\ufeff{LINE_2}\n"

    found = lines_of(text)

    assert [cells[0].strip("\ufeff") for cells, _ in found.values()] == ["2026-06", "2026-06"]


def test_nul_byte_spoils_its_own_line_only():
    text = f"{HEAD}\n{LINE_1}\n2026-06,C\x001,13800000003,active,1.00\n{LINE_2}\n"

    found = lines_of(text)

    assert found[3][1] == "control_character"
    assert {2: found[2], 4: found[4]} == good((2, LINE_1), (4, LINE_2))


def test_quoted_cells_may_hold_delimiter_quote_and_line_break():
    text = f'{HEAD},client_name\n{LINE_1},"Zhong, ""Yi"""\n{LINE_2},"two\nlines"\n{LINE_1},plain\n'

    assert lines_of(text) == {
        2: ([*LINE_1.split(","), 'Zhong, "Yi"'], ""),
        3: ([*LINE_2.split(","), "two\nlines"], ""),
        5: ([*LINE_1.split(","), "plain"], ""),
    }


@pytest.mark.parametrize("block_bytes", [40, 60, 90, 130, 4096])
@pytest.mark.parametrize("inner", ["a,b,c,d,e,f", "", "\n", '""quoted""', "a\nb\nc"])
def test_lines_inside_a_quoted_cell_are_no_rows(inner, block_bytes, monkeypatch):
    text = f'{HEAD},client_name\n{LINE_1},"one\n{inner}\nend"\n{LINE_2},x\n{LINE_1},"y\nz"'
    monkeypatch.setattr(reading, "BLOCK_BYTES", block_bytes)
    after = 5 + inner.count("\n")

    assert lines_of(text) == {
        2: ([*LINE_1.split(","), f"one\n{inner}\nend".replace('""', '"')], ""),
        after: ([*LINE_2.split(","), "x"], ""),
        after + 1: ([*LINE_1.split(","), "y\nz"], ""),
    }


@pytest.mark.parametrize("block_bytes", [40, 90, 4096])
@pytest.mark.parametrize("lines_after", [0, 1, 30])
def test_quote_that_never_closes_costs_its_own_line_in_any_block(
    lines_after, block_bytes, monkeypatch
):
    stray = '2026-06,C1,13800000003,active,"1.00'
    text = "\n".join([HEAD, LINE_1, stray, *[LINE_2] * lines_after])
    monkeypatch.setattr(reading, "BLOCK_BYTES", block_bytes)

    found = lines_of(text)

    assert found.pop(3) == (stray.split(","), "stray_quote")
    assert found == good((2, LINE_1), *((4 + n, LINE_2) for n in range(lines_after)))


def test_stray_quote_spoils_its_own_line_only():
    stray = '2026-06,"C1,13800000003,active,1.00'
    text = f"{HEAD}\n{LINE_1}\n{stray}\n{LINE_2}\n{LINE_1}\n"

    found = lines_of(text)

    assert found.pop(3) == (stray.split(","), "stray_quote")
    assert found == good((2, LINE_1), (4, LINE_2), (5, LINE_1))


def test_two_stray_quotes_on_different_lines_swallow_nothing_between():
    text = f'{HEAD}\n2026-06,C"1,13800000003,active,1\n{LINE_1}\n{LINE_2}\n2026-06,C"1,13800000004,active,1\n'

    found = lines_of(text)

    assert {n: problem for n, (_, problem) in found.items()} == {
        2: "stray_quote",
        3: "",
        4: "",
        5: "stray_quote",
    }


def test_two_stray_quotes_that_would_make_one_row_of_two_are_two_bad_lines():
    """One in front of a cell, the other behind the same cell of the next line."""
    first = '2026-06,"C1,13800000003,active,1.00'
    second = '2026-06,C1",13800000004,active,1.00'

    found = lines_of(f"{HEAD}\n{LINE_1}\n{first}\n{second}\n{LINE_2}\n")

    assert found.pop(3) == (first.split(","), "stray_quote")
    assert found.pop(4) == (second.split(","), "stray_quote")
    assert found == good((2, LINE_1), (5, LINE_2))


@pytest.mark.parametrize("line", ["2026-06,C1,13800000003,active", f"{LINE_1},extra,extra"])
def test_ragged_line_is_named_and_keeps_its_cells(line):
    text = f"{HEAD}\n{LINE_1}\n{line}\n{LINE_2}\n"

    found = lines_of(text)

    assert found.pop(3) == (line.split(","), "ragged")
    assert found == good((2, LINE_1), (4, LINE_2))


def test_long_quoted_cell_across_blocks_is_read_or_named_but_loses_no_line(monkeypatch):
    text = f'{HEAD},client_name\n{LINE_1},"two\nlines"\n{LINE_2},x\n'
    monkeypatch.setattr(reading, "BLOCK_BYTES", 70)

    found = lines_of(text)

    assert found[4] == ([*LINE_2.split(","), "x"], "")


@pytest.mark.parametrize(
    "data", [b"", b"\n\n \r\n", b"\xef\xbb\xbf", b"\xff\xfe", b"\xef\xbb\xbf\n"]
)
def test_empty_file_is_refused(data):
    assert refusal(data).code == "empty_file"


def test_header_alone_has_no_rows():
    assert lines_of(HEAD) == {}
    assert lines_of(HEAD + "\n") == {}


def test_missing_columns_are_all_named_in_both_languages():
    error = refusal("period,client_code,号码\n")

    assert error.code == "missing_columns"
    assert error.params["columns"] == "status (状态), total (合计)"
    assert error.params["found"] == "period, client_code, 号码"


def test_same_column_twice_is_refused():
    error = refusal(f"{HEAD},手机号码\n{LINE_1},13800000002\n")

    assert (error.code, error.params) == ("duplicate_columns", {"column": "手机号码"})


@pytest.mark.rule("P13")
def test_bytes_that_are_no_utf_8_are_refused_with_their_line():
    data = "账期,集团编号,手机号码,状态,合计\n".encode() + f"{LINE_1}\n".encode() * 2
    data += b"2026-06,C\xff\xfe1,13800000009,active,1\n"

    error = refusal(data)

    assert (error.code, error.params) == ("undecodable", {"line": 4, "encoding": "utf-8"})


@pytest.mark.rule("P13")
@pytest.mark.parametrize("block_bytes", [64, 100, 8 * 1024 * 1024])
def test_bytes_that_are_no_gb18030_are_refused_with_their_line(block_bytes, monkeypatch):
    monkeypatch.setattr(reading, "BLOCK_BYTES", block_bytes)
    data = f"账期,集团编号,手机号码,状态,合计\r\n{GB_LINE}\r\n".encode("gb18030")
    data += b"2026-06,C1,1380000000\xff\xff,active,1\r\n"

    error = refusal(data)

    assert (error.code, error.params) == ("undecodable", {"line": 3, "encoding": "gb18030"})


@pytest.mark.rule("P13")
def test_half_a_letter_at_the_end_is_refused_with_its_line():
    data = f"{HEAD}\n{GB_LINE}\n集".encode()[:-1]

    assert refusal(data).code == "undecodable"


@pytest.mark.rule("P13")
def test_damaged_utf_16_is_refused_with_its_line():
    data = b"\xff\xfe" + f"{HEAD}\n{LINE_1}\n".encode("utf-16-le") + b"\x00\xd8\x0a\x00"

    error = refusal(data)

    assert (error.code, error.params["line"]) == ("undecodable", 3)


def test_binary_data_is_refused():
    png = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40

    assert refusal(png).code in {"not_text", "missing_columns", "undecodable"}


def test_old_excel_is_named():
    assert refusal(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500).code == "old_excel"


def test_zip_that_is_no_workbook_is_named():
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("bills.csv", HEAD)

    assert refusal(stream.getvalue()).code == "not_workbook"


WORKBOOK = xlsx([HEAD.split(","), LINE_1.split(",")])


@pytest.mark.parametrize("share", [0.2, 0.5, 0.9, 0.99])
def test_cut_workbook_is_refused(share):
    assert refusal(WORKBOOK[: int(len(WORKBOOK) * share)]).code == "broken_workbook"


def test_workbook_with_a_broken_sheet_is_refused():
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(WORKBOOK)) as old, zipfile.ZipFile(stream, "w") as new:
        for entry in old.infolist():
            content = old.read(entry)
            new.writestr(entry, content[:200] if "sheet1" in entry.filename else content)

    assert refusal(stream.getvalue()).code in {"broken_workbook", "empty_file"}


def test_empty_workbook_is_refused():
    assert refusal(xlsx([])).code == "empty_file"


@pytest.mark.rule("P16")
def test_workbook_that_would_unpack_too_large_is_refused_before_unpacking(settings):
    settings.IMPORT_MAX_XLSX_BYTES = 1024 * 1024
    stream = io.BytesIO(WORKBOOK)
    with zipfile.ZipFile(stream, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/zeros.bin", b"\0" * 8 * 1024 * 1024)

    error = refusal(stream.getvalue())

    assert len(stream.getvalue()) < 40_000
    assert (error.code, error.params) == ("workbook_bomb", {"limit": 1})


@pytest.mark.rule("P16")
def test_two_gigabytes_of_zeros_are_refused_at_once(tmp_path):
    path = tmp_path / "zeros.csv"
    with path.open("wb") as file:
        file.truncate(2 * 1024**3)

    with path.open("rb") as file, pytest.raises(FileRefused) as caught:
        open_source(file, path.stat().st_size, "member_bill")

    assert caught.value.code == "too_large"


def test_zeros_below_the_limit_are_no_text(tmp_path):
    path = tmp_path / "zeros.csv"
    with path.open("wb") as file:
        file.truncate(500 * 1024**2)

    with path.open("rb") as file, pytest.raises(FileRefused) as caught:
        open_source(file, path.stat().st_size, "member_bill")

    assert caught.value.code == "not_text"


def test_file_over_the_limit_is_refused_by_its_size(settings):
    settings.IMPORT_MAX_BYTES = 2 * 1024**2

    error = refusal(b"x" * (2 * 1024**2 + 1))

    assert (error.code, error.params) == ("too_large", {"limit": 2})


@pytest.mark.rule("P13")
def test_workbook_cells_read_as_people_see_them():
    cells = [
        ["period", "client_code", "msisdn", "status", "total", "joined_on", "points", "对公"],
        [date(2026, 6, 1), "C1", 13_800_000_001, "正常", 10, date(2020, 2, 29), 7.0, True],
        [202606, 17, "13800000002", "active", 0.1 + 0.2, "2020-02-29", None, False],
        ["2026-06", "C1", 1.38e10, "active", -1234.56, None, None, None],
        ["2026-06", "C1", "1.38E+10", "active", 99999.99, None, None, None],
    ]

    assert {line: row_cells for line, (row_cells, _) in lines_of(xlsx(cells)).items()} == {
        2: ["2026-06-01", "C1", "13800000001", "正常", "10", "2020-02-29", "7", "true"],
        3: ["202606", "17", "13800000002", "active", "0.3", "2020-02-29", "", "false"],
        4: ["2026-06", "C1", "13800000000", "active", "-1234.56", "", "", ""],
        5: ["2026-06", "C1", "1.38E+10", "active", "99999.99", "", "", ""],
    }


def test_workbook_written_by_another_program_reads_the_same():
    book = openpyxl.Workbook()
    book.active.append(HEAD.split(","))
    book.active.append([])
    book.active.append([datetime(2026, 6, 1), "C1", 13_800_000_001, "active", 10.5])  # noqa: DTZ001
    stream = io.BytesIO()
    book.save(stream)

    assert lines_of(stream.getvalue()) == good((3, "2026-06-01,C1,13800000001,active,10.5"))


def test_workbook_starts_where_its_cells_start():
    book = openpyxl.Workbook()
    for x, name in enumerate(HEAD.split(","), start=3):
        book.active.cell(4, x, name)
    for x, value in enumerate(LINE_1.split(","), start=3):
        book.active.cell(6, x, value)
    stream = io.BytesIO()
    book.save(stream)

    assert lines_of(stream.getvalue()) == good((6, LINE_1))


def test_workbook_in_blocks_loses_nothing():
    rows = [["2026-06", "C1", str(n), "active", "1"] for n in range(2 * BLOCK_ROWS + 5)]

    found = lines_of(xlsx([HEAD.split(","), *rows]))

    assert {line: cells for line, (cells, _) in found.items()} == dict(enumerate(rows, start=2))


def test_sparse_workbook_is_no_bomb_by_its_height():
    """A cell far below the others."""
    book = openpyxl.Workbook()
    book.active.append(HEAD.split(","))
    book.active.append(LINE_1.split(","))
    book.active.cell(200_000, 1, " ")
    stream = io.BytesIO()
    book.save(stream)

    found = {n: cells for n, cells in lines_of(stream.getvalue()).items() if n == 2}

    assert found == good((2, LINE_1))


@pytest.mark.rule("P16")
def test_workbook_that_claims_a_grid_of_billions_of_cells_is_refused():
    """The reader would ask for half a terabyte: that must not be the end of the worker."""
    book = openpyxl.Workbook()
    book.active.cell(1, 1, "period")
    book.active.cell(1_048_576, 16_384, "z")
    stream = io.BytesIO()
    book.save(stream)

    assert refusal(stream.getvalue()).code == "workbook_bomb"


WILD = st.one_of(
    st.binary(max_size=400),
    st.binary(max_size=200).map(lambda noise: f"{HEAD}\n{LINE_1}\n".encode() + noise),
    st.text(max_size=200).map(lambda noise: f"{HEAD}\n{noise}\n{LINE_1}\n".encode()),
    st.text(max_size=100).map(
        lambda noise: f"{chinese(HEAD)}\n{noise}".encode("gb18030", "ignore")
    ),
    st.text(alphabet='",;\t\r\n\x00 a1\ufeff', max_size=120).map(lambda t: f"{HEAD}\n{t}".encode()),
    st.binary(max_size=200).map(lambda noise: b"PK\x03\x04" + noise),
    st.tuples(st.integers(0, len(WORKBOOK) - 1), st.binary(min_size=1, max_size=8)).map(
        lambda cut: WORKBOOK[: cut[0]] + cut[1] + WORKBOOK[cut[0] + len(cut[1]) :]
    ),
)


@settings(max_examples=400, deadline=None)
@given(WILD)
@example(b"\xff\xfe\x00")
@example(b"\x84\x31\xa4\x37")
@example(f"{HEAD}\n\x1f{LINE_1}".encode())
@example(f'{HEAD}\n"{LINE_1}'.encode())
def test_noise_is_read_or_refused_with_a_known_reason(data):
    with contextlib.suppress(FileRefused):
        lines_of(data)
