"""Writes about positions and who holds them."""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from crm.lib.services import service
from staff.exceptions import PositionClosed
from staff.models import Appointment, Position, Unit, User
from staff.services.authority import require_person, require_unit


@service
def save_position(*, position: Position | None, by: User, **fields: Any) -> Position:
    """A new position or a change of one; ValidationError for a code that is taken."""
    position = position or Position()
    for name, value in fields.items():
        setattr(position, name, value)
    position.full_clean()
    position.save()
    return position


@service
def appoint(
    *, person: User, position: Position, unit: Unit, started_on: date, by: User
) -> Appointment:
    """Somebody takes up a position; the same one at the same place once only."""
    require_person(by, person)
    require_unit(by, unit)
    if not position.is_active:
        raise PositionClosed(_("This position is no longer in use."))
    appointment = Appointment(person=person, position=position, unit=unit, started_on=started_on)
    appointment.full_clean()
    appointment.save(force_insert=True)
    return appointment


@service
def end_appointment(*, appointment: Appointment, ended_on: date, by: User) -> Appointment:
    """The last day somebody holds a position; ValidationError before the first."""
    require_person(by, appointment.person)
    appointment = Appointment.objects.select_for_update().get(pk=appointment.pk)
    appointment.ended_on = ended_on
    appointment.full_clean()
    appointment.save(update_fields=["ended_on"])
    return appointment
