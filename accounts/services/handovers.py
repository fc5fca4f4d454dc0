"""Handing clients over, many at once, and taking it back."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.choices import HandoverOutcome
from accounts.exceptions import (
    HandoverEmpty,
    HandoverOutdated,
    HandoverTooLarge,
    HandoverUndone,
    NotAnOwner,
    ReasonMissing,
)
from accounts.models import (
    Client,
    Handover,
    HandoverItem,
    HandoverMove,
    HandoverShare,
    Ownership,
)
from accounts.selectors.choices import possible_owners
from accounts.services.owner_changes import change_owners, locked_clients, pass_on
from accounts.signals import Move
from crm.lib.services import service
from crm.lib.text import listed
from staff.choices import OWNER_ROLES, UNIT_ROLES
from staff.models import User
from staff.services.work import notify

NAMED = 5  # so many clients are named in a refusal


@service
def hand_over(
    *, key: UUID, source: User, plan: Mapping[UUID, int], reason: str, now: datetime, by: User
) -> Handover:
    """Give clients of one person to others, all or none (ORG-02).

    `plan`: client id -> id of the person who gets it. `key` becomes the handover's id; the same
    key again gives the handover that it made. Set-based: a thousand clients take about a second.
    """
    _check(plan, reason)
    clients = locked_clients(plan, by)
    # Looked up behind the lock: of two equal requests the second waits there for the first.
    if done := Handover.objects.filter(pk=key, handed_over_by=by).first():
        return done
    _check_still_his(clients, plan, source)
    people = _locked_people({*plan.values()}, source, by)
    handover = Handover.objects.create(
        pk=key,
        source=source,
        reason=reason,
        clients=len(clients),
        handed_over_by=by,
        handed_over_at=now,
    )
    shares = _make_shares(handover, clients, plan, people)
    ownerships = change_owners(clients, {pk: people[plan[pk]] for pk in plan}, reason, now, by)
    HandoverItem.objects.bulk_create(
        HandoverItem(share=shares[plan[client.pk]], client=client, ownership=ownerships[client.pk])
        for client in clients
    )
    HandoverMove.objects.bulk_create(
        HandoverMove(handover=handover, **vars(move)) for move in pass_on(clients, now=now, by=by)
    )
    _tell(handover, [*shares.values()], clients, by)
    return handover


@service
def undo_handover(*, handover: Handover, reason: str, now: datetime, by: User) -> Handover:
    """Give the clients back to who had them, with the visits, tasks and cases that went along.

    What somebody changed since (client given on, visit done) stays and is named on the page.
    """
    if not reason.strip():
        raise ReasonMissing(_("Say why the handover is undone."))
    handover = Handover.objects.select_for_update().get(pk=handover.pk)
    if handover.undone_at:
        raise HandoverUndone(_("This handover has been undone already."))
    source = User.objects.select_for_update(no_key=True).get(pk=handover.source_id)
    _check_may_own(source)
    items = list(HandoverItem.objects.filter(share__handover=handover).select_related("ownership"))
    back = _returnable(items, by)
    if not back:
        raise HandoverOutdated(
            _("All of these clients were given to others meanwhile; nothing can be undone.")
        )
    change_owners(back, {client.pk: source for client in back}, reason, now, by)
    HandoverItem.objects.filter(share__handover=handover, client__in=back).update(
        outcome=HandoverOutcome.RETURNED
    )
    _take_back(handover, back, now, by)
    handover.undone_at, handover.undone_by, handover.undo_reason = now, by, reason
    handover.save()
    _tell_of_undo(handover, len(back), by)
    return handover


def _check(plan: Mapping[UUID, int], reason: str) -> None:
    if not reason.strip():
        raise ReasonMissing(_("Say why the clients are handed over."))
    if not plan:
        raise HandoverEmpty(_("No client was chosen."))
    if len(plan) > settings.HANDOVER_CLIENTS:
        raise HandoverTooLarge(too_large_text())


def too_large_text() -> str:
    return _("At most %(number)s clients go in one step.") % {"number": settings.HANDOVER_CLIENTS}


def _check_still_his(clients: Sequence[Client], plan: Mapping[UUID, int], source: User) -> None:
    gone = [client.name for client in clients if client.owner_id != source.pk]
    if not gone and len(clients) == len(plan):
        return
    text = _("Meanwhile some of these clients are no longer %(person)s's.") % {
        "person": source.full_name
    }
    if gone:
        names = listed(gone[:NAMED]) + ("…" if len(gone) > NAMED else "")
        text = _("Meanwhile no longer %(person)s's: %(clients)s.") % {
            "person": source.full_name,
            "clients": names,
        }
    raise HandoverOutdated(f"{text} {_('Nothing was handed over; look at the preview again.')}")


def _locked_people(ids: set[int], source: User, by: User) -> dict[int, User]:
    """The receivers; locked, so that none is disabled before the clients are theirs."""
    people = {p.pk: p for p in User.objects.select_for_update(no_key=True).filter(pk__in=ids)}
    allowed = {*possible_owners(by).values_list("pk", flat=True)} - {source.pk}
    for pk in ids:
        if pk not in people:
            raise NotAnOwner(_("Somebody who should get clients no longer works here."))
        _check_may_own(people[pk], pk in allowed)
    return people


def _check_may_own(person: User, is_allowed: bool = True) -> None:
    if is_allowed and person.is_active and person.role in OWNER_ROLES | UNIT_ROLES:
        return
    raise NotAnOwner(
        _("%(person)s cannot be responsible for these clients.") % {"person": person.full_name}
    )


def _make_shares(
    handover: Handover,
    clients: Sequence[Client],
    plan: Mapping[UUID, int],
    people: Mapping[int, User],
) -> dict[int, HandoverShare]:
    shares = {
        pk: HandoverShare(handover=handover, target=person, clients=0, members=0, income=0)
        for pk, person in people.items()
    }
    for client in clients:
        share = shares[plan[client.pk]]
        share.clients += 1
        share.members += client.active_members
        share.income += client.income
    HandoverShare.objects.bulk_create(shares.values())
    return shares


def _returnable(items: Sequence[HandoverItem], by: User) -> list[Client]:
    """Clients that are still as the handover left them; the others are marked."""
    clients = locked_clients([item.client_id for item in items], by)
    in_sight = {client.pk for client in clients}
    still = {
        *Ownership.objects.current()
        .filter(handover_items__in=[item.pk for item in items])
        .values_list("client_id", flat=True)
    }
    for outcome, ids in (
        (HandoverOutcome.OUT_OF_SIGHT, [i.pk for i in items if i.client_id not in in_sight]),
        (HandoverOutcome.HANDED_ON, [i.pk for i in items if i.client_id in in_sight - still]),
    ):
        HandoverItem.objects.filter(pk__in=ids).update(outcome=outcome)
    return [client for client in clients if client.pk in still]


def _take_back(handover: Handover, clients: Sequence[Client], now: datetime, by: User) -> None:
    """Visits, tasks and cases of these clients; what became of each is kept."""
    rows = handover.moves.filter(client__in=clients).values(
        "kind", "object_id", "client_id", "day", "former_id", "receiver_id"
    )
    outcomes: dict[str, list[UUID]] = {}
    for move in pass_on(clients, [Move(**row) for row in rows], now=now, by=by):
        if move.outcome:
            outcomes.setdefault(move.outcome, []).append(move.object_id)
    for outcome, ids in outcomes.items():
        handover.moves.filter(object_id__in=ids).update(outcome=outcome)


def _tell(
    handover: Handover, shares: Sequence[HandoverShare], clients: Sequence[Client], by: User
) -> None:
    """Who gets, who gives, and the chief representatives of the clients."""
    said = {"person": handover.source.full_name, "reason": handover.reason}
    for share in shares:
        notify(
            recipients=[share.target],
            kind="clients-received",
            key=f"handover:{handover.pk}",
            params=said | {"clients": share.clients},
            link=share.get_absolute_url(),
            by=by,
        )
    notify(
        recipients=[handover.source],
        kind="clients-given",
        key=f"handover:{handover.pk}",
        params=said | {"clients": handover.clients},
        link=handover.get_absolute_url(),
        by=by,
    )
    for person, number in _representatives(clients).items():
        notify(
            recipients=[person],
            kind="clients-changed-manager",
            key=f"handover:{handover.pk}",
            params=said | {"clients": number},
            link=reverse("accounts:client_list"),
            by=by,
        )


def _representatives(clients: Sequence[Client]) -> dict[User, int]:
    numbers: dict[int, int] = {}
    for client in clients:
        if client.chief_representative_id:
            pk = client.chief_representative_id
            numbers[pk] = numbers.get(pk, 0) + 1
    return {person: numbers[person.pk] for person in User.objects.filter(pk__in=numbers)}


def _tell_of_undo(handover: Handover, number: int, by: User) -> None:
    targets = [share.target for share in handover.shares.select_related("target")]
    notify(
        recipients=[handover.source, *targets],
        kind="handover-undone",
        key=f"handover-undone:{handover.pk}",
        params={
            "person": handover.source.full_name,
            "clients": number,
            "reason": handover.undo_reason,
        },
        link=reverse("accounts:client_list"),
        by=by,
    )
