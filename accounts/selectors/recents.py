"""Clients that a person opened lately."""

from uuid import UUID

from accounts.models import Client, RecentClient
from staff.models import User

SHOWN = 8


def recent_ids(user: User, text: str = "") -> list[UUID]:
    """Keys of those the person may still see, the newest first; with words in them, or all."""
    clients = Client.objects.visible_to(user).matching(text)
    openings = RecentClient.objects.filter(person=user, client__in=clients)
    return list(openings.order_by("-opened_at", "-pk").values_list("client", flat=True))


def recent_clients(user: User) -> list[Client]:
    ids = recent_ids(user)[:SHOWN]
    found = Client.objects.visible_to(user).with_people().in_bulk(ids)
    return [found[pk] for pk in ids if pk in found]
