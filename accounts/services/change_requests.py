"""Writes about changes that agents hand in (ORG-20, ORG-21, ADR 0049)."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.choices import ChangeState
from accounts.exceptions import (
    ChangeDecided,
    ChangeOpen,
    FieldChanged,
    NothingChanged,
    NotRequestable,
    NotTheRequester,
    OwnChange,
)
from accounts.models import ChangeRequest, Client
from accounts.selectors.change_requests import REQUESTABLE, as_json, conflicts, from_json
from accounts.selectors.concerned import supervisors_of
from accounts.services.answering import said
from accounts.services.clients import update_client
from accounts.services.telling import tell
from crm.lib.services import service
from staff.models import User


@service
def request_change(
    *,
    client: Client,
    values: Mapping[str, Any],
    reason: str,
    now: datetime,
    by: User,
    **fields: Any,
) -> ChangeRequest:
    """Hand in new values of a client's fields; those that are like this already are left out.

    The area manager is told. Raises NotRequestable for fields that are not an agent's to say,
    NothingChanged when nothing is left, ChangeOpen while an earlier one waits.
    """
    unknown = sorted(set(values) - set(REQUESTABLE))
    if unknown:
        raise NotRequestable(
            _("These fields cannot be handed in: %(names)s") % {"names": ", ".join(unknown)}
        )
    client = Client.objects.select_for_update(of=("self",)).with_people().get(pk=client.pk)
    changes = [
        {"name": name, "before": as_json(getattr(client, name)), "after": as_json(value),
         "accepted": None}
        for name, value in values.items()
        if getattr(client, name) != value
    ]  # fmt: skip
    if not changes:
        raise NothingChanged(_("Nothing would change."))
    if client.change_requests.open().filter(requested_by=by).exists():
        raise ChangeOpen(_("A change of yours waits already; withdraw it first."))
    request = ChangeRequest.objects.create(
        client=client,
        changes=changes,
        reason=said(reason),
        requested_at=now,
        requested_by=by,
        **fields,
    )
    tell(request, "change-requested", supervisors_of(client, besides=[by]), by=by)
    return request


@service
def decide_change(
    *,
    request: ChangeRequest,
    accept: Collection[str],
    now: datetime,
    by: User,
    word: str = "",
    override: Collection[str] = (),
) -> ChangeRequest:
    """Take over the fields named in `accept` and refuse the others; a no needs a word.

    Raises FieldChanged when a field of `accept` was changed since it was handed in and is not in
    `override`: the decider saw another value than the one that stands there.
    """
    request = _open_one(request)
    if request.requested_by_id == by.pk:
        raise OwnChange(_("Somebody else has to decide on your change."))
    client = Client.objects.select_for_update(of=("self",)).get(pk=request.client_id)
    taken = [change for change in request.changes if change["name"] in set(accept)]
    for change in taken:
        if change["name"] not in override and conflicts(client, change):
            label = client._meta.get_field(change["name"]).verbose_name  # type: ignore[union-attr]
            raise FieldChanged(
                _("%(field)s was changed meanwhile; look at it again.") % {"field": label}
            )
    state = _state(len(taken), len(request.changes))
    request.word = word.strip() if state == ChangeState.APPROVED else said(word)
    for change in request.changes:
        change["accepted"] = change in taken
    _end(request, state, now, by)
    if taken:
        values = {change["name"]: _value(change) for change in taken}
        update_client(client=client, by=by, **values)
    tell(request, "change-decided", [request.requested_by], by=by)
    return request


def _value(change: Mapping[str, Any]) -> Any:
    try:
        return from_json(change["name"], change["after"])
    except ValidationError as error:
        raise NotRequestable(_("This value cannot be taken over any more.")) from error


def _state(taken: int, asked: int) -> ChangeState:
    if taken == asked:
        return ChangeState.APPROVED
    return ChangeState.PARTLY if taken else ChangeState.REFUSED


@service
def withdraw_change(*, request: ChangeRequest, now: datetime, by: User) -> ChangeRequest:
    """Whoever handed it in takes it back."""
    request = _open_one(request)
    if request.requested_by_id != by.pk:
        raise NotTheRequester(_("Only whoever handed it in takes it back."))
    _end(request, ChangeState.WITHDRAWN, now, by)
    return request


def _open_one(request: ChangeRequest) -> ChangeRequest:
    rows = ChangeRequest.objects.select_for_update(of=("self",)).select_related(
        "client", "requested_by"
    )
    request = rows.get(pk=request.pk)
    if not request.is_open:
        raise ChangeDecided(_("This change is decided already."))
    return request


def _end(request: ChangeRequest, state: ChangeState, now: datetime, by: User) -> None:
    request.state, request.decided_at, request.decided_by = state, now, by
    request.save(update_fields=["changes", "state", "decided_at", "decided_by", "word"])
