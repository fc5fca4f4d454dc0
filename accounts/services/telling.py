"""News about a record that hangs on a client."""

from collections.abc import Sequence
from typing import Any

from accounts.models import Client
from staff.models import User
from staff.services.work import notify


def tell(
    record: Any, kind: str, people: Sequence[User | None], *, by: User | None, **params: object
) -> None:
    """Each of the people but the acting one learns of it, once per kind and record."""
    client: Client = record.client
    notify(
        recipients=[person for person in people if person and person != by],
        kind=kind,
        key=f"{kind}:{record.pk}",
        params={"client": client.name, "person": by.full_name if by else "", **params},
        link=record.get_absolute_url(),
        by=by,
    )
