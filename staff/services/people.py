"""Writes about people and units."""

from crm.lib.services import service
from staff.choices import UnitKind
from staff.models import Unit, User


@service
def create_user(
    *, username: str, full_name: str, role: str, unit: Unit, password: str, by: User | None
) -> User:
    """A new member of staff; ValidationError for a taken or impossible name."""
    user = User(username=username, full_name=full_name, role=role, unit=unit)
    user.set_password(password)
    user.full_clean()
    user.save(force_insert=True)
    return user


@service
def create_unit(*, code: str, name: str, kind: str, parent: Unit | None, by: User | None) -> Unit:
    """A new node of the tree; ValidationError for a code that is taken."""
    unit = Unit(code=code, name=name, kind=kind, parent=parent)
    unit.full_clean()
    unit.save(force_insert=True)
    return unit


@service
def set_active(*, user: User, is_active: bool, by: User | None) -> None:
    """Give or end access. Disabled people lose sessions and tokens with the next request (P4)."""
    User.objects.filter(pk=user.pk).update(is_active=is_active)


@service
def choose_language(*, language: str, by: User) -> None:
    User.objects.filter(pk=by.pk).update(language=language)


@service
def found_root_unit(*, by: User | None) -> Unit:
    """The top of the tree; made when missing, so that a bare installation can import at once."""
    unit = Unit.objects.filter(parent=None).order_by("pk").first()
    return unit or Unit.objects.create(code="ROOT", name="Company", kind=UnitKind.PROVINCE)
