"""A client's page and its tabs."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.archive_forms import HistoryForm
from accounts.filters import MemberFilter
from accounts.forms import TimelineForm
from accounts.member_tables import MemberTable
from accounts.models import Client
from accounts.page_parts import address_of
from accounts.selectors import client_people as client_people_selector
from accounts.selectors import history
from accounts.selectors.client_head import client_head
from accounts.selectors.notes import pinned_notes
from accounts.selectors.timeline import client_timeline as build_timeline
from accounts.selectors.timeline import timeline_people
from accounts.services import recents
from crm.lib.columns import COUNTED
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
    badge: str = ""
    icon: str = ""
    # Pressed to open it; only the first nine have one.
    key: str = ""


# Tab -> URL name. Those of upper apps are known by name only; a tab without a page is not shown.
CLIENT_TABS = {
    "basic": ("accounts:client_detail", gettext_lazy("Overview")),
    "timeline": ("accounts:client_timeline", gettext_lazy("Timeline")),
    "archive": ("accounts:client_archive", gettext_lazy("Archive")),
    "people": ("accounts:client_people", gettext_lazy("People")),
    "members": ("accounts:client_members", gettext_lazy("Members")),
    "bills": ("analytics:client_bills", gettext_lazy("Bills")),
    "business": ("analytics:client_business", gettext_lazy("Business")),
    "alerts": ("analytics:client_alerts", gettext_lazy("Alerts")),
    "visits": ("visits:client_visits", gettext_lazy("Visits")),
    "value": ("accounts:client_value", gettext_lazy("Class and value")),
    "team": ("accounts:client_team", gettext_lazy("Teamwork")),
    "cases": ("complaints:client_cases", gettext_lazy("Cases")),
    "care": ("care:client_care", gettext_lazy("Care")),
    "files": ("accounts:client_files", gettext_lazy("Files")),
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
    head = client_head(client, request.user, now=timezone.now())
    context |= {
        "client": client,
        "title": client.name,
        "head": head,
        "tabs_items": _tabs(client, active, head.badges),
        "tab_template": template,
        "facts": _facts(client),
    }
    return TemplateResponse(request, "accounts/client_detail.html", context)


def _tabs(client: Client, active: str, badges: Mapping[str, int]) -> list[Tab]:
    addresses = [
        (name, label, address_of(url_name, client))
        for name, (url_name, label) in CLIENT_TABS.items()
    ]
    shown = [each for each in addresses if each[2]]
    return [
        Tab(
            str(label),
            url,
            name == active,
            _capped(badges.get(name)),
            key=str(number) if number < 10 else "",
        )
        for number, (name, label, url) in enumerate(shown, start=1)
    ]


def _capped(count: int | None) -> str:
    """The text of a badge: nothing for none, no more digits than fit."""
    if not count:
        return ""
    return f"{COUNTED - 1}+" if count >= COUNTED else str(count)


def get_client(request: StaffRequest, pk: UUID) -> Client:
    return visible_or_404(Client.objects.with_people(), request, pk)


def client_of_query(request: StaffRequest) -> Client:
    """The client that `?client=` names; 404 for none and for one out of sight."""
    try:
        return get_client(request, UUID(request.GET.get("client", "")))
    except ValueError:
        raise Http404 from None


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
        request,
        client,
        "basic",
        "accounts/_client_basic.html",
        {"contacts": contacts[:6], "notes": pinned_notes(client, request.user)},
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


@permission("accounts.view_client")
def client_header(request: StaffRequest, pk: UUID) -> HttpResponse:
    """The header alone, fetched again when something on the page changed it."""
    client = get_client(request, pk)
    head = client_head(client, request.user, now=timezone.now())
    return TemplateResponse(request, "accounts/_client_head.html", {"client": client, "head": head})


@permission("accounts.view_client")
def client_timeline(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Everything mixed, by day; `?before=` answers with what comes next."""
    client = get_client(request, pk)
    form = TimelineForm(request.GET, people=timeline_people(client), user=request.user)
    wanted = form.cleaned_data if form.is_valid() else {}
    days = wanted.get("days")
    person = wanted.get("person")
    timeline = build_timeline(
        client,
        request.user,
        kind=wanted.get("kind", ""),
        person_id=int(person) if person else None,
        since=timezone.now() - timedelta(days=int(days)) if days else None,
        cursor=request.GET.get("before", ""),
    )
    context = {
        "timeline": timeline,
        "form": form,
        "more_url": _more_url(request, timeline.next_cursor),
        "today": timezone.localdate(),
    }
    if is_fragment(request) and request.GET.get("before"):
        return TemplateResponse(
            request,
            "accounts/_client_timeline.html#timeline-page",
            {"client": client, **context},
        )
    return client_tab(request, client, "timeline", "accounts/_client_timeline.html", context)


def _more_url(request: StaffRequest, cursor: str) -> str:
    if not cursor:
        return ""
    parameters = request.GET.copy()
    parameters["before"] = cursor
    return f"{request.path}?{parameters.urlencode()}"
