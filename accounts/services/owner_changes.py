"""Giving many clients to other people, whoever asks for it; used inside services."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from accounts.models import Client, Ownership
from accounts.signals import Move, owners_changed
from staff.models import User


def locked_clients(ids: Collection[UUID], by: User) -> list[Client]:
    """Of these clients those in sight, locked; always in the same order, so that two who lock the
    same ones wait for each other instead of locking each other out."""
    rows = Client.objects.visible_to(by).filter(pk__in=[*ids])
    return list(rows.select_for_update(of=("self",)).order_by("pk"))


def change_owners(
    clients: Sequence[Client],
    owners: Mapping[UUID, User],
    reason: str,
    now: datetime,
    by: User,
) -> dict[UUID, Ownership]:
    """History, then owner; one statement for each new owner. Gives the new ownerships."""
    Ownership.objects.current().filter(client__in=clients).update(ended_at=now)
    made = {
        client.pk: Ownership(
            client=client, owner=owners[client.pk], started_at=now, reason=reason, assigned_by=by
        )
        for client in clients
    }
    Ownership.objects.bulk_create(made.values())
    for person in {owner.pk: owner for owner in owners.values()}.values():
        theirs = [client.pk for client in clients if owners[client.pk].pk == person.pk]
        Client.objects.filter(pk__in=theirs).update(owner=person, updated_at=now)
    for client in clients:
        client.owner = owners[client.pk]
    return made


def pass_on(
    clients: Sequence[Client],
    undoing: Sequence[Move] | None = None,
    *,
    now: datetime,
    by: User | None,
    former: Mapping[UUID, int] | None = None,
) -> list[Move]:
    answers: Any = owners_changed.send(
        Client, clients=clients, undoing=undoing, now=now, by=by, former=former
    )
    return [move for _receiver, moves in answers for move in moves or ()]


def release(clients: Sequence[Client], now: datetime) -> None:
    """Nobody is responsible for them any more."""
    Ownership.objects.current().filter(client__in=clients).update(ended_at=now)
    Client.objects.filter(pk__in=[client.pk for client in clients]).update(
        owner=None, updated_at=now
    )
    for client in clients:
        client.owner = None
