"""Chief representatives: who is missing, whose visit is due, assigning."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from accounts.filters import ClientFilter, RepresentationFilter
from accounts.forms import AssignRepresentativeForm
from accounts.models import Client, Representation
from accounts.services import representations
from accounts.tables import ClientTable, RepresentationTable, UnrepresentedTable
from accounts.views.client_page import get_client
from accounts.views.sections import sections
from crm.lib.exceptions import DomainError
from crm.lib.http import StaffRequest
from crm.lib.tables import Table
from crm.lib.views import ScopedListView, form_page, permission, picked


class RepresentationListView(ScopedListView):
    """Who represents whom, the visit most overdue first (ORG-11)."""

    model = Representation
    filterset_class = RepresentationFilter
    table_class = RepresentationTable
    right = "accounts.view_client"
    export_right = "accounts.export_clients"
    template_name = "accounts/section_list.html"
    title = gettext_lazy("Visits of chief representatives")
    empty_title = gettext_lazy("No visits of chief representatives are due")
    empty_text = gettext_lazy("Give class A and B clients a chief representative first.")
    empty_icon = "users"

    def queryset(self) -> Any:
        rows = super().queryset().current().with_people()
        return rows.filter(visit_due_on__isnull=False)

    def extra_context(self) -> dict[str, Any]:
        return {"sections": sections(self.request, "accounts:representation_list")}


class UnrepresentedListView(ScopedListView):
    """A and B clients without a chief representative (ORG-09)."""

    model = Client
    filterset_class = ClientFilter
    table_class = ClientTable
    default_order = "-income"
    right = "accounts.view_client"
    export_right = "accounts.export_clients"
    template_name = "accounts/unrepresented_list.html"
    title = gettext_lazy("Without chief representative")
    empty_title = gettext_lazy("Every class A and B client has a chief representative")
    empty_icon = "circle-check"

    def queryset(self) -> Any:
        return super().queryset().without_representative().with_people()

    def table_for(self, request: StaffRequest) -> type[Table]:
        may_assign = request.user.has_perm("accounts.assign_representative")
        return UnrepresentedTable if may_assign else self.table_class

    def extra_context(self) -> dict[str, Any]:
        context: dict[str, Any] = {
            "sections": sections(self.request, "accounts:unrepresented_list")
        }
        if self.request.user.has_perm("accounts.assign_representative"):
            context["form"] = AssignRepresentativeForm(today=timezone.localdate())
        return context


@require_POST
@permission("accounts.assign_representative")
def representative_assign_picked(request: StaffRequest) -> HttpResponse:
    """One person for every ticked client."""
    form = AssignRepresentativeForm(request.POST, today=timezone.localdate())
    clients = list(Client.objects.visible_to(request.user).filter(pk__in=picked(request)))
    if not form.is_valid() or form.cleaned_data["representative"] is None:
        messages.error(request, _("Choose a chief representative and give a reason."))
    else:
        done = representations.assign_representatives(
            clients=clients, now=timezone.now(), by=request.user, **form.cleaned_data
        )
        text = ngettext(
            "%(n)s client has a chief representative now.",
            "%(n)s clients have a chief representative now.",
            done,
        )
        messages.success(request, text % {"n": done})
    return HttpResponseRedirect(reverse("accounts:unrepresented_list"))


@permission("accounts.assign_representative")
def representative_assign(request: StaffRequest, pk: UUID) -> HttpResponse:
    client = get_client(request, pk)
    initial = {"representative": client.chief_representative_id}
    form = AssignRepresentativeForm(
        request.POST or None, initial=initial, today=timezone.localdate()
    )
    back = reverse("accounts:client_team", args=[client.pk])
    if request.method == "POST" and form.is_valid():
        try:
            representations.assign_representative(
                client=client, now=timezone.now(), by=request.user, **form.cleaned_data
            )
        except DomainError as error:
            form.add_error("representative", error.message)
        else:
            messages.success(request, _("Saved; those concerned are told."))
            return HttpResponseRedirect(back)
    return form_page(
        request, form, title=_("Chief representative"), subtitle=client.name, cancel_url=back
    )
