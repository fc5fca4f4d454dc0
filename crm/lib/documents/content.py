"""What a document says, without how it looks. Texts are ready for the reader: translated, formatted."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")  # no letter, not allowed in XML


def printable(text: str) -> str:
    """Without what people paste by accident and no file can hold."""
    return CONTROLS.sub("", text)


@dataclass(frozen=True)
class Text:
    """A paragraph; line breaks stay."""

    text: str
    is_quiet: bool = False


@dataclass(frozen=True)
class Facts:
    """Pairs of label and value; empty values are shown as a dash."""

    pairs: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Column:
    label: str
    is_figure: bool = False  # aligned right, with digits of one width


@dataclass(frozen=True)
class Grid:
    """A table; without rows its `empty` sentence is shown instead."""

    columns: Sequence[Column]
    rows: Sequence[Sequence[str]]
    empty: str = ""
    note: str = ""

    @property
    def cells(self) -> Iterator[list[tuple[Column, str]]]:
        """Row by row, each cell with its column."""
        return (list(zip(self.columns, row, strict=True)) for row in self.rows)


@dataclass(frozen=True)
class Figure:
    """A bar for each label. Labels and values are short and Latin (months, numbers)."""

    title: str
    labels: Sequence[str]
    values: Sequence[float]


Block = Text | Facts | Grid | Figure


@dataclass(frozen=True)
class Section:
    title: str
    blocks: Sequence[Block]
    level: int = 2  # 1 for a part that holds sections


@dataclass(frozen=True)
class Document:
    """`confidentiality` stands on every page, as do who had it printed and when."""

    title: str
    subtitle: str
    confidentiality: str
    printed_by: str
    printed_at: datetime  # in the reader's time zone
    sections: Sequence[Section]
    facts: Sequence[tuple[str, str]] = field(default_factory=tuple)
