"""Filters and orders of the queue of cases; pages and API share them."""

import datetime as dt

import django_filters
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.filters import ClientRefFilter, PersonFilter, UnitFilter
from accounts.models import Client
from complaints.choices import (
    RUNNING,
    CaseKind,
    CaseStatus,
    Satisfaction,
    Severity,
    Urgency,
    Window,
)
from complaints.models import Case, CaseQuerySet, CaseStep, ClientLookup
from crm.lib.filters import MonthFilter, YesNoFilter, start_of_day
from crm.lib.keyset import orders
from crm.lib.months import month_after


def _span(month: dt.date) -> tuple[dt.datetime, dt.datetime]:
    return start_of_day(month), start_of_day(month_after(month))


def visible_cases(request: HttpRequest | None) -> CaseQuerySet:
    if request is None:
        return Case.objects.none()
    return Case.objects.visible_to(request.user)


class CaseFilter(django_filters.FilterSet):
    ORDERS = orders(due_at="due_at", first_contact_at="first_contact_at", created_at="created_at")
    DEFAULT_ORDER = "-first_contact_at"
    # Seldom asked: behind "More filters".
    FOLDED = (
        "received_by", "first_responder", "running", "severity", "urgency", "window",
        "satisfaction", "asked", "received_in", "closed_in",
    )  # fmt: skip

    q = django_filters.CharFilter(label=_("Number or client"), method="search")
    client = ClientRefFilter()
    mine = YesNoFilter(label=_("Mine"), method="filter_mine")
    unit = UnitFilter(field_name="responsible_unit", label=_("Responsible unit"))
    received_by = UnitFilter(field_name="receiving_unit", label=_("Received by"))
    assignee = PersonFilter(label=_("Handled by"))
    first_responder = PersonFilter(label=_("First responder"))
    kind = django_filters.ChoiceFilter(label=_("Kind"), choices=CaseKind.choices)
    status = django_filters.ChoiceFilter(label=_("State"), choices=CaseStatus.choices)
    running = YesNoFilter(label=_("Clock runs"), method="filter_running")
    overdue = YesNoFilter(label=_("Overdue"), method="filter_overdue")
    severity = django_filters.ChoiceFilter(label=_("Severity"), choices=Severity.choices)
    urgency = django_filters.ChoiceFilter(label=_("Urgency"), choices=Urgency.choices)
    window = django_filters.ChoiceFilter(label=_("Window"), choices=Window.choices)
    satisfaction = django_filters.ChoiceFilter(
        label=_("Satisfaction"), choices=Satisfaction.choices
    )
    asked = YesNoFilter(label=_("Asked how satisfied"), method="filter_asked")
    received_in = MonthFilter(label=_("First contact in"), method="filter_received_in")
    closed_in = MonthFilter(label=_("Closed in"), method="filter_closed_in")

    class Meta:
        model = Case
        fields: list[str] = []

    request: HttpRequest

    def search(self, queryset: CaseQuerySet, name: str, text: str) -> CaseQuerySet:
        numbered = queryset.filter(number=text.strip().upper())
        return numbered | queryset.filter(client__in=Client.objects.matching(text))

    def filter_mine(self, queryset: CaseQuerySet, name: str, wanted: bool) -> CaseQuerySet:
        mine = Case.objects.of_person(self.request.user)  # type: ignore[arg-type]
        return _in_or_out(queryset, mine, wanted)

    def filter_running(self, queryset: CaseQuerySet, name: str, wanted: bool) -> CaseQuerySet:
        return queryset.running() if wanted else queryset.exclude(status__in=RUNNING)

    def filter_overdue(self, queryset: CaseQuerySet, name: str, wanted: bool) -> CaseQuerySet:
        return _in_or_out(queryset, Case.objects.overdue(timezone.now()), wanted)

    def filter_asked(self, queryset: CaseQuerySet, name: str, wanted: bool) -> CaseQuerySet:
        return _in_or_out(queryset, Case.objects.asked(), wanted)

    def filter_received_in(self, queryset: CaseQuerySet, name: str, month: dt.date) -> CaseQuerySet:
        first, last = _span(month)
        return queryset.filter(first_contact_at__gte=first, first_contact_at__lt=last)

    def filter_closed_in(self, queryset: CaseQuerySet, name: str, month: dt.date) -> CaseQuerySet:
        first, last = _span(month)
        return queryset.filter(closed_at__gte=first, closed_at__lt=last)


def _in_or_out(queryset: CaseQuerySet, some: CaseQuerySet, wanted: bool) -> CaseQuerySet:
    return queryset.filter(pk__in=some) if wanted else queryset.exclude(pk__in=some)


class ClientLookupFilter(django_filters.FilterSet):
    ORDERS = orders(looked_at="looked_at")
    DEFAULT_ORDER = "-looked_at"

    who = PersonFilter(field_name="person", label=_("Who"))
    since = django_filters.DateFilter(label=_("Since"), method="filter_since")

    class Meta:
        model = ClientLookup
        fields: list[str] = []

    def filter_since(self, queryset: CaseQuerySet, name: str, day: dt.date) -> CaseQuerySet:
        return queryset.filter(looked_at__gte=start_of_day(day))


class CaseStepFilter(django_filters.FilterSet):
    ORDERS = orders(at="at")
    DEFAULT_ORDER = "-at"

    case = django_filters.ModelChoiceFilter(label=_("Case"), queryset=visible_cases)

    class Meta:
        model = CaseStep
        fields: list[str] = []
