"""Writes about logged contacts."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext as _

from accounts.choices import ContactChannel, ContactDirection
from accounts.exceptions import IsAVisit, NotCorrectable, OtherClient, TextMissing
from accounts.models import Client, Contact, ContactLog
from accounts.selectors.concerned import supervisors_of
from crm.lib.models import uuid7
from crm.lib.repeats import made_once
from crm.lib.services import service
from staff.choices import OWNER_ROLES
from staff.models import Task, User
from staff.services.work import finish_task, notify, raise_task


@service
def log_contact(
    *,
    client: Client,
    content: str,
    now: datetime,
    by: User,
    id: UUID | None = None,  # noqa: A002 -- the field's name
    happened_at: datetime | None = None,
    **fields: Any,
) -> ContactLog:
    """Write a contact into the diary; a next step with a day becomes a to-do (ORG-05, ARC-31).

    Sent again with the same id it is the same entry.
    """
    log = ContactLog(
        id=id or uuid7(),
        client=client,
        content=content,
        logged_by=by,
        created_at=now,
        happened_at=happened_at or now,
        **fields,
    )
    _check(log)

    def insert() -> ContactLog:
        log.save(force_insert=True)
        return log

    row, is_new = made_once(
        insert,
        ContactLog,
        log.pk,
        is_same=lambda row: (row.client_id, row.logged_by_id) == (client.pk, by.pk),
    )
    if is_new:
        _follow_next_step(row, by)
        _report(row, by)
    return row


@service
def correct_contact_log(*, log: ContactLog, now: datetime, by: User, **fields: Any) -> ContactLog:
    """Mend what one wrote oneself, within a day; the to-do follows."""
    log = ContactLog.objects.select_for_update().get(pk=log.pk)
    if not log.may_be_corrected(by, now):
        raise NotCorrectable(_("Only who wrote it may correct it, and only for a day."))
    for name, value in fields.items():
        setattr(log, name, value)
    _check(log)
    log.save()
    _follow_next_step(log, by)
    _report(log, by)
    return log


@service
def finish_next_step(*, log: ContactLog, now: datetime, by: User) -> ContactLog:
    """The next step is done: its to-do is ticked off. Once more changes nothing."""
    if log.task:
        log.task = finish_task(task=log.task, now=now, by=by)
    return log


def pass_on_next_steps(*, clients: Sequence[Client]) -> None:
    """Whoever takes over a client takes over what was promised to it; part of handing it over."""
    owner = ContactLog.objects.filter(task=OuterRef("pk")).values("client__owner")[:1]
    Task.objects.open().filter(
        contact_logs__client__in=[client for client in clients if client.owner_id],
        assignee__role__in=OWNER_ROLES,
    ).update(assignee=Subquery(owner))


def _check(log: ContactLog) -> None:
    if not log.content.strip():
        raise TextMissing(_("Write what came out of it."))
    contact: Contact | None = log.contact
    if contact and contact.client_id != log.client_id:
        raise OtherClient(_("This person belongs to another client."))
    is_walk_in = log.direction == ContactDirection.WALK_IN
    if is_walk_in:
        log.channel = ContactChannel.VISIT
    elif log.channel == ContactChannel.VISIT:
        raise IsAVisit(_("Who met the client there logs a visit, so that it counts as one."))
    if log.next_step_on and not log.next_step.strip():
        raise TextMissing(_("Say what the next step is."))


def _follow_next_step(log: ContactLog, by: User) -> None:
    """One open to-do for the next step, if it has a day; none without."""
    step, day = log.next_step, log.next_step_on
    if not day:
        if log.task and not log.task.done_at:
            log.task.delete()
            log.task = None
        return
    if log.task and log.task.done_at:
        return
    task = raise_task(
        kind="contact-next-step",
        subject_id=log.pk,
        params={"client": log.client.name, "step": step},
        link=log.get_absolute_url(),
        assignee=log.task.assignee if log.task else by,
        due_on=day,
        by=by,
    )
    if log.task_id != task.pk:
        log.task = task
        log.save(update_fields=["task", "updated_at"])


def _report(log: ContactLog, by: User) -> None:
    """Major issues go to who answers for the unit, at once and once (ORG-05)."""
    if not log.is_major:
        return
    notify(
        recipients=supervisors_of(log.client, besides=[by]),
        kind="contact-major",
        key=f"contact-major:{log.pk}",
        params={"client": log.client.name, "person": by.full_name},
        link=log.get_absolute_url(),
        by=by,
    )
