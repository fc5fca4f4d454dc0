"""The rows that were not loaded: the user's own columns and order, plus line and reason (P14)."""

import csv
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import IO

import polars as pl
from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext

from analytics.importing.checking import BadRow, Problem
from analytics.importing.columns import LINE_COLUMN, REASON_COLUMN
from analytics.importing.problems import ROW_PROBLEMS
from analytics.importing.rows import Rows
from crm.lib.spreadsheets import FORMULA, NUMBER, neutral

# As many as are corrected in the page: there each row says what is wrong with it.
FIRST_LINES_KEPT = settings.QUARANTINE_PAGE_ROWS
# From here on whole columns at a time are faster than row by row.
MANY = 200


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

    def add_all(self, problem: Problem, lines: Sequence[int], *, is_warning: bool = False) -> None:
        for line in lines[:FIRST_LINES_KEPT]:
            self.add(problem, line, is_warning=is_warning)
        self.counts[(problem.code, problem.column, is_warning)] += len(lines[FIRST_LINES_KEPT:])

    @property
    def warnings(self) -> int:
        return sum(count for (_, _, is_warning), count in self.counts.items() if is_warning)


class Quarantine:
    """Writes bad rows to a temporary CSV file as they come; memory stays flat.

    Used as a context manager; `path` is valid inside it. Reasons are given in `language`.
    """

    def __init__(self, header: Sequence[str], language: str) -> None:
        self._language = language
        self._header = [name for name in header if name not in (LINE_COLUMN, REASON_COLUMN)]
        self._kept = [i for i, name in enumerate(header) if name in self._header]
        self._width = len(header)
        self.tally = Tally()
        self.count = 0
        self._sentences: dict[Problem, str] = {}
        self._file: IO[str]
        self.path: Path

    def __enter__(self) -> "Quarantine":
        # utf-8-sig, because Excel takes a file without the mark for the local encoding.
        self._file = tempfile.NamedTemporaryFile(
            "w", encoding="utf-8-sig", newline="", suffix=".csv", delete=False
        )
        self.path = Path(self._file.name)
        self._writer = csv.writer(self._file)
        self._writer.writerow([*map(neutral, self._header), LINE_COLUMN, REASON_COLUMN])
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
        reasons = "; ".join(map(self._reason, row.problems))
        self._writer.writerow([*map(neutral, self._fit(row.cells)), row.line, reasons])

    def add_all(self, rows: Rows, problem: Problem) -> None:
        """Rows of a block with one and the same problem; many of them without a loop per row."""
        if rows.height < MANY:
            for line, cells in rows.cells():
                self.add(BadRow(line, cells, [problem]))
            return
        self.count += rows.height
        self.tally.add_all(problem, rows.numbers.tolist())
        safe = (_safe_cell(f"c{i}") for i in self._kept)
        lines = pl.Series("line", rows.numbers)
        table = rows.frame.select(*safe, lines, pl.lit(self._reason(problem)).alias("reason"))
        self._file.write(table.write_csv(include_header=False, line_terminator="\r\n"))

    def warn(self, problem: Problem, line: int) -> None:
        self.tally.add(problem, line, is_warning=True)

    def warn_all(self, problem: Problem, lines: Sequence[int]) -> None:
        self.tally.add_all(problem, lines, is_warning=True)

    def flush(self) -> None:
        self._file.flush()

    def _fit(self, cells: list[str]) -> list[str]:
        """As many cells as the header; what is too much stays readable in the user's last one."""
        surplus = len(cells) - self._width
        if surplus > 0 and self._kept:
            last = self._kept[-1]
            rest = cells[last + 1 + surplus :]
            cells = [*cells[:last], ",".join(cells[last : last + 1 + surplus]), *rest]
        return [cells[i] if i < len(cells) else "" for i in self._kept]

    def _reason(self, problem: Problem) -> str:
        """The sentence in the importer's language, translated once."""
        if problem not in self._sentences:
            # Rows are judged in a thread of their own, where no language is active.
            with translation.override(self._language):
                self._sentences[problem] = sentence(problem)
        return self._sentences[problem]


def sentence(problem: Problem) -> str:
    """What is wrong, in the language in force."""
    text = str(ROW_PROBLEMS.get(problem.code, problem.code))
    if not problem.column:
        return text
    return gettext("%(column)s: %(problem)s") % {"column": problem.column, "problem": text}


def _safe_cell(name: str) -> pl.Expr:
    """`neutral` for a whole column."""
    cell = pl.col(name)
    is_formula = cell.str.contains(f"^{FORMULA.pattern}")
    is_number = cell.str.contains(f"^{NUMBER.pattern}")
    escaped = pl.concat_str(pl.lit("'"), cell)
    return pl.when(is_formula & ~is_number).then(escaped).otherwise(cell).alias(name)
