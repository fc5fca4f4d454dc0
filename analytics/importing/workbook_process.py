"""Turns the first sheet of a workbook into text; run as a process.

    python -m analytics.importing.workbook_process bill.xlsx FOLDER MEGABYTES

Writes the sheet to FOLDER in parts of BLOCK_ROWS rows and prints a line for each as soon as it is
there: the file's name, the rows of the sheet before it, with it, and in all. A part is UTF-8 with
SEPARATOR between cells and NEWLINE behind rows, which ASCII has for this; in a cell they become
SUBSTITUTE.
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
MIDNIGHT = " 00:00:00"
SEPARATOR, NEWLINE, SUBSTITUTE = "\x1f", "\x1e", "\x1a"


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
    for start in range(0, rows.height, BLOCK_ROWS):
        part = Path(folder, f"{start}.txt")
        part.write_bytes(_as_text(rows.slice(start, BLOCK_ROWS)))
        done = min(start + BLOCK_ROWS, rows.height)
        sys.stdout.write(f"{part.name} {start} {done} {rows.height}\n")
        sys.stdout.flush()
    return 0


def _limit(what: int, most: int) -> None:
    _soft, hard = resource.getrlimit(what)
    most = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(what, (most, most))


def _as_text(rows: pl.DataFrame) -> bytes:
    rows = _as_people_see(rows)
    text = _joined(rows)
    if (text.count(SEPARATOR), text.count(NEWLINE)) != (
        rows.height * (rows.width - 1),
        rows.height,
    ):
        text = _joined(rows.with_columns(pl.all().str.replace_all("[\x1e\x1f]", SUBSTITUTE)))
    return text.encode()


def _joined(rows: pl.DataFrame) -> str:
    return rows.write_csv(
        include_header=False, separator=SEPARATOR, line_terminator=NEWLINE, quote_style="never"
    )


def _as_people_see(rows: pl.DataFrame) -> pl.DataFrame:
    """No .0 behind whole numbers, no midnight behind dates."""
    cells = pl.all()
    noisy, dated = (
        _columns_with(rows, is_there)
        for is_there in (cells.str.contains(NOISE), cells.str.ends_with(MIDNIGHT))
    )
    noise = pl.col(noisy).str.contains(NOISE)
    number = pl.col(noisy).cast(pl.Float64, strict=False).round(6).cast(pl.String)
    return rows.with_columns(pl.col(dated).str.strip_suffix(MIDNIGHT)).with_columns(
        pl.when(noise).then(number.str.strip_suffix(".0")).otherwise(pl.col(noisy))
    )


def _columns_with(rows: pl.DataFrame, is_there: pl.Expr) -> list[str]:
    """Few columns have what must be tidied up, and tidying up copies a column."""
    found = rows.select(is_there.any()).row(0)
    return [name for name, is_found in zip(rows.columns, found, strict=True) if is_found]


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
