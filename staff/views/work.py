"""Notifications and to-dos."""

from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from crm.lib.http import StaffRequest
from crm.lib.views import visible_or_404
from staff.models import Notification, Task
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
