"""Fields that agents may hand in changes of, and a request beside what stands there now."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder

from accounts.catalogue import GROUPS, IMPORTED
from accounts.models import ChangeRequest, Client
from accounts.selectors.archive import spoken
from staff.models import User

MOST_WAITING = 100

# Relations name other rows; the code, the unit and imported numbers are not an agent's to say.
NOT_REQUESTABLE = {
    "code", "unit", "superior", "referring_client", "referring_colleague", "lead_source",
    "is_high_end", *IMPORTED,
}  # fmt: skip
REQUESTABLE = tuple(
    name for group in GROUPS for name in group.fields if name not in NOT_REQUESTABLE
)

REQUESTABLE_CHOICES = [(name, name) for name in REQUESTABLE]


def as_json(value: Any) -> Any:
    """A field's value as the request keeps it."""
    return json.loads(json.dumps(value, cls=DjangoJSONEncoder))


def from_json(name: str, value: Any) -> Any:
    """The value for the client's field; ValidationError when it is none."""
    field: Any = Client._meta.get_field(name)
    return field.clean(value, None) if value not in (None, "") else _empty(field)


def _empty(field: Any) -> Any:
    if not field.blank and not field.null:
        raise ValidationError(str(field.verbose_name))
    return "" if field.empty_strings_allowed else None


def waiting_for(user: User) -> int:
    """How many changes wait for this person's decision, up to a hundred."""
    rows = ChangeRequest.objects.visible_to(user).to_be_decided_by(user)
    return rows.order_by()[:MOST_WAITING].count()


@dataclass(frozen=True)
class FieldChange:
    """One field: as it was, as it should be, as it is now; `conflicts` when it has changed since."""

    name: str
    label: str
    before: str
    after: str
    now: str
    conflicts: bool
    accepted: bool | None


def field_changes(request: ChangeRequest) -> Sequence[FieldChange]:
    return [_field_change(request.client, change) for change in request.changes]


def _field_change(client: Client, change: Mapping[str, Any]) -> FieldChange:
    name = change["name"]
    field: Any = Client._meta.get_field(name)
    return FieldChange(
        name=name,
        label=str(field.verbose_name),
        before=_said(name, change["before"]),
        after=_said(name, change["after"]),
        now=spoken(client, name),
        conflicts=change["accepted"] is None and conflicts(client, change),
        accepted=change["accepted"],
    )


def conflicts(client: Client, change: Mapping[str, Any]) -> bool:
    """Somebody changed the field after this was handed in, and not to what it asks for."""
    now = as_json(getattr(client, change["name"]))
    return now not in (change["before"], change["after"])


def _said(name: str, value: Any) -> str:
    """A value as a person says it, by way of a client that is never saved."""
    field: Any = Client._meta.get_field(name)
    return spoken(Client(**{name: field.to_python(value)}), name)
