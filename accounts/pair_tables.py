"""The list of pairs of records that may be the same."""

from typing import Any, ClassVar

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.choices import PairState
from crm.lib.tables import BadgeColumn, LocalTimeColumn, RowLinkColumn, Table

PAIR_TONES: dict[Any, str] = {
    PairState.OPEN: "warning",
    PairState.LATER: "info",
    PairState.DIFFERENT: "neutral",
    PairState.SAME: "success",
}


class SuspectedPairTable(Table):
    personal: ClassVar = frozenset({"title"})

    title = RowLinkColumn(verbose_name=_("The two records"))
    kind = tables.Column(verbose_name=_("Kind"))
    reason = tables.Column(verbose_name=_("Why"))
    unit = tables.Column(accessor="first__unit", verbose_name=_("Unit"))
    found_at = LocalTimeColumn(verbose_name=pgettext_lazy("of a pair", "Found"), orderable=True)
    state = BadgeColumn(PAIR_TONES, verbose_name=_("State"))
    decided_by = tables.Column(verbose_name=pgettext_lazy("of a pair", "Judged by"), default="–")
    later_until = tables.DateColumn(format="Y-m-d", verbose_name=_("Comes back on"), default="–")
