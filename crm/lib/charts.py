"""What a chart shows, for the picture and its table twin alike (templates/components/chart.html)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.utils.functional import Promise

Number = int | Decimal | float | None


@dataclass(frozen=True)
class Series:
    name: str | Promise
    values: Sequence[Number]


@dataclass(frozen=True)
class Chart:
    """`kind`: line, bar, stacked or pie. `urls`: where each label leads, or empty."""

    id: str
    title: str | Promise
    labels: Sequence[str]
    series: Sequence[Series]
    kind: str = "line"
    unit: str = ""
    urls: Sequence[str] = field(default_factory=list)
