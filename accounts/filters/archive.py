"""Filters of the lists of an archive; pages have none, the API does."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.choices import AnniversaryKind, ClientStatus, SegmentFactor
from accounts.filters.shared import ClientRefFilter
from accounts.models import (
    Agreement,
    Anniversary,
    ArchiveCheck,
    Area,
    CollectionCount,
    Department,
    Policy,
    Segment,
    StatusChange,
    SuccessCase,
)
from crm.lib.filters import YesNoFilter
from crm.lib.keyset import orders


class OfClientFilter(django_filters.FilterSet):
    """What belongs to a client, in the order it came."""

    ORDERS = orders(id="id")
    DEFAULT_ORDER = "id"

    client = ClientRefFilter()


class ItemFilter(OfClientFilter):
    is_removed = YesNoFilter(label=_("Removed"), method="filter_removed")

    def filter_removed(self, queryset: Any, name: str, wanted: bool) -> QuerySet:
        return queryset.removed() if wanted else queryset.live()


class StatusChangeFilter(OfClientFilter):
    new = django_filters.ChoiceFilter(label=_("Status"), choices=ClientStatus.choices)

    class Meta:
        model = StatusChange
        fields: list[str] = []


class ArchiveCheckFilter(OfClientFilter):
    is_open = YesNoFilter(label=_("To correct"), method="filter_open")

    class Meta:
        model = ArchiveCheck
        fields: list[str] = []

    def filter_open(self, queryset: Any, name: str, wanted: bool) -> QuerySet:
        return queryset.open() if wanted else queryset.settled()


class SegmentFilter(ItemFilter):
    factor = django_filters.ChoiceFilter(label=_("Factor"), choices=SegmentFactor.choices)
    value = django_filters.CharFilter(label=_("Mark"), lookup_expr="icontains")

    class Meta:
        model = Segment
        fields: list[str] = []


class AnniversaryFilter(ItemFilter):
    kind = django_filters.ChoiceFilter(label=_("Kind"), choices=AnniversaryKind.choices)

    class Meta:
        model = Anniversary
        fields: list[str] = []


class DepartmentFilter(ItemFilter):
    class Meta:
        model = Department
        fields: list[str] = []


class CollectionCountFilter(ItemFilter):
    class Meta:
        model = CollectionCount
        fields: list[str] = []


class PolicyFilter(ItemFilter):
    class Meta:
        model = Policy
        fields: list[str] = []


class AgreementFilter(ItemFilter):
    class Meta:
        model = Agreement
        fields: list[str] = []


class AreaFilter(ItemFilter):
    class Meta:
        model = Area
        fields: list[str] = []


class SuccessCaseFilter(ItemFilter):
    class Meta:
        model = SuccessCase
        fields: list[str] = []
