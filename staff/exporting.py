"""Any list page, or a document, written to a file, with the person's own rows, filters, language and time zone."""

import tempfile
import zoneinfo
from datetime import datetime
from typing import BinaryIO, cast

from django.core.files import File
from django.db import transaction
from django.http import HttpRequest, QueryDict
from django.urls import NoReverseMatch, resolve, reverse
from django.utils import timezone, translation

from crm.lib.documents.docx import write_docx
from crm.lib.documents.pdf import write_pdf
from crm.lib.exceptions import DomainError
from crm.lib.http import StaffRequest
from crm.lib.services import service
from crm.lib.spreadsheets import write_csv, write_xlsx
from crm.lib.tables import Table
from crm.lib.views import ScopedListView
from staff import documents
from staff.choices import ExportFormat, ExportState
from staff.models import Export, User
from staff.tasks import run_export_task


class NotExportable(DomainError):
    code = "not_exportable"


def list_view(list_name: str) -> type[ScopedListView]:
    """The list page of that name, when it may be exported at all."""
    try:
        view = getattr(resolve(reverse(list_name)).func, "view_class", None)
    except NoReverseMatch:
        raise NotExportable(list_name) from None
    if view is None or not issubclass(view, ScopedListView) or not view.export_right:
        raise NotExportable(list_name)
    return view


def list_title(export: Export) -> str:
    """What the exported list or document is called, also when its page has gone since."""
    if export.document:
        return documents.title_of(export)
    try:
        return str(list_view(export.list_name).title)
    except NotExportable:
        return export.list_name


@service
def order_export(*, list_name: str, query: str, file_format: str, by: User) -> Export:
    """Queue the file; it appears on the person's page of exports."""
    list_view(list_name)
    export = Export.objects.create(
        owner=by,
        list_name=list_name,
        query=query,
        format=ExportFormat(file_format),
        language=translation.get_language() or "en",
    )
    transaction.on_commit(lambda: run_export_task.delay(str(export.pk)))
    return export


def run_export(export: Export, *, now: datetime) -> None:
    """Write the file. Doing it twice writes it again: nothing else depends on it."""
    zone = zoneinfo.ZoneInfo(export.owner.time_zone)
    with (
        translation.override(export.language),
        timezone.override(zone),
        tempfile.TemporaryFile() as file,
    ):
        _write(export, file, timezone.localtime(now))
        file.seek(0)
        what = export.document or export.list_name.split(":")[-1]
        name = f"{what}-{now:%Y%m%d-%H%M%S}.{export.format}"
        export.file.save(name, File(file), save=False)
    export.state = ExportState.DONE
    export.finished_at = now
    export.save()


def _write(export: Export, file: BinaryIO, now: datetime) -> None:
    if export.document:
        write = write_pdf if export.format == ExportFormat.PDF else write_docx
        write(documents.content_of(export, now=now), file)
        return
    write_rows = write_xlsx if export.format == ExportFormat.XLSX else write_csv
    export.rows = write_rows(file, _table(export).as_values())


def _table(export: Export) -> Table:
    request = cast("StaffRequest", HttpRequest())
    request.user = export.owner
    view = list_view(export.list_name)()
    view.list_name = export.list_name
    return view.export_table(request, QueryDict(export.query))
