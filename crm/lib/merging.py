"""One row taken up by another: what refers to the one refers to the other after, and can go back.

Knows the tables by their foreign keys, not what they mean. What is to happen where a constraint
allows only one of two rows is declared by the app that owns the table (`declare`).
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db import connection
from django.db.models import Model, Q, QuerySet, UniqueConstraint
from pghistory.models import Event

from crm.lib.rows import columns_of, plain, put_back, rows_as_json, same


@dataclass
class Ledger:
    """What a merge did, step by step, as JSON keeps it; undone from the last step to the first."""

    steps: list[dict[str, Any]] = field(default_factory=list)
    # What apps keep of rows that they move by themselves.
    extra: dict[str, Any] = field(default_factory=dict)


class Merging:
    """A merge under way."""

    def __init__(self, *, now: datetime, by: Any) -> None:
        self.now, self.by = now, by
        self.ledger = Ledger()

    def absorb(self, loser: Model, survivor: Model) -> None:
        """Everything that refers to the loser refers to the survivor; the loser goes.

        Raises RuleMissing for a clash about which nothing is declared.
        """
        for reference in references_to(type(loser)):
            self._take_over(reference, loser, survivor)
        self.set_aside(loser)

    def change(self, row: Model, **values: Any) -> None:
        """Set fields of a row in the database, by the names of their columns' attributes."""
        fields = columns_of(type(row))
        stored = type(row)._base_manager.get(pk=row.pk)
        differing = {
            name: value for name, value in values.items() if getattr(stored, name) != value
        }
        if not differing:
            return
        self.ledger.steps.append(
            {
                "change": row._meta.label_lower,
                "pk": plain(row.pk),
                "before": {name: plain(getattr(stored, name)) for name in differing},
                "after": {
                    name: plain(fields[name].to_python(value)) for name, value in differing.items()
                },
            }
        )
        type(row)._base_manager.filter(pk=row.pk).update(**differing)
        for name, value in differing.items():
            setattr(row, name, value)

    def move(self, rows: QuerySet, reference: Any, target: Model) -> None:
        """Let rows that refer to one and the same row refer to another one."""
        keys = list(rows.order_by().values_list("pk", reference.attname))
        if not keys:
            return
        model, ids = reference.model, [pk for pk, _former in keys]
        self.ledger.steps.append(
            {
                "move": f"{model._meta.label_lower}.{reference.name}",
                "ids": [plain(pk) for pk in ids],
                "from": plain(keys[0][1]),
                "to": plain(target.pk),
            }
        )
        model._base_manager.filter(pk__in=ids).update(**{reference.attname: target.pk})

    def set_aside(self, row: Model) -> None:
        self._set_all_aside(type(row)._base_manager.filter(pk=row.pk))

    def _set_all_aside(self, rows: QuerySet) -> None:
        label = rows.model._meta.label_lower
        self.ledger.steps += [{"aside": label, "row": row} for row in rows_as_json(rows)]
        rows._raw_delete(using=rows.db)  # noqa: SLF001 -- `delete` would take more along

    def _take_over(self, reference: Any, loser: Model, survivor: Model) -> None:
        rule = RULES.get((reference.model._meta.label_lower, reference.name), Rule())
        if rule.is_left:
            return
        if rule.prepare:
            rule.prepare(self, loser, survivor)
        rows = reference.model._base_manager.filter(**{reference.name: loser})
        self._set_all_aside(rows.filter(rule.aside | _between_both(reference, loser, survivor)))
        if reference.model is type(survivor):
            for row in rows.filter(pk=survivor.pk):
                self.change(row, **{reference.attname: None})
        for row, other in clashes(reference, loser, survivor):
            if rule.clash is None:
                raise RuleMissing(f"{reference}: of two rows only one may stay")
            rule.clash(self, row, other)
        self.move(rows, reference, survivor)


Clash = Callable[[Merging, Any, Any], None]


@dataclass(frozen=True)
class Rule:
    """How rows with one foreign key follow.

    `prepare(merging, loser, survivor)` comes before anything moves. `clash(merging, row, other)`
    sees to it that the loser's row no longer stands against the survivor's. `aside`: rows that go
    with the loser. `is_left`: the app moves them by itself.
    """

    clash: Clash | None = None
    prepare: Clash | None = None
    aside: Q = field(default_factory=lambda: Q(pk__in=[]))
    is_left: bool = False


RULES: dict[tuple[str, str], Rule] = {}


class RuleMissing(Exception):
    """A table lacks a rule: a fault of the program, found by tests."""


def declare(model: type[Model], name: str, rule: Rule) -> None:
    RULES[model._meta.label_lower, name] = rule


# What may happen where only one of two rows may stay ------------------------------------------


def keep_one(merging: Merging, row: Model, other: Model) -> None:
    """The survivor's stays."""
    merging.set_aside(row)


