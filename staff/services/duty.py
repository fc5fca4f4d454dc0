"""Writes about the duty roster."""

from datetime import datetime

from crm.lib.services import service
from staff.models import DutyShift, Unit, User
from staff.services.authority import require_unit


@service
def add_shift(
    *, unit: Unit, person: User, starts_at: datetime, ends_at: datetime, by: User
) -> DutyShift:
    """Both the unit and the person are below oneself; ValidationError for times in disorder."""
    require_unit(by, unit, person.unit)
    shift = DutyShift(unit=unit, person=person, starts_at=starts_at, ends_at=ends_at)
    shift.full_clean()
    shift.save(force_insert=True)
    return shift


@service
def remove_shift(*, shift: DutyShift, by: User) -> None:
    require_unit(by, shift.unit)
    shift.delete()
