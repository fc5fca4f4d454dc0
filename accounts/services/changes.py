"""Writes about major changes at a client (ARC-21)."""

from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.exceptions import ImpossibleTime, OwnReport
from accounts.models import Client, MajorChange
from accounts.selectors.concerned import representatives_of, supervisors_of
from accounts.services.answering import locked, put_answer, said
from accounts.services.telling import tell
from crm.lib.services import service
from staff.models import User


@service
def report_change(
    *,
    client: Client,
    kind: str,
    happened_on: date,
    learned_at: datetime,
    text: str,
    now: datetime,
    by: User,
    **fields: Any,
) -> MajorChange:
    """Supervisors, and for A and B clients the chief representative, learn of it at once."""
    if learned_at > now or happened_on > timezone.localtime(learned_at).date():
        raise ImpossibleTime(_("First it happens, then we learn of it, then it is reported."))
    change = MajorChange.objects.create(
        client=client,
        kind=kind,
        happened_on=happened_on,
        learned_at=learned_at,
        reported_at=now,
        text=said(text),
        reported_by=by,
        **fields,
    )
    people = [*supervisors_of(client, besides=[by]), *representatives_of(client)]
    tell(change, "major-change", people, by=by)
    return change


@service
def acknowledge_change(*, change: MajorChange, answer: str, now: datetime, by: User) -> MajorChange:
    """The supervisor has seen it, with a word that goes back to the reporter."""
    change = locked(change)
    if change.reported_by_id == by.pk:
        raise OwnReport(_("Somebody else has to acknowledge your report."))
    put_answer(change, answer, now, by)
    change.save()
    tell(change, "major-change-seen", [change.reported_by], by=by)
    return change
