"""What happened to a record."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models
from django.utils.translation import gettext as _
from pghistory.models import Events

from accounts.models import Client
from crm.lib.text import listed
from staff.models import User

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
