"""What upper apps keep in units and with people, so that pages here can count it.

An upper app registers in its `ready()`; the counting is set-based, one query for all units asked.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.functional import Promise

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from staff.models import User

Counter = Callable[[Collection[int]], Mapping[int, int]]


@dataclass(frozen=True)
class Holding:
    """One kind of record: how many each unit or person has (those without any are left out)."""

    label: str | Promise
    by_unit: Counter
    by_person: Counter
    # Those of a person that somebody sees, by the person's id, and where they are listed.
    in_sight: Callable[[int, "User"], int]
    url_of_person: Callable[[int], str]
    right: str  # to open that list


@dataclass(frozen=True)
class Portfolio:
    """What makes up a person's load, of which one can have too much (ORG-22).

    `annotate(people, asker)` adds `portfolio`, the number the asker sees, and `is_overloaded`,
    which counts everything; `overloaded(people)` leaves those who have too much.
    """

    label: str | Promise
    annotate: Callable[["QuerySet[User]", "User"], "QuerySet[User]"]
    overloaded: Callable[["QuerySet[User]"], "QuerySet[User]"]
    url_of_person: Callable[[int], str]


_PORTFOLIOS: list[Portfolio] = []
_HOLDINGS: dict[str, Holding] = {}


def register(name: str, holding: Holding) -> None:
    _HOLDINGS[name] = holding


def register_portfolio(portfolio: Portfolio) -> None:
    """There is one; the last app to say so has it."""
    _PORTFOLIOS[:] = [portfolio]


def portfolio() -> Portfolio | None:
    return _PORTFOLIOS[0] if _PORTFOLIOS else None


def all_holdings() -> list[Holding]:
    return list(_HOLDINGS.values())
