"""The tree as a page shows it, and what moving a part of it would change."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Count, QuerySet

from staff import holdings
from staff.choices import UNIT_ROLES
from staff.models import Unit, User
from staff.selectors.authority import units_in_sight

PEOPLE_SHOWN = 20
DEEPEST = 6  # steps to the right that the style sheet knows


@dataclass(frozen=True)
class TreeRow:
    """One unit with figures of everything below it, the unit itself included."""

    unit: Unit
    depth: int
    people: int
    counts: list[tuple[str, int]]


@dataclass(frozen=True)
class MovePreview:
    """What goes with the unit, and who of those overseeing units gains or loses sight of it."""

    units: int
    people: int
    holdings: list[tuple[str, int]]
    losing: list[User]
    gaining: list[User]


def unit_tree(user: User) -> list[TreeRow]:
    """The units a person may see, depth first; one query for each figure whatever the size."""
    units = list(units_in_sight(user).with_tree_fields())
    ids = [unit.pk for unit in units]
    people = _people_by_unit(ids)
    counts = [
        (str(each.label), _summed(units, each.by_unit(ids))) for each in holdings.all_holdings()
    ]
    people_below = _summed(units, people)
    top = min((_depth(unit) for unit in units), default=0)
    return [
        TreeRow(
            unit=unit,
            depth=min(_depth(unit) - top, DEEPEST),
            people=people_below[unit.pk],
            counts=[(label, number[unit.pk]) for label, number in counts],
        )
        for unit in units
    ]


def move_preview(unit: Unit, parent: Unit) -> MovePreview:
    """Nothing is changed. At most PEOPLE_SHOWN people on either side."""
    below = Unit.objects.descendants(unit, include_self=True).order_by()
    ids = list(below.values_list("pk", flat=True))
    before = set(_ids(unit.ancestors()))
    after = set(_ids(parent.ancestors(include_self=True)))
    return MovePreview(
        units=len(ids),
        people=sum(_people_by_unit(ids).values()),
        holdings=[
            (str(each.label), sum(each.by_unit(ids).values())) for each in holdings.all_holdings()
        ],
        losing=_overseers(before - after),
        gaining=_overseers(after - before),
    )


def possible_parents(user: User, unit: Unit) -> QuerySet[Unit]:
    """Open units in charge that are not the unit itself or below it; kinds are checked later."""
    scope = user.row_scope()
    below = Unit.objects.descendants(unit, include_self=True).order_by().values("pk")
    units = Unit.objects.with_tree_fields().filter(closed_on=None).exclude(pk__in=below)
    return units if scope.everything else units.filter(pk__in=scope.unit_ids)


def _overseers(unit_ids: Iterable[int]) -> list[User]:
    people = User.objects.active().filter(unit__in=list(unit_ids), role__in=UNIT_ROLES)
    return list(people.select_related("unit").order_by("full_name", "pk")[:PEOPLE_SHOWN])


def _people_by_unit(ids: list[int]) -> dict[int, int]:
    rows = User.objects.active().filter(unit__in=ids).values("unit").annotate(number=Count("pk"))
    return {row["unit"]: row["number"] for row in rows}


def _summed(units: list[Unit], own: Mapping[int, int]) -> dict[int, int]:
    """Each unit's own number and those of all units below it."""
    total: dict[int, int] = defaultdict(int)
    for unit in units:
        for pk in unit.tree_path:
            total[pk] += own.get(unit.pk, 0)
    return total


def _depth(unit: Unit) -> int:
    return unit.tree_depth


def _ids(units: QuerySet[Unit]) -> list[int]:
    return [unit.pk for unit in units]
