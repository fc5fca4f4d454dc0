"""Filters and orders of the diary: contacts on the phone or in person, and notes."""

import datetime as dt

import django_filters
from django.utils.translation import gettext_lazy as _

from accounts.choices import (
    ContactChannel,
    ContactDirection,
    ContactPurpose,
)
from accounts.filters.shared import ClientRefFilter, PersonFilter, UnitFilter
from accounts.models import (
    Client,
    ContactLog,
    ContactLogQuerySet,
    Note,
)
from crm.lib.filters import YesNoFilter, start_of_day
from crm.lib.keyset import orders


class ContactLogFilter(django_filters.FilterSet):
    ORDERS = orders(happened_at="happened_at", created_at="created_at")
    DEFAULT_ORDER = "-happened_at"

    q = django_filters.CharFilter(label=_("Client name or initials"), method="search")
    client = ClientRefFilter()
    day = django_filters.DateFilter(label=_("Day"), method="filter_day")
    person = PersonFilter(label=_("Person"), field_name="logged_by")
    unit = UnitFilter(field_name="client__unit")
    direction = django_filters.ChoiceFilter(label=_("Direction"), choices=ContactDirection.choices)
    channel = django_filters.ChoiceFilter(label=_("Channel"), choices=ContactChannel.choices)
    purpose = django_filters.ChoiceFilter(label=_("Purpose"), choices=ContactPurpose.choices)
    is_major = YesNoFilter(label=_("Major issue"))

    class Meta:
        model = ContactLog
        fields: list[str] = []

    def search(self, queryset: ContactLogQuerySet, name: str, text: str) -> ContactLogQuerySet:
        return queryset.filter(client__in=Client.objects.matching(text))

    def filter_day(
        self, queryset: ContactLogQuerySet, name: str, day: dt.date
    ) -> ContactLogQuerySet:
        if day == dt.date.max:
            return queryset.none()
        return queryset.between(start_of_day(day), start_of_day(day + dt.timedelta(days=1)))


class NoteFilter(django_filters.FilterSet):
    ORDERS = orders(created_at="created_at")
    DEFAULT_ORDER = "-created_at"

    client = ClientRefFilter()
    author = PersonFilter(label=_("Author"))
    is_pinned = YesNoFilter(label=_("Pinned"))

    class Meta:
        model = Note
        fields: list[str] = []
