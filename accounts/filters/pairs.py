"""Filters and orders of pairs of records that may be the same."""

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.choices import PairKind, PairReason, PairState
from accounts.filters.shared import UnitFilter, subtree
from accounts.models import SuspectedPair
from crm.lib.keyset import orders
from staff.models import Unit


class EitherUnitFilter(UnitFilter):
    """The unit of one of the two, with everything below it."""

    def filter(self, qs: QuerySet, value: Unit | None) -> QuerySet:
        if not value:
            return qs
        units = subtree(value)
        return qs.filter(Q(first__unit__in=units) | Q(second__unit__in=units))


class SuspectedPairFilter(django_filters.FilterSet):
    ORDERS = orders(found_at="found_at")
    DEFAULT_ORDER = "-found_at"

    kind = django_filters.ChoiceFilter(label=_("Kind"), choices=PairKind.choices)
    state = django_filters.ChoiceFilter(label=_("State"), choices=PairState.choices)
    reason = django_filters.ChoiceFilter(label=_("Why"), choices=PairReason.choices)
    unit = EitherUnitFilter(field_name="first__unit")

    class Meta:
        model = SuspectedPair
        fields: list[str] = []
