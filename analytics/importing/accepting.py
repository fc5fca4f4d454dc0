"""The fast path for member bills: a compiled pass over the bytes, no Python per row.

It accepts only rows it is sure of and hands every other row to `checking`, so it can be slow
or too careful but never wrong. Words and dates come in few different values: each different
one is read once by the same function that checks single rows, and the answer is looked up.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from accounts.choices import PaymentMethod, Tier
from analytics.choices import ImportKind
from analytics.importing.bills import CATEGORIES, FIELDS, NO_DATE, Bills, as_number
from analytics.importing.checking import read_cell
from analytics.importing.columns import CLIENT_CODE, Column
from analytics.importing.problems import CellError
from analytics.importing.reading import Header
from analytics.importing.rows import Rows

if TYPE_CHECKING:
    from analytics.importing import compiled

SIGNED_MONEY = (*CATEGORIES, "total")
UNSIGNED_MONEY = ("discount", "arrears")
WORDS = ("period", "status", "tier", "joined_on", "corporate_paid", "payment_method")
# More different values than this in one column are not words but noise.
MAX_WORDS = 50_000
# New words that one pass over a block may find.
NEW_WORDS = 4096

# What an empty cell stands for where one may be empty.
DEFAULTS = {
    **dict.fromkeys((*CATEGORIES, *UNSIGNED_MONEY, "points", "corporate_paid", "client_name"), 0),
    "joined_on": NO_DATE,
    "tier": int(Tier.NONE),
    "payment_method": int(PaymentMethod.UNKNOWN),
}


@dataclass
class KnownTexts:
    """What texts of columns mean. They are only ever added."""

    _texts: list[bytes] = field(default_factory=list)
    _columns: list[int] = field(default_factory=list)
    _numbers: list[int] = field(default_factory=list)
    _arrays: "compiled.Texts | None" = None

    def add(self, column: int, text: bytes, number: int) -> None:
        self._texts.append(text)
        self._columns.append(column)
        self._numbers.append(number)
        self._arrays = None

    def arrays(self) -> "compiled.Texts":
        """They as compiled code looks them up."""
        if self._arrays is None:
            self._arrays = self._entered()
        return self._arrays

    def _entered(self) -> "compiled.Texts":
        from analytics.importing import compiled  # noqa: PLC0415 -- 100 MB, see there

        texts = compiled.Texts(
            np.frombuffer(b"".join(self._texts) or b" ", np.uint8),  # refuses to be empty
            np.cumsum([0, *map(len, self._texts)]),
            np.array(self._columns, np.int64),
            np.array(self._numbers, np.int64),
            np.full(1 << (2 * len(self._texts)).bit_length(), compiled.MISSING, np.int64),
        )
        compiled.enter_texts(texts)
        return texts


class Verdict(NamedTuple):
    """Which rows of a block are what.

    `unknown_client`: nothing is wrong but that no client has the code; `rest`: not sure.
    """

    accepted: Bills
    unknown_client: Rows
    rest: Rows


class FastPath:
    """Turns the rows of a block into typed ones, as far as it is sure."""

    def __init__(self, header: Header, period: date | None, clients: Mapping[str, int]) -> None:
        """`clients`: the index of each client code; may grow between two blocks."""
        from analytics.importing import compiled  # noqa: PLC0415 -- 100 MB, see there

        self._compiled = compiled
        self._positions = header.positions
        self._period = as_number(period) if period else None
        self._clients = clients
        self._codes_seen = 0
        by_name = {column.name: column for column in header.columns(ImportKind.MEMBER_BILL)}
        self._words = {
            header.positions[name]: by_name[name] for name in WORDS if name in header.positions
        }
        self._learnt = dict.fromkeys(self._words, 0)
        self._known = KnownTexts()
        self._kinds, self._defaults = self._columns(len(header.names))

    def accept(self, rows: Rows) -> Verdict:
        """Part the rows of a block."""
        self._learn_codes()
        numbers, verdicts = self._read(rows)
        if "period" not in self._positions and self._period is None:
            verdicts[:] = self._compiled.UNSURE
        accepted = verdicts == self._compiled.SURE
        unknown = verdicts == self._compiled.UNKNOWN
        return Verdict(
            self._typed(rows.numbers, numbers, accepted),
            rows.only(unknown),
            rows.only(~accepted & ~unknown),
        )

    def _columns(self, width: int) -> tuple[np.ndarray, np.ndarray]:
        """Kind and default of each column of the file."""
        kinds = np.full(width, self._compiled.SKIPPED, np.int64)
        defaults = np.zeros(width, np.int64)
        for name, kind in self._kinds_by_name().items():
            if (position := self._positions.get(name)) is not None:
                kinds[position] = kind
                defaults[position] = self._default(name)
        return kinds, defaults

    def _kinds_by_name(self) -> dict[str, int]:
        kinds = self._compiled
        return {
            "client_code": kinds.CODE,
            "client_name": kinds.NAME,
            "msisdn": kinds.MSISDN,
            "points": kinds.POINTS,
            **dict.fromkeys(SIGNED_MONEY, kinds.MONEY),
            **dict.fromkeys(UNSIGNED_MONEY, kinds.UNSIGNED_MONEY),
            **dict.fromkeys(WORDS, kinds.WORD),
        }

    def _default(self, name: str) -> int:
        if name == "period" and self._period is not None:
            return self._period
        return DEFAULTS.get(name, self._compiled.REFUSED)

    def _read(self, rows: Rows) -> tuple[np.ndarray, np.ndarray]:
        """Numbers (columns, rows) and verdicts (rows)."""
        raw = np.frombuffer(rows.raw, np.uint8)
        layout = self._compiled.Layout(self._kinds, self._defaults, ord(rows.delimiter))
        numbers = np.empty((rows.width, rows.height), np.int64)
        verdicts = np.empty(rows.height, np.uint8)
        self._compiled.read_rows(raw, rows.starts, rows.ends, layout, numbers, verdicts)
        for column in (self._positions["client_code"], *self._words):
            known = self._look_up(raw, rows, layout, column, numbers[column])
            np.maximum(verdicts, known, out=verdicts)
        return numbers, verdicts

    def _look_up(
        self,
        raw: np.ndarray,
        rows: Rows,
        layout: "compiled.Layout",
        column: int,
        numbers: np.ndarray,
    ) -> np.ndarray:
        """Fill the numbers of a column of texts; verdicts. Again for words just learnt."""
        verdicts = np.full(rows.height, self._compiled.NEW, np.uint8)
        new_words = np.empty((NEW_WORDS, 2), np.int64)
        while (left := np.flatnonzero(verdicts == self._compiled.NEW)).size:
            texts, found = self._known.arrays(), numbers[left]
            known = np.empty(left.size, np.uint8)
            count = self._compiled.look_up(
                raw, rows.ends[left], layout, column, texts, found, known, new_words
            )
            numbers[left], verdicts[left] = found, known
            words = {rows.raw[start:end] for start, end in new_words[:count].tolist()}
            if not self._learn_words(column, words):
                break
        return verdicts

    def _learn_words(self, column: int, words: set[bytes]) -> bool:
        """Whether any were learnt: there are words, and no more than MAX_WORDS yet."""
        room = MAX_WORDS - self._learnt[column] if words else 0
        for word in islice(words, room):
            self._learnt[column] += 1
            self._known.add(column, word, self._meaning(self._words[column], word.decode()))
        return room > 0

    def _meaning(self, column: Column, text: str) -> int:
        try:
            value = read_cell(column, text)
        except CellError:
            value = None
        if value is None:
            return self._compiled.REFUSED
        number = as_number(value)
        # A month that contradicts the upload is the judge's business.
        is_other_month = column.name == "period" and self._period not in (None, number)
        return self._compiled.REFUSED if is_other_month else number

    def _learn_codes(self) -> None:
        """Codes that the judge reads unchanged; the others, it may take for each other."""
        if self._codes_seen == len(self._clients):
            return
        position = self._positions["client_code"]
        for code, index in islice(self._clients.items(), self._codes_seen, None):
            if _is_read_unchanged(code):
                self._known.add(position, code.encode(), index)
        self._codes_seen = len(self._clients)

    def _typed(self, lines: np.ndarray, numbers: np.ndarray, accepted: np.ndarray) -> Bills:
        typed = np.empty((len(FIELDS), np.count_nonzero(accepted)), np.int64)
        for row, name in zip(typed, FIELDS, strict=True):
            position = self._positions.get("client_code" if name == "client" else name)
            row[:] = self._default(name) if position is None else numbers[position][accepted]
        typed[0] = lines[accepted]
        return Bills(typed)


def warm_up() -> None:
    """Load the compiled code; compile it, some seconds, where that was never done."""
    names = ["client_code", "msisdn", "status", "total"]
    raw = ",".join(names).encode()
    header = Header(names, {name: place for place, name in enumerate(names)})
    edges = np.zeros(1, np.int64), np.full(1, len(raw))
    FastPath(header, None, {}).accept(Rows(raw, *edges, np.ones(1, np.int64), len(names), ","))


def _is_read_unchanged(code: str) -> bool:
    try:
        return read_cell(CLIENT_CODE, code) == code
    except CellError:
        return False
