"""Writes about checks of the archive on the spot (ARC-30)."""

from datetime import datetime

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.exceptions import CheckNotOpen, ReasonMissing
from accounts.models import ArchiveCheck, Client
from crm.lib.services import service
from staff.models import Task, User
from staff.selectors import working_calendar
from staff.services.work import finish_task, raise_task

CORRECTION = "archive-correction"


@service
def record_check(
    *,
    client: Client,
    name_matches: bool,
    address_matches: bool,
    nature_matches: bool,
    found: str,
    now: datetime,
    by: User,
) -> ArchiveCheck:
    """Keep what was found; a mismatch becomes a task of whoever is responsible."""
    check = ArchiveCheck(
        client=client,
        name_matches=name_matches,
        address_matches=address_matches,
        nature_matches=nature_matches,
        found=found,
        checked_at=now,
        checked_by=by,
    )
    if not check.matches and not found.strip():
        raise ReasonMissing(_("Say what was found instead."))
    check.save(force_insert=True)
    if not check.matches:
        raise_task(
            kind=CORRECTION,
            subject_id=check.pk,
            params={"client": client.name},
            link=check.get_absolute_url(),
            assignee=client.owner or by,
            due_on=working_calendar().add(timezone.localtime(now).date(), settings.CORRECTION_DAYS),
            by=by,
        )
    return check


@service
def resolve_check(*, check: ArchiveCheck, cause: str, now: datetime, by: User) -> ArchiveCheck:
    """The data are corrected and the cause is known; the task is done."""
    check = ArchiveCheck.objects.select_for_update().get(pk=check.pk)
    if not check.is_open:
        raise CheckNotOpen(_("There is nothing to correct any more."))
    if not cause.strip():
        raise ReasonMissing(_("Say what the cause was."))
    check.cause, check.resolved_at, check.resolved_by = cause, now, by
    check.save()
    for task in Task.objects.open().filter(kind=CORRECTION, subject_id=check.pk):
        finish_task(task=task, now=now, by=by)
    return check
