"""Reads about classes: what is proposed, what was, who may decide."""

from collections.abc import Sequence
from dataclasses import dataclass

from accounts.models import ClassProposal, Client
from staff.models import User

HISTORY_SHOWN = 20


@dataclass(frozen=True)
class ClassView:
    """What a client's page shows of its class; `may_*` for the person who looks."""

    open_proposal: ClassProposal | None
    history: Sequence[ClassProposal]
    may_propose: bool
    may_decide: bool


def open_proposal(client: Client) -> ClassProposal | None:
    """The change of class that waits for a decision, if any; its scope is the client's."""
    return ClassProposal.objects.open().with_people().filter(client=client).first()


def may_decide(proposal: ClassProposal | None, user: User) -> bool:
    """Somebody who answers for the unit, and never about a proposal of their own (ARC-14)."""
    if proposal is None or not proposal.is_open:
        return False
    return user.has_perm("accounts.change_class") and proposal.proposed_by_id != user.pk


def may_withdraw(proposal: ClassProposal, user: User) -> bool:
    return proposal.is_open and proposal.proposed_by_id == user.pk


def class_view(client: Client, user: User) -> ClassView:
    """Open proposal and history, the newest first; at most HISTORY_SHOWN."""
    rows = ClassProposal.objects.visible_to(user).filter(client=client).with_people()
    history = list(rows.order_by("-proposed_at", "-pk")[:HISTORY_SHOWN])
    opened = next((row for row in history if row.is_open), None)
    return ClassView(
        open_proposal=opened,
        history=[row for row in history if not row.is_open],
        may_propose=opened is None and user.has_perm("accounts.propose_class"),
        may_decide=may_decide(opened, user),
    )
