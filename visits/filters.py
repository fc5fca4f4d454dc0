"""Filters and orders of the list of visits; pages and API share them."""

import datetime as dt

import django_filters
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.filters import ClientRefFilter, PersonFilter, UnitFilter
from accounts.models import Client
from crm.lib.filters import YesNoFilter, start_of_day
from crm.lib.keyset import orders
from visits.choices import VisitMode, VisitPurpose, VisitState
from visits.models import Visit, VisitQuerySet


class VisitFilter(django_filters.FilterSet):
    ORDERS = orders(starts_at="starts_at", record_due_on="record_due_on", created_at="created_at")
    DEFAULT_ORDER = "-starts_at"

    q = django_filters.CharFilter(label=_("Client name or initials"), method="search")
    client = ClientRefFilter()
    visitor = PersonFilter(label=_("Visitor"))
    unit = UnitFilter(field_name="client__unit")
    state = django_filters.ChoiceFilter(label=_("State"), choices=VisitState.choices)
    mode = django_filters.ChoiceFilter(label=_("Mode"), choices=VisitMode.choices)
    purpose = django_filters.ChoiceFilter(label=_("Purpose"), choices=VisitPurpose.choices)
    starts_on__gte = django_filters.DateFilter(label=_("From"), method="filter_from")
    starts_on__lte = django_filters.DateFilter(label=_("Until"), method="filter_until")
    overdue = YesNoFilter(label=_("Record overdue"), method="filter_overdue")
    without_record = YesNoFilter(label=_("Without record"), method="filter_without_record")

    class Meta:
        model = Visit
        fields: list[str] = []

    def search(self, queryset: VisitQuerySet, name: str, text: str) -> VisitQuerySet:
        return queryset.filter(client__in=Client.objects.matching(text))

    def filter_from(self, queryset: VisitQuerySet, name: str, day: dt.date) -> VisitQuerySet:
        return queryset.filter(starts_at__gte=start_of_day(day))

    def filter_until(self, queryset: VisitQuerySet, name: str, day: dt.date) -> VisitQuerySet:
        if day == dt.date.max:
            return queryset
        return queryset.filter(starts_at__lt=start_of_day(day + dt.timedelta(days=1)))

    def filter_overdue(self, queryset: VisitQuerySet, name: str, wanted: bool) -> VisitQuerySet:
        today = timezone.localdate()
        if wanted:
            return queryset.overdue(today)
        return queryset.exclude(pk__in=Visit.objects.overdue(today))

    def filter_without_record(
        self, queryset: VisitQuerySet, name: str, wanted: bool
    ) -> VisitQuerySet:
        now = timezone.now()
        if wanted:
            return queryset.without_record(now)
        return queryset.exclude(pk__in=Visit.objects.without_record(now))
