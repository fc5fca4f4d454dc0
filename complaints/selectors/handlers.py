"""To whom a case can be handed."""

from django.db.models import Q, QuerySet

from complaints.models import Case
from staff.choices import Role, UnitKind
from staff.models import Unit, User


def possible_units() -> QuerySet[Unit]:
    """Every unit that is open: there is no boundary between departments (ORG-08)."""
    return Unit.objects.with_tree_fields().filter(closed_on=None)


def possible_people(case: Case, by: User) -> QuerySet[User]:
    """Who is likely to solve it: oneself, the colleagues of the units concerned, who is responsible
    for the client, and clerks and supervisors of the city. Others are reached through their unit."""
    city = _city_of(case.responsible_unit)
    below = Unit.objects.descendants(city, include_self=True).order_by().values("pk")
    units = [by.unit_id, case.receiving_unit_id, case.responsible_unit_id]
    people = [by.pk, case.client.owner_id, case.client.chief_representative_id]
    return User.objects.filter(
        Q(pk__in=[pk for pk in people if pk])
        | Q(unit__in=units)
        | Q(unit__in=below, role__in=[Role.COMPLAINT_CLERK, Role.SUPERVISOR]),
        is_active=True,
    ).order_by("full_name", "pk")


def _city_of(unit: Unit) -> Unit:
    """The city at or above; without one the unit itself."""
    path = [*unit.ancestors(include_self=True)]
    return next((each for each in path if each.kind == UnitKind.CITY), unit)
