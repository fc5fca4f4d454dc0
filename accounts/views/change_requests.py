"""Changes that agents hand in: the queue, handing one in, deciding field by field (ORG-21)."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from accounts.change_request_forms import ChangeRequestForm
from accounts.filters import ChangeRequestFilter
from accounts.forms import WordForm
from accounts.models import ChangeRequest
from accounts.report_tables import CHANGE_TONES, ChangeRequestTable
from accounts.selectors.change_requests import field_changes
from accounts.services import change_requests
from accounts.views.client_page import get_client
from crm.lib.exceptions import DomainError
from crm.lib.http import StaffRequest
from crm.lib.views import ScopedListView, permission, require, visible_or_404


class ChangeRequestListView(ScopedListView):
    """The queue of whoever decides; an agent sees where their own stand."""

    model = ChangeRequest
    filterset_class = ChangeRequestFilter
    table_class = ChangeRequestTable
    right = "accounts.view_client"
    export_right = "accounts.export_clients"
    template_name = "accounts/change_request_list.html"
    title = gettext_lazy("Handed-in changes")
    empty_title = gettext_lazy("No changes were handed in")
    empty_text = gettext_lazy("Agents hand in what they learn on a client's page.")
    empty_icon = "edit"

    def queryset(self) -> Any:
        return super().queryset().with_people()

    def extra_context(self) -> dict[str, Any]:
        return {"waiting": self.queryset().open().order_by()[:100].count()}


@permission("accounts.request_change")
def change_request_create(request: StaffRequest, pk: UUID) -> HttpResponse:
    """The form of the archive; what differs is handed in, and nothing changes yet."""
    client = get_client(request, pk)
    form = ChangeRequestForm(request.POST or None, instance=client, by=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            made = change_requests.request_change(
                client=client,
                values=form.values,
                reason=form.cleaned_data["reason"],
                now=timezone.now(),
                by=request.user,
            )
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            messages.success(request, _("Handed in; the area manager is told."))
            return HttpResponseRedirect(made.get_absolute_url())
    context = {
        "form": form,
        "title": _("Hand in changes"),
        "subtitle": client.name,
        "cancel_url": client.get_absolute_url(),
        "submit_label": _("Hand in"),
    }
    status = 422 if form.is_bound else 200
    return TemplateResponse(request, "accounts/client_form.html", context, status=status)


def _get(request: StaffRequest, pk: UUID) -> ChangeRequest:
    return visible_or_404(ChangeRequest.objects.with_people(), request, pk)


@permission("accounts.view_client")
def change_request_detail(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Each field as it was, as it should be and as it is; POST decides on the ticked ones."""
    row = _get(request, pk)
    form = WordForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        require(request, "accounts.decide_change")
        if form.is_valid() and _decided(request, row, form):
            return HttpResponseRedirect(row.get_absolute_url())
    is_own = row.requested_by_id == request.user.pk
    context = {
        "row": row,
        "tone": CHANGE_TONES[row.state],
        "fields": field_changes(row),
        "form": form,
        "ticked": request.POST.getlist("accept") if form.is_bound else None,
        "may_decide": row.is_open
        and not is_own
        and request.user.has_perm("accounts.decide_change"),
        "may_withdraw": row.is_open and is_own,
    }
    status = 422 if form.is_bound else 200
    return TemplateResponse(request, "accounts/change_request_detail.html", context, status=status)


def _decided(request: StaffRequest, row: ChangeRequest, form: WordForm) -> bool:
    accept = [] if "refuse" in request.POST else request.POST.getlist("accept")
    try:
        change_requests.decide_change(
            request=row,
            accept=accept,
            override=request.POST.getlist("override"),
            now=timezone.now(),
            by=request.user,
            **form.cleaned_data,
        )
    except DomainError as error:
        form.add_error(None, error.message)
        return False
    messages.success(request, _("Decided; whoever handed it in is told."))
    return True


@require_POST
@permission("accounts.request_change")
def change_request_withdraw(request: StaffRequest, pk: UUID) -> HttpResponse:
    row = _get(request, pk)
    change_requests.withdraw_change(request=row, now=timezone.now(), by=request.user)
    messages.success(request, _("Taken back."))
    return HttpResponseRedirect(row.get_absolute_url())
