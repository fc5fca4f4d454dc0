"""Records that files can belong to, besides a client and a contact.

Apps above register theirs in `ready()`: a file knows the name of the place and the key of the
record, and asks here what that is (ADR 0042).
"""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from django.utils.functional import Promise

from accounts.models import Client, ClientFile, Note
from staff.models import User


@dataclass(frozen=True)
class Spot:
    """A record as people know it, and whose it is."""

    client: Client
    title: str
    url: str


@dataclass(frozen=True)
class Place:
    """`find` gives the record while the person sees it, else None."""

    label: str | Promise
    right: str
    find: Callable[[User, UUID], Spot | None]


_PLACES: dict[str, Place] = {}


def register(name: str, place: Place) -> None:
    """`name` is also the parameter of the upload page: `?visit=…`."""
    _PLACES[name] = place


def names() -> list[str]:
    return list(_PLACES)


def spot(user: User, place: str, record: UUID) -> Spot | None:
    """The record, when the place is known and the person may see it."""
    known = _PLACES.get(place)
    if known is None or not user.has_perm(known.right):
        return None
    return known.find(user, record)


def spot_of(file: ClientFile, user: User) -> Spot | None:
    return spot(user, file.place, file.record) if file.record else None


def find_note(user: User, pk: UUID) -> Spot | None:
    note = Note.objects.visible_to(user).kept().with_people().filter(pk=pk).first()
    return Spot(note.client, str(note), note.get_absolute_url()) if note else None
