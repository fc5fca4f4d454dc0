"""Refusals that writes about units and people share."""

from django.utils.translation import gettext as _

from staff.exceptions import NotYourself, OutOfReach, RoleNotGrantable
from staff.models import Unit, User
from staff.selectors.authority import may_administer, roles_to_give, units_in_charge


def require_unit(by: User | None, *units: Unit) -> None:
    """The acting person answers for all of these; the system (None) for everything."""
    if by is None:
        return
    wanted = {unit.pk for unit in units}
    if units_in_charge(by).filter(pk__in=wanted).count() != len(wanted):
        raise OutOfReach(_("This lies outside the units you answer for."))


def require_role(by: User | None, role: str) -> None:
    """Nobody gives a role above their own (ORG-20, SEC-12)."""
    if by is not None and role not in roles_to_give(by):
        raise RoleNotGrantable(_("You may not give this role."))


def require_person(by: User | None, person: User) -> None:
    if by is None:
        return
    if by.pk == person.pk:
        raise NotYourself(_("Your own account is changed by somebody else."))
    if not may_administer(by, person):
        raise OutOfReach(_("You may not change this person's account."))
