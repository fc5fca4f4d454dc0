"""Filters and orders of the lists of clients, contacts and members; pages and API share them.

Drop-downs offer only what the asking person may see.
"""

import datetime as dt
from datetime import timedelta
from decimal import Decimal
from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.choices import (
    REPRESENTED_CLASSES,
    UNSETTLED_PROMISES,
    BuyingRole,
    ClassSource,
    ClientClass,
    ClientNature,
    ClientStatus,
    ContactChannel,
    ContactDirection,
    ContactKind,
    ContactPurpose,
    EscalationLevel,
    FeePayment,
    LeadSource,
    MajorChangeKind,
    Personality,
    PromiseState,
    ProposalState,
    RelationKind,
    SegmentFactor,
)
from accounts.models import (
    ClassProposal,
    ClassProposalQuerySet,
    Client,
    ClientQuerySet,
    Contact,
    ContactLog,
    ContactLogQuerySet,
    ContactNote,
    ContactQuerySet,
    ContactRelation,
    Escalation,
    HandoverShare,
    Instruction,
    MajorChange,
    Note,
    Promise,
    Representation,
)
from accounts.selectors.client_people import lacking_key_people
from crm.lib.filters import YesNoFilter, start_of_day
from crm.lib.keyset import orders
from staff.models import Unit, User


def visible_people(request: HttpRequest | None) -> QuerySet[User]:
    """The person, everybody of the units below, and who is responsible for visible clients."""
    if request is None or not request.user.is_authenticated:
        return User.objects.none()
    scope = request.user.row_scope()
    people = User.objects.order_by("full_name", "pk")
    if scope.everything:
        return people
    owners = Client.objects.visible_to(request.user).values("owner")
    return people.filter(Q(pk=scope.person_id) | Q(unit__in=scope.unit_ids) | Q(pk__in=owners))


def visible_units(request: HttpRequest | None) -> QuerySet[Unit]:
    """Own unit, and for people who answer for it every unit below."""
    if request is None or not request.user.is_authenticated:
        return Unit.objects.none()
    scope = request.user.row_scope()
    units = Unit.objects.with_tree_fields()
    return (
        units if scope.everything else units.filter(pk__in=scope.unit_ids or [request.user.unit_id])
    )


def visible_clients(request: HttpRequest | None) -> ClientQuerySet:
    if request is None:
        return Client.objects.none()
    return Client.objects.visible_to(request.user)


def subtree(unit: Unit) -> list[int]:
    """Ids of the unit and every unit below it."""
    units = Unit.objects.descendants(unit, include_self=True)
    return list(units.order_by().values_list("pk", flat=True))


class UnitFilter(django_filters.ModelChoiceFilter):
    """A unit by its code, with everything below it."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Unit"))
        super().__init__(queryset=visible_units, to_field_name="code", **kwargs)

    def filter(self, qs: QuerySet, value: Unit | None) -> QuerySet:
        return qs.filter(**{f"{self.field_name}__in": subtree(value)}) if value else qs


class PersonFilter(django_filters.ModelChoiceFilter):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(queryset=visible_people, **kwargs)


class ClientRefFilter(django_filters.ModelChoiceFilter):
    """One client by id; hidden on pages, where links set it: a drop-down would list thousands."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Client"))
        super().__init__(queryset=visible_clients, widget=forms.HiddenInput, **kwargs)


def visible_shares(request: HttpRequest | None) -> QuerySet[HandoverShare]:
    if request is None:
        return HandoverShare.objects.none()
    return HandoverShare.objects.visible_to(request.user)


class HandoverFilter(django_filters.ModelChoiceFilter):
    """What one person got of a handover; hidden on pages, where links set it."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(queryset=visible_shares, widget=forms.HiddenInput, **kwargs)


def visible_contacts(request: HttpRequest | None) -> ContactQuerySet:
    if request is None:
        return Contact.objects.none()
    return Contact.objects.visible_to(request.user)


class ContactRefFilter(django_filters.ModelChoiceFilter):
    """One contact by id."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Contact"))
        super().__init__(queryset=visible_contacts, widget=forms.HiddenInput, **kwargs)


