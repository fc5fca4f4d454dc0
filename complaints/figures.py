"""Satisfaction and complaints of a month against "double hundred" (ORG-26).

Each number is counted by the queue's own filter, so it opens exactly its rows (P2).
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse

from complaints.choices import CaseKind, Satisfaction
from complaints.filters import CaseFilter
from complaints.models import Case
from staff.models import Unit

TARGET_SATISFIED = Decimal(1)
TARGET_COMPLAINTS = 0


@dataclass(frozen=True)
class Cell:
    """A number and the address of the rows it counts."""

    value: int
    url: str


@dataclass(frozen=True)
class CaseFigures:
    """`rate`: satisfied ones among those asked, from 0 to 1; None when nobody was asked."""

    month: date
    complaints: Cell
    asked: Cell
    satisfied: Cell
    dissatisfied: Cell
    running: Cell
    overdue: Cell

    @property
    def rate(self) -> Decimal | None:
        return Decimal(self.satisfied.value) / self.asked.value if self.asked.value else None

    @property
    def is_rate_reached(self) -> bool:
        return self.rate is None or self.rate >= TARGET_SATISFIED

    @property
    def is_count_reached(self) -> bool:
        return self.complaints.value <= TARGET_COMPLAINTS


def case_figures(request: HttpRequest, *, month: date, unit: Unit | None) -> CaseFigures:
    """Of the cases the person may see; of one unit, those it or one below is responsible for."""
    text = f"{month:%Y-%m}"

    def cell(**query: str) -> Cell:
        if unit:
            query["unit"] = unit.code
        rows = CaseFilter(query, Case.objects.visible_to(request.user), request=request).qs
        address = f"{reverse('complaints:case_list')}?{urlencode(query)}"
        return Cell(rows.order_by().count(), address)

    return CaseFigures(
        month=month,
        complaints=cell(kind=CaseKind.COMPLAINT, received_in=text),
        asked=cell(asked="true", closed_in=text),
        satisfied=cell(satisfaction=Satisfaction.SATISFIED, closed_in=text),
        dissatisfied=cell(satisfaction=Satisfaction.DISSATISFIED, closed_in=text),
        running=cell(running="true"),
        overdue=cell(overdue="true"),
    )
