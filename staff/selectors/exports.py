"""Who decides about the export of many people's data, and what waits for whom."""

from datetime import datetime

from staff.choices import APPROVER_ROLES, Role
from staff.models import Export, User

COUNTED = 100


def approvers_of(owner: User) -> list[User]:
    """Whom to tell: the nearest active approvers at or above the person's unit, else the province.

    Of people who approve themselves only those of a unit above (`to_be_decided_by`).
    """
    units = [unit.pk for unit in owner.unit.ancestors(include_self=True)]
    if owner.role in APPROVER_ROLES:
        units = units[:-1]
    people = User.objects.active().filter(role__in=APPROVER_ROLES).exclude(pk=owner.pk)
    by_unit: dict[int, list[User]] = {}
    for each in people.filter(unit__in=units).order_by("pk"):
        by_unit.setdefault(each.unit_id, []).append(each)
    nearest = next((by_unit[pk] for pk in reversed(units) if pk in by_unit), [])
    return nearest or list(people.filter(role=Role.PROVINCE).order_by("pk"))


def waiting_count(user: User, now: datetime) -> int:
    """How many exports this person has to decide about, as far as anybody would count."""
    return Export.objects.to_be_decided_by(user).waiting(now)[:COUNTED].count()
