"""What a contact's own page shows, and what a visitor reads before meeting them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from accounts.choices import RelationKind, TipSubject
from accounts.models import (
    ConfidentialLook,
    Contact,
    ContactNote,
    ContactRelation,
    ContactWindow,
    Tip,
)
from accounts.service_levels import ServiceLevel
from staff.models import User

NOTES_SHOWN = 20
LOOKS_SHOWN = 10
# What the other one says of a directed relation.
BACKWARDS = {
    RelationKind.REPORTS_TO: gettext_lazy("Superior of"),
    RelationKind.INTRODUCED_BY: gettext_lazy("Introduced to us"),
}


@dataclass(frozen=True)
class RelationRow:
    """A relation as seen from one of the two."""

    pk: UUID
    label: str
    other: Contact
    note: str


@dataclass(frozen=True)
class ContactBrief:
    """How to meet a person: advice, what they told us, when they like to be met (CON-15..CON-21)."""

    contact: Contact
    level: ServiceLevel
    age: int | None
    tip: Tip | None
    notes: Sequence[ContactNote]
    windows: Sequence[ContactWindow]


@dataclass(frozen=True)
class ContactPage:
    brief: ContactBrief
    relations: Sequence[RelationRow]
    formerly: Contact | None
    later: Sequence[Contact]


def contact_brief(
    contact: Contact, user: User, *, today: date, notes: int = NOTES_SHOWN
) -> ContactBrief:
    """`contact` as read `with_service_tier` and its client."""
    told = ContactNote.objects.visible_to(user).filter(contact=contact)
    windows = ContactWindow.objects.visible_to(user).filter(contact=contact)
    return ContactBrief(
        contact=contact,
        level=contact.service_level,
        age=contact.age(today),
        tip=Tip.objects.about(TipSubject.PERSONALITY, contact.personality).first(),
        notes=list(told.select_related("written_by").order_by("-told_on", "-pk")[:notes]),
        windows=list(windows.order_by("weekdays", "starts", "pk")),
    )


def contact_page(contact: Contact, user: User, *, today: date) -> ContactPage:
    seen = Contact.objects.visible_to(user).select_related("client")
    return ContactPage(
        brief=contact_brief(contact, user, today=today),
        relations=relations_of(contact, user),
        formerly=seen.filter(pk=contact.formerly_id).first() if contact.formerly_id else None,
        later=list(seen.filter(formerly=contact).order_by("created_at", "pk")),
    )


def relations_of(contact: Contact, user: User) -> list[RelationRow]:
    """Both ends must be in sight."""
    seen = Contact.objects.visible_to(user).order_by().values("pk")
    relations = (
        ContactRelation.objects.filter(Q(person=contact) | Q(other=contact))
        .filter(person__in=seen, other__in=seen)
        .select_related("person__client", "other__client")
        .order_by("kind", "created_at", "pk")
    )
    return [_seen_from(contact, relation) for relation in relations]


def _seen_from(contact: Contact, relation: ContactRelation) -> RelationRow:
    is_first = relation.person_id == contact.pk
    other = relation.other if is_first else relation.person
    label: str | Promise = relation.get_kind_display()
    if not is_first:
        label = BACKWARDS.get(RelationKind(relation.kind), label)
    return RelationRow(pk=relation.pk, label=str(label), other=other, note=relation.note)


def latest_looks(contact: Contact, user: User) -> list[ConfidentialLook]:
    looks = ConfidentialLook.objects.visible_to(user).filter(contact=contact)
    return list(looks.select_related("looked_by").order_by("-looked_at", "-pk")[:LOOKS_SHOWN])
