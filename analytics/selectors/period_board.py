"""Months against units: what has been loaded, what is missing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Sum

from analytics.models import BillingImport, BillingPeriod, ClientMonth
from staff.models import Unit, User

MONTHS = 24


@dataclass(frozen=True)
class PeriodRow:
    """A month: its state, its files, and clients and income for each unit that has any."""

    period: BillingPeriod
    files: Sequence[BillingImport]
    clients: int
    income: object
    units: Sequence[tuple[Unit, int]]


def period_board(user: User) -> list[PeriodRow]:
    """The newest months, the newest first; figures exist for complete months."""
    periods = list(BillingPeriod.objects.select_related("completed_by").order_by("-month")[:MONTHS])
    months = [period.month for period in periods]
    files: dict[date, list[BillingImport]] = {}
    loaded = BillingImport.objects.visible_to(user).loaded().filter(periods__overlap=months)
    for billing_import in loaded.order_by("number"):
        for month in billing_import.periods:
            files.setdefault(month, []).append(billing_import)
    facts = ClientMonth.objects.visible_to(user).filter(period__in=months, has_rows=True)
    totals: dict[date, Any] = {
        row["period"]: row
        for row in facts.values("period").annotate(clients=Count("client"), income=Sum("income"))
    }
    units: dict[date, list[tuple[int, int]]] = {}
    by_unit = facts.values_list("period", "client__unit").annotate(n=Count("client"))
    for month, unit_id, clients in by_unit.order_by("client__unit"):
        units.setdefault(month, []).append((unit_id, clients))
    names = Unit.objects.order_by().in_bulk({unit for row in units.values() for unit, _ in row})
    return [
        PeriodRow(
            period=period,
            files=files.get(period.month, []),
            clients=totals.get(period.month, {}).get("clients", 0),
            income=totals.get(period.month, {}).get("income"),
            units=[(names[unit], n) for unit, n in units.get(period.month, [])],
        )
        for period in periods
    ]
