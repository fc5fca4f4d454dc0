"""Which units and people somebody may administer; rights are in `staff.roles`."""

from django.db.models import QuerySet

from staff.choices import Role
from staff.models import Unit, User
from staff.models.people import UnitQuerySet
from staff.roles import GRANTS


def units_in_charge(user: User) -> UnitQuerySet:
    """Units the person answers for: all for the province, else the unit and all below it."""
    scope = user.row_scope()
    if scope.everything:
        return Unit.objects.all()
    return Unit.objects.filter(pk__in=scope.unit_ids)


def units_in_sight(user: User) -> UnitQuerySet:
    """Those of `units_in_charge`, and everybody's own unit."""
    scope = user.row_scope()
    if scope.everything:
        return Unit.objects.all()
    return Unit.objects.filter(pk__in={*scope.unit_ids, user.unit_id})


def roles_to_give(by: User) -> list[Role]:
    """In the order of the choice list."""
    return [role for role in Role if role in GRANTS.get(by.role, frozenset())]


def may_administer(by: User, person: User) -> bool:
    """Edit, disable, give a new password: below oneself only, and never oneself."""
    return (
        by.has_perm("staff.edit_people")
        and person.pk != by.pk
        and person.role in roles_to_give(by)
        and units_in_charge(by).filter(pk=person.unit_id).exists()
    )


def people_to_administer(by: User) -> QuerySet[User]:
    """Everybody for whom `may_administer` holds."""
    if not by.has_perm("staff.edit_people"):
        return User.objects.none()
    return (
        User.objects.visible_to(by)
        .filter(role__in=roles_to_give(by), unit__in=units_in_charge(by).order_by().values("pk"))
        .exclude(pk=by.pk)
    )