def absorbed(*groups: tuple[str, ...]) -> Clash:
    """What refers to the loser's row goes to the other one, which gets what it lacks (`fill`)."""

    def absorb(merging: Merging, row: Model, other: Model) -> None:
        merging.absorb(row, other)
        fill(merging, other, row, groups)

    return absorb


def ended(**values: Any) -> Clash:
    """Both stay, the loser's with these values. `NOW` and `BY` stand for when and who."""

    def end(merging: Merging, row: Model, other: Model) -> None:
        known = {NOW: merging.now, BY: getattr(merging.by, "pk", None)}
        merging.change(row, **{name: known.get(value, value) for name, value in values.items()})

    return end


NOW, BY = "{now}", "{by}"


def fill(merging: Merging, row: Model, source: Model, groups: Iterable[tuple[str, ...]]) -> None:
    """Take over what is empty. Columns of a group go together; the first says whether they are."""
    merging.change(
        row,
        **{
            name: getattr(source, name)
            for group in groups
            if is_empty(getattr(row, group[0])) and not is_empty(getattr(source, group[0]))
            for name in group
        },
    )


def is_empty(value: Any) -> bool:
    return value is None or value in ("", [], ())


# Going back ---------------------------------------------------------------------------------------


def restore(ledger: Ledger) -> None:
    """Rows that went are there again, what moved and is still where it went goes back.

    A field that somebody changed since stays as it is. Raises IntegrityError when something
    stands in the way.
    """
    for step in reversed(ledger.steps):
        if "aside" in step:
            put_back(apps.get_model(step["aside"]), step["row"])
        elif "move" in step:
            _move_back(step)
        else:
            _change_back(step)


def _move_back(step: dict[str, Any]) -> None:
    label, name = step["move"].rsplit(".", 1)
    model = apps.get_model(label)
    column = model._meta.get_field(name).attname
    rows = model._base_manager.filter(pk__in=step["ids"], **{column: step["to"]})
    rows.update(**{column: step["from"]})


def _change_back(change: dict[str, Any]) -> None:
    model = apps.get_model(change["change"])
    fields = columns_of(model)
    row = model._base_manager.filter(pk=change["pk"]).first()
    if row is None:
        return
    back = {
        name: fields[name].to_python(before)
        for name, before in change["before"].items()
        if same(fields[name], plain(getattr(row, name)), change["after"][name])
    }
    if back:
        model._base_manager.filter(pk=row.pk).update(**back)


# Tables -------------------------------------------------------------------------------------------


def references_to(model: type[Model]) -> list[Any]:
    """The foreign keys of all tables that point to the model, but those of the audit trail."""
    relations: Any = model._meta.get_fields(include_hidden=True)
    return [
        relation.field
        for relation in relations
        if relation.auto_created
        and (relation.one_to_many or relation.one_to_one)
        and not issubclass(relation.related_model, Event)
    ]


def constraints_on(reference: Any) -> list[tuple[tuple[str, ...], Q]]:
    """What may be there once: the other fields that make it one, and of which rows."""
    found: list[tuple[tuple[str, ...], Q]] = [((), Q())] if reference.unique else []
    for constraint in reference.model._meta.constraints:
        if isinstance(constraint, UniqueConstraint) and reference.name in constraint.fields:
            others = tuple(name for name in constraint.fields if name != reference.name)
            found.append((others, constraint.condition or Q()))
    return found


def clashes(reference: Any, loser: Model, survivor: Model) -> list[tuple[Model, Model]]:
    """Rows of the loser with those of the survivor that leave no room for them, each once."""
    found: dict[Any, tuple[Model, Model]] = {}
    for others, condition in constraints_on(reference):
        rows = reference.model._base_manager.filter(condition)
        taken = {
            _key(row, others): row
            for row in rows.filter(**{reference.name: survivor})
            if None not in _key(row, others)
        }
        for row in rows.filter(**{reference.name: loser}) if taken else ():
            if _key(row, others) in taken:
                found.setdefault(row.pk, (row, taken[_key(row, others)]))
    return list(found.values())


def _key(row: Model, names: Iterable[str]) -> tuple[Any, ...]:
    fields: Any = row._meta
    return tuple(getattr(row, fields.get_field(name).attname) for name in names)


def _between_both(reference: Any, loser: Model, survivor: Model) -> Q:
    """Rows with a second foreign key to the same table that link the two with each other."""
    between = Q(pk__in=[])
    if reference.model is type(loser):
        return between
    for other in reference.model._meta.concrete_fields:
        if other is not reference and other.related_model is reference.related_model:
            between |= Q(**{other.name: survivor})
    return between


def check_nothing_is_left() -> None:
    """Let the database say now, not at the end of the transaction, whether a row hangs in the air."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
