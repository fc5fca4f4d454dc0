"""Filters and orders of the lists of alerts and imports; pages and API share them."""

import datetime as dt
from typing import Any

import django_filters
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from drf_spectacular.utils import extend_schema_field

from accounts.choices import ClientClass
from accounts.filters import ClientRefFilter, PersonFilter, UnitFilter
from accounts.models import Client
from analytics.choices import (
    OPEN_ALERT_STATES,
    AlertState,
    ImportKind,
    ImportState,
    RuleCode,
    SuggestionState,
    ValueGrade,
)
from analytics.models import (
    Alert,
    AlertReading,
    BillingImport,
    ClassSuggestion,
    ValueAssessment,
    ValueDue,
)
from analytics.models.alerts import AlertQuerySet
from analytics.models.billing import BillingImportQuerySet
from crm.lib.filters import MonthFilter, YesNoFilter, start_of_day
from crm.lib.keyset import orders

OLDEST_DAYS = 36_500
AGE_LIMITS = [MinValueValidator(0), MaxValueValidator(OLDEST_DAYS)]


def days_ago(days: int) -> dt.datetime:
    """Midnight that many days before today, in the person's time zone."""
    return start_of_day(timezone.localdate() - dt.timedelta(days=days))


@extend_schema_field({"type": "integer", "minimum": 0, "maximum": OLDEST_DAYS})
class DaysFilter(django_filters.NumberFilter):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(validators=AGE_LIMITS, decimal_places=0, **kwargs)


class AlertFilter(django_filters.FilterSet):
    ORDERS = orders(
        money_at_risk="money_at_risk",
        due_on="due_on",
        latest_period="latest_period",
        created_at="created_at",
    )
    DEFAULT_ORDER = "-money_at_risk"

    q = django_filters.CharFilter(label=_("Client name or initials"), method="search")
    rule = django_filters.MultipleChoiceFilter(label=_("Rule"), choices=RuleCode.choices)
    state = django_filters.MultipleChoiceFilter(label=_("State"), choices=AlertState.choices)
    open = YesNoFilter(label=_("Not closed"), method="filter_open")
    overdue = YesNoFilter(label=_("Visit overdue"), method="filter_overdue")
    client = ClientRefFilter()
    client_class = django_filters.ChoiceFilter(
        label=_("Class"), field_name="client__client_class", choices=ClientClass.choices
    )
    owner = PersonFilter(label=_("Account manager"), field_name="client__owner")
    unit = UnitFilter(field_name="client__unit")
    period = MonthFilter(label=_("Month"), method="filter_period")
    age_min = DaysFilter(label=_("Open for days, from"), method="filter_age_min")
    age_max = DaysFilter(label=_("Open for days, up to"), method="filter_age_max")

    class Meta:
        model = Alert
        fields: list[str] = []

    def search(self, queryset: AlertQuerySet, name: str, text: str) -> AlertQuerySet:
        return queryset.filter(client__in=Client.objects.matching(text))

    def filter_open(self, queryset: AlertQuerySet, name: str, wanted: bool) -> AlertQuerySet:
        return queryset.open() if wanted else queryset.exclude(state__in=OPEN_ALERT_STATES)

    def filter_overdue(self, queryset: AlertQuerySet, name: str, wanted: bool) -> AlertQuerySet:
        today = timezone.localdate()
        if wanted:
            return queryset.overdue(today)
        return queryset.exclude(pk__in=Alert.objects.overdue(today))

    def filter_period(self, queryset: AlertQuerySet, name: str, month: dt.date) -> AlertQuerySet:
        """Alerts whose condition holds in that month, as `export_alerts` counts them."""
        readings = AlertReading.objects.holding().filter(alert=OuterRef("pk"), period=month)
        return queryset.filter(Exists(readings))

    def filter_age_min(self, queryset: AlertQuerySet, name: str, days: int) -> AlertQuerySet:
        """Raised that many calendar days ago or earlier; today is 0."""
        return queryset.filter(created_at__lt=days_ago(int(days) - 1))

    def filter_age_max(self, queryset: AlertQuerySet, name: str, days: int) -> AlertQuerySet:
        return queryset.filter(created_at__gte=days_ago(int(days)))


