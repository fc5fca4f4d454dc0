"""The table in which quarantined rows are corrected: what it shows, and what comes back from it."""

from collections.abc import Mapping
from dataclasses import dataclass

from analytics.importing.columns import FORMATS
from analytics.importing.problems import ROW_PROBLEMS
from analytics.importing.quarantine import sentence
from analytics.importing.quarantined import Quarantined, QuarantinedRow

# They tell a person which row it is.
TELLING = frozenset({"period", "client_code", "client_name", "name", "product_code"})


@dataclass(frozen=True)
class ShownCell:
    """One input; `error` is empty for a good cell. `is_minor`: out of sight at first."""

    name: str
    label: str
    value: str
    error: str
    is_minor: bool

    @property
    def is_long(self) -> bool:
        """An input of one line would lose the line breaks."""
        return "\n" in self.value


@dataclass(frozen=True)
class ShownRow:
    """One row; `reasons` are about the whole of it, those about cells stand at the cells."""

    line: int
    skip_name: str
    reasons: list[str]
    cells: list[ShownCell]


@dataclass(frozen=True)
class CorrectionTable:
    columns: list[tuple[str, bool]]
    rows: list[ShownRow]

    @property
    def has_minor(self) -> bool:
        return any(is_minor for _label, is_minor in self.columns)


def correction_table(quarantined: Quarantined, kind: str) -> CorrectionTable:
    """Columns in the user's order. Those that are fine in every row are minor."""
    major = _major_positions(quarantined, kind)
    columns = [
        (name or str(position + 1), position not in major)
        for position, name in enumerate(quarantined.names)
    ]
    return CorrectionTable(columns, [_shown(row, quarantined, columns) for row in quarantined.rows])


def _major_positions(quarantined: Quarantined, kind: str) -> set[int]:
    positions = quarantined.positions
    problems = [problem for row in quarantined.rows for problem in row.problems]
    if not all(row.problems for row in quarantined.rows) or any(
        problem.column not in positions for problem in problems
    ):
        return set(range(len(quarantined.names)))  # any cell may be the wrong one
    wanted = {column.name for column in FORMATS[kind] if column.is_required} | TELLING
    wanted |= {problem.column for problem in problems}
    return {position for name, position in positions.items() if name in wanted}


def _shown(
    row: QuarantinedRow, quarantined: Quarantined, columns: list[tuple[str, bool]]
) -> ShownRow:
    positions = quarantined.positions
    errors: dict[int, list[str]] = {}
    reasons = [] if row.problems else [row.reason]
    for problem in row.problems:
        if problem.column in positions:
            message = str(ROW_PROBLEMS.get(problem.code, problem.code))
            errors.setdefault(positions[problem.column], []).append(message)
        else:
            reasons.append(sentence(problem))
    return ShownRow(
        line=row.line,
        skip_name=f"skip{row.place}",
        reasons=reasons,
        cells=[
            ShownCell(
                name=_name(row, position),
                label=label,
                value=row.cells[position],
                error="; ".join(errors.get(position, ())),
                is_minor=is_minor,
            )
            for position, (label, is_minor) in enumerate(columns)
        ],
    )


def _name(row: QuarantinedRow, position: int) -> str:
    return f"r{row.place}c{position}"


def corrected_rows(
    quarantined: Quarantined, sent: Mapping[str, str]
) -> list[tuple[QuarantinedRow, list[str]]]:
    """The rows that are not left out, with the cells as they were sent."""
    return [
        (
            row,
            [
                sent.get(_name(row, position), cell).replace("\r\n", "\n")
                for position, cell in enumerate(row.cells)
            ],
        )
        for row in quarantined.rows
        if f"skip{row.place}" not in sent
    ]
