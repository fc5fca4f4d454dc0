"""Writes about contacts."""

import re
from datetime import date
from typing import Any

from accounts.models import Client, Contact
from accounts.services.completeness import archives_changed
from crm.lib import pinyin
from crm.lib.services import service
from staff.models import User

# What `contact_keys` fills, for bulk writes.
CONTACT_KEY_FIELDS = (
    "sort_key", "search_text", "line_number", "next_birthday", "is_external",
    "is_leap_month_birthday",
)  # fmt: skip
MSISDN_DIGITS = 11


@service
def create_contact(*, client: Client, today: date, by: User | None, **fields: Any) -> Contact:
    contact = Contact(client=client, **fields)
    _make_room(contact)
    contact_keys(contact, today=today)
    contact.save(force_insert=True)
    archives_changed([client.pk])
    return contact


@service
def update_contact(*, contact: Contact, today: date, by: User | None, **fields: Any) -> Contact:
    contact = Contact.objects.select_for_update().get(pk=contact.pk)
    for name, value in fields.items():
        setattr(contact, name, value)
    if contact.is_active:
        contact.left_on, contact.left_reason = None, ""
    _make_room(contact)
    contact_keys(contact, today=today)
    contact.save()
    archives_changed([contact.client_id])
    return contact


def _make_room(contact: Contact) -> None:
    """A client has one real decision maker: a new one takes the mark over (CON-06)."""
    if contact.is_decision_maker and contact.is_active:
        # The client is locked first, so that two at once do not both find the place free.
        Client.objects.select_for_update().get(pk=contact.client_id)
        others = Contact.objects.active().filter(client=contact.client_id, is_decision_maker=True)
        others.exclude(pk=contact.pk).update(is_decision_maker=False)


def contact_keys(contact: Contact, *, today: date) -> None:
    """What follows from other fields; also used by the roster import's bulk write."""
    contact.sort_key = pinyin.sort_key(contact.name)
    numbers = (contact.mobile, re.sub(r"\D", "", contact.mobile), re.sub(r"\D", "", contact.phone))
    contact.search_text = pinyin.search_text(
        contact.name, contact.title, contact.nickname, *numbers
    )
    contact.line_number = _line_number(contact.own_line) or _line_number(contact.mobile)
    if contact.organisation:
        contact.is_external = True
    if not contact.is_lunar_birthday:
        contact.is_leap_month_birthday = False
    contact.next_birthday = contact.birthday_after(today)


def _line_number(text: str) -> int | None:
    """The number as members have it; None for anything that is no mobile number."""
    digits = "".join(character for character in text if character.isdecimal())
    digits = digits.removeprefix("86") if len(digits) == MSISDN_DIGITS + 2 else digits
    return int(digits) if len(digits) == MSISDN_DIGITS and digits.startswith("1") else None


@service
def refresh_birthdays(*, today: date, by: User | None) -> int:
    """Move birthdays that are over to the next year; gives how many. Run daily (CON-20)."""
    passed = Contact.objects.filter(next_birthday__lt=today)
    unknown = Contact.objects.filter(next_birthday=None, birth_month__isnull=False)
    keys = [*passed.values_list("pk", flat=True), *unknown.values_list("pk", flat=True)]
    for start in range(0, len(keys), 1000):
        batch = Contact.objects.filter(pk__in=keys[start : start + 1000]).order_by("pk")
        contacts = list(batch.select_for_update())
        for contact in contacts:
            contact.next_birthday = contact.birthday_after(today)
        Contact.objects.bulk_update(contacts, ["next_birthday"])
    return len(keys)
