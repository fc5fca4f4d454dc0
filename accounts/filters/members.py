"""Filters and orders of the lists of members and of who looked at their data."""

import django_filters
from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.choices import MemberStatus, Tier
from accounts.filters.shared import ClientRefFilter, PersonFilter, UnitFilter, names_of
from accounts.models import (
    Entitlement,
    EntitlementUse,
    EntitlementUseQuerySet,
    Member,
    MemberQuerySet,
)
from crm.lib.filters import ANY, YesNoFilter
from crm.lib.keyset import orders

# What the API calls the cards; one list, so that its schema has one name for it.
TIER_NAMES = names_of(Tier)


class MemberFilter(django_filters.FilterSet):
    ORDERS = orders(id="id")
    DEFAULT_ORDER = "id"

    client = ClientRefFilter()
    client_text = django_filters.CharFilter(label=_("Client"), method="search_client")
    status = django_filters.TypedChoiceFilter(
        label=_("Status"),
        choices=[ANY, *names_of(MemberStatus)],
        coerce=lambda name: MemberStatus[name.upper()].value,
    )
    tier = django_filters.TypedChoiceFilter(
        label=_("Card on the newest bill"),
        choices=[ANY, *TIER_NAMES],
        coerce=lambda name: Tier[name.upper()].value,
    )
    effective_tier = django_filters.TypedChoiceFilter(
        label=_("Counts as"),
        choices=[ANY, *TIER_NAMES],
        coerce=lambda name: Tier[name.upper()].value,
        method="filter_effective",
    )
    is_key_member = YesNoFilter(label=_("Key member"), method="filter_key")
    is_corporate_paid = YesNoFilter(label=_("Corporate-paid"), field_name="is_corporate_paid")
    in_other_name = YesNoFilter(label=_("Owner is not the user"), method="filter_other_name")
    high_end = YesNoFilter(label=_("Of a high-end client"), field_name="client__is_high_end")
    unit = UnitFilter(field_name="client__unit")
    owner = PersonFilter(field_name="client__owner", label=_("Account manager"))
    joined_on__gte = django_filters.DateFilter(
        label=_("Joined from"), field_name="joined_on", lookup_expr="gte"
    )
    joined_on__lte = django_filters.DateFilter(
        label=_("Joined up to"), field_name="joined_on", lookup_expr="lte"
    )
    card_ended = django_filters.NumberFilter(
        label=_("Card ended with the year"),
        method="filter_card_ended",
        min_value=2000,
        max_value=2099,
        decimal_places=0,
        widget=forms.HiddenInput,  # tasks link to it
    )

    class Meta:
        model = Member
        fields: list[str] = []

    def search_client(self, queryset: MemberQuerySet, name: str, text: str) -> MemberQuerySet:
        for word in text.lower().split():
            queryset = queryset.filter(client__search_text__contains=word)
        return queryset

    def filter_effective(self, queryset: MemberQuerySet, name: str, tier: int) -> MemberQuerySet:
        return queryset.counting_as(tier, timezone.localdate())

    def filter_key(self, queryset: MemberQuerySet, name: str, wanted: bool) -> MemberQuerySet:
        if wanted:
            return queryset.filter(profile__is_key_member=True)
        return queryset.filter(Q(profile=None) | Q(profile__is_key_member=False))

    def filter_other_name(
        self, queryset: MemberQuerySet, name: str, wanted: bool
    ) -> MemberQuerySet:
        in_other_name = queryset.in_other_name()
        if wanted:
            return in_other_name
        return queryset.exclude(pk__in=in_other_name.values("pk"))

    def filter_card_ended(self, queryset: MemberQuerySet, name: str, year: int) -> MemberQuerySet:
        return queryset.with_card_ended(int(year))


class EntitlementFilter(django_filters.FilterSet):
    ORDERS = orders(code="code")
    DEFAULT_ORDER = "code"

    tier = django_filters.TypedChoiceFilter(
        label=_("Lowest card"),
        choices=[ANY, *TIER_NAMES],
        coerce=lambda name: Tier[name.upper()].value,
    )
    is_offered = YesNoFilter(label=_("Offered"), field_name="is_offered")

    class Meta:
        model = Entitlement
        fields: list[str] = []


class EntitlementUseFilter(django_filters.FilterSet):
    ORDERS = orders(recorded_at="recorded_at")
    DEFAULT_ORDER = "-recorded_at"

    client = ClientRefFilter()
    member = django_filters.UUIDFilter(label=_("Member"), field_name="member")
    contact = django_filters.UUIDFilter(label=_("Contact"), field_name="contact")
    year = django_filters.NumberFilter(
        label=_("Year"), min_value=2000, max_value=2099, decimal_places=0
    )
    is_cancelled = YesNoFilter(label=_("Taken back"), method="filter_cancelled")

    class Meta:
        model = EntitlementUse
        fields: list[str] = []

    def filter_cancelled(
        self, queryset: EntitlementUseQuerySet, name: str, wanted: bool
    ) -> EntitlementUseQuerySet:
        return queryset.exclude(cancelled_at=None) if wanted else queryset.counting()
