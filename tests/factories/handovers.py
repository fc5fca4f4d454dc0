"""Handovers, made by the service: what it writes is what the pages read."""

from collections.abc import Sequence
from datetime import UTC, datetime

from accounts.models import Client, Handover
from accounts.services.handovers import hand_over
from crm.lib.models import uuid7
from staff.choices import Role
from staff.models import User
from tests.factories.accounts import ClientFactory, OwnershipFactory
from tests.factories.staff import UserFactory

NOON = datetime(2026, 7, 6, 4, tzinfo=UTC)


def make_clients(owner: User, number: int, **fields) -> list[Client]:
    """Clients with their history of ownership begun."""
    clients = [ClientFactory(owner=owner, **fields) for _ in range(number)]
    for client in clients:
        OwnershipFactory(client=client, owner=owner)
    return clients


def make_handover(
    source: User,
    target: User | None = None,
    *,
    clients: Sequence[Client] = (),
    by: User | None = None,
) -> Handover:
    """One client, or those given, to a colleague of the same team, by a supervisor of it."""
    clients = clients or make_clients(source, 1)
    target = target or UserFactory(unit=source.unit)
    return hand_over(
        key=uuid7(),
        source=source,
        plan={client.pk: target.pk for client in clients},
        reason="leave",
        now=NOON,
        by=by or UserFactory(role=Role.SUPERVISOR, unit=source.unit),
    )
