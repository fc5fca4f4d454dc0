"""What the loaders share."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

from analytics.importing.checking import BadRow, Problem, RowChecker
from analytics.importing.columns import FORMATS, PERIOD
from analytics.importing.problems import FileRefused
from analytics.importing.quarantine import Quarantine
from analytics.importing.reading import Block, Source
from analytics.importing.rows import Rows
from analytics.models import BillingImport
from crm.lib.scoping import ScopedQuerySet
from staff.models import Unit

Q = TypeVar("Q", bound=ScopedQuerySet)


@dataclass
class Totals:
    """Control totals of a load. `fen` sums the money of the loaded rows by month (P11)."""

    read: int = 0
    loaded: int = 0
    replaced: int = 0
    fen: dict[date, int] = field(default_factory=dict)
    # Numbers of the earlier imports that lost rows to this one.
    replaced_imports: set[int] = field(default_factory=set)

    def add_money(self, month: date, fen: int) -> None:
        self.fen[month] = self.fen.get(month, 0) + fen

    @property
    def yuan(self) -> Decimal:
        return Decimal(sum(self.fen.values())) / 100


@dataclass
class Load:
    """One file on its way into the tables."""

    billing_import: BillingImport
    source: Source
    quarantine: Quarantine
    unit: Unit
    totals: Totals = field(default_factory=Totals)

    def __post_init__(self) -> None:
        if (
            PERIOD in FORMATS[self.billing_import.kind]
            and PERIOD.name not in self.source.header.positions
            and self.billing_import.period is None
        ):
            # Else every single row of the file would end in the quarantine.
            raise FileRefused("missing_period")
        self.checker = RowChecker(
            self.billing_import.kind, self.source.header, self.billing_import.period
        )

    def mine(self, rows: Q) -> Q:
        """Of these rows the ones the importer may see; all when it is nobody in particular."""
        author = self.billing_import.created_by
        return rows.visible_to(author) if author else rows

    def superseded(
        self, rows_of: Mapping[int, int], shared_of: Mapping[int, int], new_rows: int
    ) -> list[int]:
        """Earlier imports that this file replaces; corrected quarantine rows only ever add."""
        if self.billing_import.corrects_id:
            return []
        return superseded(rows_of, shared_of, new_rows)

    def judge(self, block: Block) -> Iterator[tuple[int, list[str], dict[str, Any]]]:
        """Good rows of a block as (line, cells, values); the bad ones go to the quarantine."""
        for odd in block.odd:
            if odd.problem:
                self.refuse(odd.number, odd.cells, Problem(odd.problem))
            else:
                yield from self._judge_row(odd.number, odd.cells)
        for line, cells in block.rows.cells():
            if any(cell.strip() for cell in cells):
                yield from self._judge_row(line, cells)

    def _judge_row(
        self, line: int, cells: list[str]
    ) -> Iterator[tuple[int, list[str], dict[str, Any]]]:
        self.totals.read += 1
        values, problems = self.checker.check(cells)
        if problems:
            self.quarantine.add(BadRow(line, cells, problems))
        else:
            yield line, cells, values

    def refuse(
        self, line: int, cells: list[str], *problems: Problem, counted: bool = False
    ) -> None:
        """Send a row to the quarantine; `counted` when it was read and judged good before."""
        self.totals.read += not counted
        self.quarantine.add(BadRow(line, cells, list(problems)))

    def refuse_all(self, rows: Rows, problem: Problem) -> None:
        """Send good rows of a block to the quarantine, all for one reason."""
        self.totals.read += rows.height
        self.quarantine.add_all(rows, problem)


def superseded(
    rows_of: Mapping[int, int], shared_of: Mapping[int, int], new_rows: int
) -> list[int]:
    """Numbers of the earlier imports of a month that a new file replaces (ADR 0004).

    `rows_of`: rows each earlier import still has; `shared_of`: how many of them the new file has
    too. A file replaces earlier ones when more than half of their rows are in it and more than
    half of its own rows are theirs; otherwise it only adds.
    """
    mostly_here = [number for number, rows in rows_of.items() if shared_of[number] * 2 > rows]
    shared = sum(shared_of[number] for number in mostly_here)
    return mostly_here if shared * 2 > new_rows else []
