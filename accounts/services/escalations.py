"""Writes about escalations (ORG-18, ORG-13)."""

from datetime import datetime

from django.utils.translation import gettext as _

from accounts.choices import EscalationLevel
from accounts.exceptions import NotHigher
from accounts.models import Client, Escalation
from accounts.selectors.concerned import representatives_of
from accounts.selectors.escalations import level_people
from accounts.services.answering import locked, put_answer, said
from accounts.services.telling import tell
from crm.lib.services import service
from staff.models import User


@service
def escalate(
    *,
    client: Client,
    level: int,
    reason: str,
    now: datetime,
    by: User,
    earlier: Escalation | None = None,
) -> Escalation:
    """Carry a matter up: the people of that level learn of it, for A and B clients also the
    chief representative, who moves resources (ORG-13)."""
    if earlier:
        earlier = locked(earlier)
        if level <= earlier.level:
            raise NotHigher(_("Escalate further up than it is already."))
        put_answer(earlier, _("Escalated further."), now, by)
        earlier.save()
    escalation = Escalation.objects.create(
        client=client,
        earlier=earlier,
        level=level,
        reason=said(reason),
        escalated_by=by,
        escalated_at=now,
    )
    people = [*level_people(client, EscalationLevel(level), by), *representatives_of(client)]
    tell(escalation, "escalated", people, by=by)
    return escalation


@service
def answer_escalation(
    *, escalation: Escalation, answer: str, now: datetime, by: User
) -> Escalation:
    """What is done about it; whoever escalated and the account manager are told."""
    escalation = locked(escalation)
    put_answer(escalation, answer, now, by)
    escalation.save()
    people = [escalation.escalated_by, escalation.client.owner]
    tell(escalation, "escalation-answered", people, by=by)
    return escalation
