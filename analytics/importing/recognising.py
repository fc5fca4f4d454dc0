"""A first look at a file nobody has said anything about: what is in it, and what it may mean.

The whole file is read once, whole columns at a time. A `Look` is kept on the import as JSON, so
that the page can show any mapping without opening the file again.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from difflib import SequenceMatcher
from typing import Any

import polars as pl

from analytics.importing import cells
from analytics.importing.checking import read_cell
from analytics.importing.columns import (
    FORMATS,
    OWN_COLUMNS,
    Column,
    columns_by_key,
    header_key,
)
from analytics.importing.loading import Totals
from analytics.importing.problems import CellError
from analytics.importing.reading import Block, Chosen, Source
from analytics.importing.remembered import as_chosen, find_mapping
from crm.lib.masking import masked

# Columns further right than this are left out: no bill has so many, and a page cannot show them.
MAX_COLUMNS = 120
SHOWN_SAMPLES = 3
SAMPLES = 50
SAMPLE_ROWS = 500
SAMPLE_LENGTH = 40
# More different values than this in one column are no words.
MAX_VALUES = 200
LIKELY = 0.6
_NUMBER = re.compile(r"(?<!\d)1(?:[ -]?\d){10}(?!\d)")

NAMED, REMEMBERED, GUESSED = "named", "remembered", "guessed"


@dataclass(frozen=True)
class Guess:
    """Our column for one column of the file ("" for none) and how it was found."""

    column: str = ""
    how: str = ""


@dataclass
class Look:
    """What is in a file. Lists follow its columns.

    `values`: how often each value occurs, None where they are too many to be words.
    `guesses`: for each kind what its columns may be. Phone numbers are masked.
    """

    names: list[str]
    encoding: str = ""
    delimiter: str = ""
    rows: int = 0
    kind: str = ""
    samples: list[list[str]] = field(default_factory=list)
    values: list[dict[str, int] | None] = field(default_factory=list)
    guesses: dict[str, list[Guess]] = field(default_factory=dict)
    # For kinds with a remembered mapping: its words, and who confirmed it when.
    words: dict[str, dict[str, dict[str, str | None]]] = field(default_factory=dict)
    confirmed: dict[str, list[str]] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> "Look":
        guesses = {
            kind: [Guess(**guess) for guess in guesses]
            for kind, guesses in stored["guesses"].items()
            if kind in FORMATS
        }
        return cls(**{**stored, "guesses": guesses})


class Looker:
    """Takes the blocks of one file and ends with a `Look`."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._width = min(len(source.header.names), MAX_COLUMNS)
        self._counts: list[Counter[str] | None] = [Counter() for _ in range(self._width)]
        self._samples: list[dict[str, None]] = [{} for _ in range(self._width)]
        self.totals = Totals()

    def take(self, block: Block) -> None:
        good = [odd.cells for odd in block.odd if not odd.problem]
        self._sample(block, good)
        self._count(block.rows.frame, good)
        self.totals.read += block.rows.height + len(block.odd)

    def _sample(self, block: Block, odd: list[list[str]]) -> None:
        if self.totals.read >= SAMPLE_ROWS:
            return
        rows = [row for _, row in block.rows.first(SAMPLE_ROWS).cells()] + odd[:SAMPLE_ROWS]
        for row in rows:
            for kept, cell in zip(self._samples, row, strict=False):
                if cell.strip() and len(kept) < SAMPLES:
                    kept[cell.strip()] = None

    def _count(self, frame: pl.DataFrame, odd: list[list[str]]) -> None:
        for position, counts in enumerate(self._counts):
            if counts is None:
                continue
            found = frame[f"c{position}"].drop_nulls().value_counts()
            if found.height > MAX_VALUES:
                self._counts[position] = None
                continue
            counts.update(dict(found.iter_rows()))
            counts.update(row[position] for row in odd if row[position].strip())
            if len(counts) > MAX_VALUES:
                self._counts[position] = None

    def finish(self) -> Look:
        names = self._source.header.names[: self._width]
        samples = [list(kept) for kept in self._samples]
        stored = {kind: find_mapping(self._source.header.names, kind) for kind in FORMATS}
        known = {kind: mapping for kind, mapping in stored.items() if mapping}
        chosen = {kind: as_chosen(mapping, names) for kind, mapping in known.items()}
        guesses = {kind: guess_columns(names, samples, kind, chosen.get(kind)) for kind in FORMATS}
        return Look(
            names=[without_numbers(name) for name in names],
            encoding=self._source.encoding,
            delimiter=self._source.delimiter,
            rows=self.totals.read,
            kind=max(FORMATS, key=lambda kind: _likelihood(guesses[kind], kind)),
            samples=[
                [without_numbers(text)[:SAMPLE_LENGTH] for text in texts[:SHOWN_SAMPLES]]
                for texts in samples
            ],
            values=[
                None if counts is None or _are_numbers(counts) else dict(counts.most_common())
                for counts in self._counts
            ],
            guesses=guesses,
            words={kind: mapping.words for kind, mapping in known.items()},
            confirmed={
                kind: [str(mapping.updated_by or ""), f"{mapping.updated_at:%Y-%m-%d}"]
                for kind, mapping in known.items()
            },
        )


