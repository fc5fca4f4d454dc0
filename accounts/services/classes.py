"""Writes about classes: the only way a client's class changes (ARC-14, ADR 0025)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from accounts.choices import ClassSource, ProposalState
from accounts.exceptions import (
    ClassUnchanged,
    NotTheProposer,
    OwnProposal,
    ProposalAlreadyOpen,
    ProposalNotOpen,
    ReasonMissing,
)
from accounts.models import ClassProposal, Client
from accounts.selectors.concerned import supervisors_of
from accounts.services.representations import reschedule
from crm.lib.services import service
from staff.models import User
from staff.services.work import notify

BATCH = 1000


@service
def propose_class(
    *, client: Client, to_class: str, reason: str, now: datetime, by: User, **fields: Any
) -> ClassProposal:
    """Ask those who answer for the unit for another class; today's figures go with it."""
    if not reason.strip():
        raise ReasonMissing(_("Say why the class should change."))
    # The lock makes two proposals at once take turns; the constraint would refuse the second.
    client = Client.objects.select_for_update(of=("self",)).with_people().get(pk=client.pk)
    if client.client_class == to_class:
        raise ClassUnchanged(_("The client has this class already."))
    if client.class_proposals.open().exists():
        raise ProposalAlreadyOpen(_("A change of class is waiting for a decision already."))
    proposal = ClassProposal(
        client=client,
        from_class=client.client_class,
        to_class=to_class,
        reason=reason.strip(),
        income=client.income,
        active_members=client.active_members,
        figures_month=client.figures_month,
        proposed_at=now,
        proposed_by=by,
        **fields,
    )
    proposal.save(force_insert=True)
    _tell(proposal, "class-proposed", supervisors_of(client, besides=[by]), by)
    return proposal


@service
def approve_class(
    *, proposal: ClassProposal, word: str = "", now: datetime, by: User
) -> ClassProposal:
    """The client gets the class; whoever proposed it and the account manager learn of it."""
    proposal = _decide(proposal, ProposalState.APPROVED, word, now, by)
    client = proposal.client
    client.client_class = proposal.to_class
    client.save(update_fields=["client_class", "updated_at"])
    reschedule([client])
    _tell(proposal, "class-approved", [proposal.proposed_by, client.owner], by)
    return proposal


@service
def refuse_class(*, proposal: ClassProposal, word: str, now: datetime, by: User) -> ClassProposal:
    """The class stays; whoever proposed the change is told why."""
    if not word.strip():
        raise ReasonMissing(_("Say why the proposal is refused."))
    proposal = _decide(proposal, ProposalState.REFUSED, word, now, by)
    _tell(proposal, "class-refused", [proposal.proposed_by], by)
    return proposal


@service
def withdraw_class(*, proposal: ClassProposal, now: datetime, by: User) -> ClassProposal:
    """Whoever proposed it takes it back."""
    proposal = _locked(proposal)
    if proposal.proposed_by_id != by.pk:
        raise NotTheProposer(_("Only the person who proposed the change can take it back."))
    return _end(proposal, ProposalState.WITHDRAWN, "", now, by)


@service
def record_class_changes(
    *,
    clients: Sequence[Client],
    classes_before: Sequence[str],
    source: ClassSource,
    reason: str,
    now: datetime,
    by: User | None,
) -> list[ClassProposal]:
    """Changes that were decided elsewhere, as approved rows of the history.

    `clients` have their new class set and saved already; `classes_before` is in the same order.
    Proposals that were open for them are overtaken.
    """
    ClassProposal.objects.open().filter(client__in=clients).update(
        state=ProposalState.OVERTAKEN, decided_at=now, decided_by=by, word=reason
    )
    reschedule(clients)
    return ClassProposal.objects.bulk_create(
        [
            ClassProposal(
                client=client,
                from_class=before,
                to_class=client.client_class,
                reason=reason,
                source=source,
                income=client.income,
                active_members=client.active_members,
                figures_month=client.figures_month,
                state=ProposalState.APPROVED,
                proposed_at=now,
                decided_at=now,
                decided_by=by,
            )
            for client, before in zip(clients, classes_before, strict=True)
            if client.client_class not in ("", before)
        ],
        batch_size=BATCH,
    )


def _locked(proposal: ClassProposal) -> ClassProposal:
    rows = ClassProposal.objects.select_for_update(of=("self", "client")).with_people()
    proposal = rows.get(pk=proposal.pk)
    if not proposal.is_open:
        raise ProposalNotOpen(_("This proposal has been decided already."))
    return proposal


def _decide(
    proposal: ClassProposal, state: ProposalState, word: str, now: datetime, by: User
) -> ClassProposal:
    proposal = _locked(proposal)
    if proposal.proposed_by_id == by.pk:
        raise OwnProposal(_("Somebody else has to decide about your proposal."))
    return _end(proposal, state, word, now, by)


def _end(
    proposal: ClassProposal, state: ProposalState, word: str, now: datetime, by: User
) -> ClassProposal:
    proposal.state = state
    proposal.word = word.strip()
    proposal.decided_at, proposal.decided_by = now, by
    proposal.save()
    return proposal


def _tell(
    proposal: ClassProposal, kind: str, people: Sequence[User | None], by: User | None
) -> None:
    notify(
        recipients=[person for person in people if person and person != by],
        kind=kind,
        key=f"{kind}:{proposal.pk}",
        params={
            "client": proposal.client.name,
            "class": proposal.to_class,
            "person": by.full_name if by else "",
        },
        link=proposal.get_absolute_url(),
        by=by,
    )
