"""Keeps the stored completeness and freshness of archives right, set by set.

Called by every service and import that writes to an archive, inside their transaction; a nightly
job mends whatever was written past them.
"""

from collections.abc import Collection
from uuid import UUID

from django.contrib.postgres.functions import TransactionNow
from django.db.models import QuerySet

from accounts.completeness import score
from accounts.models import Client
from crm.lib.services import service
from staff.models import User

BATCH = 5000


def archives_changed(client_ids: Collection[UUID]) -> None:
    """Somebody brought these archives up to date: new score, and fresh from now on (ARC-19)."""
    ids = list(client_ids)
    for start in range(0, len(ids), BATCH):
        rows = Client.objects.filter(pk__in=ids[start : start + BATCH])
        rows.update(completeness=score(), archive_current_at=TransactionNow())


def keep_scores(clients: QuerySet[Client]) -> int:
    """Write the scores that are not right; says how many. Freshness stays."""
    return clients.exclude(completeness=score()).update(completeness=score())


@service
def refresh_completeness(*, by: User | None) -> int:
    """All clients, after new weights or a load past the services; says how many were wrong."""
    return keep_scores(Client.objects.all())
