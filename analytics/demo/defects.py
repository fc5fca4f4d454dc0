"""Rows an importer must refuse: fourteen ways in which a line of a member bill can be bad."""

import numpy as np
import polars as pl

from analytics.demo.dialects import Dialect, joined
from analytics.demo.numbers import SERIALS, mobile_numbers

KINDS = (
    "scientific_number",
    "short_number",
    "foreign_number",
    "missing_number",
    "duplicate_number",
    "unknown_client",
    "missing_client",
    "missing_total",
    "total_not_money",
    "unknown_status",
    "missing_status",
    "impossible_period",
    "stray_quote",
    "ragged_row",
)
"""duplicate_number repeats the number of an earlier good row: the later row is the bad one."""
_LINE_KINDS = ("stray_quote", "ragged_row")
CELL_KINDS = tuple(kind for kind in KINDS if kind not in _LINE_KINDS)
"""The kinds that make sense in a workbook."""
UNKNOWN_CLIENT = "999999999"
_FIXED = {
    "scientific_number": ("msisdn", "1.38E+10"),
    "missing_number": ("msisdn", ""),
    "unknown_client": ("client_code", UNKNOWN_CLIENT),
    "missing_client": ("client_code", ""),
    "missing_total": ("total", ""),
    "total_not_money": ("total", "#VALUE!"),
    "unknown_status": ("status", "待核实"),
    "missing_status": ("status", ""),
}


def spoiled(good: pl.DataFrame, sources: np.ndarray, kinds: np.ndarray, used: int) -> pl.DataFrame:
    """Copies of the good rows at `sources`, each with a number of its own and one defect.

    `good` holds text cells; `used` counts the bad rows the month already has. The column
    `_kind` says which defect a row has; stray_quote and ragged_row appear in `bad_lines`.
    """
    serials = SERIALS - 1 - used - np.arange(len(sources))
    fresh = pl.Series(mobile_numbers(serials)).cast(pl.String)
    rows = good[sources].with_columns(_kind=pl.Series(kinds.tolist(), dtype=pl.String), _own=fresh)
    kind, own = pl.col("_kind"), pl.col("_own")
    number = (
        pl.when(kind == "duplicate_number")
        .then(pl.col("msisdn"))
        .when(kind == "short_number")
        .then(own.str.slice(0, 10))
        .when(kind == "foreign_number")
        .then(pl.lit("2") + own.str.slice(1))
        .when(kind == "stray_quote")
        .then(own + '"')
        .otherwise(own)
    )
    period = pl.col("period").str.replace(r"(\d{4}\D?)\d\d?", "${1}13")
    rows = rows.with_columns(
        msisdn=number,
        period=pl.when(kind == "impossible_period").then(period).otherwise(pl.col("period")),
    )
    for name, (column, text) in _FIXED.items():
        spoilt = pl.when(kind == name).then(pl.lit(text)).otherwise(pl.col(column))
        rows = rows.with_columns(spoilt.alias(column))
    return rows.drop("_own")


def bad_lines(rows: pl.DataFrame, dialect: Dialect) -> pl.Series:
    """A ragged row breaks off after four cells, too few for the five required columns."""
    whole = joined(rows.drop("_kind"), dialect)
    start = whole.str.splitn(dialect.separator, 5).struct.unnest()
    broken = start.select(pl.concat_str(start.columns[:4], separator=dialect.separator)).to_series()
    return whole.zip_with(rows["_kind"] != "ragged_row", broken)
