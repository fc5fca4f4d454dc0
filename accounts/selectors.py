"""Reads that compose several models: where a client may go, what happened to it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from pghistory.models import Events

from accounts.models import Client
from crm.lib.text import listed
from staff.choices import OWNER_ROLES, UNIT_ROLES
from staff.models import Unit, User

HISTORY_SHOWN = 100
# Copies and search keys: their changes say nothing to a person.
SILENT_FIELDS = frozenset({"sort_key", "search_text", "updated_at", "id"})


@dataclass(frozen=True)
class FieldChange:
    label: str
    old: str
    new: str


@dataclass(frozen=True)
class HistoryEntry:
    """One audited write: who, when, what before and after (ARC-15)."""

    at: datetime
    actor: str
    title: str
    changes: list[FieldChange]


def possible_units(by: User, client: Client | None) -> QuerySet[Unit]:
    """Units a person may put a client into; it may always stay where it is.

    Who does not answer for a unit moves no clients: one handed over from another team stays there.
    """
    stays = Q(pk=client.unit_id if client else by.unit_id)
    if not by.sees_unit:
        return Unit.objects.filter(stays)
    below = Unit.objects.descendants(by.unit_id, include_self=True).order_by()
    return Unit.objects.with_tree_fields().filter(Q(pk__in=below.values("pk")) | stays)


def possible_owners(by: User) -> QuerySet[User]:
    """Active people of one's unit and below who can be responsible for clients."""
    people = User.objects.filter(role__in=OWNER_ROLES | UNIT_ROLES, is_active=True)
    if not by.sees_unit:
        return people.filter(pk=by.pk)
    units = Unit.objects.descendants(by.unit_id, include_self=True).order_by()
    return people.filter(unit__in=units.values("pk")).order_by("full_name", "pk")


def client_history(client: Client) -> list[HistoryEntry]:
    """Changes of the client's own fields, the newest first; at most HISTORY_SHOWN."""
    return _entries(Client, list(_events(client)))


def _events(record: models.Model) -> Iterator[Events]:
    yield from Events.objects.tracks(record).order_by("-pgh_created_at", "-pgh_id")[:HISTORY_SHOWN]


def _entries(model: type[models.Model], events: list[Events]) -> list[HistoryEntry]:
    actor_ids = [(event.pgh_context or {}).get("actor") for event in events]
    names: dict[Any, str] = dict(
        User.objects.filter(pk__in=filter(None, actor_ids)).values_list("pk", "full_name")
    )
    related = _related_names(model, events)
    return [
        HistoryEntry(
            at=event.pgh_created_at,
            actor=names.get((event.pgh_context or {}).get("actor"), _("System")),
            title=_("Created") if event.pgh_label == "insert" else _("Changed"),
            changes=list(_changes(model, event.pgh_diff or {}, related)),
        )
        for event in events
    ]


def _changes(
    model: type[models.Model], diff: dict[str, list[Any]], related: dict[tuple[str, str], str]
) -> Iterator[FieldChange]:
    for name, (old, new) in diff.items():
        bare = name.removesuffix("_id")
        if bare in SILENT_FIELDS:
            continue
        field: Any = model._meta.get_field(bare)
        yield FieldChange(
            str(field.verbose_name), _shown(field, old, related), _shown(field, new, related)
        )


def _shown(field: Any, value: Any, related: dict[tuple[str, str], str]) -> str:
    if value in (None, "", []):
        return "–"
    if field.is_relation:
        return related.get((field.name, str(value)), str(value))
    if isinstance(value, list):
        return listed(value)
    return str(dict(field.flatchoices).get(value, value)) if field.choices else str(value)


def _related_names(model: type[models.Model], events: list[Events]) -> dict[tuple[str, str], str]:
    """Names behind the keys in the diffs, one query per relation."""
    wanted: dict[str, set[Any]] = {}
    for event in events:
        for name, values in (event.pgh_diff or {}).items():
            if name.endswith("_id"):
                wanted.setdefault(name.removesuffix("_id"), set()).update(filter(None, values))
    names = {}
    for name, keys in wanted.items():
        target: Any = model._meta.get_field(name).related_model
        for row in target._base_manager.filter(pk__in=keys):
            names[(name, str(row.pk))] = str(row)
    return names
