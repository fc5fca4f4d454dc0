"""Pages of clients, contacts and members."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import IntegrityError
from django.http import HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from accounts import selectors, services
from accounts.exceptions import DuplicateClient
from accounts.filters import ClientFilter, ContactFilter, MemberFilter
from accounts.forms import AssignOwnerForm, ClientForm, ContactForm, RevealForm
from accounts.models import Client, Contact, Member
from accounts.tables import ClientTable, ContactTable, MemberTable
from crm.lib.http import StaffRequest
from crm.lib.views import (
    PageLinks,
    ScopedListView,
    form_page,
    is_fragment,
    permission,
    visible_or_404,
)

MEMBER_ORDER = MemberFilter.ORDERS["id"]


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
        return super().queryset().with_people()

    def extra_context(self) -> dict[str, Any]:
        if not self.request.user.has_perm("accounts.create_client"):
            return {}
        return {"create_url": reverse("accounts:client_create"), "create_label": _("New client")}


class ContactListView(ScopedListView):
    model = Contact
    filterset_class = ContactFilter
    table_class = ContactTable
    right = "accounts.view_client"
    export_right = "accounts.export_clients"
    title = gettext_lazy("Contacts")
    empty_title = gettext_lazy("No contacts yet")
    empty_text = gettext_lazy("Add the people you know on a client's page.")
    empty_icon = "address-book"

    def queryset(self) -> Any:
        return super().queryset().select_related("client")


@dataclass(frozen=True)
class Tab:
    label: str
    url: str
    is_active: bool
    badge: int | None = None
    icon: str = ""


# Tab -> URL name. Those of upper apps are known by name only.
CLIENT_TABS = {
    "basic": ("accounts:client_detail", gettext_lazy("Overview")),
    "people": ("accounts:client_people", gettext_lazy("People")),
    "members": ("accounts:client_members", gettext_lazy("Members")),
    "bills": ("analytics:client_bills", gettext_lazy("Bills")),
    "alerts": ("analytics:client_alerts", gettext_lazy("Alerts")),
    "visits": ("visits:client_visits", gettext_lazy("Visits")),
    "history": ("accounts:client_history", gettext_lazy("History")),
}


def client_tab(
    request: StaffRequest, client: Client, active: str, template: str, context: dict[str, Any]
) -> HttpResponse:
    """One tab of a client's page: alone for htmx, inside the whole page otherwise.

    Used by upper apps too: their tabs live at their own addresses.
    """
    if is_fragment(request):
        return TemplateResponse(request, template, {"client": client, **context})
    tabs = [
        Tab(str(label), reverse(url_name, args=[client.pk]), name == active)
        for name, (url_name, label) in CLIENT_TABS.items()
    ]
    context |= {
        "client": client,
        "title": client.name,
        "tabs_items": tabs,
        "tab_template": template,
        "facts": _facts(client),
    }
    return TemplateResponse(request, "accounts/client_detail.html", context)


def get_client(request: StaffRequest, pk: UUID) -> Client:
    return visible_or_404(Client.objects.with_people(), request, pk)


def _facts(client: Client) -> list[tuple[str, object]]:
    owner = client.owner.full_name if client.owner else _("nobody yet")
    representative = client.chief_representative
    return [
        (_("Code"), client.code),
        (_("Account manager"), owner),
        (_("Chief representative"), representative.full_name if representative else "–"),
        (_("Unit"), client.unit.name),
        (_("Nature"), client.get_nature_display() or "–"),
        (_("Industry"), client.industry or "–"),
        (_("Address"), client.address or "–"),
        (_("Founded on"), client.founded_on.isoformat() if client.founded_on else "–"),
    ]


@permission("accounts.view_client")
def client_detail(request: StaffRequest, pk: UUID) -> HttpResponse:
    client = get_client(request, pk)
    contacts = client.contacts.visible_to(request.user).active().order_by("kind", "sort_key", "pk")
    return client_tab(
        request, client, "basic", "accounts/_client_basic.html", {"contacts": contacts[:6]}
    )


@permission("accounts.view_client")
def client_people(request: StaffRequest, pk: UUID) -> HttpResponse:
    client = get_client(request, pk)
    contacts = client.contacts.visible_to(request.user).order_by("-is_active", "sort_key", "pk")
    ownerships = client.ownerships.visible_to(request.user).select_related("owner", "assigned_by")
    return client_tab(
        request,
        client,
        "people",
        "accounts/_client_people.html",
        {"contacts": contacts, "ownerships": ownerships.order_by("-started_at", "-pk")[:20]},
    )


@permission("accounts.view_client")
def client_members(request: StaffRequest, pk: UUID) -> HttpResponse:
    client = get_client(request, pk)
    page = PageLinks(client.members.visible_to(request.user), MEMBER_ORDER, request.GET)
    context = {
        "table": MemberTable(page.rows, html_id="client-members", request=request),
        "page": page,
    }
    return client_tab(request, client, "members", "accounts/_client_members.html", context)


@permission("accounts.view_client")
def client_history(request: StaffRequest, pk: UUID) -> HttpResponse:
    client = get_client(request, pk)
    entries = selectors.client_history(client)
    return client_tab(
        request, client, "history", "accounts/_client_history.html", {"entries": entries}
    )


@permission("accounts.create_client")
def client_create(request: StaffRequest) -> HttpResponse:
    form = ClientForm(request.POST or None, by=request.user)
    if request.method == "POST" and form.is_valid():
        owner = None if request.user.sees_unit else request.user
        try:
            client = services.create_client(
                owner=owner, now=timezone.now(), by=request.user, **form.cleaned_data
            )
        except DuplicateClient as error:  # sent twice at once
            form.add_error("code", error.message)
        else:
            messages.success(request, _("The client was created."))
            return HttpResponseRedirect(client.get_absolute_url())
    cancel = reverse("accounts:client_list")
    return form_page(request, form, title=_("New client"), cancel_url=cancel)


@permission("accounts.edit_client")
def client_edit(request: StaffRequest, pk: UUID) -> HttpResponse:
    client = get_client(request, pk)
    form = ClientForm(request.POST or None, instance=client, by=request.user)
    if request.method == "POST" and form.is_valid():
        services.update_client(client=client, by=request.user, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return HttpResponseRedirect(client.get_absolute_url())
    return form_page(
        request,
        form,
        title=_("Edit %(name)s") % {"name": client.name},
        cancel_url=client.get_absolute_url(),
    )


@permission("accounts.assign_owner")
def client_assign(request: StaffRequest, pk: UUID) -> HttpResponse:
    client = get_client(request, pk)
    form = AssignOwnerForm(request.POST or None, by=request.user)
    if request.method == "POST" and form.is_valid():
        services.assign_owner(
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


@permission("accounts.edit_contact")
def contact_create(request: StaffRequest, pk: UUID) -> HttpResponse:
    client = get_client(request, pk)
    form = ContactForm(request.POST or None)
    people = reverse("accounts:client_people", args=[client.pk])
    if request.method == "POST" and form.is_valid():
        try:
            services.create_contact(client=client, by=request.user, **form.cleaned_data)
        except IntegrityError:
            form.add_error("name", _("This person with this number is already in the archive."))
        else:
            messages.success(request, _("The contact was added."))
            return HttpResponseRedirect(people)
    return form_page(request, form, title=_("New contact"), subtitle=client.name, cancel_url=people)


@permission("accounts.edit_contact")
def contact_edit(request: StaffRequest, pk: UUID) -> HttpResponse:
    contact = visible_or_404(Contact.objects.select_related("client"), request, pk)
    form = ContactForm(request.POST or None, instance=contact)
    people = reverse("accounts:client_people", args=[contact.client_id])
    if request.method == "POST" and form.is_valid():
        try:
            services.update_contact(contact=contact, by=request.user, **form.cleaned_data)
        except IntegrityError:
            form.add_error("name", _("This person with this number is already in the archive."))
        else:
            messages.success(request, _("Saved."))
            return HttpResponseRedirect(people)
    return form_page(
        request,
        form,
        title=_("Edit %(name)s") % {"name": contact.name},
        subtitle=contact.client.name,
        cancel_url=people,
    )


@never_cache
@permission("accounts.reveal_msisdn")
def member_reveal(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Ask for a member's full number; the reason is kept."""
    member = visible_or_404(Member.objects.select_related("client"), request, pk)
    form = RevealForm(request.POST if request.method == "POST" else None)
    context = {"member": member, "form": form}
    status = 422 if form.is_bound and not form.is_valid() else 200
    if form.is_valid():
        context["number"] = services.reveal_number(
            member=member, now=timezone.now(), by=request.user, **form.cleaned_data
        )
    return TemplateResponse(request, "accounts/member_reveal.html", context, status=status)
