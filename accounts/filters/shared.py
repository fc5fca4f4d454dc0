"""Filters that lists of several nouns share.

Drop-downs offer only what the asking person may see.
"""

from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.models import (
    Client,
    ClientQuerySet,
    Contact,
    ContactQuerySet,
    HandoverShare,
)
from crm.lib.filters import YesNoFilter
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


def visible_contacts(request: HttpRequest | None) -> ContactQuerySet:
    if request is None:
        return Contact.objects.none()
    return Contact.objects.visible_to(request.user)


def visible_shares(request: HttpRequest | None) -> QuerySet[HandoverShare]:
    if request is None:
        return HandoverShare.objects.none()
    return HandoverShare.objects.visible_to(request.user)


def subtree(unit: Unit) -> list[int]:
    """Ids of the unit and every unit below it."""
    units = Unit.objects.descendants(unit, include_self=True)
    return list(units.order_by().values_list("pk", flat=True))


def names_of(choices: Any) -> list[tuple[str, Any]]:
    """Numbered choices by name, as bills and the API write them: `pre_churn`, not 2."""
    return [(choice.name.lower(), choice.label) for choice in choices]


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


class HandoverFilter(django_filters.ModelChoiceFilter):
    """What one person got of a handover; hidden on pages, where links set it."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(queryset=visible_shares, widget=forms.HiddenInput, **kwargs)


class ContactRefFilter(django_filters.ModelChoiceFilter):
    """One contact by id."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Contact"))
        super().__init__(queryset=visible_contacts, widget=forms.HiddenInput, **kwargs)


class MoneyFilter(django_filters.NumberFilter):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_digits=14, decimal_places=2, **kwargs)


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
