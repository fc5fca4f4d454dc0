"""Who may stand in for whom, and who decides about an absence."""

from django.db.models import Q, QuerySet

from staff.choices import OWNER_ROLES, Role, UnitKind
from staff.models import Unit, User
from staff.selectors.authority import units_in_charge

STAND_INS = OWNER_ROLES - {Role.AGENT}


def possible_deputies(person: User) -> QuerySet[User]:
    """Active people of the same city whose role lets them do the work.

    The same role, or for field workers another one that looks after clients, or a supervisor.
    """
    ancestors = list(person.unit.ancestors(include_self=True))
    city = next((unit for unit in ancestors if unit.kind == UnitKind.CITY), ancestors[0])
    units = Unit.objects.descendants(city, include_self=True).order_by()
    roles = Q(role=person.role)
    if person.role in OWNER_ROLES:
        roles |= Q(role__in=STAND_INS | {Role.SUPERVISOR})
    people = User.objects.active().filter(roles, unit__in=units.values("pk"))
    return people.exclude(pk=person.pk).order_by("full_name", "pk")


def people_to_excuse(by: User) -> QuerySet[User]:
    """Oneself, and for those who decide everybody they answer for."""
    people = User.objects.active().order_by("full_name", "pk")
    if not by.has_perm("staff.approve_absence"):
        return people.filter(pk=by.pk)
    units = units_in_charge(by).order_by().values("pk")
    return people.filter(Q(pk=by.pk) | Q(unit__in=units))


def may_decide(by: User, person: User) -> bool:
    """Not about oneself; about people of the units one answers for."""
    return (
        by.has_perm("staff.approve_absence")
        and by.pk != person.pk
        and units_in_charge(by).filter(pk=person.unit_id).exists()
    )


def overseers_of(person: User) -> list[User]:
    """The active supervisors of the nearest unit at or above that has one besides the person."""
    units = [unit.pk for unit in person.unit.ancestors(include_self=True)]
    found = User.objects.active().filter(role=Role.SUPERVISOR, unit__in=units).exclude(pk=person.pk)
    by_unit: dict[int, list[User]] = {}
    for each in found.order_by("pk"):
        by_unit.setdefault(each.unit_id, []).append(each)
    return next((by_unit[pk] for pk in reversed(units) if pk in by_unit), [])
