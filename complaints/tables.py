"""List tables of cases."""

from typing import Any, ClassVar

import django_tables2 as tables
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from complaints.choices import CaseStatus, Severity
from complaints.models import Case
from crm.lib.tables import BadgeColumn, FigureColumn, LocalTimeColumn, RowLinkColumn, Table
from crm.lib.templatetags.components import badge

STATUS_TONES: dict[Any, str] = {
    CaseStatus.OPEN: "warning",
    CaseStatus.REPLIED: "info",
    CaseStatus.RESOLVED: "success",
    CaseStatus.CLOSED: "neutral",
}
SEVERITY_TONES: dict[Any, str] = {Severity.SERIOUS: "warning", Severity.MAJOR: "danger"}


class CaseTable(Table):
    personal: ClassVar = frozenset()

    number = RowLinkColumn(
        verbose_name=_("Number"),
        attrs={"a": {"class": "row-link"}, "td": {"class": "row-title text-nowrap"}},
    )
    client = tables.Column(verbose_name=_("Client"))
    kind = tables.Column(verbose_name=_("Kind"))
    status = BadgeColumn(STATUS_TONES, verbose_name=_("State"))
    due_at = LocalTimeColumn(verbose_name=_("Due"), orderable=True)
    assignee = tables.Column(empty_values=(), verbose_name=_("Handled by"))
    first_responder = tables.Column(verbose_name=_("First responder"))
    severity = BadgeColumn(SEVERITY_TONES, verbose_name=_("Severity"))
    urgency = tables.Column(verbose_name=_("Urgency"), visible=False)
    first_contact_at = LocalTimeColumn(verbose_name=_("First contact"), orderable=True)
    responsible_unit = tables.Column(verbose_name=_("Responsible unit"), visible=False)
    window = tables.Column(verbose_name=_("Window"), visible=False)
    satisfaction = tables.Column(verbose_name=_("Satisfaction"), visible=False)

    def render_due_at(self, value: Any, record: Case, column: LocalTimeColumn) -> str:
        """The clock has stopped once the case is solved; the deadline says nothing then."""
        if not record.is_running:
            return "—"
        when = column.value(value)
        if not record.is_overdue:  # type: ignore[attr-defined]
            return when
        return format_html("{} {}", when, badge(gettext("overdue"), "danger"))

    def value_due_at(self, value: Any, record: Case, column: LocalTimeColumn) -> str:
        return column.value(value) if record.is_running else ""

    def render_assignee(self, record: Case) -> str:
        if record.assignee:
            return record.assignee.full_name
        return record.handed_unit.name if record.handed_unit else "—"

    def value_assignee(self, record: Case) -> str:
        return self.render_assignee(record)


class ClientCaseTable(CaseTable):
    """The same on a client's page."""

    client = tables.Column(visible=False)


class ClientLookupTable(Table):
    looked_at = LocalTimeColumn(verbose_name=_("When"), orderable=True)
    person = tables.Column(verbose_name=_("Who"))
    text = tables.Column(verbose_name=_("Looked for"))
    shown = FigureColumn(verbose_name=_("Names shown"))
