"""Merges, made by the service: what it writes is what the pages read."""

from accounts.models import Client, Merge
from accounts.services.merges import merge_clients
from staff.choices import Role
from staff.models import User
from tests.factories.accounts import ClientFactory
from tests.factories.handovers import NOON
from tests.factories.staff import UserFactory


def make_merge(
    owner: User, *, survivor: Client | None = None, loser: Client | None = None
) -> Merge:
    """Two clients of one person, by a supervisor of their unit."""
    return merge_clients(
        survivor=survivor or ClientFactory(owner=owner),
        loser=loser or ClientFactory(owner=owner),
        take=(),
        reason="One house.",
        now=NOON,
        by=UserFactory(role=Role.SUPERVISOR, unit=owner.unit),
    )
