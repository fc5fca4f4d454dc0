"""Writes about contacts."""

import re
from typing import Any

from accounts.models import Client, Contact
from accounts.services.completeness import archives_changed
from crm.lib import pinyin
from crm.lib.services import service
from staff.models import User


@service
def create_contact(*, client: Client, by: User | None, **fields: Any) -> Contact:
    contact = Contact(client=client, **fields)
    contact_keys(contact)
    contact.save(force_insert=True)
    archives_changed([client.pk])
    return contact


@service
def update_contact(*, contact: Contact, by: User | None, **fields: Any) -> Contact:
    contact = Contact.objects.select_for_update().get(pk=contact.pk)
    for name, value in fields.items():
        setattr(contact, name, value)
    contact_keys(contact)
    contact.save()
    archives_changed([contact.client_id])
    return contact


def contact_keys(contact: Contact) -> None:
    """Sort and search keys follow the name; also used by the roster import's bulk write."""
    contact.sort_key = pinyin.sort_key(contact.name)
    numbers = (contact.mobile, re.sub(r"\D", "", contact.mobile), re.sub(r"\D", "", contact.phone))
    contact.search_text = pinyin.search_text(contact.name, contact.title, *numbers)
