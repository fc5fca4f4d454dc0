"""What hangs on a person's clients besides the clients themselves.

Upper apps register what they count; previews of handovers show it without knowing them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from django.utils.functional import Promise

if TYPE_CHECKING:
    from accounts.models import ClientQuerySet

Count = Callable[["ClientQuerySet"], dict[UUID, int]]


@dataclass(frozen=True)
class WorkFigure:
    """`count` gives a number for each client that has any, in one query for all of them."""

    label: str | Promise
    count: Count


WORK_FIGURES: dict[str, WorkFigure] = {}


def register(name: str, label: str | Promise, count: Count) -> None:
    """Called from an app's `ready()`."""
    WORK_FIGURES[name] = WorkFigure(label, count)
