"""Typed rows of member bills on their way from the file to the database."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Self

import numpy as np

from analytics.choices import FeeCategory

CATEGORIES = tuple(category.value for category in FeeCategory)
FIELDS = (
    "line", "period", "client", "msisdn", "status", "tier", "joined_on", "corporate_paid",
    *CATEGORIES, "discount", "total", "arrears", "payment_method", "points",
)  # fmt: skip
PLACE = {name: place for place, name in enumerate(FIELDS)}
EPOCH = date(2000, 1, 1)  # PostgreSQL counts days from here.
NO_DATE = -(2**62)


def as_number(value: Any) -> int:
    """A typed value as the whole number that a bill carries."""
    return (value - EPOCH).days if isinstance(value, date) else int(value)


@dataclass(frozen=True)
class Bills:
    """`numbers`, shape (len(FIELDS), rows): days since EPOCH, fen, and NO_DATE for no date.

    `client` is the index of the client in the file's `ClientIndex`.
    """

    numbers: np.ndarray

    @classmethod
    def of_rows(cls, rows: Sequence[Sequence[int]]) -> Self:
        """From one sequence of FIELDS for each row."""
        return cls(np.array(rows, np.int64).reshape(-1, len(FIELDS)).T)

    @classmethod
    def in_order(cls, parts: Sequence[Self]) -> Self:
        """All of them, ordered by line."""
        filled = [part for part in parts if part.height]
        if len(filled) == 1:
            return filled[0]
        numbers = np.concatenate([part.numbers for part in parts], axis=1)
        return cls(numbers[:, np.argsort(numbers[PLACE["line"]], kind="stable")])

    @property
    def height(self) -> int:
        return self.numbers.shape[1]

    def __getitem__(self, name: str) -> np.ndarray:
        return self.numbers[PLACE[name]]

    def only(self, wanted: np.ndarray) -> Self:
        """The rows for which `wanted` is true."""
        return self if wanted.all() else self.__class__(self.numbers[:, wanted])

    def by_month(self) -> Iterator[tuple[date, Self]]:
        periods = self["period"]
        for days in np.unique(periods).tolist():
            yield EPOCH + timedelta(days=days), self.only(periods == days)
