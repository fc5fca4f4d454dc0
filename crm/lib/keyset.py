"""Keyset pages: the next page starts after the last row seen, so page 1,000 costs what page 1 costs."""

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db.models import Model, Q, QuerySet

T = TypeVar("T", bound=Model)

PAGE_SIZE = 50
PAGE_SIZE_MAX = 200


class InvalidCursor(ValueError):
    """The cursor was not made by us, or belongs to another order."""


@dataclass(frozen=True)
class Order:
    """One way to sort: a never-null column or annotation, ties broken by primary key."""

    name: str
    column: str
    descending: bool = False

    @property
    def ordering(self) -> tuple[str, str]:
        sign = "-" if self.descending else ""
        return (f"{sign}{self.column}", f"{sign}pk")


@dataclass(frozen=True)
class Page(Generic[T]):
    """Rows of one page and the cursors of its neighbours (None at either end)."""

    rows: list[T]
    next_cursor: str | None
    previous_cursor: str | None


def orders(**columns: str) -> dict[str, Order]:
    """`orders(name="name_key", income="-income")`: every name also works with a minus sign."""
    found = {}
    for name, column in columns.items():
        descending = column.startswith("-")
        bare = column.removeprefix("-")
        found[name] = Order(name, bare, descending)
        found[f"-{name}"] = Order(f"-{name}", bare, not descending)
    return found


def keyset_page(
    queryset: QuerySet[T], order: Order, *, cursor: str = "", limit: int = PAGE_SIZE
) -> Page[T]:
    """At most `limit` rows after (or before) the cursor.

    Raises InvalidCursor for a cursor of another order or one that was tampered with.
    """
    backwards, position = _decode(cursor, order) if cursor else (False, None)
    reading = Order(order.name, order.column, order.descending ^ backwards)
    rows_in_order = queryset.order_by(*reading.ordering)
    if position is not None:
        rows_in_order = rows_in_order.filter(_after(queryset, reading, position))
    rows = list(rows_in_order[: limit + 1])
    more = len(rows) > limit
    rows = rows[:limit]
    if backwards:
        rows.reverse()
    has_next = more if not backwards else True
    has_previous = more if backwards else bool(cursor)
    return Page(
        rows=rows,
        next_cursor=_encode(order, rows[-1], backwards=False) if rows and has_next else None,
        previous_cursor=_encode(order, rows[0], backwards=True) if rows and has_previous else None,
    )


def _after(queryset: QuerySet, reading: Order, position: tuple[Any, Any]) -> Q:
    value, pk = position
    side = "lt" if reading.descending else "gt"
    if reading.column == "pk":
        return Q(**{f"pk__{side}": pk})
    # The first part alone is redundant; it lets PostgreSQL start inside the index.
    return Q(**{f"{reading.column}__{side}e": value}) & (
        Q(**{f"{reading.column}__{side}": value}) | Q(**{f"pk__{side}": pk})
    )


def _encode(order: Order, row: Model, *, backwards: bool) -> str:
    value = getattr(row, order.column)
    # Not DjangoJSONEncoder: it cuts microseconds off, and rows would repeat or be skipped.
    text = json.dumps([order.name, int(backwards), value, row.pk], default=str)
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _decode(cursor: str, order: Order) -> tuple[bool, tuple[Any, Any]]:
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        name, backwards, value, pk = json.loads(text)
    except (binascii.Error, ValueError, UnicodeDecodeError, TypeError) as error:
        raise InvalidCursor(cursor) from error
    if (
        name != order.name
        or not isinstance(value, str | int | float)
        or not isinstance(pk, str | int)
    ):
        raise InvalidCursor(cursor)
    return bool(backwards), (value, pk)


def chosen_order(available: Mapping[str, Order], name: str, default: str) -> Order:
    """The order by that name; unknown names fall back to the default on pages."""
    return available.get(name) or available[default]
