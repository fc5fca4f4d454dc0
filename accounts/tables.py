"""List tables of clients, contacts and members; pages and exports share them."""

from typing import Any

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.choices import ClientStatus, MemberStatus
from accounts.models import Member
from crm.lib.tables import BadgeColumn, FigureColumn, MoneyColumn, RowLinkColumn, Table
from crm.lib.templatetags.components import icon

CLASS_TONES: dict[Any, str] = {"A": "danger", "B": "warning", "C": "info"}
CLIENT_STATUS_TONES: dict[Any, str] = {
    ClientStatus.POTENTIAL: "neutral",
    ClientStatus.TARGET: "info",
    ClientStatus.SIGNED: "success",
    ClientStatus.CHURNED: "danger",
}
MEMBER_STATUS_TONES: dict[Any, str] = {
    MemberStatus.ACTIVE: "success",
    MemberStatus.PRE_CHURN: "warning",
    MemberStatus.SUSPENDED: "warning",
    MemberStatus.BOOKED_CANCEL: "warning",
    MemberStatus.ARREARS_CANCELLED: "danger",
    MemberStatus.CHURNED: "danger",
}


class ClientTable(Table):
    name = RowLinkColumn(verbose_name=_("Client"), orderable=True)
    code = tables.Column(verbose_name=_("Code"))
    client_class = BadgeColumn(CLASS_TONES, verbose_name=_("Class"))
    owner = tables.Column(verbose_name=_("Account manager"))
    unit = tables.Column(verbose_name=_("Unit"))
    income = MoneyColumn(verbose_name=_("Income"), orderable=True)
    active_members = FigureColumn(verbose_name=_("Active members"), orderable=True)
    status = BadgeColumn(CLIENT_STATUS_TONES, verbose_name=_("Status"))


class ContactTable(Table):
    name = RowLinkColumn(verbose_name=pgettext_lazy("of a person", "Name"), orderable=True)
    client = tables.Column(linkify=True, verbose_name=_("Client"))
    title = tables.Column(verbose_name=_("Title"))
    kind = tables.Column(verbose_name=_("Kind"))
    mobile = tables.Column(verbose_name=_("Mobile"))
    phone = tables.Column(verbose_name=_("Phone"))
    spoken_birthday = tables.Column(verbose_name=_("Birthday"))


class MemberTable(Table):
    """Members of one client; numbers masked."""

    masked_number = tables.Column(
        verbose_name=_("Number"), attrs={"td": {"class": "row-title num"}}
    )
    status = BadgeColumn(MEMBER_STATUS_TONES, verbose_name=_("Status"))
    tier = tables.Column(verbose_name=_("Tier"))
    joined_on = tables.DateColumn(format="Y-m-d", verbose_name=_("Joined on"))
    is_corporate_paid = tables.BooleanColumn(
        verbose_name=_("Corporate-paid"), yesno=(_("Yes"), _("No")), null=False
    )
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
