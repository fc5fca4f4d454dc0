"""Where a client may go."""

from django.db.models import Q, QuerySet

from accounts.models import Client
from staff.choices import OWNER_ROLES, UNIT_ROLES
from staff.models import Unit, User


def possible_units(by: User, client: Client | None) -> QuerySet[Unit]:
    """Units a person may put a client into; it may always stay where it is.

    Who does not answer for a unit moves no clients: one handed over from another team stays there.
    """
    stays = Q(pk=client.unit_id if client else by.unit_id)
    if not by.sees_unit:
        return Unit.objects.filter(stays)
    below = Unit.objects.descendants(by.unit_id, include_self=True).order_by()
    return Unit.objects.with_tree_fields().filter(
        Q(pk__in=below.values("pk"), closed_on=None) | stays
    )


def possible_owners(by: User) -> QuerySet[User]:
    """Active people of one's unit and below who can be responsible for clients."""
    people = User.objects.filter(role__in=OWNER_ROLES | UNIT_ROLES, is_active=True)
    if not by.sees_unit:
        return people.filter(pk=by.pk)
    units = Unit.objects.descendants(by.unit_id, include_self=True).order_by()
    return people.filter(unit__in=units.values("pk")).order_by("full_name", "pk")
