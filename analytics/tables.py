"""List tables of alerts and imports."""

from typing import Any, ClassVar

import django_tables2 as tables
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.tables import CLASS_TONES
from analytics.choices import AlertState, ImportState, SuggestionState
from analytics.models import ClassSuggestion
from analytics.selectors.values import GRADE_TONES
from crm.lib.tables import (
    BadgeColumn,
    FigureColumn,
    LocalTimeColumn,
    MoneyColumn,
    MonthColumn,
    RowLinkColumn,
    SelectColumn,
    Table,
)
from crm.lib.text import listed

ALERT_TONES: dict[Any, str] = {
    AlertState.OPEN: "danger",
    AlertState.ACKNOWLEDGED: "warning",
    AlertState.VISIT_PLANNED: "info",
    AlertState.VISITED: "info",
    AlertState.HANDLED: "success",
    AlertState.CLOSED: "neutral",
    AlertState.WITHDRAWN: "neutral",
}
SUGGESTION_TONES: dict[Any, str] = {
    SuggestionState.OPEN: "warning",
    SuggestionState.ACCEPTED: "success",
    SuggestionState.DISMISSED: "neutral",
    SuggestionState.OBSOLETE: "neutral",
}
IMPORT_TONES: dict[Any, str] = {
    ImportState.CHECKING: "info",
    ImportState.READY: "warning",
    ImportState.QUEUED: "neutral",
    ImportState.RUNNING: "info",
    ImportState.LOADED: "success",
    ImportState.FAILED: "danger",
    ImportState.CANCELLED: "neutral",
    ImportState.UNDOING: "info",
    ImportState.UNDONE: "neutral",
}


class AlertTable(Table):
    personal: ClassVar = frozenset()

    client = RowLinkColumn(
        verbose_name=_("Client"), linkify=lambda record: record.get_absolute_url()
    )
    client_class = BadgeColumn(
        CLASS_TONES, accessor="client__client_class", verbose_name=_("Class")
    )
    rule = tables.Column(verbose_name=_("Rule"))
    latest_period = MonthColumn(verbose_name=_("Month"), orderable=True)
    money_at_risk = MoneyColumn(verbose_name=_("Money at risk"), orderable=True)
    state = BadgeColumn(ALERT_TONES, verbose_name=_("State"))
    owner = tables.Column(accessor="client__owner", verbose_name=_("Account manager"))
    due_on = tables.DateColumn(format="Y-m-d", verbose_name=_("Visit due"), orderable=True)


class ImportTable(Table):
    number = tables.Column(
        linkify=True,
        verbose_name=_("No."),
        attrs={"a": {"class": "row-link"}, "td": {"class": "num"}},
    )
    file_name = tables.Column(verbose_name=_("File"), attrs={"td": {"class": "row-title"}})
    kind = tables.Column(verbose_name=_("Kind"))
    periods = tables.Column(verbose_name=_("Months"))
    state = BadgeColumn(IMPORT_TONES, verbose_name=_("State"))
    loaded = FigureColumn(verbose_name=_("Loaded"))
    quarantined = FigureColumn(verbose_name=_("Quarantined"))
    created_by = tables.Column(verbose_name=pgettext_lazy("of an import", "By"))
    created_at = LocalTimeColumn(verbose_name=_("Handed in"), orderable=True)

    def render_periods(self, value: list) -> str:
        return listed(f"{month:%Y-%m}" for month in value)


class ClassSuggestionTable(Table):
    """Classes that figures suggest."""

    personal: ClassVar = frozenset()

    client = RowLinkColumn(
        accessor="client",
        linkify=lambda record: record.client.get_absolute_url(),
        verbose_name=_("Client"),
    )
    change = tables.Column(
        empty_values=(),
        accessor="pk",
        verbose_name=_("Change of class"),
        attrs={"td": {"class": "text-nowrap"}},
    )
    income = MoneyColumn(verbose_name=_("Mean income"), orderable=True)
    active_members = FigureColumn(verbose_name=_("Active members"))
    until_month = MonthColumn(verbose_name=_("Until month"))
    owner = tables.Column(accessor="client__owner", verbose_name=_("Account manager"), default="–")
    made_at = LocalTimeColumn(verbose_name=_("Suggested"), orderable=True)
    state = BadgeColumn(SUGGESTION_TONES, verbose_name=_("State"))
    reason = tables.Column(verbose_name=_("Reason"), default="–")

    def render_change(self, record: ClassSuggestion) -> str:
        return str(record)


class TickedSuggestionTable(ClassSuggestionTable):
    """The same with boxes for the open ones."""

    select = SelectColumn(when=lambda record: record.is_open)

    class Meta:
        sequence = ("select", "...")


class ValueDueTable(Table):
    """When which client is judged, and how it was judged last (ARC-22)."""

    personal: ClassVar = frozenset()

    client = RowLinkColumn(
        accessor="client",
        linkify=lambda record: reverse("analytics:client_business", args=[record.client_id]),
        verbose_name=_("Client"),
    )
    client_class = BadgeColumn(
        CLASS_TONES, accessor="client__client_class", verbose_name=_("Class")
    )
    owner = tables.Column(accessor="client__owner", verbose_name=_("Account manager"), default="–")
    grade = BadgeColumn(GRADE_TONES, accessor="newest__grade", verbose_name=_("Grade"))
    score = FigureColumn(accessor="newest__score", verbose_name=_("Score"))
    assessed_on = tables.DateColumn(
        format="Y-m-d", accessor="newest__assessed_on", verbose_name=_("Judged on"), default="–"
    )
    assessed_by = tables.Column(
        accessor="newest__assessed_by", verbose_name=_("Judged by"), default="–"
    )
    due_on = tables.DateColumn(format="Y-m-d", verbose_name=_("Next due"), orderable=True)
