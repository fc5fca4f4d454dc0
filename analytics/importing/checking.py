"""The judge of one row: typed values, or everything that is wrong with it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache, partial
from typing import Any, NamedTuple

from analytics.importing.columns import FORMATS, PERIOD, Column
from analytics.importing.problems import CellError
from analytics.importing.reading import Header
from crm.lib.spreadsheets import restored

TEXTS = 4096  # remembered for each column


class Problem(NamedTuple):
    """What is wrong where; `column` is empty when it is the whole row."""

    code: str
    column: str = ""


@dataclass(frozen=True)
class BadRow:
    """A row for the quarantine file: the user's own cells and why."""

    line: int
    cells: list[str]
    problems: list[Problem]


@dataclass(frozen=True)
class RowChecker:
    """Checks rows of one file. `period` is the month given with the upload, if any."""

    kind: str
    header: Header
    period: date | None = None

    @cached_property
    def columns(self) -> list[tuple[str, int, Callable[[str], Any]]]:
        """The kind's columns that this file has: name, position, and what reads their cells.

        Texts come again and again: each column remembers what it made of them.
        """
        positions = self.header.positions
        return [
            (column.name, positions[column.name], lru_cache(TEXTS)(partial(read_cell, column)))
            for column in self.header.columns(self.kind)
            if column.name in positions
        ]

    def check(self, cells: Sequence[str]) -> tuple[dict[str, Any], list[Problem]]:
        """Typed values by column name, and the problems; values are whole only without problems."""
        values: dict[str, Any] = {}
        problems: list[Problem] = []
        for name, position, read in self.columns:
            try:
                values[name] = read(cells[position])
            except CellError as error:
                problems.append(Problem(error.code, name))
        if PERIOD in FORMATS[self.kind] and not any(p.column == "period" for p in problems):
            problems.extend(self._settle_period(values))
        return values, problems

    def _settle_period(self, values: dict[str, Any]) -> list[Problem]:
        own = values.get("period")
        if own is None and self.period is None:
            return [Problem("missing", "period")]
        if own is not None and self.period is not None and own != self.period:
            return [Problem("other_period", "period")]
        values["period"] = own or self.period
        return []


def read_cell(column: Column, raw: str) -> Any:
    """The typed value of one cell, its default when empty, or CellError.

    The apostrophe that our own files put before formulas is no part of it.
    """
    if not raw.strip().strip("\ufeff"):
        if column.is_required:
            raise CellError("missing")
        return column.default
    return column.parse(restored(raw))


def given(values: Mapping[str, Any]) -> dict[str, Any]:
    """Only what the row says: empty cells of a roster leave the stored value alone."""
    return {name: value for name, value in values.items() if value is not None}
