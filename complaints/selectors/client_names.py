"""Names of clients for those who take a case down: the one read that passes by `visible_to`.

"Service has no boundary" (ORG-08): anybody of ours may open a case for any client. What this gives
away is that a client exists, its name and its code: no account manager, class, contact or figure,
no list to page through, and nothing for a single letter. `services.lookups` keeps who looked.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from accounts.models import Client
from staff.models import User

SHORTEST = 2
SHOWN = 8
LOOKED_AT = 1_000


@dataclass(frozen=True)
class ClientName:
    id: UUID
    code: str
    name: str
    is_visible: bool


def client_names(user: User, text: str) -> list[ClientName]:
    """The best few by name, pinyin, initials or code; those the person sees come first."""
    words = " ".join(text.lower().split())[:100]
    if len(words) < SHORTEST:
        return []
    some = Client.objects.matching(words).order_by().values("pk")[:LOOKED_AT]
    found = Client.objects.filter(pk__in=some).best_first(words).only("pk", "code", "name")
    return sorted(names_of(user, list(found[:SHOWN])), key=lambda name: not name.is_visible)


def names_of(user: User, clients: Sequence[Client]) -> list[ClientName]:
    keys = [client.pk for client in clients]
    seen = set(Client.objects.visible_to(user).filter(pk__in=keys).values_list("pk", flat=True))
    return [ClientName(each.pk, each.code, each.name, each.pk in seen) for each in clients]
