"""Bringing two clients or two contacts together, and parting them again (ADR 0052)."""

from collections.abc import Collection, Mapping
from dataclasses import asdict
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.choices import LeadSource, PairKind, PairState
from accounts.exceptions import (
    CannotPart,
    MergeUndone,
    NewerMerge,
    NotMergeable,
    OtherClient,
    OutOfReach,
    ReasonMissing,
)
from accounts.merging import CLIENT_CHOICES, CONTACT_CHOICES
from accounts.models import Client, Contact, Merge, SuspectedPair
from accounts.services.archive import check_archive
from accounts.services.clients import client_keys
from accounts.services.completeness import archives_changed
from accounts.services.contact_details import refuse_circles
from accounts.services.contacts import CONTACT_KEY_FIELDS, contact_keys
from accounts.services.owner_changes import locked_clients, pass_on
from accounts.signals import Move, clients_merging, clients_parting
from crm.lib.merging import Ledger, Merging, check_nothing_is_left, fill, restore
from crm.lib.services import service
from staff.models import Task, User
from staff.services.work import finish_task, notify

PAIR_TASK = "pair-same"
# What a survivor without them takes over; one that has them keeps them.
TAKEN_WHEN_MISSING = (("owner_id",), ("chief_representative_id",))


@service
def merge_clients(
    *,
    survivor: Client,
    loser: Client,
    take: Collection[str],
    reason: str,
    now: datetime,
    by: User,
) -> Merge:
    """Everything about the loser is about the survivor from now on; the loser's page leads there.

    `take`: names of CLIENT_CHOICES that come from the loser; of the others empty ones do, too.
    Code, unit, class, status and account manager stay the survivor's. Bills that come with the
    loser's code are the survivor's (ADR 0052).
    """
    survivor, loser = _locked_pair(survivor, loser, reason, by)
    merging = Merging(now=now, by=by)
    done = _finish_pair_tasks(Q(first=loser) | Q(second=loser), now, by)
    clients_merging.send(Client, loser=loser, survivor=survivor, merging=merging)
    had_owner = loser.owner_id
    merging.absorb(loser, survivor)
    _choose(merging, survivor, loser, CLIENT_CHOICES, take)
    fill(merging, survivor, loser, TAKEN_WHEN_MISSING)
    if survivor.lead_source == LeadSource.CLIENT and survivor.referring_client_id is None:
        merging.change(survivor, lead_source="")  # the one referred the other
    if had_owner and had_owner != survivor.owner_id:
        moves = pass_on([survivor], now=now, by=by, former={survivor.pk: had_owner})
        merging.ledger.extra["moves"] = [_plain_move(move) for move in moves]
    check_archive(survivor, allow_same_name=True)
    client_keys(survivor)
    merging.change(survivor, sort_key=survivor.sort_key, search_text=survivor.search_text)
    merging.ledger.extra["tasks"] = done
    merge = _keep(merging, PairKind.CLIENT, survivor, None, loser, reason)
    _tell("client-merged", merge, {*_in_charge(survivor), *_in_charge(loser)}, reason, by)
    return merge


@service
def merge_contacts(
    *,
    survivor: Contact,
    loser: Contact,
    take: Collection[str],
    reason: str,
    now: datetime,
    today: date,
    by: User,
) -> Merge:
    """The same for two contacts of one client; `take`: names of CONTACT_CHOICES.

    Somebody who went to another client is not merged but moved (`contact_moves`).
    """
    _check(survivor, loser, reason)
    if not locked_clients([survivor.client_id], by):
        raise OutOfReach(_("The client is out of your sight."))
    people = Contact.objects.filter(pk__in=[survivor.pk, loser.pk])
    found = {person.pk: person for person in people.select_for_update().order_by("pk")}
    if len(found) < 2:
        raise NotMergeable(_("One of the two is no longer there."))
    survivor, loser = found[survivor.pk], found[loser.pk]
    if survivor.client_id != loser.client_id:
        raise OtherClient(
            _("They are at different clients: merge the clients, or move one of the two first.")
        )
    merging = Merging(now=now, by=by)
    done = _finish_pair_tasks(Q(first_contact=loser) | Q(second_contact=loser), now, by)
    merging.absorb(loser, survivor)
    try:
        with transaction.atomic():
            _choose(merging, survivor, loser, CONTACT_CHOICES, take)
    except IntegrityError as error:
        raise NotMergeable(
            _("Another contact of the client has this name and mobile number.")
        ) from error
    if loser.is_decision_maker and loser.is_active and survivor.is_active:
        merging.change(survivor, is_decision_maker=True)
    contact_keys(survivor, today=today)
    merging.change(survivor, **{name: getattr(survivor, name) for name in CONTACT_KEY_FIELDS})
    merging.ledger.extra["tasks"] = done
    return _keep(merging, PairKind.CONTACT, survivor.client, survivor, loser, reason)


