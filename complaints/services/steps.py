"""What every step of a case shares: its lock, its entry in the line, its to-dos."""

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from complaints.choices import StepKind
from complaints.exceptions import CaseNotOpen, CaseNotSettled, TextMissing
from complaints.models import Case, CaseStep
from staff.models import Task, Unit, User
from staff.services.work import finish_task, raise_task

FIRST_REPLY = "case-first-reply"
WORK = "case-work"
CONFIRM = "case-confirm"


def lock(case: Case) -> Case:
    return Case.objects.select_for_update(of=("self",)).with_people().get(pk=case.pk)


def lock_running(case: Case) -> Case:
    case = lock(case)
    if not case.is_running:
        raise CaseNotOpen(_("This case is solved already. Reopen it first."))
    return case


def lock_settled(case: Case) -> Case:
    case = lock(case)
    if not case.is_settled:
        raise CaseNotSettled(_("This case is not solved yet."))
    return case


def required(text: str, message: str) -> str:
    if not text.strip():
        raise TextMissing(message)
    return text.strip()


def write_step(
    case: Case,
    kind: StepKind,
    *,
    at: datetime,
    by: User,
    text: str = "",
    to_person: User | None = None,
    to_unit: Unit | None = None,
) -> CaseStep:
    return CaseStep.objects.create(
        case=case, kind=kind, at=at, by=by, text=text, to_person=to_person, to_unit=to_unit
    )


def raise_case_task(case: Case, kind: str, assignee: User, due_at: datetime, by: User) -> Task:
    return raise_task(
        kind=kind,
        subject_id=case.pk,
        params={"number": case.number, "client": case.client.name},
        link=case.get_absolute_url(),
        assignee=assignee,
        due_on=timezone.localtime(due_at).date(),
        by=by,
    )


def finish_case_tasks(case: Case, *kinds: str, now: datetime, by: User) -> None:
    for task in Task.objects.open().filter(subject_id=case.pk, kind__in=kinds):
        finish_task(task=task, now=now, by=by)


def follow_work(case: Case, by: User) -> None:
    """The to-do to solve the case is its handler's; nobody's while it waits in a unit."""
    if case.assignee and case.is_running:
        raise_case_task(case, WORK, case.assignee, case.resolution_due_at, by)
    else:
        Task.objects.open().filter(subject_id=case.pk, kind=WORK).delete()
