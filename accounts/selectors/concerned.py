"""Who has to know about a client besides its account manager."""

from collections.abc import Collection

from accounts.choices import REPRESENTED_CLASSES
from accounts.models import Client
from staff.models import User
from staff.selectors import supervisors_by_unit


def supervisors_of(client: Client, *, besides: Collection[User | None] = ()) -> list[User]:
    """Active supervisors of the nearest unit at or above the client's; without those named,
    for nobody reports to themselves: then the next unit above answers."""
    by_unit = supervisors_by_unit()
    unit = client.unit
    while unit is not None:
        found = [person for person in by_unit.get(unit.pk, []) if person not in besides]
        if found:
            return found
        unit = unit.parent
    return []


def representatives_of(client: Client) -> list[User]:
    """The chief representative of an A or B client (ORG-09, ORG-13)."""
    person = client.chief_representative
    is_due = client.client_class in REPRESENTED_CLASSES
    return [person] if person and person.is_active and is_due else []
