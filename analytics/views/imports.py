"""Pages of imports."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from analytics.filters import BillingImportFilter
from analytics.importing.problems import FILE_PROBLEMS, ROW_PROBLEMS
from analytics.models import BillingImport
from analytics.progress import standing_of
from analytics.selectors.corrections import corrections_of
from analytics.selectors.import_history import history_of
from analytics.services import imports
from analytics.tables import ImportTable
from crm.lib.http import StaffRequest
from crm.lib.views import ScopedListView, permission, visible_or_404


class ImportListView(ScopedListView):
    model = BillingImport
    filterset_class = BillingImportFilter
    table_class = ImportTable
    right = "analytics.view_import"
    title = gettext_lazy("Billing imports")
    empty_title = gettext_lazy("No files yet")
    empty_text = gettext_lazy("Hand in the month's bills; rows are checked and loaded at once.")
    empty_icon = "file-import"

    def queryset(self) -> Any:
        return super().queryset().without_checks().select_related("created_by")

    def extra_context(self) -> dict[str, Any]:
        if not self.request.user.has_perm("analytics.import_bills"):
            return {}
        return {
            "create_url": reverse("analytics:import_create"),
            "create_label": _("Hand in a file"),
        }


@permission("analytics.view_import")
def import_detail(request: StaffRequest, pk: UUID) -> HttpResponse:
    """What became of a file; looks again by itself while the import runs."""
    rows = BillingImport.objects.select_related("created_by", "corrects", "undone_by")
    billing_import = visible_or_404(rows, request, pk)
    if billing_import.draft_url and request.user.has_perm("analytics.import_bills"):
        return _go_on(request, billing_import.draft_url)
    error = FILE_PROBLEMS.get(billing_import.error_code)
    problems = billing_import.problems.visible_to(request.user)
    context = {
        "import": billing_import,
        "standing": standing_of(billing_import),
        "corrections": corrections_of(billing_import, request.user),
        "error": str(error) % billing_import.error_params if error else "",
        "problems": [
            (problem, ROW_PROBLEMS.get(problem.code, problem.code))
            for problem in problems.order_by("is_warning", "-count", "code")
        ],
        "history": history_of(billing_import, request.user, timezone.now()),
    }
    part = "#import-status" if request.htmx else ""
    return TemplateResponse(request, "analytics/import_detail.html" + part, context)


def _go_on(request: StaffRequest, url: str) -> HttpResponse:
    """To the next step of a draft, also from within a page that looks again by itself."""
    if request.htmx:
        return HttpResponse(headers={"HX-Redirect": url})
    return HttpResponseRedirect(url)


@permission("analytics.import_bills")
@require_POST
def import_cancel(request: StaffRequest, pk: UUID) -> HttpResponse:
    billing_import = visible_or_404(BillingImport, request, pk)
    imports.request_cancel(billing_import=billing_import, by=request.user)
    return HttpResponseRedirect(billing_import.get_absolute_url())
