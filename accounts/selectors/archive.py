"""A client's archive as its page shows it, and success cases of clients alike."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any
from uuid import UUID

from django.db.models import Model, Q
from django.utils.translation import gettext as _

from accounts.archive_lists import KINDS, ListKind
from accounts.catalogue import GROUPS, Group
from accounts.completeness import Missing, missing
from accounts.models import Client, CollectionCount, Industry, SuccessCase
from staff.models import User

BRANCHES_SHOWN = 20
CASES_SHOWN = 5
NAMED_RELATIONS = ("superior", "referring_client")


@dataclass(frozen=True)
class Fact:
    """One field of the archive; `url` of what it names when the person may see that."""

    name: str
    label: str
    value: str
    url: str = ""


@dataclass(frozen=True)
class Row:
    """One row of a list of the archive."""

    pk: UUID
    title: str
    facts: list[Fact]
    hint: str = ""


@dataclass(frozen=True)
class ListCard:
    kind: ListKind
    rows: list[Row] = field(default_factory=list)
    removed: list[Row] = field(default_factory=list)


@dataclass(frozen=True)
class GroupCard:
    """A group of fields with the lists that belong to it."""

    group: Group
    facts: list[Fact]
    lists: list[ListCard]

    @property
    def filled(self) -> list[Fact]:
        return [fact for fact in self.facts if fact.value]

    @property
    def empty(self) -> list[Fact]:
        return [fact for fact in self.facts if not fact.value]


@dataclass(frozen=True)
class Archive:
    groups: list[GroupCard]
    missing: list[Missing]
    branches: list[Client]


def archive(client: Client, user: User) -> Archive:
    """Everything of the archive; a query for each list, however long it is."""
    lists: dict[str, list[ListCard]] = defaultdict(list)
    for kind in KINDS:
        lists[kind.group].append(_list_card(client, user, kind))
    seen = _named_in_sight(client, user)
    return Archive(
        groups=[
            GroupCard(group, _facts(client, group.fields, seen), lists[group.name])
            for group in GROUPS
        ],
        missing=missing(client),
        branches=list(client.branches.visible_to(user).order_by("sort_key", "pk")[:BRANCHES_SHOWN]),
    )


def _named_in_sight(client: Client, user: User) -> dict[UUID, Client]:
    """Clients this one names, as far as the person may see them."""
    keys = [getattr(client, f"{name}_id") for name in NAMED_RELATIONS]
    return {
        row.pk: row for row in Client.objects.visible_to(user).filter(pk__in=filter(None, keys))
    }


def _facts(record: Model, names: Iterable[str], seen: dict[UUID, Client]) -> list[Fact]:
    return [_fact(record, name, seen) for name in names]


def _fact(record: Model, name: str, seen: dict[UUID, Client]) -> Fact:
    field: Any = record._meta.get_field(name)
    label = str(field.verbose_name)
    if name in NAMED_RELATIONS:
        named = seen.get(getattr(record, field.attname))
        if named:
            return Fact(name, label, str(named), named.get_absolute_url())
        hidden = getattr(record, field.attname) is not None
        return Fact(name, label, _("a client of colleagues") if hidden else "")
    return Fact(name, label, spoken(record, name))


def spoken(record: Model, name: str) -> str:
    """A field's value as a person says it; empty when nothing is known or ticked."""
    field: Any = record._meta.get_field(name)
    value = getattr(record, name)
    if value is None or value == "" or value is False:
        return ""
    if field.choices:
        return str(getattr(record, f"get_{name}_display")())
    if value is True:
        return _("Yes")
    if name == "month":
        return f"{value:%Y-%m}"
    return value.isoformat() if isinstance(value, dt.date) else str(value)


def _list_card(client: Client, user: User, kind: ListKind) -> ListCard:
    relations = [name for name in kind.fields if kind.model._meta.get_field(name).is_relation]
    items: Any = kind.model._default_manager
    rows = items.visible_to(user).filter(client=client).select_related(*relations)
    card = ListCard(kind)
    in_order = list(rows.order_by(*kind.order, "pk"))
    hints = _changes(in_order) if kind.model is CollectionCount else {}
    for item in in_order:
        title, *rest = kind.fields
        facts = [fact for fact in _facts(item, rest, {}) if fact.value]
        row = Row(item.pk, spoken(item, title), facts, hints.get(item.pk, ""))
        (card.rows if item.removed_at is None else card.removed).append(row)
    return card


def _changes(counts: list[CollectionCount]) -> dict[UUID, str]:
    """How each month differs from the one before it in the list, the newest first (ARC-F12)."""
    live = [count for count in counts if count.removed_at is None]
    return {newer.pk: f"{newer.users - older.users:+}" for newer, older in pairwise(live)}


# Success cases --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Case:
    """A success case as a colleague may read it; without `url` the client stays unnamed."""

    title: str
    need: str
    solution: str
    result: str
    who: str
    url: str = ""


def similar_cases(client: Client, user: User) -> list[Case]:
    """Of clients in the same industry, then in the same sector; names left out (ARC-07, SEC-03).

    Not limited to the person's own clients: what worked elsewhere is the point.
    """
    if not client.industry:
        return []
    alike = Industry.objects.filter(
        sector__in=Industry.objects.filter(name=client.industry).exclude(sector="").values("sector")
    ).values("name")
    cases = list(
        SuccessCase.objects.live()
        .filter(Q(client__industry=client.industry) | Q(client__industry__in=alike))
        .exclude(client=client)
        .select_related("client")
        .order_by("-created_at", "-pk")[: 4 * CASES_SHOWN]
    )
    cases.sort(key=lambda case: case.client.industry != client.industry)  # stable: newest first
    shown = cases[:CASES_SHOWN]
    mine = Client.objects.visible_to(user).filter(pk__in=[case.client_id for case in shown])
    seen = set(mine.values_list("pk", flat=True))
    return [_case(case, is_seen=case.client_id in seen) for case in shown]


def _case(case: SuccessCase, *, is_seen: bool) -> Case:
    client = case.client
    is_named = is_seen or case.shows_name

    def told(text: str) -> str:
        return text if is_named else text.replace(client.name, "…")

    return Case(
        title=told(case.title),
        need=told(case.need),
        solution=told(case.solution),
        result=told(case.result),
        who=client.name if is_named else _unnamed(client),
        url=client.get_absolute_url() if is_seen else "",
    )


def _unnamed(client: Client) -> str:
    if client.employees is None:
        return client.industry
    return _("%(industry)s, about %(number)s employees") % {
        "industry": client.industry,
        "number": _rounded(client.employees),
    }


def _rounded(number: int) -> int:
    """One leading digit: exact figures would give the client away."""
    scale = 10 ** max(len(str(number)) - 1, 0)
    return round(number / scale) * scale
