"""A line's page and its tabs."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.choices import Tier
from accounts.member_tables import MEMBER_STATUS_TONES
from accounts.models import Member
from accounts.selectors import member_cards
from crm.lib.http import StaffRequest
from crm.lib.views import is_fragment, permission, visible_or_404


@dataclass(frozen=True)
class Tab:
    label: str
    url: str
    is_active: bool


# Tab -> URL name. Those of upper apps are known by name only.
MEMBER_TABS = {
    "overview": ("accounts:member_detail", gettext_lazy("Overview")),
    "entitlements": ("accounts:member_entitlements", gettext_lazy("Entitlements")),
    "bills": ("analytics:member_bills", gettext_lazy("Bills")),
    "records": ("analytics:member_records", gettext_lazy("Records")),
    "history": ("analytics:member_history", gettext_lazy("History")),
}


def member_tab(
    request: StaffRequest, member: Member, active: str, template: str, context: dict[str, Any]
) -> HttpResponse:
    """One tab of a line's page: alone for htmx, inside the whole page otherwise.

    Used by upper apps too: their tabs live at their own addresses.
    """
    if is_fragment(request):
        return TemplateResponse(request, template, {"member": member, **context})
    tabs = [
        Tab(str(label), reverse(url_name, args=[member.pk]), name == active)
        for name, (url_name, label) in MEMBER_TABS.items()
    ]
    context |= {
        "member": member,
        "profile": member.known,
        "title": member.masked_number,
        "status_tone": MEMBER_STATUS_TONES.get(member.status, "neutral"),
        "counts_as": Tier(member.effective_tier).label,  # type: ignore[attr-defined]
        "tabs_items": tabs,
        "tab_template": template,
        "facts": _facts(member),
    }
    return TemplateResponse(request, "accounts/member_detail.html", context)


def get_member(request: StaffRequest, pk: UUID) -> Member:
    """The line with its people and what it counts as today."""
    rows = Member.objects.with_people().with_tier(timezone.localdate())
    return visible_or_404(rows, request, pk)


def _facts(member: Member) -> list[tuple[str, object]]:
    owner = member.client.owner
    return [
        (_("Client"), member.client.name),
        (_("Account manager"), owner.full_name if owner else _("nobody yet")),
        (_("Unit"), member.client.unit.name),
        (_("Joined on"), member.joined_on.isoformat() if member.joined_on else "–"),
        (_("Corporate-paid"), _("Yes") if member.is_corporate_paid else _("No")),
    ]


@permission("accounts.view_client")
def member_detail(request: StaffRequest, pk: UUID) -> HttpResponse:
    member = get_member(request, pk)
    context = {
        "profile": member.known,
        "cards": member_cards.cards_of(member, request.user, timezone.localdate()),
        "owner_changes": member.owner_changes.visible_to(request.user)
        .select_related("checked_by")
        .order_by("-checked_at", "-pk")[:20],
    }
    return member_tab(request, member, "overview", "accounts/_member_overview.html", context)
