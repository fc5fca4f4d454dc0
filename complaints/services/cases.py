"""Taking a case down."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Client, Contact
from accounts.selectors.concerned import representatives_of, supervisors_of
from complaints.choices import CaseStatus, Severity, StepKind, Urgency, Window
from complaints.clock import limits_of
from complaints.exceptions import CallerUnknown, FirstContactAhead, OtherClient
from complaints.models import Case
from complaints.services.steps import (
    FIRST_REPLY,
    follow_work,
    raise_case_task,
    required,
    write_step,
)
from crm.lib.models import uuid7
from crm.lib.repeats import made_once
from crm.lib.services import service
from crm.lib.working_days import OfficeHours
from staff.models import Unit, User
from staff.selectors import working_calendar
from staff.services.work import notify

# A clock of another machine may be a little ahead.
TOLERATED = timedelta(minutes=5)


@service
def open_case(
    *,
    client: Client,
    kind: str,
    said: str,
    now: datetime,
    by: User,
    id: UUID | None = None,  # noqa: A002 -- the field's name
    contact: Contact | None = None,
    first_contact_at: datetime | None = None,
    receiving_unit: Unit | None = None,
    urgency: str = Urgency.NORMAL,
    window: str = Window.CENTRE,
    **fields: Any,
) -> Case:
    """Whoever took it down is the first responder and handles it until it is handed over (ORG-16).

    The client need not be in their sight (ORG-08). Both clocks count from the first contact
    (ORG-17). Sent again with the same id it is the same case.
    """
    first_contact_at = first_contact_at or now
    _check(client, contact, fields.get("caller_name", ""), first_contact_at, now)
    reply_due, resolution_due = due_times(kind, urgency, first_contact_at)
    unit = receiving_unit or by.unit
    case = Case(
        id=id or uuid7(),
        number=_next_number(first_contact_at),
        client=client,
        contact=contact,
        kind=kind,
        said=required(said, _("Write what was said.")),
        urgency=urgency,
        window=window,
        receiving_unit=unit,
        responsible_unit=unit,
        first_responder=by,
        assignee=by,
        first_contact_at=first_contact_at,
        first_reply_due_at=reply_due,
        resolution_due_at=resolution_due,
        due_at=reply_due,
        status=CaseStatus.OPEN,
        created_at=now,
        **fields,
    )

    def insert() -> Case:
        case.save(force_insert=True)
        return case

    row, is_new = made_once(
        insert,
        Case,
        case.pk,
        is_same=lambda row: (row.client_id, row.first_responder_id) == (client.pk, by.pk),
    )
    if is_new:
        write_step(row, StepKind.OPENED, at=now, by=by)
        raise_case_task(row, FIRST_REPLY, by, reply_due, by)
        follow_work(row, by)
        _tell(row, by)
    return row


def due_times(kind: str, urgency: str, first_contact_at: datetime) -> tuple[datetime, datetime]:
    """When the first reply and the solution are due."""
    limits = limits_of(kind, urgency, settings.CASE_LIMITS)
    calendar, hours = working_calendar(), office_hours()
    return (
        limits.first_reply.due(first_contact_at, calendar, hours),
        limits.resolution.due(first_contact_at, calendar, hours),
    )


def office_hours() -> OfficeHours:
    opens, closes = settings.OFFICE_HOURS
    return OfficeHours(opens, closes, ZoneInfo(settings.TIME_ZONE))


def _check(
    client: Client,
    contact: Contact | None,
    caller_name: str,
    first_contact_at: datetime,
    now: datetime,
) -> None:
    if contact and contact.client_id != client.pk:
        raise OtherClient(_("This person belongs to another client."))
    if not contact and not caller_name.strip():
        raise CallerUnknown(_("Say who called: a contact of the client, or a name."))
    if first_contact_at > now + TOLERATED:
        raise FirstContactAhead(_("The first contact cannot lie in the future."))


def _next_number(day: datetime) -> str:
    """C2611-00042: the month of the first contact and a running number, never given twice."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('complaints_case_number')")
        (number,) = cursor.fetchone()
    return f"C{timezone.localtime(day, ZoneInfo(settings.TIME_ZONE)):%y%m}-{number:05}"


def _tell(case: Case, by: User) -> None:
    """The account manager hears of it; major matters also those who answer for the client."""
    client = case.client
    people = [client.owner] if client.owner else supervisors_of(client, besides=[by])
    if case.severity == Severity.MAJOR:
        people += [*supervisors_of(client, besides=[by]), *representatives_of(client)]
    notify(
        recipients=[person for person in people if person != by],
        kind="case-major" if case.severity == Severity.MAJOR else "case-opened",
        key=f"case-opened:{case.pk}",
        params={"number": case.number, "client": client.name, "person": by.full_name},
        link=case.get_absolute_url(),
        by=by,
    )
