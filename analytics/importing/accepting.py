"""The fast path for member bills: whole columns at a time, no Python per row.

It accepts only rows it is sure of and hands every other row to `checking`, so it can be slow
or too careful but never wrong. Words and dates come in few different values: each different
one is read once by the same function that checks single rows, and the answer is looked up.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from typing import Any, NamedTuple

import polars as pl

from accounts.choices import PaymentMethod, Tier
from analytics.choices import FeeCategory, ImportKind
from analytics.importing.checking import read_cell
from analytics.importing.columns import CLIENT_CODE, Column
from analytics.importing.problems import CellError
from analytics.importing.reading import LINE, Header

CATEGORIES = tuple(category.value for category in FeeCategory)
SIGNED_MONEY = (*CATEGORIES, "total")
UNSIGNED_MONEY = ("discount", "arrears")
EPOCH = date(2000, 1, 1)  # PostgreSQL counts days from here.
# More different values than this in one column are not words but noise.
MAX_WORDS = 50_000

# Up to 7 digits of yuan fit four bytes of fen.
_SIGNED = r"^-?[0-9]{1,7}(\.[0-9]{1,2})?$"
_UNSIGNED = r"^[0-9]{1,7}(\.[0-9]{1,2})?$"
# Printable ASCII is the same before and after the judge has tidied it up.
# An apostrophe in front may be our own (`restored`).
_PLAIN_CODE = r"^[!-&(-~][!-~]{0,31}$"
_CONTROL = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]"
MAX_NAME = 200  # bytes, so that it is certainly not more characters

SCHEMA: dict[str, pl.DataType | type[pl.DataType]] = {
    LINE: pl.Int32,
    "period": pl.Int32,
    "client": pl.Int32,
    "msisdn": pl.Int64,
    "status": pl.Int16,
    "tier": pl.Int16,
    "joined_on": pl.Int32,
    "corporate_paid": pl.Int16,
    **dict.fromkeys((*CATEGORIES, "discount", "total", "arrears"), pl.Int32),
    "payment_method": pl.Int16,
    "points": pl.Int32,
}
NOT_NEEDED = (LINE, "client", "joined_on")
WORD_DEFAULTS = {
    "tier": int(Tier.NONE),
    "corporate_paid": 0,
    "payment_method": int(PaymentMethod.UNKNOWN),
}


def as_number(value: Any) -> int:
    """A typed value as the integer that the fast path and the COPY carry."""
    return (value - EPOCH).days if isinstance(value, date) else int(value)


@dataclass
class LookUp:
    """Numbers by text, kept in the form that polars looks thousands of cells up in."""

    known: dict[str, int] = field(default_factory=dict)
    _keys: pl.Series = field(default_factory=lambda: pl.Series([], dtype=pl.String))
    _values: pl.Series = field(default_factory=lambda: pl.Series([], dtype=pl.Int32))

    def number_of(self, cell: pl.Expr) -> pl.Expr:
        """The number of each text, null for the others. Texts are only ever added."""
        if len(self._keys) != len(self.known):
            self._keys = pl.Series(list(self.known), dtype=pl.String)
            self._values = pl.Series(list(self.known.values()), dtype=pl.Int32)
        return cell.replace_strict(self._keys, self._values, default=None, return_dtype=pl.Int32)


@dataclass
class Words(LookUp):
    """Remembers for one column which text means which number; texts not accepted are absent."""

    column: Column = field(kw_only=True)
    refused: set[str] = field(default_factory=set)

    def learn(self, texts: pl.Series) -> None:
        fresh = [t for t in texts.to_list() if t not in self.known and t not in self.refused]
        for text in fresh[: MAX_WORDS - len(self.known) - len(self.refused)]:
            try:
                value = read_cell(self.column, text)
            except CellError:
                value = None
            if value is None:
                self.refused.add(text)
            else:
                self.known[text] = as_number(value)


class Verdict(NamedTuple):
    """`accepted`: typed rows in SCHEMA. The others are rows of the block's frame.

    `unknown_client`: nothing is wrong but that no client has the code; `rest`: not sure.
    """

    accepted: pl.DataFrame
    unknown_client: pl.DataFrame
    rest: pl.DataFrame


@dataclass
class FastPath:
    """Turns the frame of a block into typed rows, as far as it is sure.

    `clients`: the index of each client code; may grow between two blocks.
    """

    header: Header
    period: date | None
    clients: Mapping[str, int]
    words: dict[str, Words] = field(default_factory=dict)
    _codes: LookUp = field(default_factory=LookUp)
    _codes_seen: int = 0

    def __post_init__(self) -> None:
        by_name = {column.name: column for column in self.header.columns(ImportKind.MEMBER_BILL)}
        for name in ("period", "status", "tier", "joined_on", "corporate_paid", "payment_method"):
            if name in self.header.positions:
                self.words[name] = Words(column=by_name[name])

    def accept(self, frame: pl.DataFrame) -> Verdict:
        """Part the rows of a block's frame."""
        for name, words in self.words.items():
            words.learn(frame.select(self._cell(name).unique().drop_nulls()).to_series())
        typed = frame.select(
            pl.col(LINE),
            *(self._typed(name) for name in SCHEMA if name != LINE),
            self._is_harmless().alias("is_harmless"),
            self._is_given("joined_on").alias("has_date"),
            self._cell("client_code").str.contains(_PLAIN_CODE).alias("has_plain_code"),
        )
        sure = typed.select(
            pl.col("is_harmless"),
            # An empty date is fine, a date nobody could read is not.
            ~pl.col("has_date") | pl.col("joined_on").is_not_null(),
            *(pl.col(name).is_not_null() for name in SCHEMA if name not in NOT_NEEDED),
        ).select(pl.all_horizontal(pl.all()))
        known = typed["client"].is_not_null()
        accepted = sure.to_series() & known
        if accepted.all():
            return Verdict(typed.select(*SCHEMA), frame.clear(), frame.clear())
        unknown = sure.to_series() & ~known & typed["has_plain_code"].fill_null(value=False)
        return Verdict(
            typed.filter(accepted).select(*SCHEMA),
            frame.filter(unknown),
            frame.filter(~accepted & ~unknown),
        )

    def _cell(self, name: str) -> pl.Expr:
        return pl.col(f"c{self.header.positions[name]}")

    def _is_given(self, name: str) -> pl.Expr:
        return self._cell(name).is_not_null() if name in self.header.positions else pl.lit(False)

    def _is_harmless(self) -> pl.Expr:
        """The client's name is not loaded, but the judge looks at it."""
        if "client_name" not in self.header.positions:
            return pl.lit(True)
        name = self._cell("client_name")
        sure = (name.str.len_bytes() <= MAX_NAME) & ~name.str.contains(_CONTROL)
        return name.is_null() | sure

    def _typed(self, name: str) -> pl.Expr:
        """The column as numbers; null where not sure."""
        if name not in self.header.positions:
            return self._absent(name).cast(SCHEMA[name]).alias(name)
        cell = self._cell(name)
        typed: pl.Expr
        if name == "msisdn":
            number = pl.when(cell.str.len_bytes() == 11).then(cell).cast(pl.Int64, strict=False)
            typed = pl.when(number.is_between(10_000_000_000, 19_999_999_999)).then(number)
        elif name in SIGNED_MONEY:
            typed = _fen(cell, _SIGNED, default=None if name == "total" else 0)
        elif name in UNSIGNED_MONEY:
            typed = _fen(cell, _UNSIGNED, default=0)
        elif name == "points":
            sure = pl.when(cell.str.contains(r"^-?[0-9]{1,9}$")).then(cell)
            typed = pl.when(cell.is_null()).then(0).otherwise(sure.cast(pl.Int32, strict=False))
        else:
            typed = self._word(name, cell)
        return typed.cast(SCHEMA[name]).alias(name)

    def _absent(self, name: str) -> pl.Expr:
        """What a column holds that the file does not have."""
        if name == "client":
            return self._known_codes().number_of(self._cell("client_code"))
        if name == "period":
            return pl.lit(as_number(self.period) if self.period else None)
        if name == "joined_on":
            return pl.lit(None)
        return pl.lit(0)

    def _known_codes(self) -> LookUp:
        """Codes that the judge reads unchanged; the others, it may take for each other."""
        new = islice(self.clients.items(), self._codes_seen, None)
        self._codes.known |= {code: index for code, index in new if _is_read_unchanged(code)}
        self._codes_seen = len(self.clients)
        return self._codes

    def _word(self, name: str, cell: pl.Expr) -> pl.Expr:
        found = self.words[name].number_of(cell)
        if name == "period" and self.period:
            # A month that contradicts the upload is the judge's business.
            given = as_number(self.period)
            return (
                pl.when(cell.is_null()).then(given).otherwise(pl.when(found == given).then(given))
            )
        default = WORD_DEFAULTS.get(name)
        return found if default is None else pl.when(cell.is_null()).then(default).otherwise(found)


def _is_read_unchanged(code: str) -> bool:
    try:
        return read_cell(CLIENT_CODE, code) == code
    except CellError:
        return False


def _fen(cell: pl.Expr, pattern: str, *, default: int | None) -> pl.Expr:
    """Plain yuan with at most two decimals as fen; exact, because the decimals were counted."""
    sure = pl.when(cell.str.contains(pattern)).then(cell)
    fen = (sure.cast(pl.Float64, strict=False) * 100).round().cast(pl.Int32)
    return fen if default is None else pl.when(cell.is_null()).then(default).otherwise(fen)
