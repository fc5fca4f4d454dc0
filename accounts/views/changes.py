"""Major changes at clients: list with the time they took, reporting, acknowledging."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.filters import MajorChangeFilter
from accounts.forms import MajorChangeForm
from accounts.models import MajorChange
from accounts.selectors.changes import reporting_times
from accounts.services import changes
from accounts.tables import MajorChangeTable
from accounts.views.client_page import get_client
from accounts.views.records import Answering, Button, person_and_time, record_page
from accounts.views.sections import sections
from crm.lib.exceptions import DomainError
from crm.lib.http import StaffRequest
from crm.lib.views import ScopedListView, form_page, permission, visible_or_404


class ChangeListView(ScopedListView):
    model = MajorChange
    filterset_class = MajorChangeFilter
    table_class = MajorChangeTable
    right = "accounts.view_client"
    export_right = "accounts.export_clients"
    template_name = "accounts/change_list.html"
    title = gettext_lazy("Major changes")
    empty_title = gettext_lazy("No major changes reported yet")
    empty_text = gettext_lazy(
        "Report changes of management, operation, finance, market or leadership on a client's page."
    )
    empty_icon = "alert-circle"

    def queryset(self) -> Any:
        return super().queryset().select_related("client", "reported_by", "answered_by")

    def extra_context(self) -> dict[str, Any]:
        context: dict[str, Any] = {"sections": sections(self.request, "accounts:change_list")}
        user = self.request.user
        if user.is_authenticated and user.has_perm("accounts.oversee_client"):
            context["times"] = reporting_times(user, timezone.now())
        return context


@permission("accounts.report_client")
def change_report(request: StaffRequest, pk: UUID) -> HttpResponse:
    client, now = get_client(request, pk), timezone.now()
    initial = {"happened_on": timezone.localdate(), "learned_at": timezone.localtime(now)}
    form = MajorChangeForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            change = changes.report_change(
                client=client, now=now, by=request.user, **form.cleaned_data
            )
        except DomainError as error:
            form.add_error("happened_on", error.message)
        else:
            messages.success(request, _("Reported; the supervisor is told."))
            return HttpResponseRedirect(change.get_absolute_url())
    return form_page(
        request,
        form,
        title=_("Report a major change"),
        subtitle=client.name,
        cancel_url=reverse("accounts:client_value", args=[client.pk]),
        submit_label=_("Report"),
    )


@permission("accounts.view_client")
def change_detail(request: StaffRequest, pk: UUID) -> HttpResponse:
    """The report; whoever oversees the client acknowledges it here."""
    rows = MajorChange.objects.select_related("client", "reported_by", "answered_by")
    change = visible_or_404(rows, request, pk)
    return record_page(
        request,
        change,
        title=change.get_kind_display(),
        facts=[
            (_("What changed"), change.text),
            (_("Happened on"), f"{change.happened_on:%Y-%m-%d}"),
            (_("We learned of it"), f"{timezone.localtime(change.learned_at):%Y-%m-%d %H:%M}"),
            (_("Reported"), person_and_time(change.reported_by, change.reported_at)),
            (_("Days to the report"), change.days_to_report),
            (_("Hours since we knew"), change.hours_to_report),
            (_("Acknowledged"), person_and_time(change.answered_by, change.answered_at)),
            (_("Word"), change.answer),
        ],
        list_name="accounts:change_list",
        list_label=_("Major changes"),
        tab="accounts:client_value",
        answering=Answering(
            right="accounts.oversee_client",
            is_offered=change.is_open and change.reported_by_id != request.user.pk,
            title=_("Acknowledge"),
            done=_("Acknowledged; whoever reported it is told."),
            verb=lambda request, cleaned: changes.acknowledge_change(
                change=change, now=timezone.now(), by=request.user, **cleaned
            ),
            buttons=[Button(_("Acknowledge"))],
        ),
    )
