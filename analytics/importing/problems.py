"""Everything that can be wrong with a file or a row: stable code, sentence for the person.

docs/import-errors.md lists the same codes.
"""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from crm.lib.exceptions import DomainError

FILE_PROBLEMS: dict[str, str | Promise] = {
    "empty_file": _("The file is empty."),
    "no_rows": _("The file has a header line but no rows."),
    "too_large": _("The file is larger than %(limit)s MB."),
    "not_text": _("This is not a text file: it contains binary data. Hand in CSV or XLSX."),
    "old_excel": _(
        "This is an old Excel file (.xls). Save it as .xlsx or CSV and hand it in again."
    ),
    "not_workbook": _(
        "This is a document, but not an Excel workbook (.xlsx). Save it as .xlsx or CSV and hand "
        "it in again."
    ),
    "broken_workbook": _("The Excel workbook is damaged and cannot be read."),
    "workbook_bomb": _("The Excel workbook would unpack to more than %(limit)s MB."),
    "broken_archive": _("The archive is damaged and cannot be unpacked. Pack the file again."),
    "archive_empty": _("There is no data file in the archive."),
    "archive_several": _(
        "There are %(count)s files in the archive (%(files)s). Pack each into an archive of its own."
    ),
    "archive_nested": _("There is another archive in the archive. Hand in the inner one."),
    "archive_encrypted": _("The archive is locked with a password. Pack the file without one."),
    "archive_too_large": _(
        "Unpacked, the file would be larger than %(limit)s MB, or far larger than any data "
        "packed this small. It was not unpacked."
    ),
    "archive_other": _(
        "Archives of this sort (%(kind)s) cannot be read. Use gzip or ZIP, or hand in the file "
        "unpacked."
    ),
    "undecodable": _(
        "Line %(line)s contains bytes that are not %(encoding)s. "
        "Save the file as UTF-8 or GB18030 and hand it in again."
    ),
    "missing_columns": _("These columns are missing: %(columns)s. Columns found: %(found)s."),
    "duplicate_columns": _("The column %(column)s appears more than once."),
    "missing_period": _("The file has no month column; say which month it is for."),
    "period_closed": _(
        "These months are closed: %(months)s. Nothing was loaded; open them again first, or leave "
        "out their rows."
    ),
    "month_not_kept": _(
        "The member bills of %(month)s are no longer kept, so this month and the one after it "
        "can no longer change."
    ),
    "server_problem": _(
        "Something went wrong on the server. Nothing was loaded; please try again."
    ),
    "totals_differ": _(
        "The loaded rows did not add up to the file's sum, so nothing was loaded. "
        "Please report this."
    ),
}

ROW_PROBLEMS: dict[str, str | Promise] = {
    "missing": _("no value"),
    "bad_period": _("not a month; expected e.g. 2026-05, 202605 or 2026年5月"),
    "other_period": _("another month than the one given with the upload"),
    "bad_number": _("not a phone number of 11 digits starting with 1"),
    "scientific": _(
        "a number in scientific notation: its digits are lost; format the column as text in Excel"
    ),
    "bad_choice": _("not a known value"),
    "bad_money": _("not an amount"),
    "too_many_decimals": _("more than two decimals"),
    "negative": _("must not be negative"),
    "too_large": _("the number is too large"),
    "bad_date": _("not a date; expected e.g. 2026-05-31"),
    "no_year": _("a date without its year; expected e.g. 2026-05-31"),
    "bad_time": _("not a time of day; expected e.g. 2026-05-31 14:05"),
    "future_day": _("a day that has not come yet"),
    "bad_integer": _("not a whole number"),
    "bad_decimal": _("not a number"),
    "bad_email": _("not an e-mail address"),
    "bad_birthday": _("not a birthday; expected e.g. 1975-08-15, 08-15 or L08-15"),
    "too_long": _("the text is too long"),
    "control_character": _("contains characters that cannot be printed"),
    "ragged": _("wrong number of columns in this line"),
    "stray_quote": _("a quotation mark is not closed"),
    "unknown_client": _("no client of yours has this code"),
    "foreign_client": _("a client outside your units has this code"),
    "merged_client": _("the client with this code has gone into another one"),
    "unknown_member": _("no member of your clients has this number"),
    "other_client": _("the number belongs to another client than the one named"),
    "duplicate": _("appears earlier in this file"),
    "position_incomplete": _("latitude and longitude must come together"),
    # Warnings: the row is loaded all the same.
    "sum_differs": _("the total differs from the sum of the categories"),
    "unknown_person": _("nobody you can name here; the client keeps whom it had"),
    "class_not_changed": _("the class of a known client changes by proposal; it stays as it was"),
    "unknown_unit": _("none of your units; the client keeps its unit, a new one gets yours"),
    "users_unlikely": _("more users than twice the employees"),
    "settlement_differs": _("the settlement differs from the transfers and charges before it"),
    "too_old": _("before the days that are kept; the row is not kept"),
}


class FileRefused(DomainError):
    """The whole file is refused; nothing of it was loaded. `params` fill the sentence."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(FILE_PROBLEMS[code] % params, code=code)
        self.params = params


class ImportCancelled(Exception):
    """A person asked to stop; the transaction is rolled back."""


class CellError(ValueError):
    """One cell is wrong; `code` is a key of ROW_PROBLEMS."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code
