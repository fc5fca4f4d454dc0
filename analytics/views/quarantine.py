"""Pages of the rows that were not loaded: they hold members' full numbers, so each look is noted."""

from uuid import UUID

from django.http import FileResponse, Http404, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse

from analytics.choices import LookWay
from analytics.correcting import corrected_rows, correction_table
from analytics.models import BillingImport
from analytics.services import quarantine
from crm.lib.http import StaffRequest
from crm.lib.views import permission, visible_or_404

CONTENT_TYPES = {
    LookWay.CSV: "text/csv",
    LookWay.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@permission("analytics.import_bills")
def import_quarantine(request: StaffRequest, pk: UUID) -> FileResponse:
    """The rows that were not loaded, with line and reason, as CSV or with `?format=xlsx`."""
    billing_import = visible_or_404(BillingImport, request, pk)
    way = request.GET.get("format", LookWay.CSV)
    if not billing_import.quarantine_file or way not in CONTENT_TYPES:
        raise Http404
    if way == LookWay.XLSX:
        file = quarantine.quarantine_workbook(billing_import)
    else:
        file = billing_import.quarantine_file.open("rb")
    quarantine.note_look(billing_import=billing_import, way=way, by=request.user)
    name = f"{billing_import.file_name.rsplit('.', 1)[0]}-quarantine.{way}"
    return FileResponse(
        file, as_attachment=True, filename=name, content_type=CONTENT_TYPES[LookWay(way)]
    )


@permission("analytics.import_bills")
def import_quarantine_rows(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Correct a few rows in the page; they are handed in as an import of their own."""
    billing_import = visible_or_404(BillingImport, request, pk)
    left = quarantine.rows_to_correct(billing_import)
    if request.method == "POST":
        rows = corrected_rows(left, request.POST)
        correction = quarantine.hand_in_rows(
            billing_import=billing_import, rows=rows, by=request.user
        )
        return HttpResponseRedirect(correction.get_absolute_url())
    quarantine.note_look(billing_import=billing_import, way=LookWay.PAGE, by=request.user)
    context = {"import": billing_import, "table": correction_table(left, billing_import.kind)}
    return TemplateResponse(request, "analytics/import_quarantine_rows.html", context)
