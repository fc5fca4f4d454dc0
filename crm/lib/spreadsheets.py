"""Rows of cells as a CSV or XLSX file; formulas in the data stay text (P31)."""

import csv
import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import BinaryIO

import xlsxwriter

FORMULA = re.compile(r"[=+\-@\t\r]")
NUMBER = re.compile(r"[+-]?[\d.,]+$")


def neutral(cell: object) -> object:
    """Text that a spreadsheet would run as a formula gets an apostrophe in front."""
    if isinstance(cell, str) and FORMULA.match(cell) and not NUMBER.match(cell):
        return f"'{cell}"
    return cell


def restored(cell: str) -> str:
    """Text as it was before `neutral`."""
    return cell[1:] if cell.startswith("'") and FORMULA.match(cell, 1) else cell


def write_csv(file: BinaryIO, rows: Iterable[Sequence[object]]) -> int:
    """UTF-8 with a mark, because Excel takes a file without it for the local encoding.

    Gives the number of rows below the header.
    """
    count = -1
    file.write(b"\xef\xbb\xbf")
    for row in rows:
        line = _Line()
        csv.writer(line).writerow(["" if cell is None else neutral(cell) for cell in row])
        file.write(line.text.encode())
        count += 1
    return max(count, 0)


def write_xlsx(file: BinaryIO, rows: Iterable[Sequence[object]]) -> int:
    """One sheet, header frozen and filterable; gives the number of rows below the header."""
    book = xlsxwriter.Workbook(file, {"constant_memory": True, "strings_to_formulas": False})
    sheet = book.add_worksheet()
    bold = book.add_format({"bold": True})
    count, width = -1, 0
    for number, row in enumerate(rows):
        for column, cell in enumerate(row):
            _write_cell(sheet, number, column, cell, bold if number == 0 else None)
        count, width = number, max(width, len(row))
    sheet.freeze_panes(1, 0)
    if width:
        sheet.autofilter(0, 0, max(count, 0), width - 1)
        sheet.set_column(0, width - 1, 16)
    book.close()
    return max(count, 0)


def _write_cell(
    sheet: xlsxwriter.workbook.Worksheet, row: int, column: int, cell: object, style: object
) -> None:
    if cell is None or cell == "":
        return
    if isinstance(cell, int | float | Decimal) and not isinstance(cell, bool):
        sheet.write_number(row, column, cell, style)
    else:
        sheet.write_string(row, column, str(cell), style)


class _Line:
    """A file of one line, for the csv module."""

    text = ""

    def write(self, text: str) -> None:
        self.text = text
