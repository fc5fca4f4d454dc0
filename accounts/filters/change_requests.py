"""Filters and orders of changes that agents hand in."""

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.choices import ChangeState
from accounts.filters.shared import AboutClientFilter, PersonFilter
from accounts.models import ChangeRequest
from crm.lib.filters import YesNoFilter
from crm.lib.keyset import orders


class ChangeRequestFilter(AboutClientFilter):
    ORDERS = orders(requested_at="requested_at")
    DEFAULT_ORDER = "-requested_at"

    state = django_filters.ChoiceFilter(label=_("State"), choices=ChangeState.choices)
    requested_by = PersonFilter(label=_("Handed in by"))
    to_decide = YesNoFilter(label=_("Waits for me"), method="filter_to_decide")

    class Meta:
        model = ChangeRequest
        fields: list[str] = []

    def filter_to_decide(self, queryset: QuerySet, name: str, wanted: bool) -> QuerySet:
        waiting = ChangeRequest.objects.to_be_decided_by(self.request.user)
        return queryset.filter(pk__in=waiting) if wanted else queryset.exclude(pk__in=waiting)
