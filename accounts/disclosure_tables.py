"""Lists of who looked at whose data: filters and tables."""

from typing import Any

import django_filters
import django_tables2 as tables
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.choices import RecordWay
from accounts.filters import ClientRefFilter, PersonFilter
from accounts.models import NumberReveal, RecordLook
from crm.lib.filters import start_of_day
from crm.lib.keyset import orders
from crm.lib.tables import FigureColumn, LocalTimeColumn, Table
from staff.choices import ExportState
from staff.models import Export


class SinceFilter(django_filters.DateFilter):
    """From the start of that day in the person's time zone."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(label=_("Since"), lookup_expr="gte", **kwargs)

    def filter(self, qs: QuerySet, value: Any) -> QuerySet:
        return super().filter(qs, start_of_day(value) if value else value)


class RevealFilter(django_filters.FilterSet):
    ORDERS = orders(revealed_at="revealed_at")
    DEFAULT_ORDER = "-revealed_at"

    who = PersonFilter(field_name="revealed_by", label=_("Who"))
    reason = django_filters.CharFilter(label=_("Reason"), lookup_expr="icontains")
    since = SinceFilter(field_name="revealed_at")
    client = ClientRefFilter(field_name="member__client")

    class Meta:
        model = NumberReveal
        fields: list[str] = []


class RecordLookFilter(django_filters.FilterSet):
    ORDERS = orders(looked_at="looked_at")
    DEFAULT_ORDER = "-looked_at"

    who = PersonFilter(field_name="looked_by", label=_("Who"))
    way = django_filters.ChoiceFilter(label=_("How"), choices=RecordWay.choices)
    reason = django_filters.CharFilter(label=_("Reason"), lookup_expr="icontains")
    since = SinceFilter(field_name="looked_at")
    client = ClientRefFilter(field_name="member__client")

    class Meta:
        model = RecordLook
        fields: list[str] = []


class ExportLogFilter(django_filters.FilterSet):
    ORDERS = orders(created_at="created_at")
    DEFAULT_ORDER = "-created_at"

    who = PersonFilter(field_name="owner", label=_("Who"))
    state = django_filters.ChoiceFilter(label=_("State"), choices=ExportState.choices)
    since = SinceFilter(field_name="created_at")

    class Meta:
        model = Export
        fields: list[str] = []


class RevealTable(Table):
    revealed_at = LocalTimeColumn(verbose_name=_("When"), orderable=True)
    revealed_by = tables.Column(verbose_name=_("Who"), attrs={"td": {"class": "row-title"}})
    member = tables.Column(linkify=True, verbose_name=_("Number"))
    client = tables.Column(accessor="member__client", verbose_name=_("Client"))
    reason = tables.Column(verbose_name=_("Reason"))


class RecordLookTable(Table):
    looked_at = LocalTimeColumn(verbose_name=_("When"), orderable=True)
    looked_by = tables.Column(verbose_name=_("Who"), attrs={"td": {"class": "row-title"}})
    way = tables.Column(verbose_name=_("How"))
    member = tables.Column(linkify=True, verbose_name=_("Number"))
    client = tables.Column(accessor="member__client", verbose_name=_("Client"))
    reason = tables.Column(verbose_name=_("Reason"))


class FileLookTable(Table):
    looked_at = LocalTimeColumn(verbose_name=_("When"), orderable=True)
    looked_by = tables.Column(verbose_name=_("Who"), attrs={"td": {"class": "row-title"}})
    way = tables.Column(verbose_name=_("How"))
    file = tables.Column(linkify=True, verbose_name=_("File"))
    kind = tables.Column(accessor="file__get_kind_display", verbose_name=_("Kind"))
    client = tables.Column(accessor="file__client", verbose_name=_("Client"))


class ExportLogTable(Table):
    created_at = LocalTimeColumn(verbose_name=_("When"), orderable=True)
    owner = tables.Column(verbose_name=_("Who"), attrs={"td": {"class": "row-title"}})
    list_name = tables.Column(verbose_name=_("List"))
    query = tables.Column(verbose_name=_("Filters"))
    rows = FigureColumn(verbose_name=_("Rows"))
    state = tables.Column(verbose_name=_("State"))
