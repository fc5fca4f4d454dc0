"""Changing fields of many clients in one step, and taking it back."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.bulk_rules import ATTRIBUTES, differences, rule_refusals
from accounts.choices import BulkOutcome
from accounts.exceptions import (
    BulkChangeEmpty,
    BulkChangeNotDone,
    BulkChangeOutdated,
    BulkChangeTooLarge,
    BulkChangeUndone,
    NotAnOwner,
    OutOfReach,
    ReasonMissing,
)
from accounts.models import BulkChange, BulkItem, Client, Ownership, StatusChange
from accounts.selectors.choices import possible_owners, possible_units
from accounts.services.completeness import archives_changed
from accounts.services.owner_changes import change_owners, locked_clients, pass_on, release
from accounts.signals import Move
from accounts.tasks import run_bulk_change_task
from crm.lib.exceptions import DomainError
from crm.lib.services import service
from staff.models import User


@service
def order_bulk_change(
    *,
    key: UUID,
    rows: Mapping[UUID, datetime],
    values: Mapping[str, Any],
    reason: str,
    now: datetime,
    by: User,
) -> BulkChange:
    """Keep what shall change; few clients are changed at once, many by a job.

    `rows`: client id -> its `updated_at` in the preview. `values`: field -> value, people and units
    by id. `key` becomes the change's id; the same key again gives what it made.
    """
    if done := BulkChange.objects.filter(pk=key, made_by=by).first():
        return done
    _check(rows, values, reason, by)
    seen = Client.objects.visible_to(by).filter(pk__in=[*rows]).values_list("pk", flat=True)
    if not seen:
        raise BulkChangeEmpty(_("No client was chosen."))
    change = BulkChange.objects.create(
        pk=key, values=dict(values), reason=reason, clients=len(seen), made_by=by, made_at=now
    )
    BulkItem.objects.bulk_create(
        BulkItem(change=change, client_id=pk, seen_at=rows[pk]) for pk in seen
    )
    if len(seen) > settings.BULK_AT_ONCE:
        transaction.on_commit(lambda: run_bulk_change_task.delay(str(change.pk)))
    else:
        run_bulk_change(change=change, now=now, by=by)
    return BulkChange.objects.get(pk=change.pk)


def _check(rows: Mapping[UUID, datetime], values: Mapping[str, Any], reason: str, by: User) -> None:
    if not reason.strip():
        raise ReasonMissing(_("Say why the clients are changed."))
    if not rows or not values:
        raise BulkChangeEmpty(_("Choose clients, and what shall change."))
    if len(rows) > settings.BULK_CLIENTS:
        raise BulkChangeTooLarge(
            _("At most %(number)s clients are changed in one step.")
            % {"number": settings.BULK_CLIENTS}
        )
    if values.keys() - ATTRIBUTES.keys():
        raise BulkChangeEmpty(_("This field cannot be changed for many clients."))
    _check_targets(values, by)


def _check_targets(values: Mapping[str, Any], by: User) -> None:
    if "owner" in values and not possible_owners(by).filter(pk=values["owner"]).exists():
        raise NotAnOwner(_("This person cannot be responsible for these clients."))
    if "unit" in values and not possible_units(by, None).filter(pk=values["unit"]).exists():
        raise OutOfReach(_("You cannot put clients into this unit."))


@service
def run_bulk_change(*, change: BulkChange, now: datetime, by: User) -> BulkChange:
    """Do it, set by set; what cannot be is kept with its reason. A second run changes nothing."""
    change = BulkChange.objects.select_for_update().get(pk=change.pk)
    if change.done_at:
        return change
    items = list(change.items.order_by("client"))
    clients = {row.pk: row for row in locked_clients([item.client_id for item in items], by)}
    try:
        _check_targets(change.values, by)
        outcomes = _outcomes(items, clients, change.values)
    except DomainError:  # somebody left between order and job
        outcomes = {item.client_id: BulkOutcome.TARGET for item in items}
    for item in items:
        item.outcome = outcomes.get(item.client_id, BulkOutcome.CHANGED)
        if item.outcome == BulkOutcome.CHANGED:
            item.before, item.after = differences(clients[item.client_id], change.values)
    chosen = [item for item in items if item.outcome == BulkOutcome.CHANGED]
    _write(change, chosen, clients, now, by)
    BulkItem.objects.bulk_update(
        items, ["outcome", "before", "after", "ownership", "moves"], batch_size=500
    )
    change.done_at = now
    change.save()
    return change


def _outcomes(
    items: Sequence[BulkItem], clients: Mapping[UUID, Client], values: Mapping[str, Any]
) -> dict[UUID, str]:
    """Why a client is left alone; those that may change are not in it."""
    refused: dict[UUID, str] = {}
    for item in items:
        client = clients.get(item.client_id)
        if client is None:
            refused[item.client_id] = BulkOutcome.OUT_OF_SIGHT
        elif client.updated_at != item.seen_at:
            refused[client.pk] = BulkOutcome.STALE
        elif not differences(client, values)[1]:
            refused[client.pk] = BulkOutcome.SAME
    return refused | rule_refusals([c for pk, c in clients.items() if pk not in refused], values)


def _write(
    change: BulkChange,
    items: Sequence[BulkItem],
    clients: Mapping[UUID, Client],
    now: datetime,
    by: User,
) -> None:
    """Owner through the history; the other fields in one statement."""
    _keep_steps(
        [
            (item.client_id, item.before["status"], item.after["status"])
            for item in items
            if "status" in item.after
        ],
        change.reason,
        now,
        by,
    )
    plain = {ATTRIBUTES[k]: value for k, value in change.values.items() if k != "owner"}
    ids = [item.client_id for item in items]
    if plain:
        Client.objects.filter(pk__in=ids).update(**plain, updated_at=now)
    given = [item for item in items if "owner" in item.after]
    if given:
        _give(given, clients, change, now, by)
    archives_changed(ids)


def _give(
    items: Sequence[BulkItem],
    clients: Mapping[UUID, Client],
    change: BulkChange,
    now: datetime,
    by: User,
) -> None:
    target = User.objects.select_for_update(no_key=True).get(pk=change.values["owner"])
    rows = [clients[item.client_id] for item in items]
    made = change_owners(rows, {row.pk: target for row in rows}, change.reason, now, by)
    moves: dict[UUID, list[dict[str, Any]]] = {}
    for move in pass_on(rows, now=now, by=by):
        moves.setdefault(move.client_id, []).append(_as_json(move))
    for item in items:
        item.ownership = made[item.client_id]
        item.moves = moves.get(item.client_id, [])


def _keep_steps(
    steps: Sequence[tuple[UUID, str, str]], reason: str, now: datetime, by: User
) -> None:
    StatusChange.objects.bulk_create(
        StatusChange(client_id=pk, old=old, new=new, reason=reason, changed_at=now, changed_by=by)
        for pk, old, new in steps
    )


def _as_json(move: Move) -> dict[str, Any]:
    return {
        name: value if isinstance(value, int) else str(value)
        for name, value in asdict(move).items()
    }


def _as_move(data: Mapping[str, Any]) -> Move:
    return Move(
        kind=data["kind"],
        object_id=UUID(data["object_id"]),
        client_id=UUID(data["client_id"]),
        day=date.fromisoformat(data["day"]),
        former_id=data["former_id"],
        receiver_id=data["receiver_id"],
    )


# The way back -----------------------------------------------------------------------------------


@service
def undo_bulk_change(*, change: BulkChange, reason: str, now: datetime, by: User) -> BulkChange:
    """Put every field back that still is as the change left it.

    A client of which one was changed since stays as it is altogether, and is named on the page.
    """
    if not reason.strip():
        raise ReasonMissing(_("Say why the change is undone."))
    change = BulkChange.objects.select_for_update().get(pk=change.pk)
    if change.undone_at:
        raise BulkChangeUndone(_("This change has been undone already."))
    if not change.done_at:
        raise BulkChangeNotDone(_("This change is not done yet."))
    items = list(change.items.changed().order_by("client"))
    clients = {row.pk: row for row in locked_clients([item.client_id for item in items], by)}
    current = _current(items)
    back = [item for item in items if _is_as_left(item, clients, current)]
    if not back:
        raise BulkChangeOutdated(_("All of these clients were changed since."))
    _put_back(back, clients, reason, now, by)
    returned = {item.pk for item in back}
    for item in items:
        is_back = item.pk in returned
        item.outcome = BulkOutcome.RETURNED if is_back else BulkOutcome.CHANGED_SINCE
    BulkItem.objects.bulk_update(items, ["outcome", "moves"], batch_size=500)
    change.undone_at, change.undone_by, change.undo_reason = now, by, reason
    change.save()
    return change


def _current(items: Sequence[BulkItem]) -> set[UUID]:
    """Ownerships that the change began and that still hold."""
    begun = [item.ownership_id for item in items if item.ownership_id]
    return {*Ownership.objects.current().filter(pk__in=begun).values_list("pk", flat=True)}


def _is_as_left(item: BulkItem, clients: Mapping[UUID, Client], current: set[UUID]) -> bool:
    client = clients.get(item.client_id)
    if client is None or (item.ownership_id and item.ownership_id not in current):
        return False
    return all(getattr(client, ATTRIBUTES[k]) == value for k, value in item.after.items())


def _put_back(
    items: Sequence[BulkItem],
    clients: Mapping[UUID, Client],
    reason: str,
    now: datetime,
    by: User,
) -> None:
    """One statement for each field and former value."""
    steps = [i for i in items if "status" in i.before]
    _keep_steps(
        [(i.client_id, i.after["status"], i.before["status"]) for i in steps], reason, now, by
    )
    for name in ATTRIBUTES.keys() - {"owner"}:
        for value, ids in _grouped(items, name):
            Client.objects.filter(pk__in=ids).update(**{ATTRIBUTES[name]: value}, updated_at=now)
    given = [item for item in items if "owner" in item.before]
    if given:
        _give_back(given, clients, reason, now, by)
    archives_changed([item.client_id for item in items])


def _grouped(items: Sequence[BulkItem], name: str) -> list[tuple[Any, list[UUID]]]:
    groups: dict[Any, list[UUID]] = {}
    for item in items:
        if name in item.before:
            groups.setdefault(item.before[name], []).append(item.client_id)
    return list(groups.items())


def _give_back(
    items: Sequence[BulkItem],
    clients: Mapping[UUID, Client],
    reason: str,
    now: datetime,
    by: User,
) -> None:
    people = User.objects.in_bulk({i.before["owner"] for i in items if i.before["owner"]})
    rows = [clients[item.client_id] for item in items]
    former = {item.client_id: people.get(item.before["owner"]) for item in items}
    owned = {pk: person for pk, person in former.items() if person}
    release([row for row in rows if row.pk not in owned], now)
    change_owners([row for row in rows if row.pk in owned], owned, reason, now, by)
    undoing = [_as_move(move) for item in items for move in item.moves]
    outcomes = {
        str(move.object_id): move.outcome for move in pass_on(rows, undoing, now=now, by=by)
    }
    for item in items:
        item.moves = [
            move | {"outcome": outcomes.get(move["object_id"], "")} for move in item.moves
        ]
