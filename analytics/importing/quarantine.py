"""The rows that were not loaded: the user's own columns and order, plus line and reason (P14)."""

import csv
import re
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import TextIO

from django.utils.translation import gettext as _

from analytics.importing.checking import BadRow, Problem
from analytics.importing.columns import LINE_COLUMN, REASON_COLUMN
from analytics.importing.problems import ROW_PROBLEMS

FIRST_LINES_KEPT = 20
_FORMULA = re.compile(r"[=+\-@\t\r]")
_NUMBER = re.compile(r"[+-]?[\d.,]+$")


@dataclass
class Tally:
    """How often each problem occurred and the first lines that have it."""

    counts: Counter[tuple[str, str, bool]] = field(default_factory=Counter)
    lines: dict[tuple[str, str, bool], list[int]] = field(default_factory=dict)

    def add(self, problem: Problem, line: int, *, is_warning: bool = False) -> None:
        key = (problem.code, problem.column, is_warning)
        self.counts[key] += 1
        kept = self.lines.setdefault(key, [])
        if len(kept) < FIRST_LINES_KEPT:
            kept.append(line)

    @property
    def warnings(self) -> int:
        return sum(count for (_, _, is_warning), count in self.counts.items() if is_warning)


class Quarantine:
    """Writes bad rows to a temporary CSV file as they come; memory stays flat.

    Used as a context manager; `path` is valid inside it.
    """

    def __init__(self, header: Sequence[str]) -> None:
        self._header = [name for name in header if name not in (LINE_COLUMN, REASON_COLUMN)]
        self._kept = [i for i, name in enumerate(header) if name in self._header]
        self.tally = Tally()
        self.count = 0
        self._file: TextIO
        self.path: Path

    def __enter__(self) -> "Quarantine":
        # utf-8-sig, because Excel takes a file without the mark for the local encoding.
        self._file = tempfile.NamedTemporaryFile(  # noqa: SIM115 -- closed in __exit__
            "w", encoding="utf-8-sig", newline="", suffix=".csv", delete=False
        )
        self.path = Path(self._file.name)
        self._writer = csv.writer(self._file)
        self._writer.writerow([*map(_safe, self._header), LINE_COLUMN, REASON_COLUMN])
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.close()
        self.path.unlink(missing_ok=True)

    def add(self, row: BadRow) -> None:
        self.count += 1
        for problem in row.problems:
            self.tally.add(problem, row.line)
        reasons = "; ".join(_reason(problem) for problem in row.problems)
        self._writer.writerow([*map(_safe, self._fit(row.cells)), row.line, reasons])

    def warn(self, problem: Problem, line: int) -> None:
        self.tally.add(problem, line, is_warning=True)

    def flush(self) -> None:
        self._file.flush()

    def _fit(self, cells: list[str]) -> list[str]:
        """As many cells as the header; what is too much stays readable in the last one."""
        width = max(self._kept, default=-1) + 1
        if len(cells) > width and len(self._kept) == width:
            cells = [*cells[: width - 1], ",".join(cells[width - 1 :])]
        return [cells[i] if i < len(cells) else "" for i in self._kept]


def _reason(problem: Problem) -> str:
    sentence = str(ROW_PROBLEMS[problem.code])
    if not problem.column:
        return sentence
    return _("%(column)s: %(problem)s") % {"column": problem.column, "problem": sentence}


def _safe(cell: str) -> str:
    """A cell that a spreadsheet would run as a formula gets an apostrophe (P31)."""
    if _FORMULA.match(cell) and not _NUMBER.match(cell):
        return f"'{cell}"
    return cell
