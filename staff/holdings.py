"""What upper apps keep in units and with people, so that pages here can count it.

An upper app registers in its `ready()`; the counting is set-based, one query for all units asked.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from django.utils.functional import Promise

Counter = Callable[[Collection[int]], Mapping[int, int]]


@dataclass(frozen=True)
class Holding:
    """One kind of record: how many each unit or person has (those without any are left out)."""

    label: str | Promise
    by_unit: Counter
    by_person: Counter
    # Where the records of a person are listed, by their id.
    url_of_person: Callable[[int], str]


_HOLDINGS: dict[str, Holding] = {}


def register(name: str, holding: Holding) -> None:
    _HOLDINGS[name] = holding


def all_holdings() -> list[Holding]:
    return list(_HOLDINGS.values())
