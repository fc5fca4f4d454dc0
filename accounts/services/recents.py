"""Writes about clients opened lately."""

from datetime import datetime

from accounts.models import Client, RecentClient
from crm.lib.services import service
from staff.models import User

KEPT = 30


@service
def note_opened(*, client: Client, now: datetime, by: User) -> None:
    """The client comes first among those the person opened; the oldest beyond thirty go."""
    RecentClient.objects.bulk_create(
        [RecentClient(client=client, person=by, opened_at=now)],
        update_conflicts=True,
        unique_fields=["person", "client"],
        update_fields=["opened_at"],
    )
    opened = RecentClient.objects.filter(person=by).order_by("-opened_at", "-pk")
    RecentClient.objects.filter(pk__in=opened.values("pk")[KEPT:]).delete()
