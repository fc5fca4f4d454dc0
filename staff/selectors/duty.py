"""Who is on duty."""

from datetime import datetime

from django.db.models import QuerySet

from staff.models import DutyShift, Unit, User
from staff.selectors.authority import units_in_sight


def on_duty(unit: Unit, now: datetime) -> list[User]:
    """Active people on duty of the nearest unit at or above that has any (ORG-28)."""
    path = [each.pk for each in unit.ancestors(include_self=True)]
    shifts = DutyShift.objects.filter(
        unit__in=path, starts_at__lte=now, ends_at__gt=now, person__is_active=True
    ).select_related("person")
    by_unit: dict[int, list[User]] = {}
    for shift in shifts.order_by("starts_at", "pk"):
        by_unit.setdefault(shift.unit_id, []).append(shift.person)
    return next((by_unit[pk] for pk in reversed(path) if pk in by_unit), [])


def roster(user: User, now: datetime) -> QuerySet[DutyShift]:
    """Running and coming shifts of one's units and of those above: whom one may call."""
    above = [unit.pk for unit in user.unit.ancestors()]
    units = [*units_in_sight(user).order_by().values_list("pk", flat=True), *above]
    shifts = DutyShift.objects.filter(unit__in=units, ends_at__gt=now)
    return shifts.select_related("person", "unit").order_by("starts_at", "pk")
