"""Records that a new one may double, looked for before it is saved (ARC-20).

Only through indexes, and a few at most: the answer takes as long in a large archive as in a small.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.contrib.postgres.search import TrigramWordSimilarity
from django.db import connection, transaction
from django.utils.translation import gettext as _

from accounts.models import Client, Contact, ContactQuerySet
from crm.lib import pinyin
from staff.models import User

FOUND = 5
ALIKE = 0.5  # so much of a name's trigrams the other name has
LONG = 4  # letters of a name from which on a likeness says anything
# What says how a company is set up, not which one it is.
LEGAL = re.compile(
    r"股份|有限|责任|集团|总公司|分公司|公司|\b(?:co|ltd|inc|corp|group|company|limited)\b"
)
APART = re.compile(r"[\W_]+")
DIGITS = re.compile(r"\D")


@dataclass(frozen=True)
class Suspect:
    """A record that may be the same. Without `url` it is out of sight, and nothing of it is said
    but where it is and whom to ask."""

    why: str
    name: str
    url: str
    unit: str
    person: str
    pk: UUID | None = None


def core_of(name: str) -> str:
    """What tells a client's name from others: without legal form, blanks and signs."""
    plain = unicodedata.normalize("NFKC", name).lower()
    bare = APART.sub("", LEGAL.sub("", plain))
    return bare or APART.sub("", plain)


def client_suspects(
    *, name: str, address: str, user: User, but: UUID | None = None
) -> list[Suspect]:
    """Clients of the same or an alike name, or at the same address."""
    core = core_of(name)
    found = {client.pk: client for client in _named_alike(name, core) if client.pk != but}
    why = {
        pk: _("same name") if core_of(client.name) == core else _("alike name")
        for pk, client in found.items()
    }
    if address.strip():
        there = Client.objects.filter(address=address.strip())
        if but:
            there = there.exclude(pk=but)
        for client in there.select_related("unit", "owner").without_texts()[:FOUND]:
            found[client.pk] = client
            why.setdefault(client.pk, _("same address"))
    seen = _in_sight(found, user)
    same = _("same name")
    ranked = sorted(found.values(), key=lambda client: (why[client.pk] != same, client.name))
    return [_suspect(client, why[client.pk], client.pk in seen) for client in ranked[:FOUND]]


def _named_alike(name: str, core: str) -> list[Client]:
    clients = Client.objects.select_related("unit", "owner").without_texts()
    same = list(clients.filter(sort_key=pinyin.sort_key(name.strip()))[:FOUND])
    if len(core) < LONG:
        return [
            each for each in [*same, *clients.named_like(core)[:FOUND]] if _is_alike(each, core)
        ]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL pg_trgm.word_similarity_threshold = %s", [ALIKE])
        alike = clients.filter(search_text__trigram_word_similar=core)
        nearest = alike.annotate(near=TrigramWordSimilarity(core, "search_text"))
        return [*same, *nearest.order_by("-near", "pk")[:FOUND]]


def _is_alike(client: Client, core: str) -> bool:
    """Short names have to be the same: half of a town is called something with 医院."""
    return core_of(client.name) == core


def contact_suspects(
    *, client: Client, name: str, mobile: str, user: User, but: UUID | None = None
) -> list[Suspect]:
    """People of this name at the client, and people anywhere with this number; not the very same
    person with the very same number, who is refused in any case."""
    people = Contact.objects.select_related("client__unit", "client__owner")
    people = people.exclude(client=client, name=name, mobile=mobile)
    if but:
        people = people.exclude(pk=but)
    found = {
        person.pk: (person, _("same name"))
        for person in people.filter(client=client, name__iexact=name.strip())[:FOUND]
    }
    for person in _with_number(people, mobile):
        found[person.pk] = (person, _("same mobile"))
    clients = {person.client_id: person.client for person, _why in found.values()}
    seen = _in_sight(clients, user)
    return [
        _suspect(person, why, person.client_id in seen) for person, why in [*found.values()][:FOUND]
    ]


def _with_number(people: ContactQuerySet, mobile: str) -> list[Contact]:
    """By the index of the search text; a number typed with blanks or signs is the same number."""
    digits = DIGITS.sub("", mobile)
    if not digits:
        return []
    near = people.filter(search_text__contains=digits)[: FOUND * 4]
    return [person for person in near if DIGITS.sub("", person.mobile) == digits]


def _in_sight(ids: Iterable[UUID], user: User) -> set[UUID]:
    rows = Client.objects.visible_to(user).filter(pk__in=[*ids])
    return {*rows.values_list("pk", flat=True)}


def _suspect(record: Client | Contact, why: str, is_seen: bool) -> Suspect:
    client = record if isinstance(record, Client) else record.client
    return Suspect(
        why=why,
        name=_name_of(record) if is_seen else "",
        url=record.get_absolute_url() if is_seen else "",
        unit=client.unit.name,
        person=client.owner.full_name if client.owner else "",
        pk=record.pk if is_seen else None,
    )


def _name_of(record: Client | Contact) -> str:
    return record.name if isinstance(record, Client) else f"{record.name}, {record.client.name}"
