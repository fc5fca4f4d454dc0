"""Notifications, to-dos and exports."""

from pathlib import Path
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from crm.lib.http import StaffRequest
from crm.lib.views import require, visible_or_404
from staff import documents, exporting
from staff.forms import ExportForm
from staff.models import Export, Notification, Task
from staff.services import work

SHOWN = 100


def notification_list(request: StaffRequest) -> HttpResponse:
    rows = Notification.objects.visible_to(request.user).select_related("meant_for")
    rows = rows.order_by("-created_at", "-pk")[:SHOWN]
    return TemplateResponse(request, "staff/notification_list.html", {"notifications": rows})


@require_POST
def notification_read_all(request: StaffRequest) -> HttpResponse:
    work.read_notifications(now=timezone.now(), by=request.user)
    return HttpResponseRedirect(reverse("staff:notification_list"))


def notification_open(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Go to what the news is about; it counts as read."""
    notification = visible_or_404(Notification, request, pk)
    work.read_notification(notification=notification, now=timezone.now(), by=request.user)
    return HttpResponseRedirect(notification.link)


def task_list(request: StaffRequest) -> HttpResponse:
    tasks = Task.objects.visible_to(request.user).open().select_related("assignee")
    return TemplateResponse(
        request,
        "staff/task_list.html",
        {
            "tasks": tasks.order_by("due_on", "pk")[:SHOWN],
            "today": timezone.localdate(),
            "shown": SHOWN,
        },
    )


def export_list(request: StaffRequest) -> HttpResponse:
    exports = list(Export.objects.visible_to(request.user).order_by("-created_at", "-pk")[:SHOWN])
    return TemplateResponse(
        request,
        "staff/export_list.html",
        {
            "exports": [(export, exporting.list_title(export)) for export in exports],
            "is_waiting": any(not export.is_finished for export in exports),
        },
    )


@require_POST
def export_create(request: StaffRequest, list_name: str) -> HttpResponse:
    require(request, exporting.list_view(list_name).export_right)
    form = ExportForm(request.POST)
    if form.is_valid():
        exporting.order_export(
            list_name=list_name,
            query=request.GET.urlencode(),
            file_format=form.cleaned_data["format"],
            by=request.user,
        )
        messages.success(request, _("The file is being written; it appears here."))
    return HttpResponseRedirect(reverse("staff:export_list"))


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
    return FileResponse(
        export.file.open("rb"), as_attachment=True, filename=Path(str(export.file.name)).name
    )
