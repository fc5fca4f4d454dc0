"""Filters and orders of reports."""

import django_filters
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.choices import ReportKind, ReportState
from accounts.filters.shared import ClientRefFilter, PersonFilter, UnitFilter
from accounts.models import Report
from accounts.models.reports import ReportQuerySet
from crm.lib.filters import MonthFilter, YesNoFilter
from crm.lib.keyset import orders


class ReportFilter(django_filters.FilterSet):
    ORDERS = orders(created_at="created_at")
    DEFAULT_ORDER = "-created_at"

    q = django_filters.CharFilter(
        label=pgettext_lazy("of a text", "Title"), field_name="title", lookup_expr="icontains"
    )
    about = ClientRefFilter(label=_("Client"))
    kind = django_filters.ChoiceFilter(label=_("Kind"), choices=ReportKind.choices)
    state = django_filters.ChoiceFilter(label=_("State"), choices=ReportState.choices)
    overdue = YesNoFilter(label=_("Overdue"), method="filter_overdue")
    author = PersonFilter(label=_("Author"))
    unit = UnitFilter()
    month = MonthFilter(label=_("Month"))

    class Meta:
        model = Report
        fields: list[str] = []

    def filter_overdue(self, queryset: ReportQuerySet, name: str, wanted: bool) -> QuerySet:
        now = timezone.now()
        if wanted:
            return queryset.overdue(now)
        late = Q(state=ReportState.DRAFT, due_at__isnull=False, due_at__lt=now)
        return queryset.exclude(late)
