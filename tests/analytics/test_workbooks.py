"""Cells of a workbook on their way through text."""

import io

from analytics.importing.reading import open_source
from tests.analytics.billing_files import xlsx

HEADER = ["集团编号", "集团名称", "地址"]


def cells_of(rows: list[list[str]]) -> dict[int, list[str]]:
    data = xlsx([HEADER, *rows])
    source = open_source(io.BytesIO(data), len(data), "clients")
    return {line: cells for block in source.blocks() for line, cells in block.rows.cells()}


def test_line_breaks_quotes_and_delimiters_stay_in_their_cell():
    rows = [["C1", "甲\n乙", 'x, "y"; z\tend'], ["C2", "", "，"]]

    assert cells_of(rows) == {2: rows[0], 3: rows[1]}


def test_our_own_separators_cannot_move_a_cell():
    rows = [["C1", "a\x1fb", "c"], ["C2", "a\x1eb", "c"]]

    assert cells_of(rows) == {2: ["C1", "a\x1ab", "c"], 3: ["C2", "a\x1ab", "c"]}


def test_rows_of_no_cells_are_left_out_and_counted():
    assert cells_of([["C1", "甲", ""], ["", "", ""], ["C3", "乙", ""]]) == {
        2: ["C1", "甲", ""],
        4: ["C3", "乙", ""],
    }
