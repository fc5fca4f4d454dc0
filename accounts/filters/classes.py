"""Filters and orders of the list of proposed classes."""

import django_filters
from django.utils.translation import gettext_lazy as _

from accounts.choices import (
    ClassSource,
    ClientClass,
    ProposalState,
)
from accounts.filters.shared import ClientRefFilter, PersonFilter, UnitFilter
from accounts.models import (
    ClassProposal,
    ClassProposalQuerySet,
    Client,
)
from crm.lib.keyset import orders


class ClassProposalFilter(django_filters.FilterSet):
    ORDERS = orders(proposed_at="proposed_at")
    DEFAULT_ORDER = "-proposed_at"

    q = django_filters.CharFilter(label=_("Client name or initials"), method="search")
    client = ClientRefFilter()
    state = django_filters.ChoiceFilter(label=_("State"), choices=ProposalState.choices)
    source = django_filters.ChoiceFilter(label=_("From whom"), choices=ClassSource.choices)
    to_class = django_filters.ChoiceFilter(label=_("New class"), choices=ClientClass.choices)
    from_class = django_filters.ChoiceFilter(
        label=_("Class so far"),
        choices=[("none", _("None")), *ClientClass.choices],
        method="filter_from_class",
    )
    unit = UnitFilter(field_name="client__unit")
    proposed_by = PersonFilter(label=_("Proposed by"))

    class Meta:
        model = ClassProposal
        fields: list[str] = []

    def search(
        self, queryset: ClassProposalQuerySet, name: str, text: str
    ) -> ClassProposalQuerySet:
        return queryset.filter(client__in=Client.objects.matching(text))

    def filter_from_class(
        self, queryset: ClassProposalQuerySet, name: str, letter: str
    ) -> ClassProposalQuerySet:
        return queryset.filter(from_class="" if letter == "none" else letter)
