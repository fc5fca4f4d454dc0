"""Steps of a running case: replies, notes, handing over, calling a leader."""

from datetime import datetime

from django.utils.translation import gettext as _

from accounts.choices import Personality
from complaints.choices import CaseStatus, StepKind
from complaints.exceptions import AlreadyReplied, ImpossibleHandler, NobodyOnDuty
from complaints.models import Case
from complaints.services.steps import (
    FIRST_REPLY,
    finish_case_tasks,
    follow_work,
    lock,
    lock_running,
    required,
    write_step,
)
from crm.lib.services import service
from staff.choices import Role
from staff.models import Unit, User
from staff.selectors import supervisors_by_unit
from staff.selectors.duty import on_duty
from staff.services.work import notify


@service
def give_first_reply(*, case: Case, text: str, now: datetime, by: User) -> Case:
    """The client has an answer; from here on the clock of the solution counts (ORG-16)."""
    text = required(text, _("Write what the client was told."))
    case = lock_running(case)
    if not case.owes_first_reply:
        raise AlreadyReplied(_("The first reply was given already. Write a note instead."))
    case = note_first_reply(case, now=now, by=by)
    case.save()
    write_step(case, StepKind.FIRST_REPLY, at=now, by=by, text=text)
    return case


def note_first_reply(case: Case, *, now: datetime, by: User) -> Case:
    """Part of the step that answers the client for the first time; the caller saves the case."""
    case.first_replied_at = now
    case.status = CaseStatus.REPLIED
    case.due_at = case.resolution_due_at
    finish_case_tasks(case, FIRST_REPLY, now=now, by=by)
    return case


@service
def add_note(*, case: Case, text: str, now: datetime, by: User) -> Case:
    """Something everybody who works on the case should know; also after it was closed."""
    case = lock(case)
    write_step(case, StepKind.NOTE, at=now, by=by, text=required(text, _("Write the note.")))
    return case


@service
def transfer_case(
    *,
    case: Case,
    reason: str,
    now: datetime,
    by: User,
    person: User | None = None,
    unit: Unit | None = None,
) -> Case:
    """To a person, or to everybody in a unit. The first reply stays with the first responder, and
    no clock starts anew (ORG-16, ORG-17)."""
    reason = required(reason, _("Say why the case is handed over."))
    if (person is None) == (unit is None):
        raise ImpossibleHandler(_("Choose either a person or a unit."))
    case = lock_running(case)
    if person is not None and (not person.is_active or person.pk == case.assignee_id):
        raise ImpossibleHandler(_("This person has the case already, or works here no more."))
    case.assignee = person
    case.handed_unit = unit
    case.responsible_unit = unit or person.unit  # type: ignore[union-attr]
    case.save()
    write_step(case, StepKind.TRANSFER, at=now, by=by, text=reason, to_person=person, to_unit=unit)
    follow_work(case, by)
    notify(
        recipients=[person] if person else _people_to_tell(case.responsible_unit),
        kind="case-handed",
        key=f"case-handed:{case.pk}:{now:%Y%m%d%H%M%S}",
        params={"number": case.number, "client": case.client.name, "person": by.full_name},
        link=case.get_absolute_url(),
        by=by,
    )
    return case


@service
def take_case(*, case: Case, now: datetime, by: User) -> Case:
    """Somebody of the unit takes on what was handed to all of them."""
    case = lock_running(case)
    if case.assignee_id is not None or case.handed_unit_id is None:
        raise ImpossibleHandler(_("Somebody has taken this case on already."))
    case.assignee = by
    case.save()
    write_step(case, StepKind.TAKEN, at=now, by=by, to_person=by)
    follow_work(case, by)
    return case


@service
def judge_personality(*, case: Case, personality: str, now: datetime, by: User) -> Case:
    """What sort of person called, so that they are answered the right way (CON-14)."""
    case = lock(case)
    case.personality = personality
    case.save()
    label = str(Personality(personality).label) if personality else "–"
    write_step(case, StepKind.PERSONALITY, at=now, by=by, text=label)
    return case


@service
def call_leader(*, case: Case, now: datetime, by: User, text: str = "") -> Case:
    """The client wants a leader: who is on duty where the case was received is told at once
    (ORG-28); outside all shifts, who answers for that unit."""
    case = lock_running(case)
    called = on_duty(case.receiving_unit, now)
    called = called or supervisors_by_unit().get(case.receiving_unit_id, [])
    if not called:
        raise NobodyOnDuty(
            _("Nobody is on duty, and the unit has no supervisor. Call your own leader.")
        )
    case.leader = called[0]
    case.save()
    write_step(case, StepKind.LEADER, at=now, by=by, text=text.strip(), to_person=case.leader)
    notify(
        recipients=[case.leader],
        kind="case-leader",
        key=f"case-leader:{case.pk}:{now:%Y%m%d%H%M%S}",
        params={"number": case.number, "client": case.client.name, "person": by.full_name},
        link=case.get_absolute_url(),
        by=by,
    )
    return case


def _people_to_tell(unit: Unit) -> list[User]:
    """Clerks of the unit and who answers for it; without either everybody in it."""
    clerks = unit.people.filter(role=Role.COMPLAINT_CLERK, is_active=True)
    told = [*clerks.order_by("pk"), *supervisors_by_unit().get(unit.pk, [])]
    return told or list(unit.people.filter(is_active=True).order_by("pk"))
