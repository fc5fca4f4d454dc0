"""Filters and orders of files, and of who took them out."""

from datetime import date

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.choices import FileKind, FileWay
from accounts.filters.shared import ClientRefFilter, ContactRefFilter, PersonFilter
from accounts.models import ClientFile, ClientFileQuerySet, FileLook
from crm.lib.filters import YesNoFilter, start_of_day
from crm.lib.keyset import orders


class ClientFileFilter(django_filters.FilterSet):
    """Removed files only when they are asked for."""

    ORDERS = orders(filing="filing", created_at="created_at")
    DEFAULT_ORDER = "filing"

    client = ClientRefFilter()
    contact = ContactRefFilter()
    q = django_filters.CharFilter(label=pgettext_lazy("of a text", "Title"), method="search")
    kind = django_filters.MultipleChoiceFilter(label=_("Kind"), choices=FileKind.choices)
    is_removed = YesNoFilter(label=_("Removed"), method="filter_removed")

    class Meta:
        model = ClientFile
        fields: list[str] = []

    def search(self, queryset: ClientFileQuerySet, name: str, value: str) -> ClientFileQuerySet:
        return queryset.matching(value)

    def filter_removed(self, queryset: ClientFileQuerySet, name: str, value: bool) -> QuerySet:
        return queryset.exclude(removed_at=None) if value else queryset.kept()


class FileLookFilter(django_filters.FilterSet):
    ORDERS = orders(looked_at="looked_at")
    DEFAULT_ORDER = "-looked_at"

    who = PersonFilter(field_name="looked_by", label=_("Who"))
    way = django_filters.ChoiceFilter(label=_("How"), choices=FileWay.choices)
    since = django_filters.DateFilter(label=_("Since"), method="filter_since")
    client = ClientRefFilter(field_name="file__client")

    class Meta:
        model = FileLook
        fields: list[str] = []

    def filter_since(self, queryset: QuerySet, name: str, value: date) -> QuerySet:
        return queryset.filter(looked_at__gte=start_of_day(value))
