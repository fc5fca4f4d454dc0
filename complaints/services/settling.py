"""The end of a case: solved, confirmed and closed, or reopened."""

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.selectors.concerned import supervisors_of
from complaints.choices import CaseStatus, Satisfaction, StepKind
from complaints.exceptions import CaseNotSettled, TextMissing
from complaints.models import Case
from complaints.services.handling import note_first_reply
from complaints.services.steps import (
    CONFIRM,
    FIRST_REPLY,
    WORK,
    finish_case_tasks,
    follow_work,
    lock_running,
    lock_settled,
    raise_case_task,
    required,
    write_step,
)
from crm.lib.services import service
from staff.models import User
from staff.selectors import working_calendar
from staff.services.work import notify

# To ask the client whether it is really solved.
CONFIRM_WORKING_DAYS = 2


@service
def resolve_case(*, case: Case, result: str, now: datetime, by: User) -> Case:
    """Solved; on the spot this is also the first reply. The client is asked before it is closed."""
    result = required(result, _("Write how it was solved."))
    case = lock_running(case)
    if case.owes_first_reply:
        case = note_first_reply(case, now=now, by=by)
    case.status = CaseStatus.RESOLVED
    case.resolved_at = now
    case.result = result
    case.save()
    write_step(case, StepKind.RESOLVED, at=now, by=by, text=result)
    finish_case_tasks(case, FIRST_REPLY, WORK, now=now, by=by)
    day = working_calendar().add(timezone.localtime(now).date(), CONFIRM_WORKING_DAYS)
    asks_at = timezone.make_aware(datetime.combine(day, datetime.min.time()))
    raise_case_task(case, CONFIRM, case.assignee or by, asks_at, by)
    return case


@service
def close_case(
    *,
    case: Case,
    satisfaction: str,
    summary: str,
    now: datetime,
    by: User,
    is_lesson: bool = False,
) -> Case:
    """The client was asked, and what there is to learn is written down (STF-08)."""
    if not satisfaction:
        raise TextMissing(_("Say how satisfied the client is."))
    summary = required(summary, _("Write a summary of the case."))
    case = lock_settled(case)
    if case.status == CaseStatus.CLOSED:
        raise CaseNotSettled(_("This case is closed already."))
    case.status = CaseStatus.CLOSED
    case.closed_at = now
    case.satisfaction = satisfaction
    case.summary = summary
    case.is_lesson = is_lesson
    case.save()
    label = str(Satisfaction(satisfaction).label)
    write_step(case, StepKind.CLOSED, at=now, by=by, text=f"{label}\n{summary}")
    finish_case_tasks(case, CONFIRM, now=now, by=by)
    if satisfaction == Satisfaction.DISSATISFIED:
        _report_dissatisfied(case, by)
    return case


@service
def reopen_case(*, case: Case, reason: str, now: datetime, by: User) -> Case:
    """The client does not agree, or it came back. The clock goes on from the first contact."""
    reason = required(reason, _("Say why the case is reopened."))
    case = lock_settled(case)
    case.status = CaseStatus.REPLIED
    case.resolved_at = case.closed_at = None
    case.result = case.satisfaction = case.summary = ""
    case.is_lesson = False
    case.due_at = case.resolution_due_at
    if case.assignee is None or not case.assignee.is_active:
        case.assignee = by
    case.save()
    write_step(case, StepKind.REOPENED, at=now, by=by, text=reason)
    finish_case_tasks(case, CONFIRM, now=now, by=by)
    follow_work(case, by)
    return case


def _report_dissatisfied(case: Case, by: User) -> None:
    notify(
        recipients=supervisors_of(case.client, besides=[by]),
        kind="case-dissatisfied",
        key=f"case-dissatisfied:{case.pk}:{case.closed_at:%Y%m%d%H%M%S}",
        params={"number": case.number, "client": case.client.name},
        link=case.get_absolute_url(),
        by=by,
    )
