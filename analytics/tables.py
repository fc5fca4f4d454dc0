"""List tables of alerts and imports."""

from typing import Any

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from accounts.tables import CLASS_TONES
from analytics.choices import AlertState, ImportState
from crm.lib.tables import (
    BadgeColumn,
    FigureColumn,
    LocalTimeColumn,
    MoneyColumn,
    MonthColumn,
    RowLinkColumn,
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
    created_by = tables.Column(verbose_name=_("By"))
    created_at = LocalTimeColumn(verbose_name=_("Handed in"), orderable=True)

    def render_periods(self, value: list) -> str:
        return listed(f"{month:%Y-%m}" for month in value)
