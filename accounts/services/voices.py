"""Writes about voices of clients and improvements (ORG-15, ORG-24)."""

from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.choices import ImprovementState
from accounts.exceptions import (
    ImpossibleTime,
    ImprovementThere,
    NothingChanged,
    NotImprovable,
    OtherClient,
)
from accounts.models import Client, ClientVoice, Contact, Improvement
from accounts.services.answering import said
from crm.lib.services import service
from staff.models import User
from staff.selectors import supervisors_by_unit
from staff.services.work import notify

# What may follow on what; what is done or declined stays so.
NEXT: dict[str, tuple[str, ...]] = {
    ImprovementState.OPEN: (
        ImprovementState.TAKEN_UP, ImprovementState.DONE, ImprovementState.DECLINED,
    ),
    ImprovementState.TAKEN_UP: (ImprovementState.DONE, ImprovementState.DECLINED),
}  # fmt: skip


@service
def record_voice(
    *,
    client: Client,
    topic: str,
    text: str,
    heard_on: date,
    now: datetime,
    by: User,
    contact: Contact | None = None,
    said_by: str = "",
    **fields: Any,
) -> ClientVoice:
    """Somebody at the client said something: a contact of the archive, or a name."""
    if heard_on > timezone.localtime(now).date():
        raise ImpossibleTime(_("This lies in the future."))
    if contact and contact.client_id != client.pk:
        raise OtherClient(_("This person belongs to another client."))
    return ClientVoice.objects.create(
        client=client,
        contact=contact,
        said_by=contact.name if contact else said(said_by),
        topic=topic,
        text=said(text),
        heard_on=heard_on,
        recorded_at=now,
        recorded_by=by,
        **fields,
    )


@service
def suggest_improvement(
    *,
    title: str,
    text: str,
    now: datetime,
    by: User,
    voice: ClientVoice | None = None,
    **fields: Any,
) -> Improvement:
    """What should be better and how, out of a client's voice or of one's own work.

    Supervisors of the unit are told. Raises ImprovementThere for a second one of a voice.
    """
    unit = by.unit
    if voice:
        voice = ClientVoice.objects.select_for_update(of=("self",)).get(pk=voice.pk)
        if Improvement.objects.filter(voice=voice).exists():
            raise ImprovementThere(_("This voice led to an improvement already."))
        unit = voice.client.unit
    row = Improvement.objects.create(
        unit=unit,
        voice=voice,
        title=said(title),
        text=said(text),
        suggested_at=now,
        suggested_by=by,
        **fields,
    )
    _tell(row, "improvement-suggested", supervisors_by_unit().get(unit.pk, []), by)
    return row


@service
def answer_improvement(
    *, improvement: Improvement, state: str, answer: str, now: datetime, by: User
) -> Improvement:
    """Take it up, say that it is done, or decline it; the last two need a word.

    Whoever suggested it is told. Raises NotImprovable for a step that cannot follow.
    """
    row = Improvement.objects.select_for_update(of=("self",)).get(pk=improvement.pk)
    if state == row.state:
        raise NothingChanged(_("It is like this already."))
    if state not in NEXT.get(row.state, ()):
        raise NotImprovable(_("What is done or declined stays so."))
    row.answer = answer.strip() if state == ImprovementState.TAKEN_UP else said(answer)
    row.state, row.answered_at, row.answered_by = state, now, by
    row.save(update_fields=["state", "answer", "answered_at", "answered_by"])
    _tell(row, f"improvement-{state.replace('_', '-')}", [row.suggested_by], by)
    return row


def _tell(row: Improvement, kind: str, people: list[User], by: User) -> None:
    notify(
        recipients=[person for person in people if person != by],
        kind=kind,
        key=f"{kind}:{row.pk}",
        params={"title": row.title, "person": by.full_name},
        link=row.get_absolute_url(),
        by=by,
    )
