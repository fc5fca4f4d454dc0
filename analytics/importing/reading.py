"""Any accepted file as blocks of text cells, with flat memory.

A block has two kinds of lines: those with exactly as many cells as the header and no quotation
mark are `Rows`; all others are handed over one by one as `OddLine`.
"""

import codecs
import csv
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import BinaryIO, NamedTuple, Protocol

import numpy as np
from django.conf import settings

from analytics.importing.columns import (
    FORMATS,
    OWN_COLUMNS,
    Column,
    columns_by_key,
    header_key,
)
from analytics.importing.encodings import encoding_of
from analytics.importing.lines import Lines, unix_lines
from analytics.importing.problems import FileRefused
from analytics.importing.rows import Rows
from analytics.importing.workbooks import parts_of
from crm.lib.text import listed

BLOCK_BYTES = 2 * 1024 * 1024
SAMPLE_BYTES = 64 * 1024
UTF8 = ("utf-8", "utf-8-sig")
DELIMITERS = ",;\t"
# A quoted cell may contain line breaks; more than this is a quotation mark gone astray.
MAX_LINES_OF_A_ROW = 20


@dataclass(frozen=True)
class OddLine:
    """A line the fast reader would not split: its number, its cells, and what is wrong if known."""

    number: int
    cells: list[str]
    problem: str = ""


@dataclass(frozen=True)
class Block:
    """`done`: bytes read so far."""

    rows: Rows
    odd: list[OddLine]
    done: int

    def cells_of(self, lines: Sequence[int]) -> list[tuple[int, list[str]]]:
        """The user's own cells of some of its lines, in their order."""
        cells = dict(self.rows.only(np.isin(self.rows.numbers, lines)).cells())
        cells |= {odd.number: odd.cells for odd in self.odd if odd.number in lines}
        return sorted(cells.items())


# Column -> their word -> one of ours, "" for an empty cell, None for the quarantine.
Words = Mapping[str, Mapping[str, str | None]]


@dataclass(frozen=True)
class Chosen:
    """How a person wants a header to be read: position of each column, and their own words."""

    positions: Mapping[str, int]
    words: Words = field(default_factory=dict)


@dataclass(frozen=True)
class Header:
    """The header line as the user wrote it and what we made of it."""

    names: list[str]
    positions: dict[str, int]
    ignored: list[str] = field(default_factory=list)
    words: Words = field(default_factory=dict)

    def columns(self, kind: str) -> tuple[Column, ...]:
        """The kind's columns as this file's cells are read: they know its own words."""
        return tuple(
            column.with_words(self.words[column.name]) if column.name in self.words else column
            for column in FORMATS[kind]
        )


# The header's names -> how to read them; None when their names say it.
Choose = Callable[[Sequence[str]], Chosen | None]
HeaderMapper = Callable[[Sequence[str]], Header]


class Source(Protocol):
    """An opened file."""

    header: Header
    encoding: str
    delimiter: str
    total_bytes: int

    def blocks(self) -> Iterator[Block]: ...


def by_name(names: Sequence[str]) -> None:
    """Nobody said anything about the header."""


def open_source(file: BinaryIO, size: int, kind: str, choose: Choose = by_name) -> Source:
    """Recognise the file and map its header to the kind's columns, or raise FileRefused."""
    return _open(file, size, lambda names: map_header(names, kind, choose(names)))


def open_unmapped(file: BinaryIO, size: int) -> Source:
    """Recognise the file before anybody knows what its columns are."""
    return _open(file, size, lambda names: Header(list(names), {}))