class MoneyFilter(django_filters.NumberFilter):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_digits=14, decimal_places=2, **kwargs)


class ClientFilter(django_filters.FilterSet):
    ORDERS = orders(
        name="sort_key", income="income", active_members="active_members",
        created_at="created_at", completeness="completeness",
        archive_current_at="archive_current_at",
    )  # fmt: skip
    DEFAULT_ORDER = "name"

    q = django_filters.CharFilter(label=_("Name, code or initials"), method="search")
    client_class = django_filters.ChoiceFilter(label=_("Class"), choices=ClientClass.choices)
    nature = django_filters.ChoiceFilter(label=_("Nature"), choices=ClientNature.choices)
    industry = django_filters.CharFilter(label=_("Industry"), lookup_expr="icontains")
    status = django_filters.ChoiceFilter(label=_("Status"), choices=ClientStatus.choices)
    unit = UnitFilter()
    owner = PersonFilter(label=_("Account manager"))
    unassigned = YesNoFilter(label=_("Without account manager"), method="filter_unassigned")
    without_representative = YesNoFilter(
        label=_("Without chief representative"), method="filter_without_representative"
    )
    handover = HandoverFilter(label=_("Handed over"), field_name="handover_items__share")
    lacking_key_people = YesNoFilter(
        label=_("Without contact person or person in charge"), method="filter_lacking_key_people"
    )
    income__gte = MoneyFilter(label=_("Income from"), field_name="income", lookup_expr="gte")
    income__lte = MoneyFilter(label=_("Income up to"), field_name="income", lookup_expr="lte")
    completeness__lte = django_filters.NumberFilter(
        label=_("Completeness up to, %"), field_name="completeness", lookup_expr="lte",
        min_value=0, max_value=100,
    )  # fmt: skip
    stale = YesNoFilter(label=_("Archive is stale"), method="filter_stale")
    high_end = YesNoFilter(label=_("High-end client"), field_name="is_high_end")
    qualified = YesNoFilter(label=_("Qualified prospect"), method="filter_qualified")
    lead_source = django_filters.ChoiceFilter(label=_("Lead source"), choices=LeadSource.choices)
    payment_method = django_filters.ChoiceFilter(
        label=_("Payment method"), choices=FeePayment.choices
    )
    segment_factor = django_filters.ChoiceFilter(
        label=_("Segment: factor"), choices=SegmentFactor.choices, method="filter_segment"
    )
    segment = django_filters.CharFilter(label=_("Segment: mark"), method="filter_segment")
    superior = ClientRefFilter(label=_("Superior client"))

    class Meta:
        model = Client
        fields: list[str] = []

    def search(self, queryset: ClientQuerySet, name: str, text: str) -> ClientQuerySet:
        return queryset.matching(text)

    def filter_stale(self, queryset: ClientQuerySet, name: str, wanted: bool) -> ClientQuerySet:
        now = timezone.now()
        return queryset.stale(now) if wanted else queryset.fresh(now)

    def filter_qualified(self, queryset: ClientQuerySet, name: str, wanted: bool) -> ClientQuerySet:
        prospects = queryset.prospects()
        return prospects.qualified() if wanted else prospects.not_qualified()

    def filter_segment(self, queryset: ClientQuerySet, name: str, value: str) -> ClientQuerySet:
        """Factor and mark are asked of one and the same segment (ARC-25)."""
        if name == "segment_factor" and self.form.cleaned_data.get("segment"):
            return queryset  # asked together with the mark
        factor = self.form.cleaned_data.get("segment_factor")
        mark = self.form.cleaned_data.get("segment")
        return queryset.segmented(factor=factor or "", mark=mark or "")

    def filter_unassigned(
        self, queryset: ClientQuerySet, name: str, wanted: bool
    ) -> ClientQuerySet:
        return queryset.unassigned() if wanted else queryset.exclude(owner=None)

    def filter_lacking_key_people(
        self, queryset: ClientQuerySet, name: str, wanted: bool
    ) -> ClientQuerySet:
        lacking = lacking_key_people(queryset)
        return lacking if wanted else queryset.exclude(pk__in=lacking.values("pk"))

    def filter_without_representative(
        self, queryset: ClientQuerySet, name: str, wanted: bool
    ) -> ClientQuerySet:
        if wanted:
            return queryset.without_representative()
        return queryset.exclude(client_class__in=REPRESENTED_CLASSES, chief_representative=None)


