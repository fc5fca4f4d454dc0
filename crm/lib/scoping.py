"""Who sees which rows: the only scoping code there is."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from staff.models import User


@dataclass(frozen=True)
class RowScope:
    """What one person may see: everything, else own rows plus those of some units.

    `own_unit_id` is where the person works, `unit_ids` what they answer for. `stands_in_for` are
    people away today whose deputy the person is (ORG-30).
    """

    everything: bool = False
    person_id: int | None = None
    own_unit_id: int | None = None
    unit_ids: Collection[int] = ()
    stands_in_for: Collection[int] = ()


@dataclass(frozen=True)
class ScopePaths:
    """Lookup paths from a model to the people and the unit that own a row.

    Paths must not cross to-many relations: a join would duplicate rows. Without a path to a unit
    rows are personal: the people named see them and nobody else, whatever their role.
    `for_deputies` marks the work that a deputy takes over: rows are personal unless they say so.
    `other_units` are further units whose overseers see the row; `team` is a unit in which everybody
    does, because the row was handed to all of them. `also` are the paths of a second record that a
    row speaks of: both have to be in sight. `about` is a relation to a record that only some rows
    speak of; these are seen like that record, by its paths `seen_like`, and by nobody else.
    """

    people: tuple[str, ...] = ()
    unit: str = ""
    for_deputies: bool = False
    other_units: tuple[str, ...] = ()
    team: str = ""
    also: "ScopePaths | None" = None
    about: str = ""
    seen_like: "ScopePaths | None" = None

    def via(self, relation: str) -> "ScopePaths":
        """The same paths seen from a model that points here by `relation`."""
        return ScopePaths(
            people=tuple(f"{relation}__{path}" for path in self.people),
            unit=f"{relation}__{self.unit}" if self.unit else "",
            for_deputies=self.for_deputies,
            other_units=tuple(f"{relation}__{path}" for path in self.other_units),
            team=f"{relation}__{self.team}" if self.team else "",
            also=self.also.via(relation) if self.also else None,
            about=f"{relation}__{self.about}" if self.about else "",
            seen_like=self.seen_like.via(relation) if self.seen_like else None,
        )

    def condition(self, scope: RowScope) -> Q:
        if self.seen_like is None:
            return self._own_condition(scope)
        about_none = Q(**{f"{self.about}__isnull": True})
        return about_none & self._own_condition(scope) | self.seen_like.condition(scope)

    def _own_condition(self, scope: RowScope) -> Q:
        condition = Q(pk__in=[])
        for path in self.people:
            condition |= Q(**{path: scope.person_id})
            if self.for_deputies and scope.stands_in_for:
                condition |= Q(**{f"{path}__in": scope.stands_in_for})
        if scope.unit_ids:
            for path in filter(None, (self.unit, *self.other_units)):
                condition |= Q(**{f"{path}__in": scope.unit_ids})
        if self.team and scope.own_unit_id is not None:
            condition |= Q(**{self.team: scope.own_unit_id})
        return condition & self.also.condition(scope) if self.also else condition


class ScopedQuerySet(models.QuerySet):
    """Base of every business model's QuerySet."""

    def visible_to(self, user: "User | AnonymousUser") -> Self:
        """Rows the person may see; nothing for anonymous and disabled accounts (P1)."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        scope = user.row_scope()
        paths: ScopePaths = getattr(self.model, "scope")  # noqa: B009 -- unknown to the checker
        # Tokens, notifications and exports belong to a person, not to a unit: nobody sees all.
        if scope.everything and paths.unit:
            return self
        return self.filter(paths.condition(scope))
