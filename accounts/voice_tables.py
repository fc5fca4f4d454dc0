"""List tables of voices of clients and improvements; pages and exports share them."""

from typing import Any, ClassVar

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.choices import ImprovementState
from accounts.tables import TextColumn, record_link
from crm.lib.tables import BadgeColumn, LocalTimeColumn, RowLinkColumn, Table

IMPROVEMENT_TONES: dict[Any, str] = {
    ImprovementState.OPEN: "warning",
    ImprovementState.TAKEN_UP: "info",
    ImprovementState.DONE: "success",
    ImprovementState.DECLINED: "neutral",
}


class VoiceTable(Table):
    """Who said it is one of the client's people."""

    personal: ClassVar = frozenset({"said_by"})

    client = record_link()
    topic = tables.Column(verbose_name=_("About"))
    text = TextColumn(verbose_name=_("What was said"))
    said_by = tables.Column(verbose_name=_("Who said it"))
    heard_on = tables.DateColumn(format="Y-m-d", verbose_name=_("Heard on"), orderable=True)
    recorded_by = tables.Column(verbose_name=_("Recorded by"))


class ImprovementTable(Table):
    personal: ClassVar = frozenset()

    title = RowLinkColumn(verbose_name=pgettext_lazy("of a text", "Title"))
    text = TextColumn(verbose_name=_("What should be better, and how"))
    unit = tables.Column(verbose_name=_("Unit"))
    suggested_by = tables.Column(verbose_name=_("Suggested by"))
    suggested_at = LocalTimeColumn(verbose_name=_("Suggested"), orderable=True)
    state = BadgeColumn(IMPROVEMENT_TONES, verbose_name=_("State"))
    answer = TextColumn(verbose_name=_("Answer"), default="–")
