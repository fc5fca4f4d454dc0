"""Writes about visits."""

from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Client, Contact
from crm.lib.services import service
from staff.models import Task, User
from staff.selectors import working_calendar
from staff.services.work import notify
from visits.choices import RECORD_WORKING_DAYS, VisitMode, VisitState
from visits.exceptions import OutlineMissing, ReasonMissing, RecordIncomplete, VisitNotOpen
from visits.models import Visit
from visits.signals import visit_cancelled, visit_planned, visit_recorded


@service
def plan_visit(
    *,
    client: Client,
    purpose: str,
    starts_at: datetime,
    visitor: User,
    by: User,
    outline: str = "",
    mode: str = VisitMode.DOOR,
    task: Task | None = None,
    **fields: Any,
) -> Visit:
    """An appointment with purpose and outline (VIS-01, VIS-02, VIS-24)."""
    if not outline.strip() and not fields.get("is_unplanned"):
        raise OutlineMissing(_("Write an outline: what the visit is for and what to talk about."))
    visit = Visit.objects.create(
        client=client,
        purpose=purpose,
        starts_at=starts_at,
        visitor=visitor,
        outline=outline,
        mode=mode,
        task=task,
        record_due_on=record_due_on(starts_at, mode),
        created_by=by,
        **fields,
    )
    visit_planned.send(Visit, visit=visit, by=by)
    return visit


@service
def change_visit(*, visit: Visit, by: User, **fields: Any) -> Visit:
    """Move or correct a visit that has not taken place; the record deadline follows."""
    visit = _lock_open(visit)
    for name, value in fields.items():
        setattr(visit, name, value)
    visit.record_due_on = record_due_on(visit.starts_at, visit.mode)
    visit.save()
    return visit


@service
def record_visit(
    *,
    visit: Visit,
    summary: str,
    next_step: str,
    next_step_on: date | None,
    now: datetime,
    by: User,
    held_at: datetime | None = None,
    client_attitude: str = "",
) -> Visit:
    """Log what happened; summary and next step complete the visit (VIS-50, VIS-60)."""
    if not (summary.strip() and next_step.strip()):
        raise RecordIncomplete(_("Write what was talked about, and the next step."))
    visit = _lock_open(visit)
    visit.summary = summary
    visit.next_step = next_step
    visit.next_step_on = next_step_on
    visit.client_attitude = client_attitude
    visit.held_at = held_at or min(visit.starts_at, now)
    visit.recorded_at = now
    visit.state = VisitState.DONE
    visit.save()
    visit_recorded.send(Visit, visit=visit, by=by)
    return visit


@service
def log_contact(
    *,
    client: Client,
    mode: str,
    purpose: str,
    held_at: datetime,
    summary: str,
    next_step: str,
    next_step_on: date | None,
    now: datetime,
    by: User,
    contact: Contact | None = None,
    task: Task | None = None,
    client_attitude: str = "",
) -> Visit:
    """A call or meeting that had no appointment, planned and recorded at once (VIS-32, VIS-69)."""
    visit = plan_visit(
        client=client,
        mode=mode,
        purpose=purpose,
        starts_at=held_at,
        contact=contact,
        visitor=by,
        task=task,
        is_unplanned=True,
        by=by,
    )
    return record_visit(
        visit=visit,
        summary=summary,
        next_step=next_step,
        next_step_on=next_step_on,
        held_at=held_at,
        client_attitude=client_attitude,
        now=now,
        by=by,
    )


@service
def cancel_visit(*, visit: Visit, reason: str, by: User) -> Visit:
    """Call a visit off; the reason stays (VIS-31)."""
    if not reason.strip():
        raise ReasonMissing(_("Say why the visit is called off."))
    visit = _lock_open(visit)
    visit.state = VisitState.CANCELLED
    visit.cancelled_reason = reason
    visit.save()
    visit_cancelled.send(Visit, visit=visit, by=by)
    return visit


@service
def remind_of_overdue_records(*, today: date, by: User | None) -> int:
    """Tell each visitor of visits whose record is overdue, once a day; gives how many visits."""
    overdue = list(Visit.objects.overdue(today).select_related("client", "visitor"))
    for visit in overdue:
        notify(
            recipients=[visit.visitor],
            kind="record-overdue",
            key=f"record-overdue:{visit.pk}:{today}",
            params={"client": visit.client.name, "day": f"{visit.record_due_on:%Y-%m-%d}"},
            link=visit.get_absolute_url(),
            by=by,
        )
    return len(overdue)


def record_due_on(starts_at: datetime, mode: str) -> date:
    """Three working days after a door visit, two after a phone visit (VIS-61, VIS-62)."""
    day = timezone.localtime(starts_at).date()
    return working_calendar().add(day, RECORD_WORKING_DAYS[VisitMode(mode)])


def _lock_open(visit: Visit) -> Visit:
    visit = Visit.objects.select_for_update().get(pk=visit.pk)
    if not visit.is_open:
        raise VisitNotOpen(_("This visit is already logged or cancelled."))
    return visit
