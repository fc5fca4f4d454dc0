"""Writes about notes."""

import re
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from accounts.exceptions import NotCorrectable, TextMissing
from accounts.models import Client, Note
from accounts.selectors.notes import people_to_mention
from crm.lib.models import uuid7
from crm.lib.repeats import made_once
from crm.lib.services import service
from staff.models import User
from staff.services.work import notify


@service
def write_note(
    *,
    client: Client,
    text: str,
    now: datetime,
    by: User,
    is_pinned: bool = False,
    id: UUID | None = None,  # noqa: A002 -- the field's name
) -> Note:
    """A note; who is named by `@` is told. Sent again with the same id it is the same note."""
    if not text.strip():
        raise TextMissing(_("Write something."))
    note = Note(
        id=id or uuid7(),
        client=client,
        author=by,
        text=text,
        is_pinned=is_pinned,
        created_at=now,
    )

    def insert() -> Note:
        note.save(force_insert=True)
        return note

    row, is_new = made_once(
        insert,
        Note,
        note.pk,
        is_same=lambda row: (row.client_id, row.author_id) == (client.pk, by.pk),
    )
    if is_new:
        _tell_mentioned(row, by)
    return row


@service
def correct_note(*, note: Note, text: str, now: datetime, by: User) -> Note:
    """Change one's own note within a day; who is newly named is told."""
    note = Note.objects.select_for_update().get(pk=note.pk)
    if not note.may_be_corrected(by, now):
        raise NotCorrectable(_("Only who wrote it may correct it, and only for a day."))
    if not text.strip():
        raise TextMissing(_("Write something."))
    note.text = text
    note.save()
    _tell_mentioned(note, by)
    return note


@service
def pin_note(*, note: Note, is_pinned: bool, by: User) -> Note:
    """Keep a note on top of the client's page, or not any more."""
    note = Note.objects.select_for_update().get(pk=note.pk)
    note.is_pinned = is_pinned
    note.save()
    return note


@service
def delete_note(*, note: Note, now: datetime, by: User) -> Note:
    """Take a note away; `restore_note` brings it back. Once more changes nothing."""
    note = Note.objects.select_for_update().get(pk=note.pk)
    _require_deletable(note, by)
    note.deleted_at = note.deleted_at or now
    note.save()
    return note


@service
def restore_note(*, note: Note, by: User) -> Note:
    note = Note.objects.select_for_update().get(pk=note.pk)
    _require_deletable(note, by)
    note.deleted_at = None
    note.save()
    return note


def _require_deletable(note: Note, by: User) -> None:
    if not note.may_be_deleted(by):
        raise NotCorrectable(_("Only who wrote it, or who answers for the unit, may delete it."))


def mentioned(text: str, people: list[User]) -> list[User]:
    """Who is named in the text, as `@` before the whole name or the user name.

    Chinese names have no space after them, so the longest name that fits counts.
    """
    names: dict[str, list[User]] = {
        name: [] for person in people for name in (person.full_name, person.username)
    }
    for person in people:
        names[person.full_name].append(person)
        if person.username != person.full_name:
            names[person.username].append(person)
    longest_first = sorted(filter(None, names), key=len, reverse=True)
    if not longest_first:
        return []
    pattern = re.compile("@(" + "|".join(map(re.escape, longest_first)) + ")")
    return [person for name in pattern.findall(text) for person in names[name]]


def _tell_mentioned(note: Note, by: User) -> None:
    people = [each for each in people_to_mention(note.client) if each != by]
    notify(
        recipients=mentioned(note.text, people),
        kind="note-mention",
        key=f"note-mention:{note.pk}",
        params={"client": note.client.name, "person": by.full_name},
        link=note.get_absolute_url(),
        by=by,
    )
