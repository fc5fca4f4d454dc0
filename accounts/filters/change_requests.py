"""Filters and orders of changes that agents hand in."""

import django_filters
from django.utils.translation import gettext_lazy as _

from accounts.choices import ChangeState
from accounts.filters.shared import AboutClientFilter, PersonFilter
from accounts.models import ChangeRequest
from crm.lib.keyset import orders


class ChangeRequestFilter(AboutClientFilter):
    ORDERS = orders(requested_at="requested_at")
    DEFAULT_ORDER = "-requested_at"

    state = django_filters.ChoiceFilter(label=_("State"), choices=ChangeState.choices)
    requested_by = PersonFilter(label=_("Handed in by"))

    class Meta:
        model = ChangeRequest
        fields: list[str] = []
