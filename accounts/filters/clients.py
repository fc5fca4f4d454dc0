"""Filters and orders of the list of clients."""

import django_filters
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.choices import (
    REPRESENTED_CLASSES,
    ClientClass,
    ClientNature,
    ClientStatus,
    FeePayment,
    LeadSource,
    SegmentFactor,
)
from accounts.filters.shared import (
    ClientRefFilter,
    HandoverFilter,
    MoneyFilter,
    PersonFilter,
    UnitFilter,
)
from accounts.models import (
    Client,
    ClientQuerySet,
)
from accounts.selectors.client_people import lacking_key_people
from crm.lib.filters import YesNoFilter
from crm.lib.keyset import orders


class ClientFilter(django_filters.FilterSet):
    ORDERS = orders(
        name="sort_key", income="income", active_members="active_members",
        created_at="created_at", completeness="completeness",
        archive_current_at="archive_current_at",
    )  # fmt: skip
    DEFAULT_ORDER = "name"
    # Seldom asked: behind "More filters".
    FOLDED = (
        "nature", "income__gte", "unassigned", "without_representative", "lacking_key_people", "income__lte",
        "completeness__lte", "stale", "high_end", "qualified", "lead_source", "payment_method",
        "segment_factor", "segment",
    )  # fmt: skip

    q = django_filters.CharFilter(label=_("Name, code or initials"), method="search")
    client_class = django_filters.ChoiceFilter(label=_("Class"), choices=ClientClass.choices)
    nature = django_filters.ChoiceFilter(label=_("Nature"), choices=ClientNature.choices)
    industry = django_filters.CharFilter(label=_("Industry"), lookup_expr="icontains")
    status = django_filters.ChoiceFilter(label=_("Status"), choices=ClientStatus.choices)
    unit = UnitFilter()
    owner = PersonFilter(label=_("Account manager"))
    unassigned = YesNoFilter(label=_("Without account manager"), method="filter_unassigned")
    without_representative = YesNoFilter(
        label=_("Without chief representative"), method="filter_without_representative"
    )
    handover = HandoverFilter(label=_("Handed over"), field_name="handover_items__share")
    lacking_key_people = YesNoFilter(
        label=_("Without contact person or person in charge"), method="filter_lacking_key_people"
    )
    income__gte = MoneyFilter(label=_("Income from"), field_name="income", lookup_expr="gte")
    income__lte = MoneyFilter(label=_("Income up to"), field_name="income", lookup_expr="lte")
    completeness__lte = django_filters.NumberFilter(
        label=_("Completeness up to, %"), field_name="completeness", lookup_expr="lte",
        min_value=0, max_value=100,
    )  # fmt: skip
    stale = YesNoFilter(label=_("Archive is stale"), method="filter_stale")
    high_end = YesNoFilter(label=_("High-end client"), field_name="is_high_end")
    qualified = YesNoFilter(label=_("Qualified prospect"), method="filter_qualified")
    lead_source = django_filters.ChoiceFilter(label=_("Lead source"), choices=LeadSource.choices)
    payment_method = django_filters.ChoiceFilter(
        label=_("Payment method"), choices=FeePayment.choices
    )
    segment_factor = django_filters.ChoiceFilter(
        label=_("Segment: factor"), choices=SegmentFactor.choices, method="filter_segment"
    )
    segment = django_filters.CharFilter(label=_("Segment: mark"), method="filter_segment")
    superior = ClientRefFilter(label=_("Superior client"))

    class Meta:
        model = Client
        fields: list[str] = []

    def search(self, queryset: ClientQuerySet, name: str, text: str) -> ClientQuerySet:
        return queryset.matching(text)

    def filter_stale(self, queryset: ClientQuerySet, name: str, wanted: bool) -> ClientQuerySet:
        now = timezone.now()
        return queryset.stale(now) if wanted else queryset.fresh(now)

    def filter_qualified(self, queryset: ClientQuerySet, name: str, wanted: bool) -> ClientQuerySet:
        prospects = queryset.prospects()
        return prospects.qualified() if wanted else prospects.not_qualified()

    def filter_segment(self, queryset: ClientQuerySet, name: str, value: str) -> ClientQuerySet:
        """Factor and mark are asked of one and the same segment (ARC-25)."""
        if name == "segment_factor" and self.form.cleaned_data.get("segment"):
            return queryset  # asked together with the mark
        factor = self.form.cleaned_data.get("segment_factor")
        mark = self.form.cleaned_data.get("segment")
        return queryset.segmented(factor=factor or "", mark=mark or "")

    def filter_unassigned(
        self, queryset: ClientQuerySet, name: str, wanted: bool
    ) -> ClientQuerySet:
        return queryset.unassigned() if wanted else queryset.exclude(owner=None)

    def filter_lacking_key_people(
        self, queryset: ClientQuerySet, name: str, wanted: bool
    ) -> ClientQuerySet:
        lacking = lacking_key_people(queryset)
        return lacking if wanted else queryset.exclude(pk__in=lacking.values("pk"))

    def filter_without_representative(
        self, queryset: ClientQuerySet, name: str, wanted: bool
    ) -> ClientQuerySet:
        if wanted:
            return queryset.without_representative()
        return queryset.exclude(client_class__in=REPRESENTED_CLASSES, chief_representative=None)
