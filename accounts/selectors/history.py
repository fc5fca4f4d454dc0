"""What happened to a record, field by field (ARC-15).

Reads the event tables that triggers fill (django-pghistory): of the client, its people and the
lists of its archive. One query whatever the number of changes, one for the names of the people,
one for each relation that a change names.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any

from django.db import connection, models
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from accounts.models import (
    Agreement,
    Anniversary,
    ArchiveCheck,
    Area,
    Client,
    ClientFile,
    CollectionCount,
    Contact,
    Department,
    Policy,
    Segment,
    SuccessCase,
)
from crm.lib.masking import masked_phone
from crm.lib.text import listed
from staff.models import User

HISTORY_SHOWN = 50

# The client first; what belongs to it is found by its `client`.
TRACKED: tuple[type[models.Model], ...] = (
    Client, Contact, Department, Anniversary, Agreement, Policy, CollectionCount, Segment, Area,
    SuccessCase, ArchiveCheck, ClientFile,
)  # fmt: skip
# Of a file what people say of it and whether it is there; jobs write the rest when they scan it,
# make a picture anew or take the bytes away.
FILE_FIELDS = ("title", "kind", "contact_id", "taken_on")
FILE_STATES = ("removed_at", "purged_at")
# Copies and search keys: their changes say nothing to a person.
NUMBER_FIELDS = frozenset({"mobile", "phone", "own_line"})
SILENT_FIELDS = frozenset({"sort_key", "search_text", "updated_at", "created_at", "id", "client"})


@dataclass(frozen=True)
class FieldChange:
    """`field` is what the history can be filtered by: `client.industry`, `contact.mobile`."""

    label: str
    old: str
    new: str
    field: str = ""


@dataclass(frozen=True)
class HistoryEntry:
    """One audited write: who, when, what before and after (ARC-15)."""

    at: datetime
    actor: str
    title: str
    changes: list[FieldChange]


@dataclass(frozen=True)
class History:
    """One page of changes, the newest first; `older` is the cursor of the next."""

    entries: list[HistoryEntry]
    people: list[User] = field(default_factory=list)
    older: str = ""


@dataclass(frozen=True)
class _Event:
    model: type[models.Model]
    pgh_id: int
    at: datetime
    label: str
    actor: int | None
    now: dict[str, Any]
    before: dict[str, Any] | None

    @property
    def cursor(self) -> str:
        return f"{self.at.isoformat()}|{self.model._meta.model_name}|{self.pgh_id}"

    def diff(self) -> Iterator[tuple[models.Field, Any, Any]]:
        """Fields a person knows whose values differ."""
        for each in shown_fields(self.model):
            old = (self.before or {}).get(each.attname)
            new = self.now.get(each.attname)
            if old != new:
                yield each, old, new


@cache
def shown_fields(model: type[models.Model]) -> tuple[Any, ...]:
    """The tracked fields that people fill, in the order of the model."""
    tracked = {each.name for each in _events_of(model)._meta.concrete_fields}
    return tuple(
        each
        for each in model._meta.concrete_fields
        if each.name in tracked
        and each.name not in SILENT_FIELDS
        and (model is not ClientFile or each.attname in FILE_FIELDS)
    )


def field_choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """What the history may be filtered by, by kind of record."""
    return [
        (
            str(model._meta.verbose_name),
            [(_name(model, each), str(each.verbose_name)) for each in shown_fields(model)],
        )
        for model in TRACKED
    ]


def client_history(
    client: Client, *, field: str = "", actor: int | None = None, cursor: str = ""
) -> History:
    """Changes of the client's archive and people, narrowed to a field or to one person's."""
    events = _read(client, field=field, actor=actor, cursor=cursor)
    page, more = events[:HISTORY_SHOWN], len(events) > HISTORY_SHOWN
    return History(
        entries=_entries(page, only=field),
        people=_people(client),
        older=page[-1].cursor if more else "",
    )


def contact_history(contact: Contact) -> list[HistoryEntry]:
    """The newest changes of one contact."""
    sql = _SELECT.format(table=f'"{_events_of(Contact)._meta.db_table}"', column="pgh_obj_id")
    with connection.cursor() as db:
        db.execute(
            f"{sql} ORDER BY event.pgh_id DESC LIMIT %(limit)s",
            {"name": "contact", "client": contact.pk, "limit": HISTORY_SHOWN},
        )
        events = [_event({"contact": Contact}, row) for row in db.fetchall()]
    return _entries(events, only="")


def _events_of(model: type[models.Model]) -> type[models.Model]:
    return model.pgh_event_model  # type: ignore[attr-defined]


def _name(model: type[models.Model], field: Any) -> str:
    return f"{model._meta.model_name}.{field.name}"


# Reading --------------------------------------------------------------------------------------

_SELECT = """
    SELECT %(name)s AS model, event.pgh_id, event.pgh_created_at, event.pgh_label,
           (context.metadata->>'actor')::bigint AS actor, to_jsonb(event) AS now,
           (SELECT to_jsonb(earlier) FROM {table} earlier
            WHERE earlier.pgh_obj_id = event.pgh_obj_id AND earlier.pgh_id < event.pgh_id
            ORDER BY earlier.pgh_id DESC LIMIT 1) AS before
    FROM {table} event LEFT JOIN pghistory_context context ON context.id = event.pgh_context_id
    WHERE event.{column} = %(client)s
