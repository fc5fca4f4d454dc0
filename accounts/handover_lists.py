"""Filter and table of the history of handovers."""

import django_filters
import django_tables2 as tables
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.filters import PersonFilter
from accounts.models import Handover
from crm.lib.filters import YesNoFilter
from crm.lib.keyset import orders
from crm.lib.tables import FigureColumn, LocalTimeColumn, Table
from crm.lib.text import listed


class HandoverListFilter(django_filters.FilterSet):
    ORDERS = orders(handed_over_at="handed_over_at", clients="clients")
    DEFAULT_ORDER = "-handed_over_at"

    source = PersonFilter(label=_("From"))
    undone = YesNoFilter(label=_("Undone"), method="filter_undone")

    class Meta:
        model = Handover
        fields: list[str] = []

    def filter_undone(self, queryset: QuerySet, name: str, wanted: bool) -> QuerySet:
        return queryset.filter(undone_at__isnull=not wanted)


class HandoverTable(Table):
    handed_over_at = LocalTimeColumn(
        verbose_name=_("Handed over"),
        orderable=True,
        linkify=True,
        attrs={"a": {"class": "row-link"}, "td": {"class": "row-title num"}},
    )
    source = tables.Column(verbose_name=_("From"))
    targets = tables.Column(empty_values=(), verbose_name=_("To"))
    clients = FigureColumn(verbose_name=_("Clients"), orderable=True)
    handed_over_by = tables.Column(verbose_name=_("By"))
    reason = tables.Column(verbose_name=_("Reason"))
    undone_at = LocalTimeColumn(verbose_name=_("Undone"))

    def value_targets(self, record: Handover) -> str:
        return listed(share.target.full_name for share in record.shares.all())

    def render_targets(self, record: Handover) -> str:
        return self.value_targets(record)
