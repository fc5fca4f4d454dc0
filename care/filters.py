"""Filters and orders of the lists of care; pages and API share them."""

import django_filters
from django.utils.translation import gettext_lazy as _

from accounts.filters import ClientRefFilter, PersonFilter, UnitFilter
from care.choices import GiftDirection, GiftOccasion, GiftState
from care.models import Gift, ServiceRecord
from care.models.services import SERVICE_CHOICES
from crm.lib.keyset import orders


class GiftFilter(django_filters.FilterSet):
    ORDERS = orders(happened_on="happened_on", value="value", created_at="created_at")
    DEFAULT_ORDER = "-happened_on"

    client = ClientRefFilter()
    person = PersonFilter(label=_("Person"))
    unit = UnitFilter(field_name="client__unit")
    direction = django_filters.ChoiceFilter(label=_("Direction"), choices=GiftDirection.choices)
    occasion = django_filters.ChoiceFilter(label=_("Occasion"), choices=GiftOccasion.choices)
    state = django_filters.ChoiceFilter(label=_("State"), choices=GiftState.choices)
    value__gte = django_filters.NumberFilter(
        field_name="value", lookup_expr="gte", label=_("Value at least")
    )

    class Meta:
        model = Gift
        fields: list[str] = []


class ServiceRecordFilter(django_filters.FilterSet):
    ORDERS = orders(served_on="served_on", created_at="created_at")
    DEFAULT_ORDER = "-served_on"

    client = ClientRefFilter()
    served_by = PersonFilter(label=_("By whom"))
    service = django_filters.ChoiceFilter(label=_("Main service"), choices=SERVICE_CHOICES)

    class Meta:
        model = ServiceRecord
        fields: list[str] = []
