"""Filters and orders of voices of clients and improvements."""

import django_filters
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.choices import ImprovementState, VoiceTopic
from accounts.filters.shared import AboutClientFilter, PersonFilter, UnitFilter
from accounts.models import ClientVoice, Improvement
from crm.lib.keyset import orders


class VoiceFilter(AboutClientFilter):
    ORDERS = orders(heard_on="heard_on")
    DEFAULT_ORDER = "-heard_on"

    topic = django_filters.ChoiceFilter(label=_("About"), choices=VoiceTopic.choices)
    recorded_by = PersonFilter(label=_("Recorded by"))

    class Meta:
        model = ClientVoice
        fields: list[str] = []


class ImprovementFilter(django_filters.FilterSet):
    ORDERS = orders(suggested_at="suggested_at")
    DEFAULT_ORDER = "-suggested_at"

    q = django_filters.CharFilter(
        label=pgettext_lazy("of a text", "Title"), field_name="title", lookup_expr="icontains"
    )
    state = django_filters.ChoiceFilter(label=_("State"), choices=ImprovementState.choices)
    unit = UnitFilter()
    suggested_by = PersonFilter(label=_("Suggested by"))

    class Meta:
        model = Improvement
        fields: list[str] = []
