"""Writes about our own people."""

import secrets
from typing import Any

from django.utils.translation import gettext as _

from crm.lib.services import service
from staff.exceptions import OutOfReach
from staff.models import Unit, User
from staff.services.authority import require_person, require_role, require_unit
from staff.services.units import create_unit, found_root_unit
from staff.signals import access_ended

__all__ = ["create_unit", "found_root_unit"]

# Without letters that look like others: somebody reads it out or types it off a slip.
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
PASSWORD_GROUPS = 4


def generated_password() -> str:
    """Sixteen random characters in groups, some 79 bits."""
    groups = ("".join(secrets.choice(ALPHABET) for _n in range(4)) for _g in range(PASSWORD_GROUPS))
    return "-".join(groups)


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
def add_person(*, role: str, unit: Unit, by: User, **fields: Any) -> tuple[User, str]:
    """A new member of staff and their first password: to be shown once, it is nowhere stored."""
    require_role(by, role)
    require_unit(by, unit)
    _require_open(unit)
    password = generated_password()
    person = User(role=role, unit=unit, must_change_password=True, **fields)
    person.set_password(password)
    person.full_clean()
    person.save(force_insert=True)
    return person, password


@service
def change_person(*, person: User, role: str, unit: Unit, by: User, **fields: Any) -> User:
    """Names, role and unit; acts with the person's next request (P3). The events keep what was."""
    # As stored: a form may have written the new role and unit onto the row it was given.
    person = User.objects.select_for_update().get(pk=person.pk)
    require_person(by, person)
    require_role(by, role)
    require_unit(by, unit)
    if unit.pk != person.unit_id:
        _require_open(unit)
    for name, value in {**fields, "role": role, "unit": unit}.items():
        setattr(person, name, value)
    person.full_clean(exclude=["password"])
    person.save()
    return person


@service
def reset_password(*, person: User, by: User) -> str:
    """A new password for somebody who lost theirs; ends their sessions. Shown once."""
    require_person(by, person)
    password = generated_password()
    person.set_password(password)
    person.must_change_password = True
    person.save(update_fields=["password", "must_change_password"])
    return password


@service
def set_active(*, user: User, is_active: bool, by: User | None) -> None:
    """Give or end access. Disabled people lose sessions and tokens with the next request (P4).

    Tokens are revoked as well: they do not come back with the account.
    """
    require_person(by, user)
    User.objects.filter(pk=user.pk).update(is_active=is_active)
    if not is_active:
        access_ended.send(User, person=user, by=by)


@service
def restore_access(*, person: User, by: User) -> str:
    """The account works again, with a new password: sessions of before stay ended. Shown once."""
    require_person(by, person)
    _require_open(person.unit)
    set_active(user=person, is_active=True, by=by)
    return reset_password(person=person, by=by)


@service
def own_password_set(*, by: User) -> None:
    """The person has a password that nobody else knows."""
    User.objects.filter(pk=by.pk).update(must_change_password=False)


@service
def choose_language(*, language: str, by: User) -> None:
    User.objects.filter(pk=by.pk).update(language=language)


def _require_open(unit: Unit) -> None:
    if unit.closed_on is not None:
        raise OutOfReach(_("%(unit)s is closed.") % {"unit": unit.name})
