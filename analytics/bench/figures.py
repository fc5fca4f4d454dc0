"""A measured figure and how it is made from several tries."""

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from statistics import median

ROUNDS = 3
LAST_MONTH = date(2026, 10, 1)
ROSTER = "clients.csv"


@dataclass(frozen=True)
class Size:
    """How much of everything; bills have `members` rows a month."""

    clients: int
    members: int
    months: int
    requests: int


FULL = Size(clients=20_000, members=1_000_000, months=13, requests=30)
QUICK = Size(clients=1_000, members=50_000, months=13, requests=10)


@dataclass(frozen=True)
class Figure:
    """`floor` is in the same unit as `value`, measured in the same run; `ratio` = value ÷ floor."""

    name: str
    value: float
    unit: str
    floor: float | None = None
    ratio: float | None = None

    def as_json(self) -> str:
        return json.dumps(
            {k: round(v, 3) if isinstance(v, float) else v for k, v in asdict(self).items()}
        )


def compared(name: str, unit: str, pairs: Sequence[tuple[float, float]]) -> Figure:
    """From (floor, subject) pairs: medians, and the median of the ratios pair by pair."""
    return Figure(
        name,
        median(subject for _, subject in pairs),
        unit,
        median(floor for floor, _ in pairs),
        median(subject / floor for floor, subject in pairs),
    )


def in_turn(
    floor: Callable[[], float], subject: Callable[[], float], rounds: int = ROUNDS
) -> list[tuple[float, float]]:
    """Floor and subject one after the other, so that a busy machine slows both."""
    return [(floor(), subject()) for _ in range(rounds)]
