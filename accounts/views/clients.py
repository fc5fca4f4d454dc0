"""The list of clients and their forms."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.archive_forms import ClientForm, refuse
from accounts.catalogue import GROUP_NAMES
from accounts.filters import ClientFilter
from accounts.forms import AssignOwnerForm
from accounts.models import Client
from accounts.selectors.duplicates import Suspect, client_suspects
from accounts.selectors.pairs import waiting
from accounts.services import clients
from accounts.tables import ClientTable, PickedClientTable
from accounts.views.client_page import get_client
from crm.lib.exceptions import DomainError
from crm.lib.http import StaffRequest
from crm.lib.tables import Table
from crm.lib.views import (
    ScopedListView,
    form_page,
    permission,
)


class ClientListView(ScopedListView):
    model = Client
    filterset_class = ClientFilter
    table_class = ClientTable
    default_order = "-income"
    right = "accounts.view_client"
    export_right = "accounts.export_clients"
    title = gettext_lazy("Clients")
    empty_title = gettext_lazy("No clients yet")
    empty_text = gettext_lazy("Clients come from the roster file, or you add one.")
    empty_icon = "building"

    def queryset(self) -> Any:
        return super().queryset().with_people().without_texts()

    def table_for(self, request: StaffRequest) -> type[Table]:
        return PickedClientTable if request.user.has_perm("accounts.bulk_edit") else ClientTable

    def extra_context(self) -> dict[str, Any]:
        context: dict[str, Any] = {}
        if self.request.user.has_perm("accounts.bulk_edit"):
            query = self.request.GET.urlencode()
            context["picked_url"] = reverse("accounts:bulk_create")
            context["bulk_url"] = f"{context['picked_url']}?{query}"
        if self.request.user.has_perm("accounts.judge_pair"):
            number = waiting(self.request.user)
            context["link_url"] = f"{reverse('accounts:pair_list')}?state=open"
            context["link_label"] = _("Suspected duplicates: %(number)s") % {"number": number}
        if not self.request.user.has_perm("accounts.create_client"):
            return context
        return context | {
            "create_url": reverse("accounts:client_create"),
            "create_label": _("New client"),
            "second_url": reverse("accounts:prospect_create"),
            "second_label": _("New prospect"),
        }


@permission("accounts.create_client")
def client_create(request: StaffRequest) -> HttpResponse:
    form = ClientForm(request.POST or None, by=request.user)
    cancel = reverse("accounts:client_list")
    if request.method == "POST" and form.is_valid():
        if suspects := new_client_suspects(request, form):
            title = _("New client")
            return _archive_form(request, form, title=title, cancel_url=cancel, suspects=suspects)
        owner = None if request.user.sees_unit else request.user
        try:
            client = clients.create_client(
                owner=owner, now=timezone.now(), by=request.user, **form.cleaned_data
            )
        except DomainError as error:  # sent twice at once, or a name that is taken
            refuse(form, error)
        else:
            messages.success(request, _("The client was created."))
            return HttpResponseRedirect(client.get_absolute_url())
    return _archive_form(request, form, title=_("New client"), cancel_url=cancel)


def new_client_suspects(request: StaffRequest, form: BaseForm) -> list[Suspect]:
    """Clients that the new one may double; none once the person has seen them."""
    if "suspects_seen" in request.POST:
        return []
    said = form.cleaned_data
    if Client.objects.filter(code=said.get("code") or "").exists():
        return []  # refused in any case, beside the code
    return client_suspects(name=said["name"], address=said.get("address") or "", user=request.user)


@permission("accounts.edit_client")
def client_edit(request: StaffRequest, pk: UUID) -> HttpResponse:
    """The whole archive, or with `?group=money` one group of it."""
    client = get_client(request, pk)
    group = request.GET.get("group", "")
    group = group if group in GROUP_NAMES else ""
    form = ClientForm(request.POST or None, instance=client, by=request.user, group=group)
    after = reverse("accounts:client_archive", args=[client.pk]) if group else ""
    if request.method == "POST" and form.is_valid():
        try:
            clients.update_client(client=client, by=request.user, **form.cleaned_data)
        except DomainError as error:
            refuse(form, error)
        else:
            messages.success(request, _("Saved."))
            return HttpResponseRedirect(after or client.get_absolute_url())
    return _archive_form(
        request,
        form,
        title=_("Edit %(name)s") % {"name": client.name},
        cancel_url=after or client.get_absolute_url(),
    )


def _archive_form(request: StaffRequest, form: ClientForm, **context: Any) -> HttpResponse:
    """The form of the archive, a card for each group; 422 when it comes back with errors."""
    status = 422 if form.is_bound else 200
    return TemplateResponse(
        request, "accounts/client_form.html", {"form": form, **context}, status=status
    )


@permission("accounts.assign_owner")
def client_assign(request: StaffRequest, pk: UUID) -> HttpResponse:
    client = get_client(request, pk)
    form = AssignOwnerForm(request.POST or None, by=request.user)
    if request.method == "POST" and form.is_valid():
        clients.assign_owner(
            client=client, now=timezone.now(), by=request.user, **form.cleaned_data
        )
        messages.success(request, _("The client was handed over."))
        return HttpResponseRedirect(client.get_absolute_url())
    return form_page(
        request,
        form,
        title=_("Hand over %(client)s") % {"client": client.name},
        cancel_url=client.get_absolute_url(),
    )
