"""What a bulk change would do, and how one reads afterwards."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _

from accounts.bulk_rules import differences, rule_refusals
from accounts.choices import BulkOutcome, ClientNature, ClientStatus, FeePayment
from accounts.models import Client
from accounts.selectors.handovers import portfolio_sizes
from staff.models import Unit, User

CHOICES: dict[str, Any] = {
    "status": ClientStatus, "nature": ClientNature, "payment_method": FeePayment,
}  # fmt: skip


@dataclass(frozen=True)
class FieldChange:
    label: str
    old: str
    new: str


@dataclass(frozen=True)
class PlannedRow:
    """`refusal` says why nothing will happen to the client."""

    client: Client
    changes: Sequence[FieldChange]
    refusal: str


@dataclass(frozen=True)
class BulkPreview:
    rows: Sequence[PlannedRow]
    changing: int
    refused: int
    same: int
    portfolio_after: int | None  # clients of the new account manager then

    @property
    def is_too_many(self) -> bool:
        return (self.portfolio_after or 0) > settings.PORTFOLIO_CLIENTS


def bulk_preview(clients: Sequence[Client], values: Mapping[str, Any]) -> BulkPreview:
    """Row by row what would change; a constant number of queries."""
    planned = {client.pk: differences(client, values) for client in clients}
    moving = [client for client in clients if planned[client.pk][1]]
    refused = rule_refusals(moving, values)
    names = Names([part for pair in planned.values() for part in pair])
    rows = [_row(client, planned[client.pk], refused.get(client.pk), names) for client in clients]
    changing = len(moving) - len(refused)
    return BulkPreview(
        rows=rows,
        changing=changing,
        refused=len(refused),
        same=len(clients) - len(moving),
        portfolio_after=_portfolio_after(values, planned, refused),
    )


def _row(
    client: Client, planned: tuple[dict, dict], refusal: str | None, names: "Names"
) -> PlannedRow:
    if not planned[1]:
        refusal = BulkOutcome.SAME
    label = str(BulkOutcome(refusal).label) if refusal else ""
    return PlannedRow(client, [] if refusal else names.changes(*planned), label)


def _portfolio_after(
    values: Mapping[str, Any],
    planned: Mapping[UUID, tuple[dict, dict]],
    refused: Mapping[UUID, str],
) -> int | None:
    if "owner" not in values:
        return None
    gets = sum("owner" in after for pk, (_, after) in planned.items() if pk not in refused)
    person = User.objects.get(pk=values["owner"])
    return portfolio_sizes([person]).get(person.pk, 0) + gets


class Names:
    """People and units by their ids, looked up once for all rows."""

    def __init__(self, parts: Sequence[Mapping[str, Any]]) -> None:
        people = {part["owner"] for part in parts if part.get("owner")}
        units = {part["unit"] for part in parts if part.get("unit")}
        self._people = dict(User.objects.filter(pk__in=people).values_list("pk", "full_name"))
        self._units = dict(Unit.objects.filter(pk__in=units).order_by().values_list("pk", "name"))

    def changes(self, before: Mapping[str, Any], after: Mapping[str, Any]) -> list[FieldChange]:
        return [
            FieldChange(label_of(name), self.shown(name, before[name]), self.shown(name, value))
            for name, value in after.items()
        ]

    def shown(self, name: str, value: Any) -> str:
        if value in (None, ""):
            return "–"
        if name == "owner":
            return self._people.get(value, "–")
        if name == "unit":
            return self._units.get(value, "–")
        if name == "is_high_end":
            return _("yes") if value else _("no")
        return str(CHOICES[name](value).label) if name in CHOICES else str(value)


def label_of(name: str) -> str:
    label = str(Client._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
    return label[:1].upper() + label[1:]
