"""Filters and orders of the lists of people; pages and API share them."""

from datetime import date

import django_filters
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.lib.filters import YesNoFilter
from crm.lib.keyset import orders
from staff import holdings
from staff.choices import AbsenceState, Role, UnitKind
from staff.models import Absence, Export, Loan, Unit, User
from staff.models.absences import AbsenceQuerySet
from staff.models.loans import LoanQuerySet
from staff.selectors.authority import units_in_sight


def units_to_ask_for(request: HttpRequest | None) -> QuerySet[Unit]:
    if request is None or not request.user.is_authenticated:
        return Unit.objects.none()
    return units_in_sight(request.user).with_tree_fields()


class SubtreeFilter(django_filters.ModelChoiceFilter):
    """A unit by its code, with everything below it."""

    def __init__(self, **kwargs: object) -> None:
        super().__init__(
            queryset=units_to_ask_for, to_field_name="code", method="filter_unit", **kwargs
        )


class PersonFilter(django_filters.FilterSet):
    ORDERS = orders(name="full_name", created_at="created_at")
    DEFAULT_ORDER = "name"

    q = django_filters.CharFilter(label=_("Name or user name"), method="search")
    role = django_filters.ChoiceFilter(label=_("Role"), choices=Role.choices)
    unit = SubtreeFilter(label=_("Unit"))
    is_active = YesNoFilter(label=_("May sign in"), field_name="is_active")
    overloaded = YesNoFilter(label=_("Too many clients"), method="filter_overloaded")

    class Meta:
        model = User
        fields: list[str] = []

    def search(self, queryset: QuerySet, name: str, text: str) -> QuerySet:
        return queryset.filter(
            Q(full_name__icontains=text) | Q(username__icontains=text) | Q(title__icontains=text)
        )

    def filter_overloaded(self, queryset: QuerySet, name: str, wanted: bool) -> QuerySet:
        portfolio = holdings.portfolio()
        found = portfolio.overloaded(queryset) if portfolio else queryset.none()
        return found if wanted else queryset.exclude(pk__in=found.values("pk"))

    def filter_unit(self, queryset: QuerySet, name: str, unit: Unit) -> QuerySet:
        below = Unit.objects.descendants(unit, include_self=True).order_by()
        return queryset.filter(unit__in=below.values("pk"))


class UnitListFilter(django_filters.FilterSet):
    ORDERS = orders(id="id", code="code")
    DEFAULT_ORDER = "code"

    kind = django_filters.ChoiceFilter(label=_("Kind"), choices=UnitKind.choices)

    class Meta:
        model = Unit
        fields: list[str] = []


class AbsenceFilter(django_filters.FilterSet):
    ORDERS = orders(starts_on="-starts_on")
    DEFAULT_ORDER = "starts_on"

    q = django_filters.CharFilter(
        label=_("Name"), field_name="person__full_name", lookup_expr="icontains"
    )
    state = django_filters.ChoiceFilter(label=_("State"), choices=AbsenceState.choices)
    on = django_filters.DateFilter(label=_("Away on"), method="filter_day")

    class Meta:
        model = Absence
        fields: list[str] = []

    def filter_day(self, queryset: AbsenceQuerySet, name: str, day: date) -> AbsenceQuerySet:
        return queryset.in_force(day)


class LoanFilter(django_filters.FilterSet):
    ORDERS = orders(due_on="due_on")
    DEFAULT_ORDER = "due_on"

    q = django_filters.CharFilter(label=_("Item, number or name"), method="search")
    out = YesNoFilter(label=_("Still out"), field_name="returned_on", lookup_expr="isnull")
    overdue = YesNoFilter(label=_("Overdue"), method="filter_overdue")

    class Meta:
        model = Loan
        fields: list[str] = []

    def search(self, queryset: LoanQuerySet, name: str, text: str) -> LoanQuerySet:
        return queryset.filter(
            Q(item__icontains=text)
            | Q(serial_number__icontains=text)
            | Q(person__full_name__icontains=text)
        )

    def filter_overdue(self, queryset: LoanQuerySet, name: str, wanted: bool) -> LoanQuerySet:
        overdue = queryset.overdue(timezone.localdate())
        return overdue if wanted else queryset.exclude(pk__in=overdue.values("pk"))


class ExportQueueFilter(django_filters.FilterSet):
    ORDERS = orders(expires_at="expires_at", created_at="created_at")
    DEFAULT_ORDER = "expires_at"

    q = django_filters.CharFilter(label=_("Name or reason"), method="search")

    class Meta:
        model = Export
        fields: list[str] = []

    def search(self, queryset: QuerySet, name: str, text: str) -> QuerySet:
        return queryset.filter(Q(owner__full_name__icontains=text) | Q(reason__icontains=text))
