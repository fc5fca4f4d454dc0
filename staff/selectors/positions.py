"""Who holds which position."""

from datetime import date

from django.db.models import QuerySet

from staff.models import Appointment, User


def eligible_representatives(today: date) -> QuerySet[User]:
    """Active people who hold a position that may be chief representative today (ORG-09).

    Which positions these are is data (`Position.can_represent`); where somebody sits does not
    matter (AMB-43).
    """
    held = Appointment.objects.held_on(today).filter(position__can_represent=True)
    return User.objects.active().filter(pk__in=held.values("person")).order_by("full_name", "pk")