"""


def _union(models_: Iterable[type[models.Model]]) -> tuple[str, dict[str, Any]]:
    parts, parameters = [], {}
    for number, model in enumerate(models_):
        sql = _SELECT.format(
            table=f'"{_events_of(model)._meta.db_table}"',
            column="pgh_obj_id" if model is Client else "client_id",
        )
        parts.append(sql.replace("%(name)s", f"%(name{number})s"))
        parameters[f"name{number}"] = model._meta.model_name
    return " UNION ALL ".join(parts), parameters


def _read(client: Client, *, field: str, actor: int | None, cursor: str) -> list[_Event]:
    by_name = {str(model._meta.model_name): model for model in TRACKED}
    name, _dot, field_name = field.partition(".")
    chosen = [by_name[name]] if name in by_name else list(TRACKED)
    union, parameters = _union(chosen)
    conditions = [_is_told()]
    if name in by_name:
        attname = {each.name: each.attname for each in shown_fields(by_name[name])}.get(field_name)
        conditions.append(
            "before IS NOT NULL AND now->%(field)s IS DISTINCT FROM before->%(field)s"
        )
        parameters["field"] = attname or ""
    if actor is not None:
        conditions.append("actor = %(actor)s")
        parameters["actor"] = actor
    if place := _place(cursor):
        conditions.append("(pgh_created_at, model, pgh_id) < (%(at)s, %(model)s, %(pgh_id)s)")
        parameters |= place
    sql = (
        f"SELECT * FROM ({union}) event WHERE {' AND '.join(conditions)}"
        " ORDER BY pgh_created_at DESC, model DESC, pgh_id DESC LIMIT %(limit)s"
    )
    with connection.cursor() as db:
        db.execute(sql, {**parameters, "client": client.pk, "limit": HISTORY_SHOWN + 1})
        return [_event(by_name, row) for row in db.fetchall()]


def _is_told() -> str:
    """Leaves out what only jobs wrote into files."""
    differs = " OR ".join(
        f"now->'{name}' IS DISTINCT FROM before->'{name}'" for name in (*FILE_FIELDS, *FILE_STATES)
    )
    return f"(model <> 'clientfile' OR before IS NULL OR pgh_label = 'delete' OR {differs})"


def _event(by_name: dict[str, type[models.Model]], row: tuple[Any, ...]) -> _Event:
    name, pgh_id, at, label, actor, now, before = row
    return _Event(by_name[name], pgh_id, at, label, actor, _loaded(now), _loaded(before))


def _loaded(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value


def _place(cursor: str) -> dict[str, Any] | None:
    """Where the last page ended; None for anything that is no cursor of ours."""
    at, _bar, rest = cursor.partition("|")
    model, _bar, number = rest.partition("|")
    try:
        moment = parse_datetime(at)
    except ValueError:
        return None
    if moment is None or not number.isdecimal() or len(number) > 18:
        return None
    return {"at": moment, "model": model, "pgh_id": int(number)}


def _people(client: Client) -> list[User]:
    """Everybody who changed something here."""
    union, parameters = _union(TRACKED)
    sql = f"SELECT DISTINCT actor FROM ({union}) event WHERE actor IS NOT NULL"
    with connection.cursor() as db:
        db.execute(sql, {**parameters, "client": client.pk})
        actors = [row[0] for row in db.fetchall()]
    return list(User.objects.filter(pk__in=actors).order_by("full_name", "pk"))


# Telling --------------------------------------------------------------------------------------


def _entries(events: list[_Event], *, only: str) -> list[HistoryEntry]:
    names: dict[Any, str] = dict(
        User.objects.filter(pk__in=[event.actor for event in events if event.actor]).values_list(
            "pk", "full_name"
        )
    )
    related = _related_names(events)
    return [
        HistoryEntry(
            at=event.at,
            actor=names.get(event.actor, _("System")),
            title=_title(event),
            changes=_changes(event, related, only),
        )
        for event in events
    ]


def _title(event: _Event) -> str:
    what = _("Changed")
    if event.before is None:
        what = _("Created")
    elif event.label == "delete" or (
        event.now.get("purged_at") and not event.before.get("purged_at")
    ):
        what = _("Deleted")
    elif event.now.get("removed_at") and not event.before.get("removed_at"):
        what = _("Removed")
    elif event.before.get("removed_at") and not event.now.get("removed_at"):
        what = _("Put back")
    if event.model is Client:
        return what
    return _("%(what)s: %(kind)s %(name)s") % {
        "what": what,
        "kind": event.model._meta.verbose_name,
        "name": event.now.get("name") or event.now.get("title") or event.now.get("value") or "",
    }


def _changes(event: _Event, related: dict[tuple[Any, str], str], only: str) -> list[FieldChange]:
    if event.before is None:
        return []
    return [
        FieldChange(
            str(each.verbose_name),
            _shown(each, old, related),
            _shown(each, new, related),
            _name(event.model, each),
        )
        for each, old, new in event.diff()
        if each.name != "removed_at" and only in ("", _name(event.model, each))
    ]


def _shown(field: Any, value: Any, related: dict[tuple[Any, str], str]) -> str:
    if value in (None, "", []):
        return "–"
    if field.name in NUMBER_FIELDS and field.model is Contact:
        return masked_phone(str(value))
    if field.is_relation:
        return related.get((field.related_model, str(value)), str(value))
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, list):
        labels = dict(getattr(field, "base_field", field).flatchoices)
        return listed(labels.get(each, each) for each in value)
    return str(dict(field.flatchoices).get(value, value)) if field.choices else str(value)


def _related_names(events: list[_Event]) -> dict[tuple[Any, str], str]:
    """Names behind the keys in the changes, one query for each table."""
    wanted: dict[Any, set[Any]] = {}
    for event in events:
        for each, old, new in event.diff() if event.before else ():
            if each.is_relation:
                wanted.setdefault(each.related_model, set()).update({old, new} - {None})
    return {
        (target, str(row.pk)): str(row)
        for target, keys in wanted.items()
        for row in target._base_manager.filter(pk__in=keys)
    }
