"""Exports: ordered with a reason, approved by a second person, fetched by who ordered them."""

from pathlib import Path
from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.db.models.functions import Now
from django.http import FileResponse, Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from crm.lib.http import StaffRequest
from crm.lib.views import (
    ScopedListView,
    form_done,
    form_page,
    permission,
    require,
    visible_or_404,
)
from staff import documents, exporting
from staff.choices import ExportState
from staff.filters import ExportQueueFilter
from staff.forms import DecisionForm, ExportForm
from staff.models import Export
from staff.services import exports
from staff.tables import ExportQueueTable

SHOWN = 100


def export_list(request: StaffRequest) -> HttpResponse:
    rows = list(Export.objects.visible_to(request.user).order_by("-created_at", "-pk")[:SHOWN])
    return TemplateResponse(
        request,
        "staff/export_list.html",
        {
            "exports": [(export, exporting.list_title(export)) for export in rows],
            "is_waiting": any(not export.is_finished for export in rows),
        },
    )


def export_create(request: StaffRequest, list_name: str) -> HttpResponse:
    """Format and reason; a page of its own or the dialog above the list."""
    view = exporting.list_view(list_name)
    require(request, view.export_right)
    form = ExportForm(
        request.POST or None, has_personal_data=exporting.has_personal_data(list_name)
    )
    if request.method == "POST" and form.is_valid():
        exports.order_export(
            list_name=list_name,
            query=request.GET.urlencode(),
            file_format=form.cleaned_data["format"],
            reason=form.cleaned_data["reason"],
            by=request.user,
        )
        text = _("The file is being written; it appears under Exports.")
        return form_done(request, reverse("staff:export_list"), text)
    return form_page(
        request,
        form,
        title=_("Export"),
        subtitle=view.title,
        cancel_url=f"{reverse(list_name)}?{request.GET.urlencode()}",
        submit_label=_("Order the file"),
        columns=1,
    )


class ExportQueueView(ScopedListView):
    """What waits for this person to decide."""

    model = Export
    filterset_class = ExportQueueFilter
    table_class = ExportQueueTable
    right = "staff.approve_export"
    title = gettext_lazy("Approve exports")
    empty_title = gettext_lazy("Nothing to decide")
    empty_text = gettext_lazy(
        "When somebody below you exports data of many people, the order waits here."
    )
    empty_icon = "download"

    def queryset(self) -> Any:
        request = cast("StaffRequest", self.request)
        # The database's clock: a list asks the same query each time.
        rows = Export.objects.to_be_decided_by(request.user).waiting(Now())
        return rows.select_related("owner__unit")


def export_detail(request: StaffRequest, pk: UUID) -> HttpResponse:
    """The whole entry of the log, for its owner and for those who answer for them."""
    rows = Export.objects.in_log_of(request.user).select_related("owner__unit", "decided_by")
    export = get_object_or_404(rows, pk=pk)
    may_decide = (
        export.is_waiting(timezone.now())
        and Export.objects.to_be_decided_by(request.user).filter(pk=pk).exists()
    )
    context = {
        "export": export,
        "title": exporting.list_title(export),
        "filters": exporting.filter_texts(export) if export.list_name else [],
        "personal": exporting.personal_labels(export),
        "downloads": export.downloads.select_related("downloaded_by").order_by("-downloaded_at"),
        "may_decide": may_decide,
        "may_download": bool(export.file) and export.owner_id == request.user.pk,
        "is_being_written": export.state == ExportState.QUEUED,
    }
    return TemplateResponse(request, "staff/export_detail.html", context)


@permission("staff.approve_export")
@require_POST
def export_approve(request: StaffRequest, pk: UUID) -> HttpResponse:
    export = get_object_or_404(_to_decide(request), pk=pk)
    exports.approve_export(export=export, note="", now=timezone.now(), by=request.user)
    messages.success(request, _("The export is approved; the file is being written."))
    return HttpResponseRedirect(reverse("staff:export_queue"))


@permission("staff.approve_export")
def export_refuse(request: StaffRequest, pk: UUID) -> HttpResponse:
    export = get_object_or_404(_to_decide(request), pk=pk)
    form = DecisionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        exports.refuse_export(
            export=export, note=form.cleaned_data["note"], now=timezone.now(), by=request.user
        )
        return form_done(request, reverse("staff:export_queue"), _("The export is refused."))
    return form_page(
        request,
        form,
        title=_("Refuse the export"),
        subtitle=f"{export.owner.full_name}: {exporting.list_title(export)}",
        cancel_url=export.get_absolute_url(),
        submit_label=_("Refuse"),
        columns=1,
    )


def export_download(request: StaffRequest, pk: UUID) -> FileResponse:
    """The file, while its owner may still take out that list, or that document about that record."""
    export = visible_or_404(Export, request, pk)
    if export.document:
        require(request, documents.right_of(export))
        if documents.subject_of(export, request.user) is None:
            raise Http404
    else:
        require(request, exporting.list_view(export.list_name).export_right)
    if not export.file:
        raise Http404
    exports.note_download(export=export, now=timezone.now(), by=request.user)
    return FileResponse(
        export.file.open("rb"), as_attachment=True, filename=Path(str(export.file.name)).name
    )


def _to_decide(request: StaffRequest) -> QuerySet[Export]:
    return Export.objects.to_be_decided_by(request.user).select_related("owner")
