"""What a bulk change may do to a client; its preview and its service ask the same."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from accounts.choices import NEXT_STATUSES, BulkOutcome, ClientStatus
from accounts.completeness import with_basics
from accounts.models import Client

# Field of the change -> attribute of the client. The class is proposed and approved instead (ARC-14).
ATTRIBUTES = {
    "owner": "owner_id", "unit": "unit_id", "status": "status", "industry": "industry",
    "nature": "nature", "payment_method": "payment_method", "is_high_end": "is_high_end",
}  # fmt: skip


def rule_refusals(clients: Sequence[Client], values: Mapping[str, Any]) -> dict[UUID, str]:
    """Clients that a rule keeps from getting these values; the preview asks the same."""
    refused: dict[UUID, str] = {}
    if "status" in values:
        refused |= _status_refusals(clients, values["status"])
    if "unit" in values:
        refused |= _name_refusals(clients, values["unit"])
    return refused


def _status_refusals(clients: Sequence[Client], status: str) -> dict[UUID, str]:
    """Steps that skip a stage (ARC-01), targets whose basic profile is not filled (ARC-06)."""
    moving = [client for client in clients if client.status != status]
    refused: dict[UUID, str] = {
        client.pk: BulkOutcome.STEP
        for client in moving
        if status not in NEXT_STATUSES[client.status]
    }
    prospects = {c.pk for c in moving if c.status == ClientStatus.POTENTIAL} - refused.keys()
    known = with_basics(Client.objects.filter(pk__in=prospects)).values_list("pk", flat=True)
    return refused | dict.fromkeys(prospects - {*known}, BulkOutcome.BASICS)


def _name_refusals(clients: Sequence[Client], unit: int) -> dict[UUID, str]:
    """A unit has each name once (ARC-F01), also among those that come together."""
    moving = [client for client in clients if client.unit_id != unit]
    there = Client.objects.filter(unit=unit, sort_key__in={c.sort_key for c in moving})
    taken = {name.strip().casefold() for name in there.values_list("name", flat=True)}
    refused: dict[UUID, str] = {}
    for client in moving:
        name = client.name.strip().casefold()
        if name in taken:
            refused[client.pk] = BulkOutcome.SAME_NAME
        taken.add(name)
    return refused


def differences(client: Client, values: Mapping[str, Any]) -> tuple[dict, dict]:
    """Fields that would change: as they are, and as they will be."""
    before = {name: getattr(client, ATTRIBUTES[name]) for name in values}
    names = [name for name, value in values.items() if before[name] != value]
    return {name: before[name] for name in names}, {name: values[name] for name in names}
