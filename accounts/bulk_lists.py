"""Filter and table of the history of bulk changes."""

import django_filters
import django_tables2 as tables
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import BulkChange
from accounts.selectors.bulk_changes import label_of
from crm.lib.filters import YesNoFilter
from crm.lib.keyset import orders
from crm.lib.tables import FigureColumn, LocalTimeColumn, Table
from crm.lib.text import listed


class BulkChangeFilter(django_filters.FilterSet):
    ORDERS = orders(made_at="made_at")
    DEFAULT_ORDER = "-made_at"

    undone = YesNoFilter(label=_("Undone"), method="filter_undone")

    class Meta:
        model = BulkChange
        fields: list[str] = []

    def filter_undone(self, queryset: QuerySet, name: str, wanted: bool) -> QuerySet:
        return queryset.filter(undone_at__isnull=not wanted)


class BulkChangeTable(Table):
    made_at = LocalTimeColumn(
        verbose_name=_("When"),
        orderable=True,
        linkify=True,
        attrs={"a": {"class": "row-link"}, "td": {"class": "row-title num"}},
    )
    values = tables.Column(verbose_name=_("Fields"))
    clients = FigureColumn(verbose_name=_("Clients"))
    made_by = tables.Column(verbose_name=_("By"))
    reason = tables.Column(verbose_name=_("Reason"))
    undone_at = LocalTimeColumn(verbose_name=_("Undone"))

    def render_values(self, value: dict[str, object]) -> str:
        return listed(label_of(name) for name in value)
