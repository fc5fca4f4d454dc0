"""What is in the file of an export: a list page with its owner's rows, filters, language and time
zone, or a document; and which of it is personal data.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import BinaryIO, cast

from django.http import HttpRequest, QueryDict
from django.urls import NoReverseMatch, resolve, reverse
from django.utils.translation import gettext as _

from crm.lib.documents.docx import write_docx
from crm.lib.documents.pdf import write_pdf
from crm.lib.exceptions import DomainError
from crm.lib.http import StaffRequest
from crm.lib.spreadsheets import write_csv, write_xlsx
from crm.lib.tables import Table
from crm.lib.templatetags.components import spoken_filters
from crm.lib.views import ScopedListView
from staff import documents
from staff.choices import ExportFormat
from staff.models import Export, User


class NotExportable(DomainError):
    code = "not_exportable"


@dataclass(frozen=True)
class Content:
    """What would be written: names of the columns with personal data, of how many people, and the
    writing itself, which gives the number of rows.
    """

    personal: Sequence[str]
    people: int
    write: Callable[[BinaryIO], int]


def list_view(list_name: str) -> type[ScopedListView]:
    """The list page of that name, when it may be exported at all."""
    try:
        view = getattr(resolve(reverse(list_name)).func, "view_class", None)
    except NoReverseMatch:
        view = None
    if view is None or not issubclass(view, ScopedListView) or not view.export_right:
        raise NotExportable(_("This list cannot be exported."))
    return view


def list_title(export: Export) -> str:
    """What the exported list or document is called, also when its page has gone since."""
    if export.document:
        return documents.title_of(export)
    try:
        return str(list_view(export.list_name).title)
    except NotExportable:
        return export.list_name


def personal_labels(export: Export) -> list[str]:
    """The columns of personal data in the file, as the reader calls them."""
    if export.document:
        labels = documents.personal_labels(export)
    else:
        try:
            columns = list_view(export.list_name).table_class.base_columns
        except NotExportable:
            columns = {}
        labels = {name: column.header or name for name, column in columns.items()}
    return [str(labels.get(name, name)) for name in export.personal]


def filter_texts(export: Export) -> list[tuple[str, str]]:
    """The filters of a list as its owner saw them; as they stand when the list has gone."""
    query = QueryDict(export.query)
    try:
        view = list_view(export.list_name)
    except NotExportable:
        return [(name, value) for name in query for value in query.getlist(name)]
    filterset = view.filterset_class(
        query, view.model._default_manager.none(), request=_request(export.owner)
    )
    return spoken_filters(filterset.form, query)


def has_personal_data(list_name: str) -> bool:
    return bool(list_view(list_name).table_class.personal)


def content_of(export: Export, *, now: datetime) -> Content:
    """Raises PermissionDenied or a DomainError when the owner may no longer take it out."""
    if export.document:
        return _document(export, now)
    table = _table(export)
    personal = personal_columns(table)
    write_rows = write_xlsx if export.format == ExportFormat.XLSX else write_csv
    return Content(
        personal=personal,
        people=table.data.data.order_by().count() if personal else 0,
        write=lambda file: write_rows(file, table.as_values()),
    )


def personal_columns(table: Table) -> list[str]:
    """Those with personal data among the columns that go into a file."""
    return [
        column.name
        for column in table.columns.iterall()
        if column.name in (table.personal or ()) and not column.column.exclude_from_export
    ]


def _document(export: Export, now: datetime) -> Content:
    write = write_pdf if export.format == ExportFormat.PDF else write_docx
    document = documents.content_of(export, now=now)
    return Content(
        personal=list(documents.personal_labels(export)),
        people=documents.people_in(export, now=now),
        write=partial(_write_document, write, document),
    )


def _write_document(write: Callable, document: object, file: BinaryIO) -> int:
    write(document, file)
    return 0


def _table(export: Export) -> Table:
    view = list_view(export.list_name)()
    view.list_name = export.list_name
    return view.export_table(_request(export.owner), QueryDict(export.query), export.columns)


def _request(owner: User) -> StaffRequest:
    request = cast("StaffRequest", HttpRequest())
    request.user = owner
    return request
