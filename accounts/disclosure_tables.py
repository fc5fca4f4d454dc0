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
from crm.lib.text import listed
from staff.choices import ExportState
from staff.exporting import list_title, personal_labels
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
    """What is in the file, who decided and who fetched it, is on the export's page."""

    created_at = LocalTimeColumn(
        verbose_name=_("When"),
        orderable=True,
        linkify=True,
        attrs={"a": {"class": "row-link"}, "td": {"class": "num"}},
    )
    owner = tables.Column(verbose_name=_("Who"), attrs={"td": {"class": "row-title"}})
    what = tables.Column(verbose_name=_("What"), empty_values=())
    query = tables.Column(verbose_name=_("Filters"))
    reason = tables.Column(verbose_name=_("Reason"), attrs={"td": {"class": "cell-text"}})
    rows = FigureColumn(verbose_name=_("Rows"))
    personal = tables.Column(verbose_name=_("Personal data"), empty_values=())
    state = tables.Column(verbose_name=_("State"))
    downloads = FigureColumn(accessor="times_downloaded", verbose_name=_("Downloads"))

    def render_what(self, record: Export) -> str:
        return list_title(record)

    def render_personal(self, record: Export) -> str:
        return listed(personal_labels(record)) or "–"
