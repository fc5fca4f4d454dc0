"""The calendar, and who oversees which unit."""

from crm.lib.working_days import WorkingCalendar
from staff.choices import DayKind, Role
from staff.models import CalendarDay, Unit, User


def working_calendar() -> WorkingCalendar:
    """The statutory calendar with the company's own exceptions."""
    exceptions = list(CalendarDay.objects.values_list("day", "kind"))
    return WorkingCalendar(
        off=frozenset(day for day, kind in exceptions if kind == DayKind.OFF),
        working=frozenset(day for day, kind in exceptions if kind == DayKind.WORKING),
    )


def supervisors_by_unit() -> dict[int, list[User]]:
    """For each unit, the active supervisors of the nearest unit at or above it that has any."""
    own: dict[int, list[User]] = {}
    for person in User.objects.filter(role=Role.SUPERVISOR, is_active=True).order_by("pk"):
        own.setdefault(person.unit_id, []).append(person)
    parents = dict(Unit.objects.order_by().values_list("pk", "parent_id"))

    def nearest(unit_id: int | None) -> list[User]:
        while unit_id is not None and unit_id not in own:
            unit_id = parents[unit_id]
        return own[unit_id] if unit_id is not None else []

    return {unit_id: nearest(unit_id) for unit_id in parents}