def without_numbers(text: str) -> str:
    """A text of the user with every phone number in it masked (P35)."""
    return _NUMBER.sub(lambda found: masked(int(re.sub(r"\D", "", found[0]))), text)


def _are_numbers(counts: Counter[str]) -> bool:
    """Phone numbers are no words, and must not be kept as such."""
    return any(_NUMBER.search(text) for text in counts)


def guess_columns(
    names: Sequence[str], samples: Sequence[Sequence[str]], kind: str, chosen: Chosen | None
) -> list[Guess]:
    """What each column of the file may be: as remembered, else by name, else by likeness."""
    guesses = [Guess()] * len(names)
    if chosen is not None:
        for name, position in chosen.positions.items():
            if position < len(names):
                guesses[position] = Guess(name, REMEMBERED)
        return guesses
    known = columns_by_key(kind)
    free = {column.name: column for column in FORMATS[kind]}
    for position, name in enumerate(names):
        column = known.get(header_key(name))
        if column is not None and column.name in free:
            guesses[position] = Guess(free.pop(column.name).name, NAMED)
    pairs = [
        (score, position, column.name)
        for position, name in enumerate(names)
        if not guesses[position].column and header_key(name) not in OWN_COLUMNS
        for column in free.values()
        if (score := _score(name, samples[position], column)) >= LIKELY
    ]
    for _, position, column_name in sorted(pairs, key=lambda pair: (-pair[0], *pair[1:])):
        if column_name in free and not guesses[position].column:
            free.pop(column_name)
            guesses[position] = Guess(column_name, GUESSED)
    return guesses


def _score(name: str, samples: Sequence[str], column: Column) -> float:
    """How likely it is, about 0 to 1, that a column of the file is this one of ours."""
    if column.parse is cells.ignored:
        return 0
    fits = _share_read(samples, column)
    if fits < 0.8 and column.choice is None:
        return 0
    similarity = max(
        _similarity(header_key(name), header_key(spelling))
        for spelling in (column.name, *column.aliases)
    )
    if not samples:
        return similarity
    content = 0.0
    if column.choice:
        # 0 and 1 are words of yes and no, but also of everything else.
        content = 0.65 if fits >= 0.5 and not all(text.isdigit() for text in samples) else 0
    elif column.parse in (cells.msisdn, cells.period, cells.email):
        content = 0.65
    elif column.parse in (cells.day, cells.moment, cells.birthday):
        content = 0.2
    elif column.parse is cells.money and not column.is_required:
        content = -0.1  # fees are named alike and look alike
    return similarity + content + 0.1 * column.is_required


def _similarity(name: str, spelling: str) -> float:
    if not name:
        return 0
    if len(spelling) >= 2 and spelling in name:
        return 0.6 + 0.2 * len(spelling) / len(name)
    if len(name) >= 2 and name in spelling:
        return 0.5 + 0.2 * len(name) / len(spelling)
    return SequenceMatcher(None, name, spelling).ratio()


def _share_read(samples: Sequence[str], column: Column) -> float:
    """The share of the values that the column can read, 1 when there are none."""
    good = 0
    for text in samples:
        try:
            read_cell(column, text)
            good += 1
        except CellError:
            pass
    return good / len(samples) if samples else 1


def _likelihood(guesses: Sequence[Guess], kind: str) -> float:
    """By how much of what the kind needs is there, and how much of what is there it knows."""
    how = {guess.column: guess.how for guess in guesses if guess.column}
    if REMEMBERED in how.values():
        return 10
    worth = {NAMED: 1.0, GUESSED: 0.5}
    needed = [column.name for column in FORMATS[kind] if column.is_required]
    there = sum(worth[how[name]] for name in needed if name in how) / len(needed)
    return there + sum(worth[each] for each in how.values()) / max(len(guesses), 1)


@dataclass(frozen=True)
class OwnWord:
    """A word of the file that one of our columns does not know."""

    column: str
    word: str
    count: int


def own_words(look: Look, kind: str, positions: dict[str, int]) -> list[OwnWord]:
    """Under this mapping, the words nobody has explained yet, most frequent first."""
    found = []
    for column in FORMATS[kind]:
        position = positions.get(column.name)
        if column.choice is None or position is None or position >= len(look.values):
            continue
        counts: Counter[str] = Counter()
        for text, count in (look.values[position] or {}).items():
            for word in column.choice.words_in(text):
                if word and not column.choice.knows(word):
                    counts[word] += count
        found += [OwnWord(column.name, word, count) for word, count in counts.most_common()]
    return found


def too_many_words(look: Look, kind: str, positions: dict[str, int]) -> list[str]:
    """Columns of words that have so many different values that they cannot be words."""
    return [
        column.name
        for column in FORMATS[kind]
        if column.choice
        and (position := positions.get(column.name)) is not None
        and (position >= len(look.values) or look.values[position] is None)
    ]
