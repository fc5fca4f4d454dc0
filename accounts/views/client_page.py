"""A client's page and its tabs."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.archive_forms import HistoryForm
from accounts.member_filters import MemberFilter
from accounts.member_tables import MemberTable
from accounts.models import Client
from accounts.selectors import client_people as client_people_selector
from accounts.selectors import history
from accounts.services import recents
from crm.lib.http import StaffRequest
from crm.lib.views import (
    PageLinks,
    is_fragment,
    permission,
    visible_or_404,
)

MEMBER_ORDER = MemberFilter.ORDERS["id"]


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
    "archive": ("accounts:client_archive", gettext_lazy("Archive")),
    "people": ("accounts:client_people", gettext_lazy("People")),
    "members": ("accounts:client_members", gettext_lazy("Members")),
    "bills": ("analytics:client_bills", gettext_lazy("Bills")),
    "alerts": ("analytics:client_alerts", gettext_lazy("Alerts")),
    "visits": ("visits:client_visits", gettext_lazy("Visits")),
    "value": ("accounts:client_value", gettext_lazy("Class and value")),
    "team": ("accounts:client_team", gettext_lazy("Teamwork")),
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
    recents.note_opened(client=client, now=timezone.now(), by=request.user)
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
    rows = client.contacts.visible_to(request.user).active().select_related("client")
    contacts = rows.with_service_tier().order_by("kind", "sort_key", "pk")
    return client_tab(
        request, client, "basic", "accounts/_client_basic.html", {"contacts": contacts[:6]}
    )


@permission("accounts.view_client")
def client_people(request: StaffRequest, pk: UUID) -> HttpResponse:
    client = get_client(request, pk)
    people = client_people_selector.client_people(client, request.user, today=timezone.localdate())
    ownerships = client.ownerships.visible_to(request.user).select_related("owner", "assigned_by")
    return client_tab(
        request,
        client,
        "people",
        "accounts/_client_people.html",
        {"people": people, "ownerships": ownerships.order_by("-started_at", "-pk")[:20]},
    )


@permission("accounts.view_client")
def client_members(request: StaffRequest, pk: UUID) -> HttpResponse:
    client = get_client(request, pk)
    members = client.members.visible_to(request.user).with_people()
    rows = members.with_tier(timezone.localdate())
    page = PageLinks(rows, MEMBER_ORDER, request.GET)
    context = {
        "table": MemberTable(page.rows, html_id="client-members", request=request),
        "page": page,
    }
    return client_tab(request, client, "members", "accounts/_client_members.html", context)


@permission("accounts.view_client")
def client_history(request: StaffRequest, pk: UUID) -> HttpResponse:
    client = get_client(request, pk)
    form = HistoryForm(request.GET)
    changes = history.client_history(
        client, cursor=request.GET.get("before", ""), **form.narrowed()
    )
    context = {"history": changes, "form": form.offering(changes.people)}
    return client_tab(request, client, "history", "accounts/_client_history.html", context)
