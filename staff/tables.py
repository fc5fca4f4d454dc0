"""List tables of our own people."""

from typing import Any

import django_tables2 as tables
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.lib.tables import BadgeColumn, FigureColumn, LocalTimeColumn, RowLinkColumn, Table
from crm.lib.templatetags.components import badge
from staff import holdings
from staff.choices import AbsenceState


class PersonTable(Table):
    full_name = RowLinkColumn(verbose_name=pgettext_lazy("of a person", "Name"))
    username = tables.Column(verbose_name=_("User name"))
    role = tables.Column(verbose_name=_("Role"))
    unit = tables.Column(verbose_name=_("Unit"))
    title = tables.Column(verbose_name=_("Title"))
    phone = tables.Column(verbose_name=_("Phone"))
    portfolio = FigureColumn(verbose_name=_("Clients"))
    is_active = tables.Column(verbose_name=_("Access"))

    def render_is_active(self, value: Any) -> str:
        return badge(_("active"), "success") if value else badge(_("disabled"), "danger")

    def render_portfolio(self, value: int, record: Any) -> Any:
        """Opens the very rows it counts (P2)."""
        portfolio = holdings.portfolio()
        if not value or portfolio is None:
            return value
        warning = badge(_("too many"), "warning") if record.is_overloaded else ""
        url = portfolio.url_of_person(record.pk)
        return format_html('{} <a href="{}">{}</a>', warning, url, value)

    def value_is_active(self, value: Any) -> Any:
        return value


ABSENCE_TONES: dict[Any, str] = {
    AbsenceState.REQUESTED: "warning",
    AbsenceState.APPROVED: "success",
    AbsenceState.REFUSED: "neutral",
    AbsenceState.CANCELLED: "neutral",
}


class AbsenceTable(Table):
    person = RowLinkColumn(verbose_name=_("Name"))
    kind = tables.Column(verbose_name=_("Kind"))
    starts_on = tables.DateColumn(format="Y-m-d", verbose_name=_("First day"), orderable=True)
    ends_on = tables.DateColumn(format="Y-m-d", verbose_name=_("Last day"))
    deputy = tables.Column(verbose_name=_("Deputy"))
    state = BadgeColumn(ABSENCE_TONES, verbose_name=_("State"))


class LoanTable(Table):
    item = tables.Column(verbose_name=_("Item"), attrs={"td": {"class": "row-title"}})
    kind = tables.Column(verbose_name=_("Kind"))
    serial_number = tables.Column(verbose_name=_("Serial number"))
    person = tables.Column(verbose_name=_("Borrower"))
    lent_on = tables.DateColumn(format="Y-m-d", verbose_name=_("Lent on"))
    due_on = tables.DateColumn(format="Y-m-d", verbose_name=_("Due back"), orderable=True)
    returned_on = tables.DateColumn(format="Y-m-d", verbose_name=_("Returned on"), empty_values=())

    def render_returned_on(self, value: Any, record: Any) -> Any:
        if value:
            return f"{value:%Y-%m-%d}"
        late = record.is_overdue(timezone.localdate())
        state = badge(_("overdue"), "danger") if late else badge(_("out"), "info")
        url = reverse("staff:loan_return", args=[record.pk])
        return format_html(
            '{} <a class="btn btn-sm" href="{}">{}</a>', state, url, _("Take it back")
        )


class ExportQueueTable(Table):
    """Orders that wait for a second person."""

    created_at = LocalTimeColumn(verbose_name=_("Ordered"), orderable=True, linkify=True,
                                 attrs={"a": {"class": "row-link"}, "td": {"class": "row-title num"}})  # fmt: skip
    owner = tables.Column(verbose_name=_("Who"))
    unit = tables.Column(accessor="owner__unit", verbose_name=_("Unit"))
    reason = tables.Column(verbose_name=_("Reason"), attrs={"td": {"class": "cell-text"}})
    rows = FigureColumn(verbose_name=_("People in it"))
    expires_at = LocalTimeColumn(verbose_name=_("Decide until"), orderable=True)
