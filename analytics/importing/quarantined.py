"""The rows of a stored quarantine file, read again: for a workbook and for correcting them."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from analytics.importing.checking import Problem
from analytics.importing.columns import LINE_COLUMN
from analytics.importing.reading import map_header
from analytics.importing.remembered import choose_for
from analytics.models import BillingImport
from crm.lib.spreadsheets import restored


@dataclass(frozen=True)
class QuarantinedRow:
    """`place` in the file from 0, `line` of the file handed in, the user's own cells, and why.

    `problems` may be empty: then only `reason`, the sentence in the file, is known.
    """

    place: int
    line: int
    cells: list[str]
    reason: str
    problems: list[Problem]


@dataclass(frozen=True)
class Quarantined:
    """A whole small quarantine file; `positions`: where the kind's columns stand in it."""

    names: list[str]
    positions: dict[str, int]
    rows: list[QuarantinedRow]


def stored_lines(billing_import: BillingImport) -> Iterator[list[str]]:
    """Header and rows as they stand in the file, one at a time; csv.Error for a giant cell."""
    with (
        billing_import.quarantine_file.open("rb") as file,
        io.TextIOWrapper(file, encoding="utf-8-sig", newline="") as text,
    ):
        yield from csv.reader(text)


def read_quarantined(
    billing_import: BillingImport, problems_of: Mapping[int, Sequence[Problem]]
) -> Quarantined:
    """All rows at once, with their problems by line; for few rows only."""
    lines = stored_lines(billing_import)
    names = [restored(name) for name in next(lines)[:-2]]
    header = map_header(names, billing_import.kind, choose_for(billing_import)(names))
    rows = [
        QuarantinedRow(
            place,
            int(line),
            list(map(restored, cells)),
            reason,
            list(problems_of.get(int(line), ())),
        )
        for place, (*cells, line, reason) in enumerate(lines)
    ]
    return Quarantined(names, header.positions, rows)


def corrected_file(names: Sequence[str], rows: Sequence[tuple[int, Sequence[str]]]) -> bytes:
    """A file to hand in: the user's own columns, and of which line each row was."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    # A header is one line, whatever a workbook had in it.
    writer.writerow([*(" ".join(name.splitlines()) for name in names), LINE_COLUMN])
    writer.writerows([*cells, line] for line, cells in rows)
    return text.getvalue().encode("utf-8-sig")
