"""Writes about clients."""

from datetime import datetime
from typing import Any

from django.db import IntegrityError
from django.utils.translation import gettext as _
from psycopg2.errorcodes import UNIQUE_VIOLATION

from accounts.exceptions import DuplicateClient, NotAnOwner
from accounts.models import Client, Ownership
from accounts.services.archive import CHECKED_FIELDS, check_archive
from accounts.services.completeness import archives_changed
from accounts.signals import owners_changed
from crm.lib import pinyin
from crm.lib.services import service
from staff.choices import OWNER_ROLES, UNIT_ROLES
from staff.models import User


@service
def create_client(
    *,
    owner: User | None,
    now: datetime,
    by: User | None,
    allow_same_name: bool = False,
    **fields: Any,
) -> Client:
    """A new client, once only; with an owner, the ownership history begins."""
    client = Client(**fields)
    client_keys(client)
    check_archive(client, allow_same_name=allow_same_name)
    try:
        client.save(force_insert=True)
    except IntegrityError as error:
        if getattr(error.__cause__, "pgcode", "") != UNIQUE_VIOLATION:
            raise
        raise DuplicateClient(_("There is a client with this code already.")) from error
    if owner:
        assign_owner(client=client, owner=owner, reason="", now=now, by=by)
    archives_changed([client.pk])
    return client


@service
def update_client(
    *, client: Client, by: User | None, allow_same_name: bool = False, **fields: Any
) -> Client:
    """Plain edit of the archive; owner and status change by services of their own only."""
    client = Client.objects.select_for_update().get(pk=client.pk)
    changed = {name for name, value in fields.items() if getattr(client, name) != value}
    for name, value in fields.items():
        setattr(client, name, value)
    client_keys(client)
    if changed & CHECKED_FIELDS:
        # A name that stood twice before stays possible until somebody touches it.
        renamed = bool(changed & {"name", "unit"})
        check_archive(client, allow_same_name=allow_same_name or not renamed)
    client.save()
    if changed:
        archives_changed([client.pk])
    return client


@service
def assign_owner(
    *, client: Client, owner: User, reason: str, now: datetime, by: User | None
) -> Client:
    """Hand the client to an account manager and keep who had it before (ORG-02)."""
    if owner.role not in OWNER_ROLES | UNIT_ROLES or not owner.is_active:
        raise NotAnOwner(
            _("%(person)s cannot be responsible for clients.") % {"person": owner.full_name}
        )
    locked = Client.objects.select_for_update().get(pk=client.pk)
    if locked.owner_id != owner.pk:
        locked.ownerships.current().update(ended_at=now)
        Ownership.objects.create(
            client=locked, owner=owner, started_at=now, reason=reason, assigned_by=by
        )
        locked.owner = owner
        locked.save(update_fields=["owner", "updated_at"])
        owners_changed.send(Client, clients=[locked], now=now, by=by)
    client.owner = owner
    return client


def client_keys(client: Client) -> None:
    """Sort and search keys follow name and code; also used by the roster import's bulk write."""
    client.sort_key = pinyin.sort_key(client.name)
    client.search_text = pinyin.search_text(client.name, client.code)
