"""Writes about instructions of the chief representative (ORG-12)."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext as _

from accounts.exceptions import NobodyResponsible
from accounts.models import Client, Instruction
from accounts.services.answering import locked, put_answer, said
from accounts.services.telling import tell
from crm.lib.services import service
from staff.models import Task, User
from staff.services.work import finish_task, raise_task

TASK_KIND = "instruction"


@service
def give_instruction(
    *, client: Client, text: str, due_on: date, now: datetime, by: User
) -> Instruction:
    """A to-do for the account manager, who is told at once."""
    if client.owner is None or not client.owner.is_active:
        raise NobodyResponsible(_("The client has no account manager who could do it."))
    instruction = Instruction.objects.create(
        client=client,
        text=said(text),
        due_on=due_on,
        given_by=by,
        given_to=client.owner,
        given_at=now,
    )
    raise_task(
        kind=TASK_KIND,
        subject_id=instruction.pk,
        params={"client": client.name, "text": str(instruction)},
        link=instruction.get_absolute_url(),
        assignee=client.owner,
        due_on=due_on,
        by=by,
    )
    tell(instruction, "instruction-given", [client.owner], by=by, text=str(instruction))
    return instruction


@service
def answer_instruction(
    *, instruction: Instruction, answer: str, now: datetime, by: User
) -> Instruction:
    """Done: the answer goes back to whoever asked, the to-do is ticked off."""
    instruction = locked(instruction)
    put_answer(instruction, answer, now, by)
    instruction.save()
    for task in Task.objects.open().filter(kind=TASK_KIND, subject_id=instruction.pk):
        finish_task(task=task, now=now, by=by)
    tell(instruction, "instruction-done", [instruction.given_by], by=by, text=str(instruction))
    return instruction


def pass_on_instructions(*, clients: Sequence[Client]) -> None:
    """Whoever takes over a client takes over what is asked there; part of handing it over."""
    owner = Client.objects.filter(pk=OuterRef("client")).values("owner")
    asked = Instruction.objects.open().filter(client__in=clients, client__owner__isnull=False)
    asked.update(given_to=Subquery(owner))
    taker = Instruction.objects.filter(pk=OuterRef("subject_id")).values("given_to")
    Task.objects.open().filter(kind=TASK_KIND, subject_id__in=asked.order_by().values("pk")).update(
        assignee=Subquery(taker)
    )
