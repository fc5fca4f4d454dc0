"""Writes about what is known of a contact besides the fields."""

from collections.abc import Sequence
from datetime import date, time
from typing import Any, TypedDict
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.choices import DIRECTED_RELATIONS, RelationKind
from accounts.exceptions import (
    RelationElsewhere,
    RelationExists,
    RelationInCircle,
    RelationToSelf,
)
from accounts.models import Contact, ContactNote, ContactRelation, ContactWindow
from crm.lib.services import service
from staff.models import User


class Window(TypedDict):
    """1 is Monday; `starts` lies before `ends`."""

    weekdays: Sequence[int]
    starts: time
    ends: time


@service
def add_note(
    *, contact: Contact, text: str, told_on: date, by: User | None, **fields: Any
) -> ContactNote:
    """What the contact told us of persons and matters (CON-17)."""
    return ContactNote.objects.create(
        contact=contact, text=text, told_on=told_on, written_by=by, **fields
    )


@service
def change_note(*, note: ContactNote, text: str, told_on: date, by: User | None) -> ContactNote:
    note = ContactNote.objects.select_for_update().get(pk=note.pk)
    note.text, note.told_on = text, told_on
    note.save()
    return note


@service
def set_windows(*, contact: Contact, windows: Sequence[Window], by: User | None) -> Contact:
    """The good times from now on, instead of those before (CON-21)."""
    locked = Contact.objects.select_for_update().get(pk=contact.pk)
    locked.windows.all().delete()
    for window in windows:
        ContactWindow.objects.create(
            contact=locked,
            weekdays=sorted(set(window["weekdays"])),
            starts=window["starts"],
            ends=window["ends"],
        )
    return locked


@service
def relate(
    *, person: Contact, other: Contact, kind: str, note: str = "", by: User | None, **fields: Any
) -> ContactRelation:
    """Note a relation between two people; symmetric ones are stored once."""
    if person.pk == other.pk:
        raise RelationToSelf(_("Choose two different people."))
    if kind not in DIRECTED_RELATIONS and other.pk < person.pk:
        person, other = other, person
    if kind == RelationKind.REPORTS_TO:
        if person.client_id != other.client_id:
            raise RelationElsewhere(_("A superior works at the same client."))
        _refuse_circle(person, other)
    try:
        with transaction.atomic():
            return ContactRelation.objects.create(
                person=person, other=other, kind=kind, note=note, created_by=by, **fields
            )
    except IntegrityError as error:
        raise RelationExists(
            _("This relation is noted already, or the person has another superior.")
        ) from error


def refuse_circles(client_id: UUID) -> None:
    """For whoever changes many relations at once: nobody of the client is above themselves."""
    rows = ContactRelation.objects.filter(kind=RelationKind.REPORTS_TO, person__client=client_id)
    bosses = dict(rows.values_list("person", "other"))
    while bosses:
        above: Any = next(iter(bosses))
        seen = set()
        while above in bosses:
            seen.add(above)
            above = bosses.pop(above)
            if above in seen:
                raise RelationInCircle(_("Somebody would report to themselves."))


def _refuse_circle(person: Contact, boss: Contact) -> None:
    """Nobody is above themselves; only one chain changes at a time."""
    bosses = dict(
        ContactRelation.objects.select_for_update()
        .filter(kind=RelationKind.REPORTS_TO, person__client=boss.client_id)
        .values_list("person", "other")
    )
    above: Any = boss.pk
    while above is not None:
        if above == person.pk:
            raise RelationInCircle(
                _("%(boss)s is below %(person)s already.")
                % {"boss": boss.name, "person": person.name}
            )
        above = bosses.get(above)


@service
def unrelate(*, relation: ContactRelation, by: User | None) -> None:
    """Take a relation away; the audit trail keeps it."""
    ContactRelation.objects.filter(pk=relation.pk).delete()
