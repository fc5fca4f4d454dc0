"""Writing down services."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Client, Contact, Member
from care.exceptions import InTheFuture, OtherClient, TextMissing
from care.models import ServiceRecord
from crm.lib.models import uuid7
from crm.lib.repeats import made_once
from crm.lib.services import service
from staff.models import User


@service
def record_service(
    *,
    client: Client,
    done: str,
    served_on: date,
    now: datetime,
    by: User,
    id: UUID | None = None,  # noqa: A002 -- the field's name
    contact: Contact | None = None,
    member: Member | None = None,
    served_by: User | None = None,
    **fields: Any,
) -> ServiceRecord:
    """For the client, one of its people or one of its lines. Sent again with the same id it is the
    same record."""
    owners = {whom.client_id for whom in (contact, member) if whom is not None}
    if owners - {client.pk}:
        raise OtherClient(_("This person belongs to another client."))
    if not done.strip():
        raise TextMissing(_("Write what was done."))
    if served_on > timezone.localtime(now).date():
        raise InTheFuture(_("This lies in the future."))
    record = ServiceRecord(
        id=id or uuid7(),
        client=client,
        contact=contact,
        member=None if contact else member,
        done=done.strip(),
        served_on=served_on,
        served_by=served_by or by,
        created_at=now,
        **fields,
    )

    def insert() -> ServiceRecord:
        record.save(force_insert=True)
        return record

    row, _is_new = made_once(
        insert, ServiceRecord, record.pk, is_same=lambda row: row.client_id == client.pk
    )
    return row
