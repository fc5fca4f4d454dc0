"""List tables of reports and of changes that agents hand in; pages and exports share them."""

from typing import Any, ClassVar

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.choices import ChangeState, ReportState
from accounts.tables import record_link
from crm.lib.tables import (
    BadgeColumn,
    FigureColumn,
    LocalTimeColumn,
    MonthColumn,
    RowLinkColumn,
    Table,
)

REPORT_TONES: dict[Any, str] = {
    ReportState.DRAFT: "warning",
    ReportState.SUBMITTED: "info",
    ReportState.ANSWERED: "success",
    ReportState.DISCARDED: "neutral",
}


class ReportTable(Table):
    personal: ClassVar = frozenset()

    title = RowLinkColumn(verbose_name=pgettext_lazy("of a text", "Title"))
    kind = tables.Column(verbose_name=_("Kind"))
    month = MonthColumn(verbose_name=_("Month"))
    about = tables.Column(linkify=True, verbose_name=_("Client"), default="–")
    unit = tables.Column(verbose_name=_("Unit"))
    author = tables.Column(verbose_name=_("Author"))
    created_at = LocalTimeColumn(verbose_name=_("Written"), orderable=True)
    due_at = LocalTimeColumn(verbose_name=_("Due"))
    state = BadgeColumn(REPORT_TONES, verbose_name=_("State"))
    submitted_at = LocalTimeColumn(verbose_name=_("Submitted"))
    answered_by = tables.Column(verbose_name=_("Answered by"), default="–")


CHANGE_TONES: dict[Any, str] = {
    ChangeState.OPEN: "warning",
    ChangeState.APPROVED: "success",
    ChangeState.PARTLY: "info",
    ChangeState.REFUSED: "danger",
    ChangeState.WITHDRAWN: "neutral",
}


class ChangeRequestTable(Table):
    personal: ClassVar = frozenset()

    client = record_link()
    field_count = FigureColumn(verbose_name=_("Fields"))
    reason = tables.Column(verbose_name=_("Where it is from"), attrs={"td": {"class": "cell-text"}})
    requested_by = tables.Column(verbose_name=_("Handed in by"))
    requested_at = LocalTimeColumn(verbose_name=_("Handed in"), orderable=True)
    state = BadgeColumn(CHANGE_TONES, verbose_name=_("State"))
    decided_by = tables.Column(verbose_name=_("Decided by"), default="–")
    word = tables.Column(verbose_name=_("Word"), attrs={"td": {"class": "cell-text"}})
