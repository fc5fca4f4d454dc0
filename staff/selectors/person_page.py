"""What a page about one of our people shows."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from staff import holdings
from staff.choices import Role
from staff.models import Unit, User

HISTORY_SHOWN = 50
TRACED = ("full_name", "role", "unit_id", "title", "is_active")


@dataclass(frozen=True)
class Duty:
    """Records somebody is responsible for, as the asker finds them; `hint` speaks of the others."""

    label: str
    number: int
    url: str
    hint: str


@dataclass(frozen=True)
class PersonChange:
    at: datetime
    actor: str
    lines: list[str]


def duties_of(person: User, asker: User) -> list[Duty]:
    """What has to be handed over before the person leaves; kinds without any are left out.

    The number is of what the asker finds behind it (P2); who may list nothing gets no address.
    """
    counted = [
        (each, each.by_person([person.pk]).get(person.pk, 0)) for each in holdings.all_holdings()
    ]
    return [_duty(each, number, person, asker) for each, number in counted if number]


def _duty(holding: holdings.Holding, number: int, person: User, asker: User) -> Duty:
    if not asker.has_perm(holding.right):
        return Duty(str(holding.label), number, "", "")
    shown = holding.in_sight(person.pk, asker)
    others = number - shown
    text = ngettext("and %(n)s out of your sight", "and %(n)s out of your sight", others)
    hint = text % {"n": others} if others else ""
    return Duty(str(holding.label), shown, holding.url_of_person(person.pk), hint)


def person_history(person: User) -> list[PersonChange]:
    """Changes of name, role, unit, title and access, the newest first (SEC-12)."""
    model: Any = User.pgh_event_model  # type: ignore[attr-defined]
    events = list(
        model.objects.filter(pgh_obj_id=person.pk)
        .select_related("pgh_context")
        .order_by("-pgh_created_at", "-pgh_id")[: HISTORY_SHOWN + 1]
    )
    names = _names(events)
    changes = []
    # One more was read, so that the oldest one shown still has something to be compared with.
    for event, before in zip(events, [*events[1:], None], strict=True):
        lines = _differences(event, before, names) if before else _first(event, len(events))
        if lines:
            context = event.pgh_context.metadata if event.pgh_context else {}
            actor = names["person"].get(context.get("actor"), _("System"))
            changes.append(PersonChange(event.pgh_created_at, actor, lines))
    return changes[:HISTORY_SHOWN]


def _first(event: Any, number: int) -> list[str]:
    return [_("Account created")] if number <= HISTORY_SHOWN else []


def _names(events: list[Any]) -> dict[str, dict[Any, str]]:
    """Names of everybody and every unit the events mention, in two queries."""
    actors = {event.pgh_context.metadata.get("actor") for event in events if event.pgh_context} - {
        None
    }
    units = {event.unit_id for event in events}
    return {
        "person": dict(User.objects.filter(pk__in=actors).values_list("pk", "full_name")),
        "unit": dict(Unit.objects.filter(pk__in=units).order_by().values_list("pk", "name")),
    }


def _differences(event: Any, before: Any, names: dict[str, dict[Any, str]]) -> list[str]:
    lines = []
    for name in TRACED:
        old, new = getattr(before, name), getattr(event, name)
        if old != new:
            lines.append(_sentence(name, old, new, names))
    return lines


def _sentence(name: str, old: Any, new: Any, names: dict[str, dict[Any, str]]) -> str:
    match name:
        case "role":
            labels = dict(Role.choices)
            return _("Role: %(old)s → %(new)s") % {"old": labels[old], "new": labels[new]}
        case "unit_id":
            known = names["unit"]
            return _("Unit: %(old)s → %(new)s") % {"old": known[old], "new": known[new]}
        case "is_active":
            return _("Access given back") if new else _("Access ended")
        case "title":
            return _("Title: %(old)s → %(new)s") % {"old": old or "–", "new": new or "–"}
        case _:
            return _("Name: %(old)s → %(new)s") % {"old": old, "new": new}
