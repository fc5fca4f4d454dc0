"""Whom an escalation reaches."""

from accounts.choices import EscalationLevel
from accounts.models import Client
from accounts.selectors.concerned import supervisors_of
from staff.choices import Role, UnitKind
from staff.models import Unit, User
from staff.selectors import supervisors_by_unit

CITY_KINDS = (UnitKind.CITY, UnitKind.PROVINCE)


def level_people(client: Client, level: EscalationLevel, by: User) -> list[User]:
    """Who answers on that level: own centre, the city, the province; never the one who asks."""
    match level:
        case EscalationLevel.CENTRE:
            return supervisors_of(client, besides=[by])
        case EscalationLevel.CITY:
            city = _city_of(client.unit)
            people = supervisors_by_unit().get(city.pk, []) if city else []
            return [person for person in people if person != by]
        case _:
            bosses = User.objects.filter(role=Role.PROVINCE, is_active=True).order_by("pk")
            return [person for person in bosses if person != by]


def _city_of(unit: Unit | None) -> Unit | None:
    while unit is not None and unit.kind not in CITY_KINDS:
        unit = unit.parent
    return unit


def possible_levels(earlier_level: int) -> list[EscalationLevel]:
    return [level for level in EscalationLevel if level > earlier_level]
