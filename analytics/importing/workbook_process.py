"""Turns the first sheet of a workbook into Arrow files of text cells; run as a process.

    python -m analytics.importing.workbook_process bill.xlsx FOLDER MEGABYTES

Writes the sheet to FOLDER in parts of BLOCK_ROWS rows and prints a line for each as soon as it is
there: the file's name, the rows of the sheet so far and those of the whole sheet. Columns c0, c1, …
and `line`, the sheet's row from 1 on; rows without any cell are left out.
Ends with BROKEN when it is no workbook, and by a signal when it needs more memory than that.
"""

import resource
import sys
from pathlib import Path

import fastexcel
import polars as pl

BROKEN = 3
BLOCK_ROWS = 20_000
# Computed cells carry binary noise far behind the sixth decimal.
NOISE = r"^-?\d+\.\d{7,}$"


def main(source: str, folder: str, megabytes: str) -> int:
    """Gives the exit code."""
    _limit(resource.RLIMIT_AS, int(megabytes) * 1024**2)
    _limit(resource.RLIMIT_CORE, 0)
    try:
        sheet = fastexcel.read_excel(source).load_sheet(
            0, header_row=None, skip_rows=0, dtypes="string"
        )
    except fastexcel.FastExcelError:
        return BROKEN
    rows = sheet.to_polars()
    rows.columns = [f"c{i}" for i in range(rows.width)]
    for start in range(0, rows.height, BLOCK_ROWS):
        part = Path(folder, f"{start}.arrow")
        _cleaned(rows.slice(start, BLOCK_ROWS), start).write_ipc(part)
        done = min(start + BLOCK_ROWS, rows.height)
        sys.stdout.write(f"{part.name} {done} {rows.height}\n")
        sys.stdout.flush()
    return 0


def _limit(what: int, most: int) -> None:
    _soft, hard = resource.getrlimit(what)
    most = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(what, (most, most))


def _cleaned(rows: pl.DataFrame, start: int) -> pl.DataFrame:
    cells = pl.all().exclude("line")
    return (
        rows.with_row_index("line", offset=start + 1)
        .filter(pl.any_horizontal(pl.lit(value=False), cells.str.len_bytes() > 0))
        .select(_as_people_see(cells), pl.col("line").cast(pl.Int32))
    )


def _as_people_see(cells: pl.Expr) -> pl.Expr:
    """No .0 behind whole numbers, no midnight behind dates; nothing instead of an empty text."""
    number = cells.cast(pl.Float64, strict=False).round(6).cast(pl.String).str.strip_suffix(".0")
    text = pl.when(cells.str.len_bytes() > 0).then(cells.str.strip_suffix(" 00:00:00"))
    return pl.when(cells.str.contains(NOISE)).then(number).otherwise(text)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