# A lunar year with a leap month.
LONGEST_YEAR = 385
# What may be missing of a contact, and how an empty one is stored.
WITHOUT = (
    ("mobile", _("Mobile")),
    ("birthday", _("Birthday")),
    ("buying_roles", _("Buying roles")),
    ("personality", _("Personality")),
)
EMPTY = {
    "mobile": Q(mobile=""),
    "birthday": Q(birth_month=None),
    "buying_roles": Q(buying_roles=[]),
    "personality": Q(personality=""),
}


class ContactFilter(django_filters.FilterSet):
    ORDERS = orders(name="sort_key", created_at="created_at")
    DEFAULT_ORDER = "name"

    q = django_filters.CharFilter(label=_("Name, mobile or title"), method="search")
    client = ClientRefFilter()
    kind = django_filters.ChoiceFilter(label=_("Kind"), choices=ContactKind.choices)
    buying_role = django_filters.ChoiceFilter(
        label=_("Buying role"), choices=BuyingRole.choices, method="filter_buying_role"
    )
    personality = django_filters.ChoiceFilter(label=_("Personality"), choices=Personality.choices)
    client_class = django_filters.ChoiceFilter(
        label=_("Class of the client"),
        field_name="client__client_class",
        choices=ClientClass.choices,
    )
    birthday_within = django_filters.NumberFilter(
        label=_("Birthday in the next days"),
        method="filter_birthday",
        min_value=0,
        max_value=LONGEST_YEAR,
        decimal_places=0,
    )
    is_decision_maker = YesNoFilter(label=_("Real decision maker"), field_name="is_decision_maker")
    is_external = YesNoFilter(label=_("From outside the client"), field_name="is_external")
    without = django_filters.ChoiceFilter(
        label=_("Without"), choices=WITHOUT, method="filter_without"
    )
    is_active = YesNoFilter(label=_("Still there"), field_name="is_active")

    class Meta:
        model = Contact
        fields: list[str] = []

    def search(self, queryset: ContactQuerySet, name: str, text: str) -> ContactQuerySet:
        return queryset.matching(text)

    def filter_buying_role(
        self, queryset: ContactQuerySet, name: str, role: str
    ) -> ContactQuerySet:
        return queryset.filter(buying_roles__contains=[role])

    def filter_birthday(
        self, queryset: ContactQuerySet, name: str, days: Decimal
    ) -> ContactQuerySet:
        today = timezone.localdate()
        return queryset.birthdays_between(today, today + timedelta(days=int(days)))

    def filter_without(self, queryset: ContactQuerySet, name: str, what: str) -> ContactQuerySet:
        return queryset.filter(EMPTY[what])


class ContactNoteFilter(django_filters.FilterSet):
    ORDERS = orders(told_on="-told_on", created_at="created_at")
    DEFAULT_ORDER = "told_on"

    contact = ContactRefFilter()

    class Meta:
        model = ContactNote
        fields: list[str] = []


class ContactRelationFilter(django_filters.FilterSet):
    ORDERS = orders(created_at="created_at")
    DEFAULT_ORDER = "created_at"

    person = ContactRefFilter()
    other = ContactRefFilter()
    kind = django_filters.ChoiceFilter(label=_("Relation"), choices=RelationKind.choices)

    class Meta:
        model = ContactRelation
        fields: list[str] = []


