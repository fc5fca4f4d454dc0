"""Rows and values as JSON keeps them, exactly, so that they can be put back."""

from datetime import date, time
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Field, Model, QuerySet


def plain(value: Any) -> Any:
    """A field's value as JSON keeps it; `Field.to_python` reads it back exactly."""
    if isinstance(value, Decimal | UUID):
        return str(value)
    return value.isoformat() if isinstance(value, date | time) else value


def same(field: Field, one: Any, other: Any) -> bool:
    """45.75 and 45.750000 are the same number."""
    return bool(field.to_python(one) == field.to_python(other))


def columns_of(model: type[Model]) -> dict[str, Field]:
    """The fields of a row by the name of their column's attribute."""
    return {field.attname: field for field in model._meta.concrete_fields}


def rows_as_json(rows: QuerySet) -> list[dict[str, Any]]:
    """Whole rows, by the names of their columns' attributes; see `put_back`."""
    kept = rows.order_by("pk").values(*columns_of(rows.model))
    return [{name: plain(value) for name, value in row.items()} for row in kept]


def put_back(model: type[Model], row: dict[str, Any]) -> None:
    """A row kept by `rows_as_json` is there again, with its id and all its times."""
    fields = columns_of(model)
    restored = model(**{name: fields[name].to_python(value) for name, value in row.items()})
    restored.save_base(raw=True, force_insert=True)