@service
def part(*, merge: Merge, reason: str, now: datetime, by: User) -> Merge:
    """Undo a merge: both are there again, each with what it had.

    What came to the survivor since stays there, and so does what somebody changed since.
    """
    if not reason.strip():
        raise ReasonMissing(_("Say why the two are parted again."))
    clients = locked_clients([merge.client_id], by)
    if not clients:
        raise OutOfReach(_("The client is out of your sight."))
    merge = Merge.objects.select_for_update(of=("self",)).get(pk=merge.pk)
    _check_is_last(merge)
    ledger = Ledger(**merge.ledger)
    try:
        with transaction.atomic():
            restore(ledger)
            check_nothing_is_left()
    except IntegrityError as error:
        raise CannotPart(
            _("What was entered since stands in the way; the two cannot be parted any more.")
        ) from error
    if merge.kind == PairKind.CLIENT:
        restored = _part_clients(merge, clients[0], ledger, now, by)
        people = {*_in_charge(clients[0]), *_in_charge(restored)}
        _tell("client-parted", merge, people, reason, by)
    Task.objects.filter(pk__in=ledger.extra.get("tasks", ())).update(done_at=None)
    merge.undone_at, merge.undone_by, merge.undo_reason = now, by, reason
    merge.save(update_fields=["undone_at", "undone_by", "undo_reason"])
    both = {merge.client_id, merge.old_id} if merge.kind == PairKind.CLIENT else {merge.client_id}
    archives_changed(both)
    return merge


def _part_clients(merge: Merge, client: Client, ledger: Ledger, now: datetime, by: User) -> Client:
    restored = Client.objects.get(pk=merge.old_id)
    client.refresh_from_db()
    clients_parting.send(Client, client=client, restored=restored, extra=ledger.extra)
    if moves := ledger.extra.get("moves"):
        undoing = [_read_move(move, restored) for move in moves]
        pass_on([restored], undoing, now=now, by=by)
    return restored


def _in_charge(client: Client) -> set[int]:
    return {pk for pk in (client.owner_id, client.chief_representative_id) if pk}


def _tell(kind: str, merge: Merge, people: set[int], reason: str, by: User) -> None:
    """Those in charge of either client, but whoever did it."""
    notify(
        recipients=list(User.objects.filter(pk__in=people - {by.pk})),
        kind=kind,
        key=f"{kind}:{merge.pk}",
        params={
            "person": by.full_name,
            "old": merge.old_name,
            "client": merge.client.name,
            "reason": reason,
        },
        link=merge.client.get_absolute_url(),
        by=by,
    )


def _check(survivor: Any, loser: Any, reason: str) -> None:
    if not reason.strip():
        raise ReasonMissing(_("Say how it is known that the two are the same."))
    if survivor.pk == loser.pk:
        raise NotMergeable(_("These are one and the same record."))


def _locked_pair(survivor: Client, loser: Client, reason: str, by: User) -> tuple[Client, Client]:
    _check(survivor, loser, reason)
    found = {client.pk: client for client in locked_clients([survivor.pk, loser.pk], by)}
    if len(found) < 2:
        raise NotMergeable(_("One of the two is no longer there."))
    return found[survivor.pk], found[loser.pk]


def _choose(
    merging: Merging,
    survivor: Any,
    loser: Any,
    choices: Mapping[str, tuple[str, ...]],
    take: Collection[str],
) -> None:
    """Chosen fields come from the loser, the other ones only where the survivor's are empty."""
    survivor.refresh_from_db()
    columns = [column for name in take if name in choices for column in choices[name]]
    values = {column: getattr(loser, column) for column in columns}
    # A client that was the other one's superior is not its own.
    merging.change(survivor, **{k: v for k, v in values.items() if v != survivor.pk})
    others = [
        group
        for name, group in choices.items()
        if name not in take and getattr(loser, group[0]) != survivor.pk
    ]
    fill(merging, survivor, loser, others)


def _keep(
    merging: Merging,
    kind: str,
    client: Client,
    contact: Contact | None,
    loser: Client | Contact,
    reason: str,
) -> Merge:
    refuse_circles(client.pk)
    check_nothing_is_left()
    archives_changed([client.pk])
    return Merge.objects.create(
        kind=kind,
        client=client,
        contact=contact,
        old_id=loser.pk,
        old_name=loser.name,
        old_code=loser.code if isinstance(loser, Client) else "",
        reason=reason,
        ledger=asdict(merging.ledger),
        merged_at=merging.now,
        merged_by=merging.by,
    )


def _check_is_last(merge: Merge) -> None:
    if merge.undone_at:
        raise MergeUndone(_("These two have been parted already."))
    later = Merge.objects.standing().filter(client=merge.client_id, merged_at__gt=merge.merged_at)
    if merge.kind == PairKind.CONTACT:
        later = later.filter(Q(kind=PairKind.CLIENT) | Q(contact=merge.contact_id))
    if newer := later.exclude(pk=merge.pk).order_by("-merged_at").first():
        raise NewerMerge(
            _("Part %(title)s first: it was brought together later.") % {"title": newer.title}
        )


def _finish_pair_tasks(about: Q, now: datetime, by: User) -> list[str]:
    """The to-dos to bring the two together are done; gives their ids."""
    pairs = SuspectedPair.objects.filter(about, state=PairState.SAME)
    tasks = Task.objects.open().filter(kind=PAIR_TASK, subject_id__in=pairs.values("pk"))
    done = list(tasks)
    for task in done:
        finish_task(task=task, now=now, by=by)
    return [str(task.pk) for task in done]


def _plain_move(move: Move) -> dict[str, Any]:
    return {
        "kind": move.kind,
        "object_id": str(move.object_id),
        "day": move.day.isoformat(),
        "former_id": move.former_id,
        "receiver_id": move.receiver_id,
    }


def _read_move(move: dict[str, Any], client: Client) -> Move:
    read = {"day": date.fromisoformat(move["day"]), "object_id": UUID(move["object_id"])}
    return Move(client_id=client.pk, **move | read)
