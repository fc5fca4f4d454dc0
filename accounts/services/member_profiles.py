"""Writes about what people know of a line: owner, user, key member, wishes."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from accounts.exceptions import IdentityNotChecked, SameOwner
from accounts.models import Client, Member, MemberProfile, OwnerChange
from crm.lib.services import service
from staff.models import Task, User
from staff.selectors import working_calendar
from staff.services import work

TRANSFER_TASK = "number-transfer"


@service
def update_profile(
    *, member: Member, now: datetime, today: date, by: User | None, **fields: Any
) -> MemberProfile:
    """Plain edit; the registered owner changes by `change_owner` only (SEC-11).

    Whether the number has to be transferred follows at once, with its task (ARC-34).
    """
    profile = _locked(member)
    for name, value in fields.items():
        setattr(profile, name, value)
    profile.save()
    _settle_transfer(profile, now=now, today=today, by=by)
    return profile


@service
def change_owner(
    *,
    member: Member,
    new_owner: str,
    document: str,
    document_tail: str,
    note: str,
    now: datetime,
    today: date,
    by: User,
) -> OwnerChange:
    """Another registered owner, after the person's identity was checked (SEC-11).

    Raises IdentityNotChecked without document and note, SameOwner when nothing would change.
    """
    profile = _locked(member)
    new_owner, note, tail = new_owner.strip(), note.strip(), document_tail.strip()
    if not (note and tail):
        raise IdentityNotChecked(_("Say which document you saw and how you checked it."))
    if not new_owner or new_owner == profile.registered_owner:
        raise SameOwner(_("This person is the registered owner already."))
    change = OwnerChange.objects.create(
        member=member,
        old_owner=profile.registered_owner,
        new_owner=new_owner,
        document=document,
        document_tail=tail,
        note=note,
        checked_by=by,
        checked_at=now,
    )
    profile.registered_owner = new_owner
    profile.save()
    _settle_transfer(profile, now=now, today=today, by=by)
    return change


def _locked(member: Member) -> MemberProfile:
    """The profile, made when it is the first thing anybody knows; one writer at a time."""
    # Two first writers would both insert: the member's own row keeps them apart.
    Member.objects.select_for_update(of=("self",)).get(pk=member.pk)
    profile = MemberProfile.objects.filter(pk=member.pk).first()
    return profile or MemberProfile(member=member)


def _settle_transfer(
    profile: MemberProfile, *, now: datetime, today: date, by: User | None
) -> None:
    """The account manager's task while the number stands in another name, ticked off after it."""
    member = Member.objects.select_related("client__owner").get(pk=profile.pk)
    owner = member.client.owner
    if not profile.needs_transfer:
        for task in Task.objects.open().filter(kind=TRANSFER_TASK, subject_id=member.pk):
            work.finish_task(task=task, now=now, by=by)
    elif owner is not None:
        work.raise_task(
            kind=TRANSFER_TASK,
            subject_id=member.pk,
            params={"client": member.client.name, "number": member.masked_number},
            link=member.get_absolute_url(),
            assignee=owner,
            due_on=working_calendar().add(today, settings.TRANSFER_WORKING_DAYS),
            by=by,
        )


def pass_on_transfers(clients: Iterable[Client]) -> None:
    """Open transfer tasks go with the client to its new account manager; one statement for each."""
    by_owner: dict[User | None, list[Client]] = {}
    for client in clients:
        by_owner.setdefault(client.owner, []).append(client)
    for owner, theirs in by_owner.items():
        lines = Member.objects.filter(client__in=theirs, profile__actual_user__gt="").values("pk")
        Task.objects.open().filter(kind=TRANSFER_TASK, subject_id__in=lines).update(assignee=owner)
