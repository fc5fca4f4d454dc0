"""Taking out the rows that were not loaded, and handing them in corrected."""

import csv
import io
import tempfile
from collections.abc import Iterator, Sequence
from typing import IO

from django.conf import settings
from django.utils.translation import gettext as _

from analytics.choices import ImportState, LookWay
from analytics.exceptions import NothingToCorrect, QuarantineTooLarge
from analytics.importing.checking import Problem
from analytics.importing.quarantined import (
    Quarantined,
    QuarantinedRow,
    corrected_file,
    read_quarantined,
    stored_lines,
)
from analytics.models import BillingImport, QuarantineLook
from analytics.selectors.corrections import corrected_places, problems_by_line
from analytics.services.imports import hand_in_file
from crm.lib.services import service
from crm.lib.spreadsheets import write_xlsx
from staff.models import User

LONGEST_CELL = 32_767  # of a workbook; xlsxwriter would cut the rest off
WIDEST_ROW = 16_384


@service
def note_look(*, billing_import: BillingImport, way: str, by: User) -> QuarantineLook:
    """Who saw or took the rows: they name members' full numbers (P34, P35)."""
    return QuarantineLook.objects.create(
        billing_import=billing_import,
        way=LookWay(way),
        rows=billing_import.quarantined,
        looked_by=by,
    )


def quarantine_workbook(billing_import: BillingImport) -> IO[bytes]:
    """The quarantine file as XLSX in a temporary file; QuarantineTooLarge when CSV must do.

    Cells are text, so that no digit is lost; only `line` is a number. Formulas keep the
    apostrophe of the CSV file: saved as CSV again they must not wake up.
    """
    limit = settings.QUARANTINE_XLSX_ROWS
    if billing_import.quarantined > limit:
        raise QuarantineTooLarge(
            _(
                "A workbook takes at most %(limit)s rows, and there are %(rows)s. "
                "Download the rows as CSV."
            )
            % {"limit": limit, "rows": billing_import.quarantined}
        )
    _refuse_too_long(billing_import)
    file = tempfile.TemporaryFile()  # noqa: SIM115 -- handed to the caller
    write_xlsx(file, _workbook_rows(billing_import))
    file.seek(0)
    return file


def _refuse_too_long(billing_import: BillingImport) -> None:
    """Looked at first: a workbook that breaks off half-way leaves temporary files behind."""
    try:
        fits = all(
            len(cells) <= WIDEST_ROW and max(map(len, cells)) <= LONGEST_CELL
            for cells in stored_lines(billing_import)
        )
    except csv.Error as error:
        raise _too_long() from error
    if not fits:
        raise _too_long()


def _workbook_rows(billing_import: BillingImport) -> Iterator[list[object]]:
    for number, (*own, line, reason) in enumerate(stored_lines(billing_import)):
        yield [*own, int(line) if number else line, reason]


def _too_long() -> QuarantineTooLarge:
    return QuarantineTooLarge(
        _("A row is longer than a workbook or a page can show. Download the rows as CSV.")
    )


def rows_to_correct(billing_import: BillingImport) -> Quarantined:
    """The rows nobody has handed in again yet; refuses what is too much for one page."""
    _refuse_unless_correctable(billing_import)
    problems_of = {
        line: [Problem(*each) for each in found]
        for line, found in problems_by_line(billing_import).items()
    }
    try:
        whole = read_quarantined(billing_import, problems_of)
    except csv.Error as error:
        raise _too_long() from error
    if len(whole.names) * len(whole.rows) > settings.QUARANTINE_PAGE_CELLS:
        raise _too_long()
    done = corrected_places(billing_import)
    left = sorted((r for r in whole.rows if r.place not in done), key=lambda row: row.line)
    if not left:
        raise NothingToCorrect(_("All of these rows have been handed in again already."))
    return Quarantined(whole.names, whole.positions, left)


def _refuse_unless_correctable(billing_import: BillingImport) -> None:
    if billing_import.state != ImportState.LOADED or not billing_import.quarantine_file:
        raise NothingToCorrect(_("This import has no rows to correct."))
    limit = settings.QUARANTINE_PAGE_ROWS
    if billing_import.quarantined > limit:
        raise QuarantineTooLarge(
            _("More than %(limit)s rows: correct them in the file and hand it in again.")
            % {"limit": limit}
        )


@service
def hand_in_rows(
    *, billing_import: BillingImport, rows: Sequence[tuple[QuarantinedRow, list[str]]], by: User
) -> BillingImport:
    """Exactly these rows with their new cells as an import of the same kind, which only adds.

    It never completes a month: whoever corrects twelve rows has not said that.
    """
    # The lock keeps two windows from handing in the same rows.
    parent = BillingImport.objects.select_for_update().get(pk=billing_import.pk)
    left = rows_to_correct(parent)
    open_places = {row.place for row in left.rows}
    rows = [(row, cells) for row, cells in rows if row.place in open_places]
    if not rows:
        raise NothingToCorrect(_("Every row is left out; there is nothing to hand in."))
    content = corrected_file(left.names, [(row.line, cells) for row, cells in rows])
    return hand_in_file(
        file=io.BytesIO(content),
        file_name=f"{parent.file_name.rsplit('.', 1)[0]}-corrected.csv",
        size=len(content),
        kind=parent.kind,
        period=parent.period,
        creates_clients=parent.creates_clients,
        corrects=parent,
        corrects_rows=[row.place for row, _cells in rows],
        by=by,
    )
