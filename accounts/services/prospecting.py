"""Writes about a client's life from prospect to churned (ARC-01)."""

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.choices import NEXT_STATUSES, ClientStatus
from accounts.completeness import missing_basics
from accounts.exceptions import BasicProfileIncomplete, ReasonMissing, StatusStepNotAllowed
from accounts.models import PROVISIONAL, Client, StatusChange
from accounts.services.clients import create_client, update_client
from accounts.services.contacts import create_contact
from crm.lib.models import uuid7
from crm.lib.services import service
from crm.lib.text import listed
from staff.models import User


@service
def create_prospect(
    *,
    owner: User | None,
    now: datetime,
    by: User,
    contact: dict[str, Any] | None = None,
    allow_same_name: bool = False,
    **fields: Any,
) -> Client:
    """A potential client, with its first contact when there is one (ARC-01, ARC-04).

    Its code is provisional until the billing system gives one.
    """
    pk = uuid7()
    client = create_client(
        id=pk,
        code=f"{PROVISIONAL}{pk.hex[-10:].upper()}",
        status=ClientStatus.POTENTIAL,
        owner=owner,
        now=now,
        by=by,
        allow_same_name=allow_same_name,
        **fields,
    )
    if contact:
        create_contact(client=client, today=timezone.localdate(now), by=by, **contact)
    return client


@service
def change_status(
    *, client: Client, status: str, reason: str, now: datetime, by: User | None
) -> Client:
    """One step in the client's life, kept with its reason.

    Refuses steps that skip a stage, and a target whose basic profile is not filled (ARC-06).
    """
    if not reason.strip():
        raise ReasonMissing(_("Say why the status changes."))
    client = Client.objects.select_for_update().get(pk=client.pk)
    if status not in NEXT_STATUSES[client.status]:
        raise StatusStepNotAllowed(
            _("From “%(old)s” a client cannot become “%(new)s”.")
            % {"old": client.get_status_display(), "new": ClientStatus(status).label}
        )
    if client.status == ClientStatus.POTENTIAL and (lacking := missing_basics(client)):
        raise BasicProfileIncomplete(
            _("First fill in: %(fields)s.")
            % {"fields": listed(str(each.label) for each in lacking)}
        )
    StatusChange.objects.create(
        client=client, old=client.status, new=status, reason=reason, changed_at=now, changed_by=by
    )
    return update_client(client=client, by=by, status=status)
