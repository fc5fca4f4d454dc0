"""What upper apps may listen to; sent inside the service's transaction."""

from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from django.dispatch import Signal


@dataclass(frozen=True)
class Move:
    """A visit, task or case that goes along with its client (`MovedWork`), from one person to another.

    `outcome` (`MoveOutcome`) says what became of it when the handover was undone.
    """

    kind: str
    object_id: UUID
    client_id: UUID
    day: date
    former_id: int
    receiver_id: int
    outcome: str = ""

    def ended(self, outcome: str) -> "Move":
        return replace(self, outcome=outcome)


# Clients got another account manager: `clients`, each with its new `owner` already set, and the
# former one's `Ownership` ended at `now`, or `former` says who it was (client -> person); `by` whom
# (None: by a program). Receivers pass on what hangs on the clients, whole sets at a time, and answer
# with the `Move`s they made. When a handover is undone, `undoing` holds the moves it had made for
# these clients: receivers take back those of their kind that nobody changed since and answer with
# all of them, `outcome` set.
owners_changed = Signal()

# How often something of this `kind` (`RhythmKind`) is due for clients of this class was changed.
rhythm_changed = Signal()

# A client is about to go into another: `loser`, `survivor`, `merging` (crm.lib.merging.Merging).
# Receivers move the rows that are declared to be left to them and keep in `merging.ledger.extra`
# what they need to move them back; they may refuse by a DomainError.
clients_merging = Signal()

# A merge of clients is undone, everything else is back in place: `client` (the survivor),
# `restored` (the other one), `extra` as the receivers of `clients_merging` left it.
clients_parting = Signal()
