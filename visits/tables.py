"""List table of visits."""

from typing import Any, ClassVar

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.lib.tables import BadgeColumn, LocalTimeColumn, RowLinkColumn, Table
from visits.choices import VisitState

STATE_TONES: dict[Any, str] = {
    VisitState.PLANNED: "info",
    VisitState.DONE: "success",
    VisitState.CANCELLED: "neutral",
}


class VisitTable(Table):
    personal: ClassVar = frozenset()

    starts_at = LocalTimeColumn(
        verbose_name=_("Appointment"),
        orderable=True,
        linkify=True,
        attrs={"a": {"class": "row-link"}, "td": {"class": "row-title num"}},
    )
    client = tables.Column(verbose_name=_("Client"))
    purpose = tables.Column(verbose_name=_("Purpose"))
    mode = tables.Column(verbose_name=_("Mode"))
    visitor = tables.Column(verbose_name=_("Visitor"))
    state = BadgeColumn(STATE_TONES, verbose_name=_("State"))
    record_due_on = tables.DateColumn(format="Y-m-d", verbose_name=_("Record due"), orderable=True)
    summary = tables.Column(verbose_name=pgettext_lazy("of a visit", "Summary"), visible=False)
    next_step = tables.Column(verbose_name=_("Next step"), visible=False)


class ClientVisitTable(VisitTable):
    """The same on a client's page."""

    client = RowLinkColumn(visible=False)
    summary = tables.Column(verbose_name=_("Summary"))