def _open(file: BinaryIO, size: int, mapper: HeaderMapper) -> Source:
    if size > settings.IMPORT_MAX_BYTES:
        raise FileRefused("too_large", limit=settings.IMPORT_MAX_BYTES // 1024**2)
    file.seek(0)
    sample = file.read(SAMPLE_BYTES)
    if not sample.strip(b"\xef\xbb\xbf \r\n\t\xff\xfe"):
        raise FileRefused("empty_file")
    if sample.startswith(b"PK\x03\x04"):
        return WorkbookSource(file, size, mapper)
    if sample.startswith(b"\xd0\xcf\x11\xe0"):
        raise FileRefused("old_excel")
    return TextSource(file, size, mapper, sample)


def map_header(names: Sequence[str], kind: str, chosen: Chosen | None = None) -> Header:
    """Find the kind's columns as a person chose them, else by name or alias, in any order."""
    known = columns_by_key(kind)
    header = _as_chosen(names, chosen) if chosen else _by_name(names, known)
    missing = [
        f"{column.name} ({column.label})"
        for column in dict.fromkeys(known.values())
        if column.is_required and column.name not in header.positions
    ]
    if missing:
        raise FileRefused(
            "missing_columns",
            columns=listed(missing),
            found=listed(name.strip()[:40] for name in names if name.strip())[:500] or "–",
        )
    return header


def _as_chosen(names: Sequence[str], chosen: Chosen) -> Header:
    positions = {
        name: position for name, position in chosen.positions.items() if position < len(names)
    }
    used = set(positions.values())
    ignored = [
        name.strip()[:100]
        for position, name in enumerate(names)
        if position not in used and name.strip() and header_key(name) not in OWN_COLUMNS
    ]
    return Header(list(names), positions, ignored, chosen.words)


def _by_name(names: Sequence[str], known: Mapping[str, Column]) -> Header:
    positions: dict[str, int] = {}
    ignored = []
    for position, name in enumerate(names):
        column = known.get(header_key(name))
        if column is None:
            if name.strip() and header_key(name) not in OWN_COLUMNS:
                ignored.append(name.strip()[:100])
        elif column.name in positions:
            raise FileRefused("duplicate_columns", column=name.strip())
        else:
            positions[column.name] = position
    return Header(list(names), positions, ignored)


class TextSource:
    """CSV in UTF-8, UTF-16 or GB18030; comma, semicolon or tab."""

    def __init__(self, file: BinaryIO, size: int, mapper: HeaderMapper, sample: bytes) -> None:
        self._file = file
        self.total_bytes = size
        self.encoding = encoding_of(file, sample)
        self._header_line, self._lines_before = self._find_header()
        self.delimiter = _delimiter(self._header_line)
        names = next(csv.reader([self._header_line], delimiter=self.delimiter))
        self.header = mapper(names)

    def _find_header(self) -> tuple[str, int]:
        number = 0
        for raw, _ in self._utf8():
            for line in raw.decode().split("\n"):
                number += 1
                if "\x00" in line:
                    raise FileRefused("not_text")
                if line.strip():
                    return line, number
        raise FileRefused("empty_file")

    def _utf8(self) -> Iterator[tuple[bytes, int]]:
        """Whole lines in UTF-8, block by block, with the bytes read so far."""
        self._file.seek(0)
        decoder = codecs.getincrementaldecoder(self.encoding)()
        rest, lines, done = b"", 0, 0
        while True:
            raw = self._file.read(BLOCK_BYTES)
            try:
                text = decoder.decode(raw, final=not raw)
            except UnicodeDecodeError as error:
                known_good = error.object[: error.start].decode(self.encoding, errors="ignore")
                bad_line = lines + rest.count(b"\n") + known_good.count("\n") + 1
                raise FileRefused("undecodable", line=bad_line, encoding=self.encoding) from None
            if self.encoding not in UTF8:
                raw_lines = rest + text.encode()
            else:
                raw_lines = rest + (raw if done else raw.removeprefix(codecs.BOM_UTF8))
            done += len(raw)
            raw_lines = unix_lines(raw_lines, at_end=not raw)
            if not raw:
                if raw_lines:
                    yield raw_lines, done
                return
            whole, newline, rest = raw_lines.rpartition(b"\n")
            if newline:
                lines += whole.count(b"\n") + 1
                yield whole, done

    def blocks(self) -> Iterator[Block]:
        number, tail, done = 1, b"", 0
        for raw, done in self._utf8():
            lines = Lines(tail + b"\n" + raw if tail else raw)
            quoted = self._quoted_rows(lines, self._skip(lines, number), at_end=False)
            tail = lines.between(quoted.rest, lines.height - 1)
            yield self._block(lines, number, quoted, done)
            number += quoted.rest
        if tail:
            lines = Lines(tail)
            yield self._block(lines, number, self._quoted_rows(lines, 0, at_end=True), done)

    def _skip(self, lines: Lines, first: int) -> int:
        """How many lines of a block belong to the header."""
        return max(0, min(lines.height, self._lines_before - first + 1))

    def _quoted_rows(self, lines: Lines, skip: int, *, at_end: bool) -> "_QuotedRows":
        """Rows over several lines: those that close soon and have as many cells as the header."""
        rows: dict[int, tuple[int, list[str]]] = {}
        if b'"' not in lines.raw:
            return _QuotedRows(rows, lines.height)
        width = len(self.header.names)
        looks_whole = lines.count(self.delimiter) == width - 1
        odd = np.flatnonzero(lines.count('"') % 2)
        edges = [*odd[odd >= skip].tolist(), lines.height]
        position = 0
        while position < len(edges) - 1:
            start, end = edges[position : position + 2]
            position += 1
            if end - start >= MAX_LINES_OF_A_ROW:
                continue
            if end == lines.height:
                return _QuotedRows(rows, end if at_end else start)
            if looks_whole[start : end + 1].all():
                continue  # two stray quotation marks, not one cell over several lines
            cells = self._cells(lines.text(start, end))
            if cells is not None and len(cells) == width:
                rows[start] = end, cells
                position += 1
        return _QuotedRows(rows, lines.height)

    def _block(self, lines: Lines, first: int, quoted: "_QuotedRows", done: int) -> Block:
        """Part the ordinary lines of a block from the odd ones, which are split here.

        `first` is the number of the first line.
        """
        wanted = lines.lengths > 0
        wanted[: self._skip(lines, first)] = False
        wanted[quoted.rest :] = False
        for start, (end, _) in quoted.rows.items():
            wanted[start + 1 : end + 1] = False
        ordinary = lines.count(self.delimiter) == len(self.header.names) - 1
        for mark in ('"', "\x00"):
            if mark.encode() in lines.raw:
                ordinary &= lines.count(mark) == 0
        odd = [
            odd_line
            for index in np.flatnonzero(wanted & ~ordinary).tolist()
            if (odd_line := self._odd_line(lines, first, index, quoted))
        ]
        ordinary &= wanted
        rows = Rows(
            lines.raw,
            lines.starts[ordinary],
            lines.ends[ordinary],
            np.flatnonzero(ordinary) + first,
            len(self.header.names),
            self.delimiter,
        )
        return Block(rows, odd, done)

    def _odd_line(
        self, lines: Lines, first: int, index: int, quoted: "_QuotedRows"
    ) -> OddLine | None:
        """The row that starts on this line; None when it is blank."""
        end, cells = quoted.rows.get(index, (index, None))
        text = lines.text(index, end)
        if cells is None and text.count('"') % 2 == 0:
            cells = self._cells(text)
        number = first + index
        if cells is None:
            is_blank = not text.strip(f"{self.delimiter} \t\x00")
            return None if is_blank else OddLine(number, text.split(self.delimiter), "stray_quote")
        if "\x00" in text:
            return OddLine(number, cells, "control_character")
        if not any(cell.strip() for cell in cells):
            return None
        problem = "" if len(cells) == len(self.header.names) else "ragged"
        return OddLine(number, cells, problem)

    def _cells(self, text: str) -> list[str] | None:
        try:
            rows = list(
                csv.reader(io.StringIO(text, newline=""), delimiter=self.delimiter, strict=True)
            )
        except csv.Error:
            return None
        return rows[0] if len(rows) == 1 else None


class WorkbookSource:
    """The first sheet of an XLSX workbook."""

    encoding = "xlsx"
    delimiter = ""

    def __init__(self, file: BinaryIO, size: int, mapper: HeaderMapper) -> None:
        self.total_bytes = size
        self._parts = parts_of(file)
        first = next((part for part in self._parts if part.rows.height), None)
        if first is None:
            raise FileRefused("empty_file")
        is_header = np.arange(first.rows.height) == 0
        [(_line, names)] = first.rows.only(is_header).cells()
        self.header = mapper(names)
        self._first = first._replace(rows=first.rows.only(~is_header))

    def blocks(self) -> Iterator[Block]:
        """To be asked for once: the workbook is read while they are taken."""
        for part in chain([self._first], self._parts):
            yield Block(part.rows, [], int(self.total_bytes * part.done))


class _QuotedRows(NamedTuple):
    """A block's rows over several lines: first line -> last line and cells.

    `rest` is the line from which on the next block decides, else the height of the block.
    """

    rows: dict[int, tuple[int, list[str]]]
    rest: int


def _delimiter(header_line: str) -> str:
    """The one under which the header names most columns we know, else has most columns.

    The same whatever the kind turns out to be: positions that a person chose must stay true.
    """
    known = set().union(*map(columns_by_key, FORMATS))

    def hits(delimiter: str) -> tuple[int, int]:
        cells = next(csv.reader([header_line], delimiter=delimiter))
        return sum(header_key(cell) in known for cell in cells), len(cells)

    return max(DELIMITERS, key=hits)