def names_of(choices: Any) -> list[tuple[str, Any]]:
    """Numbered choices by name, as bills and the API write them: `pre_churn`, not 2."""
    return [(choice.name.lower(), choice.label) for choice in choices]


class ClassProposalFilter(django_filters.FilterSet):
    ORDERS = orders(proposed_at="proposed_at")
    DEFAULT_ORDER = "-proposed_at"

    q = django_filters.CharFilter(label=_("Client name or initials"), method="search")
    client = ClientRefFilter()
    state = django_filters.ChoiceFilter(label=_("State"), choices=ProposalState.choices)
    source = django_filters.ChoiceFilter(label=_("From whom"), choices=ClassSource.choices)
    to_class = django_filters.ChoiceFilter(label=_("New class"), choices=ClientClass.choices)
    from_class = django_filters.ChoiceFilter(
        label=_("Class so far"),
        choices=[("none", _("None")), *ClientClass.choices],
        method="filter_from_class",
    )
    unit = UnitFilter(field_name="client__unit")
    proposed_by = PersonFilter(label=_("Proposed by"))

    class Meta:
        model = ClassProposal
        fields: list[str] = []

    def search(
        self, queryset: ClassProposalQuerySet, name: str, text: str
    ) -> ClassProposalQuerySet:
        return queryset.filter(client__in=Client.objects.matching(text))

    def filter_from_class(
        self, queryset: ClassProposalQuerySet, name: str, letter: str
    ) -> ClassProposalQuerySet:
        return queryset.filter(from_class="" if letter == "none" else letter)


class AboutClientFilter(django_filters.FilterSet):
    """What lists of records about clients share."""

    q = django_filters.CharFilter(label=_("Client name or initials"), method="search")
    client = ClientRefFilter()
    unit = UnitFilter(field_name="client__unit")

    def search(self, queryset: QuerySet, name: str, text: str) -> QuerySet:
        return queryset.filter(client__in=Client.objects.matching(text))


class AnsweredFilter(AboutClientFilter):
    answered = YesNoFilter(label=_("Answered"), method="filter_answered")

    def filter_answered(self, queryset: QuerySet, name: str, wanted: bool) -> QuerySet:
        return queryset.filter(answered_at__isnull=not wanted)


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


class ContactLogFilter(django_filters.FilterSet):
    ORDERS = orders(happened_at="happened_at", created_at="created_at")
    DEFAULT_ORDER = "-happened_at"

    q = django_filters.CharFilter(label=_("Client name or initials"), method="search")
    client = ClientRefFilter()
    day = django_filters.DateFilter(label=_("Day"), method="filter_day")
    person = PersonFilter(label=_("Person"), field_name="logged_by")
    unit = UnitFilter(field_name="client__unit")
    direction = django_filters.ChoiceFilter(label=_("Direction"), choices=ContactDirection.choices)
    channel = django_filters.ChoiceFilter(label=_("Channel"), choices=ContactChannel.choices)
    purpose = django_filters.ChoiceFilter(label=_("Purpose"), choices=ContactPurpose.choices)
    is_major = YesNoFilter(label=_("Major issue"))

    class Meta:
        model = ContactLog
        fields: list[str] = []

    def search(self, queryset: ContactLogQuerySet, name: str, text: str) -> ContactLogQuerySet:
        return queryset.filter(client__in=Client.objects.matching(text))

    def filter_day(
        self, queryset: ContactLogQuerySet, name: str, day: dt.date
    ) -> ContactLogQuerySet:
        if day == dt.date.max:
            return queryset.none()
        return queryset.between(start_of_day(day), start_of_day(day + dt.timedelta(days=1)))


class NoteFilter(django_filters.FilterSet):
    ORDERS = orders(created_at="created_at")
    DEFAULT_ORDER = "-created_at"

    client = ClientRefFilter()
    author = PersonFilter(label=_("Author"))
    is_pinned = YesNoFilter(label=_("Pinned"))

    class Meta:
        model = Note
        fields: list[str] = []
