"""Filters and orders of what the team does around a client: changes, instructions, escalations,
promises and chief representatives."""

import django_filters
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.choices import (
    UNSETTLED_PROMISES,
    ClientClass,
    EscalationLevel,
    MajorChangeKind,
    PromiseState,
)
from accounts.filters.shared import AboutClientFilter, AnsweredFilter, PersonFilter
from accounts.models import (
    Escalation,
    Instruction,
    MajorChange,
    Promise,
    Representation,
)
from crm.lib.filters import YesNoFilter
from crm.lib.keyset import orders


class MajorChangeFilter(AnsweredFilter):
    ORDERS = orders(reported_at="reported_at", happened_on="happened_on")
    DEFAULT_ORDER = "-reported_at"

    kind = django_filters.ChoiceFilter(label=_("Kind"), choices=MajorChangeKind.choices)
    reported_by = PersonFilter(label=_("Reported by"))

    class Meta:
        model = MajorChange
        fields: list[str] = []


class InstructionFilter(AnsweredFilter):
    ORDERS = orders(due_on="due_on", given_at="given_at")
    DEFAULT_ORDER = "due_on"

    given_to = PersonFilter(label=_("Given to"))
    overdue = YesNoFilter(label=_("Overdue"), method="filter_overdue")

    class Meta:
        model = Instruction
        fields: list[str] = []

    def filter_overdue(self, queryset: QuerySet, name: str, wanted: bool) -> QuerySet:
        late = Q(answered_at=None, due_on__lt=timezone.localdate())
        return queryset.filter(late) if wanted else queryset.exclude(late)


class EscalationFilter(AnsweredFilter):
    ORDERS = orders(escalated_at="escalated_at")
    DEFAULT_ORDER = "-escalated_at"

    level = django_filters.TypedChoiceFilter(
        label=_("Level"), choices=EscalationLevel.choices, coerce=int
    )

    class Meta:
        model = Escalation
        fields: list[str] = []


class PromiseFilter(AboutClientFilter):
    ORDERS = orders(due_on="due_on", made_at="made_at")
    DEFAULT_ORDER = "due_on"

    state = django_filters.ChoiceFilter(label=_("State"), choices=PromiseState.choices)
    made_by = PersonFilter(label=_("Promised by"))
    overdue = YesNoFilter(label=_("Overdue"), method="filter_overdue")

    class Meta:
        model = Promise
        fields: list[str] = []

    def filter_overdue(self, queryset: QuerySet, name: str, wanted: bool) -> QuerySet:
        late = Q(state__in=UNSETTLED_PROMISES, due_on__lt=timezone.localdate())
        return queryset.filter(late) if wanted else queryset.exclude(late)


class RepresentationFilter(AboutClientFilter):
    ORDERS = orders(visit_due_on="visit_due_on", started_at="started_at")
    DEFAULT_ORDER = "visit_due_on"

    client_class = django_filters.ChoiceFilter(
        label=_("Class"), field_name="client__client_class", choices=ClientClass.choices
    )
    representative = PersonFilter(label=_("Chief representative"))
    overdue = YesNoFilter(label=_("Visit overdue"), method="filter_overdue")

    class Meta:
        model = Representation
        fields: list[str] = []

    def filter_overdue(self, queryset: QuerySet, name: str, wanted: bool) -> QuerySet:
        late = Q(visit_due_on__lt=timezone.localdate())
        return queryset.filter(late) if wanted else queryset.exclude(late)