class BillingImportFilter(django_filters.FilterSet):
    ORDERS = orders(created_at="created_at")
    DEFAULT_ORDER = "-created_at"

    kind = django_filters.ChoiceFilter(label=_("Kind"), choices=ImportKind.choices)
    state = django_filters.ChoiceFilter(label=_("State"), choices=ImportState.choices)
    period = MonthFilter(label=_("Month"), method="filter_period")
    created_by = PersonFilter(label=pgettext_lazy("of an import", "By"))

    class Meta:
        model = BillingImport
        fields: list[str] = []

    def filter_period(
        self, queryset: BillingImportQuerySet, name: str, month: dt.date
    ) -> BillingImportQuerySet:
        return queryset.filter(periods__contains=[month])


class ClassSuggestionFilter(django_filters.FilterSet):
    ORDERS = orders(income="income", made_at="made_at")
    DEFAULT_ORDER = "-income"

    q = django_filters.CharFilter(label=_("Client name or initials"), method="search")
    client = ClientRefFilter()
    state = django_filters.ChoiceFilter(label=_("State"), choices=SuggestionState.choices)
    to_class = django_filters.ChoiceFilter(label=_("Suggested class"), choices=ClientClass.choices)
    from_class = django_filters.ChoiceFilter(
        label=_("Class so far"),
        choices=[("none", _("None")), *ClientClass.choices],
        method="filter_from_class",
    )
    unit = UnitFilter(field_name="client__unit")
    owner = PersonFilter(label=_("Account manager"), field_name="client__owner")

    class Meta:
        model = ClassSuggestion
        fields: list[str] = []

    def search(self, queryset: QuerySet, name: str, text: str) -> QuerySet:
        return queryset.filter(client__in=Client.objects.matching(text))

    def filter_from_class(self, queryset: QuerySet, name: str, letter: str) -> QuerySet:
        return queryset.filter(from_class="" if letter == "none" else letter)


class ValueDueFilter(django_filters.FilterSet):
    """Clients by when their value is judged next (ARC-22)."""

    ORDERS = orders(due_on="due_on")
    DEFAULT_ORDER = "due_on"

    q = django_filters.CharFilter(label=_("Client name or initials"), method="search")
    client = ClientRefFilter()
    due = YesNoFilter(label=_("To be judged now"), method="filter_due")
    grade = django_filters.ChoiceFilter(
        label=_("Grade"), field_name="newest__grade", choices=ValueGrade.choices
    )
    never = YesNoFilter(label=_("Never judged"), method="filter_never")
    client_class = django_filters.ChoiceFilter(
        label=_("Class"), field_name="client__client_class", choices=ClientClass.choices
    )
    owner = PersonFilter(label=_("Account manager"), field_name="client__owner")
    unit = UnitFilter(field_name="client__unit")

    class Meta:
        model = ValueDue
        fields: list[str] = []

    def search(self, queryset: QuerySet, name: str, text: str) -> QuerySet:
        return queryset.filter(client__in=Client.objects.matching(text))

    def filter_due(self, queryset: QuerySet, name: str, wanted: bool) -> QuerySet:
        today = timezone.localdate()
        return queryset.filter(due_on__lte=today) if wanted else queryset.filter(due_on__gt=today)

    def filter_never(self, queryset: QuerySet, name: str, wanted: bool) -> QuerySet:
        return queryset.filter(newest__isnull=wanted)


class ValueAssessmentFilter(django_filters.FilterSet):
    ORDERS = orders(assessed_on="assessed_on", score="score")
    DEFAULT_ORDER = "-assessed_on"

    client = ClientRefFilter()
    grade = django_filters.ChoiceFilter(label=_("Grade"), choices=ValueGrade.choices)
    assessed_by = PersonFilter(label=_("Judged by"))
    unit = UnitFilter(field_name="client__unit")

    class Meta:
        model = ValueAssessment
        fields: list[str] = []
