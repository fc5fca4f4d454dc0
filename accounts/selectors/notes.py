"""Reads about notes."""

from django.db.models import Q

from accounts.models import Client, Note
from staff.choices import UNIT_ROLES
from staff.models import Unit, User

SHOWN = 5


def people_to_mention(client: Client) -> list[User]:
    """Active people who may see the client, those of the whole province left out."""
    above = Unit.objects.ancestors(client.unit_id, include_self=True).order_by()
    responsible = Q(pk__in=[client.owner_id, client.chief_representative_id])
    overseeing = Q(role__in=UNIT_ROLES, unit__in=above.values("pk"))
    people = User.objects.filter(responsible | overseeing, is_active=True)
    return list(people.order_by("full_name", "pk"))


def pinned_notes(client: Client, user: User) -> list[Note]:
    """The newest pinned ones."""
    notes = Note.objects.visible_to(user).pinned().filter(client=client)
    return list(notes.select_related("author").order_by("-created_at", "-pk")[:SHOWN])


def last_notes(client: Client, user: User) -> list[Note]:
    """Pinned ones first, then the newest."""
    notes = Note.objects.visible_to(user).kept().filter(client=client)
    ordered = notes.select_related("author").order_by("-is_pinned", "-created_at", "-pk")
    return list(ordered[:SHOWN])
