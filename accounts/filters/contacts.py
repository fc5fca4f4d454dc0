"""Filters and orders of the lists of contacts, of what is noted about them and of their relations."""

from datetime import timedelta
from decimal import Decimal

import django_filters
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.choices import (
    BuyingRole,
    ClientClass,
    ContactKind,
    Personality,
    RelationKind,
)
from accounts.filters.shared import ClientRefFilter, ContactRefFilter
from accounts.models import (
    Contact,
    ContactNote,
    ContactQuerySet,
    ContactRelation,
)
from crm.lib.filters import YesNoFilter
from crm.lib.keyset import orders

# A lunar year with a leap month.
LONGEST_YEAR = 385
# What may be missing of a contact, and how an empty one is stored.
WITHOUT = (
    ("mobile", _("Mobile")),
    ("birthday", _("Birthday")),
    ("buying_roles", _("Buying roles")),
    ("personality", _("Personality")),
)
EMPTY = {
    "mobile": Q(mobile=""),
    "birthday": Q(birth_month=None),
    "buying_roles": Q(buying_roles=[]),
    "personality": Q(personality=""),
}


class ContactFilter(django_filters.FilterSet):
    ORDERS = orders(name="sort_key", created_at="created_at")
    DEFAULT_ORDER = "name"

    q = django_filters.CharFilter(label=_("Name, mobile or title"), method="search")
    client = ClientRefFilter()
    kind = django_filters.ChoiceFilter(label=_("Kind"), choices=ContactKind.choices)
    buying_role = django_filters.ChoiceFilter(
        label=_("Buying role"), choices=BuyingRole.choices, method="filter_buying_role"
    )
    personality = django_filters.ChoiceFilter(label=_("Personality"), choices=Personality.choices)
    client_class = django_filters.ChoiceFilter(
        label=_("Class of the client"),
        field_name="client__client_class",
        choices=ClientClass.choices,
    )
    birthday_within = django_filters.NumberFilter(
        label=_("Birthday in the next days"),
        method="filter_birthday",
        min_value=0,
        max_value=LONGEST_YEAR,
        decimal_places=0,
    )
    is_decision_maker = YesNoFilter(label=_("Real decision maker"), field_name="is_decision_maker")
    is_external = YesNoFilter(label=_("From outside the client"), field_name="is_external")
    without = django_filters.ChoiceFilter(
        label=_("Without"), choices=WITHOUT, method="filter_without"
    )
    is_active = YesNoFilter(label=_("Still there"), field_name="is_active")

    class Meta:
        model = Contact
        fields: list[str] = []

    def search(self, queryset: ContactQuerySet, name: str, text: str) -> ContactQuerySet:
        return queryset.matching(text)

    def filter_buying_role(
        self, queryset: ContactQuerySet, name: str, role: str
    ) -> ContactQuerySet:
        return queryset.filter(buying_roles__contains=[role])

    def filter_birthday(
        self, queryset: ContactQuerySet, name: str, days: Decimal
    ) -> ContactQuerySet:
        today = timezone.localdate()
        return queryset.birthdays_between(today, today + timedelta(days=int(days)))

    def filter_without(self, queryset: ContactQuerySet, name: str, what: str) -> ContactQuerySet:
        return queryset.filter(EMPTY[what])


class ContactNoteFilter(django_filters.FilterSet):
    ORDERS = orders(told_on="-told_on", created_at="created_at")
    DEFAULT_ORDER = "told_on"

    contact = ContactRefFilter()

    class Meta:
        model = ContactNote
        fields: list[str] = []


class ContactRelationFilter(django_filters.FilterSet):
    ORDERS = orders(created_at="created_at")
    DEFAULT_ORDER = "created_at"

    person = ContactRefFilter()
    other = ContactRefFilter()
    kind = django_filters.ChoiceFilter(label=_("Relation"), choices=RelationKind.choices)

    class Meta:
        model = ContactRelation
        fields: list[str] = []
