"""Cells of a sheet as people see them, as text that cannot be misread.

UTF-8 with SEPARATOR between cells and NEWLINE behind rows, which ASCII has for this; in a cell
they become SUBSTITUTE.
"""

import io
from collections.abc import Callable

import polars as pl

SEPARATOR, NEWLINE, SUBSTITUTE = "\x1f", "\x1e", "\x1a"
# Computed cells carry binary noise far behind the sixth decimal.
NOISE = r"^-?\d+\.\d{7,}$"
MIDNIGHT = " 00:00:00"
SHORTEST_ODD = len(MIDNIGHT)  # noise is as long: 0.1234567


def text_of(rows: pl.DataFrame) -> bytes:
    """Rows of text cells, null for an empty one."""
    rows = _as_people_see(rows)
    text = _joined(rows)
    width, height = rows.width, rows.height
    marks = text.count(SEPARATOR.encode()), text.count(NEWLINE.encode())
    if marks == (height * (width - 1), height):
        return text
    return _joined(rows.with_columns(pl.all().str.replace_all("[\x1e\x1f]", SUBSTITUTE)))


def _joined(rows: pl.DataFrame) -> bytes:
    text = io.BytesIO()
    rows.write_csv(
        text,
        include_header=False,
        separator=SEPARATOR,
        line_terminator=NEWLINE,
        quote_style="never",
    )
    return text.getvalue()


def _as_people_see(rows: pl.DataFrame) -> pl.DataFrame:
    """No .0 behind whole numbers, no midnight behind dates."""
    odd = _columns_with(rows, rows.columns, lambda cell: cell.str.len_bytes() >= SHORTEST_ODD)
    noisy = _columns_with(rows, odd, lambda cell: cell.str.contains(NOISE))
    dated = _columns_with(rows, odd, lambda cell: cell.str.ends_with(MIDNIGHT))
    number = pl.col(noisy).cast(pl.Float64, strict=False).round(6).cast(pl.String)
    is_noise = pl.col(noisy).str.contains(NOISE)
    return rows.with_columns(pl.col(dated).str.strip_suffix(MIDNIGHT)).with_columns(
        pl.when(is_noise).then(number.str.strip_suffix(".0")).otherwise(pl.col(noisy))
    )


def _columns_with(
    rows: pl.DataFrame, names: list[str], has_it: Callable[[pl.Expr], pl.Expr]
) -> list[str]:
    """Few columns have anything to tidy up, and tidying up copies a column."""
    found = rows.select(has_it(pl.col(names)).any()).row(0) if names else ()
    return [name for name, is_found in zip(names, found, strict=True) if is_found]
