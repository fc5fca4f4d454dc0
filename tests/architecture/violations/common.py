"""What the violating rows of several areas share."""

from collections.abc import Callable
from datetime import UTC, datetime

NOON = datetime(2026, 7, 6, 4, tzinfo=UTC)


def twice(factory: Callable, **fields) -> Callable[[], object]:
    """The same values in a second row."""
    return lambda: [factory(**fields) for _ in range(2)]
