"""Filters and orders of merges."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.choices import PairKind
from accounts.filters.shared import UnitFilter
from accounts.models import Merge
from crm.lib.keyset import orders

STATES = [("standing", _("Together")), ("undone", _("Parted again"))]


class MergeFilter(django_filters.FilterSet):
    ORDERS = orders(merged_at="merged_at")
    DEFAULT_ORDER = "-merged_at"

    kind = django_filters.ChoiceFilter(label=_("Kind"), choices=PairKind.choices)
    state = django_filters.ChoiceFilter(label=_("State"), choices=STATES, method="in_state")
    unit = UnitFilter(field_name="client__unit")

    class Meta:
        model = Merge
        fields: list[str] = []

    def in_state(self, rows: QuerySet, name: str, value: Any) -> QuerySet:
        return rows.filter(undone_at__isnull=value == "standing")
