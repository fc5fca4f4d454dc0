"""Writes about promises to clients (ORG-19)."""

from datetime import date, datetime

from django.utils.translation import gettext as _

from accounts.choices import PromiseState
from accounts.exceptions import NotWaiting, OwnReport
from accounts.models import Client, Contact, Promise
from accounts.selectors.concerned import supervisors_of
from accounts.services.answering import locked, put_answer, said
from accounts.services.telling import tell
from crm.lib.services import service
from staff.models import Task, User
from staff.services.work import finish_task, raise_task

AUTHORITY_TASK = "promise-authority"
KEEPING_TASK = "promise"


@service
def make_promise(
    *,
    client: Client,
    text: str,
    due_on: date,
    needs_authority: bool,
    contact: Contact | None = None,
    now: datetime,
    by: User,
) -> Promise:
    """Ours to keep by that day; beyond one's authority it goes to the supervisor first."""
    promise = Promise.objects.create(
        client=client,
        contact=contact,
        text=said(text),
        due_on=due_on,
        needs_authority=needs_authority,
        state=PromiseState.WAITING if needs_authority else PromiseState.OPEN,
        made_by=by,
        made_at=now,
    )
    if needs_authority:
        supervisors = supervisors_of(client, besides=[by])
        for person in supervisors[:1]:
            _raise(promise, AUTHORITY_TASK, person, by)
        tell(promise, "promise-authority", supervisors, by=by, text=str(promise))
    else:
        _raise(promise, KEEPING_TASK, by, by)
    return promise


@service
def decide_promise(
    *, promise: Promise, allow: bool, answer: str, now: datetime, by: User
) -> Promise:
    """The supervisor gives the authority, or says what the client may be told instead."""
    promise = locked(promise)
    if promise.state != PromiseState.WAITING:
        raise NotWaiting(_("This promise waits for nobody's authority."))
    if promise.made_by_id == by.pk:
        raise OwnReport(_("Somebody else has to decide about your promise."))
    put_answer(promise, answer, now, by)
    promise.state = PromiseState.OPEN if allow else PromiseState.DECLINED
    promise.save()
    _finish(promise, AUTHORITY_TASK, now, by)
    if allow:
        _raise(promise, KEEPING_TASK, promise.made_by, by)
    kind = "promise-allowed" if allow else "promise-declined"
    tell(promise, kind, [promise.made_by, promise.client.owner], by=by, text=str(promise))
    return promise


@service
def keep_promise(*, promise: Promise, outcome: str, now: datetime, by: User) -> Promise:
    """Kept; how, stays on the record."""
    rows = Promise.objects.select_for_update(of=("self",)).select_related("client")
    promise = rows.get(pk=promise.pk)
    if promise.state != PromiseState.OPEN:
        raise NotWaiting(_("Only an open promise can be kept."))
    promise.outcome = said(outcome)
    promise.kept_at, promise.state = now, PromiseState.KEPT
    promise.save()
    _finish(promise, KEEPING_TASK, now, by)
    return promise


def _raise(promise: Promise, kind: str, assignee: User, by: User) -> None:
    raise_task(
        kind=kind,
        subject_id=promise.pk,
        params={"client": promise.client.name, "text": str(promise)},
        link=promise.get_absolute_url(),
        assignee=assignee,
        due_on=promise.due_on,
        by=by,
    )


def _finish(promise: Promise, kind: str, now: datetime, by: User) -> None:
    for task in Task.objects.open().filter(kind=kind, subject_id=promise.pk):
        finish_task(task=task, now=now, by=by)
