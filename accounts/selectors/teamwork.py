"""What a client's page shows of working together."""

from collections.abc import Sequence
from dataclasses import dataclass

from accounts.models import Client, Escalation, Instruction, Promise, Representation
from staff.models import User

SHOWN = 10


@dataclass(frozen=True)
class TeamView:
    """The newest rows of each kind, at most SHOWN."""

    current: Representation | None
    representations: Sequence[Representation]
    instructions: Sequence[Instruction]
    escalations: Sequence[Escalation]
    promises: Sequence[Promise]


def team_view(client: Client, user: User) -> TeamView:
    def rows(model: type, order: str, *people: str) -> list:
        visible = model.objects.visible_to(user).filter(client=client)  # type: ignore[attr-defined]
        return list(visible.select_related(*people).order_by(order, "-pk")[:SHOWN])

    terms = rows(Representation, "-started_at", "representative", "assigned_by")
    return TeamView(
        current=next((term for term in terms if term.ended_at is None), None),
        representations=terms,
        instructions=rows(Instruction, "-given_at", "given_by", "given_to"),
        escalations=rows(Escalation, "-escalated_at", "escalated_by"),
        promises=rows(Promise, "-made_at", "made_by"),
    )


def open_promises(client: Client, user: User) -> list[Promise]:
    """Promises still to be kept, the most urgent first; for handing a client over."""
    found = Promise.objects.visible_to(user).unsettled().filter(client=client)
    return list(found.select_related("contact", "made_by").order_by("due_on", "pk"))
