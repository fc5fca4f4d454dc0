"""Changing many clients: choose them in the list, look at the preview, do it; history and undo."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.bulk_forms import BulkChangeForm, UndoBulkForm, as_text, from_text
from accounts.bulk_lists import BulkChangeFilter, BulkChangeTable
from accounts.filters import ClientFilter
from accounts.models import BulkChange, BulkItem, Client
from accounts.selectors.bulk_changes import Names, bulk_preview, label_of
from accounts.services import bulk_changes
from crm.lib.exceptions import DomainError
from crm.lib.http import StaffRequest
from crm.lib.models import uuid7
from crm.lib.views import ScopedListView, permission, picked, visible_or_404

RIGHT = "accounts.bulk_edit"
NAMED = 200  # so many clients of each kind are listed on the page of a change


class BulkChangeListView(ScopedListView):
    model = BulkChange
    filterset_class = BulkChangeFilter
    table_class = BulkChangeTable
    default_order = "-made_at"
    right = RIGHT
    title = gettext_lazy("Bulk changes")
    empty_title = gettext_lazy("Nothing was changed in bulk yet")
    empty_text = gettext_lazy("Tick clients in their list, or filter it, and change them together.")
    empty_icon = "edit"

    def queryset(self) -> Any:
        return super().queryset().select_related("made_by")


@permission(RIGHT)
def bulk_create(request: StaffRequest) -> HttpResponse:
    """The ticked clients, or all rows of the filter in the address; pinned in the form."""
    rows = _chosen(request)
    if len(rows) > settings.BULK_CLIENTS:
        context = {"limit": settings.BULK_CLIENTS}
        return TemplateResponse(request, "accounts/bulk_too_many.html", context)
    is_sent = "rows" in request.POST
    fresh = {"key": uuid7(), "rows": as_text(rows)}
    form = BulkChangeForm(request.POST if is_sent else None, initial=fresh, by=request.user)
    if is_sent and form.is_valid():
        if "do" in request.POST and (done := _do(request, form)):
            return done
        return _page(request, rows, _looked_at(form, rows, request), form)
    return _page(request, rows, form, None)


def _chosen(request: StaffRequest) -> list[Client]:
    clients = Client.objects.visible_to(request.user).without_texts().order_by("sort_key", "pk")
    if "rows" in request.POST:
        clients = clients.filter(pk__in=[*from_text(request.POST["rows"])])
    elif request.method == "POST":
        clients = clients.filter(pk__in=picked(request))
    else:
        found = ClientFilter(request.GET, clients, request=request)
        clients = found.qs if found.is_valid() else clients.none()
    return list(clients[: settings.BULK_CLIENTS + 1])


def _do(request: StaffRequest, form: BulkChangeForm) -> HttpResponse | None:
    try:
        change = bulk_changes.order_bulk_change(
            key=form.cleaned_data["key"],
            rows=from_text(form.cleaned_data["rows"]),
            values=form.values(),
            reason=form.cleaned_data["reason"],
            now=timezone.now(),
            by=request.user,
        )
    except DomainError as error:
        form.add_error(None, error.message)
        return None
    return HttpResponseRedirect(change.get_absolute_url())


def _looked_at(form: BulkChangeForm, rows: list[Client], request: StaffRequest) -> BulkChangeForm:
    """The form again, with the versions that this preview shows."""
    if form.errors:
        return form
    initial = request.POST.dict() | {"rows": as_text(rows)}
    return BulkChangeForm(initial=initial, by=request.user)


def _page(
    request: StaffRequest,
    rows: list[Client],
    form: BulkChangeForm,
    checked: BulkChangeForm | None,
) -> HttpResponse:
    context: dict[str, Any] = {
        "form": form,
        "number": len(rows),
        "portfolio": settings.PORTFOLIO_CLIENTS,
        "preview": bulk_preview(rows, checked.values()) if checked else None,
    }
    status = 422 if form.errors else 200
    return TemplateResponse(request, "accounts/bulk_change.html", context, status=status)


@permission(RIGHT)
def bulk_detail(request: StaffRequest, pk: UUID) -> HttpResponse:
    change = visible_or_404(BulkChange.objects.select_related("made_by", "undone_by"), request, pk)
    items = BulkItem.objects.visible_to(request.user).filter(change=change)
    items = items.select_related("client").order_by("client__sort_key", "pk")
    names = Names([change.values])
    context = {
        "change": change,
        "values": [(label_of(k), names.shown(k, value)) for k, value in change.values.items()],
        "changed": items.changed().count(),
        "refused": list(items.refused()[:NAMED]),
        "left": list(items.left()[:NAMED]),
        "is_waiting": change.done_at is None,
    }
    return TemplateResponse(request, "accounts/bulk_detail.html", context)


@permission(RIGHT)
def bulk_undo(request: StaffRequest, pk: UUID) -> HttpResponse:
    change = visible_or_404(BulkChange, request, pk)
    form = UndoBulkForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            bulk_changes.undo_bulk_change(
                change=change, now=timezone.now(), by=request.user, **form.cleaned_data
            )
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            messages.success(request, _("The change was undone."))
            return HttpResponseRedirect(change.get_absolute_url())
    return TemplateResponse(
        request,
        "crud/confirm.html",
        {
            "title": _("Undo the change"),
            "text": _("Every changed field gets its former value again."),
            "consequences": [
                _("Visits and tasks that went along with a new manager go back."),
                _("Clients that somebody changed since stay as they are, and are named."),
            ],
            "form": form,
            "cancel_url": reverse("accounts:bulk_detail", args=[change.pk]),
            "submit_label": _("Undo the change"),
            "is_danger": True,
        },
        status=422 if form.is_bound else 200,
    )
