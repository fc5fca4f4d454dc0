"""List tables of members; numbers masked."""

from typing import Any, ClassVar

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.choices import MemberStatus, Tier
from accounts.models import Member
from crm.lib.tables import BadgeColumn, RowLinkColumn, Table
from crm.lib.templatetags.components import badge, icon

MEMBER_STATUS_TONES: dict[Any, str] = {
    MemberStatus.ACTIVE: "success",
    MemberStatus.PRE_CHURN: "warning",
    MemberStatus.SUSPENDED: "warning",
    MemberStatus.BOOKED_CANCEL: "warning",
    MemberStatus.ARREARS_CANCELLED: "danger",
    MemberStatus.CHURNED: "danger",
}


class TierColumn(tables.Column):
    """What a line counts as today, by name."""

    def render(self, value: int) -> str:
        return str(Tier(value).label) if value else "–"

    def value(self, value: int) -> str:
        return str(Tier(value).label)


class MarksColumn(tables.Column):
    """What is particular about a line: badges on the page, words in a file."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(empty_values=(), **kwargs)

    def render(self, record: Member) -> SafeString:
        return format_html_join(" ", "{}", ((badge(*mark),) for mark in _marks(record)))

    def value(self, record: Member) -> str:
        return ", ".join(text for text, _tone in _marks(record))


def _marks(member: Member) -> list[tuple[str, str]]:
    profile = member.known
    found = []
    if member.client.is_high_end:
        found.append((gettext("High-end"), "warning"))
    if profile.is_key_member:
        found.append((gettext("Key member"), "info"))
    if member.is_corporate_paid:
        found.append((gettext("Corporate-paid"), "neutral"))
    if profile.needs_transfer:
        found.append((gettext("To be transferred"), "warning"))
    elif profile.owner_differs:
        found.append((gettext("In another name"), "neutral"))
    return found


class MemberTable(Table):
    """Members of one client."""

    masked_number = RowLinkColumn(
        verbose_name=_("Number"),
        attrs={"a": {"class": "row-link"}, "td": {"class": "row-title num"}},
    )
    status = BadgeColumn(MEMBER_STATUS_TONES, verbose_name=_("Status"))
    effective_tier = TierColumn(verbose_name=_("Counts as"))
    joined_on = tables.DateColumn(format="Y-m-d", verbose_name=_("Joined on"))
    marks = MarksColumn(verbose_name=_("Particulars"))
    reveal = tables.Column(
        empty_values=(),
        verbose_name="",
        exclude_from_export=True,
        attrs={"td": {"class": "text-end"}},
    )

    def render_reveal(self, record: Member) -> str:
        # No TemplateColumn: it would run the context processors, and their queries, for each row.
        if not self.request.user.has_perm("accounts.reveal_msisdn"):
            return ""
        url = reverse("accounts:member_reveal", args=[record.pk])
        return format_html(
            '<a class="btn btn-sm" href="{}">{}{}</a>', url, icon("eye"), _("Show number")
        )


class AllMembersTable(MemberTable):
    """Members across clients; what does not show on the page is in the file."""

    personal: ClassVar = frozenset({"masked_number", "registered_owner", "actual_user"})

    client = tables.Column(verbose_name=_("Client"))
    owner = tables.Column(accessor="client__owner", verbose_name=_("Account manager"))
    registered_owner = tables.Column(
        accessor="profile__registered_owner", verbose_name=_("Registered owner"), visible=False
    )
    actual_user = tables.Column(
        accessor="profile__actual_user", verbose_name=_("Actual user"), visible=False
    )
    reveal = None

    class Meta:
        sequence = ("masked_number", "client", "status", "effective_tier", "joined_on", "...")
