"""The list of merges."""

from typing import ClassVar

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from crm.lib.tables import LocalTimeColumn, RowLinkColumn, Table


class MergeTable(Table):
    personal: ClassVar = frozenset({"title"})

    title = RowLinkColumn(verbose_name=_("What went into what"))
    kind = tables.Column(verbose_name=_("Kind"))
    old_code = tables.Column(verbose_name=_("Former code"), default="–")
    unit = tables.Column(accessor="client__unit", verbose_name=_("Unit"))
    merged_at = LocalTimeColumn(verbose_name=_("Merged"), orderable=True)
    merged_by = tables.Column(accessor="merged_by__full_name", verbose_name=_("Merged by"))
    undone_at = LocalTimeColumn(verbose_name=_("Parted again"), default="–")
