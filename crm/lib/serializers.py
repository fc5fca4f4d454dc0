"""Fields and serializers every REST resource shares: strict input, UTC instants, rows in sight."""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import exceptions, serializers

from crm.lib.filters import MONTH_SCHEMA, month_from
from crm.lib.scoping import ScopedQuerySet


class InstantField(serializers.DateTimeField):
    """RFC 3339; given out in UTC, taken with any offset but not without one."""

    default_error_messages: ClassVar = {"no_offset": _("Write the time with its offset, e.g. Z.")}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(default_timezone=dt.UTC, **kwargs)

    def enforce_timezone(self, value: dt.datetime) -> dt.datetime:
        if timezone.is_naive(value):
            self.fail("no_offset")
        return super().enforce_timezone(value)


@extend_schema_field(MONTH_SCHEMA)
class MonthField(serializers.Field):
    """A billing month as `YYYY-MM`."""

    default_error_messages: ClassVar = {"invalid": _("Write a month as YYYY-MM.")}

    def to_internal_value(self, data: Any) -> dt.date:
        try:
            return month_from(str(data))
        except ValidationError:
            self.fail("invalid")

    def to_representation(self, value: dt.date) -> str:
        return f"{value:%Y-%m}"


class VisibleField(serializers.PrimaryKeyRelatedField):
    """A row by its id, among those the person may see."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("pk_field", serializers.UUIDField())
        super().__init__(**kwargs)

    def get_queryset(self) -> QuerySet:
        rows: ScopedQuerySet = super().get_queryset()  # type: ignore[assignment]
        return rows.visible_to(self.context["request"].user)


class OfferedField(VisibleField):
    """A row by its number, among those that a filter's drop-down offers the person."""

    def __init__(self, offer: Callable[[HttpRequest | None], QuerySet], **kwargs: Any) -> None:
        self.offer = offer
        super().__init__(
            queryset=offer(None), pk_field=serializers.IntegerField(min_value=1), **kwargs
        )

    def get_queryset(self) -> QuerySet:
        return self.offer(self.context["request"])


class ReadSerializer(serializers.ModelSerializer):
    """How a row is given out; fields are listed, never `__all__`."""

    serializer_field_mapping: ClassVar = {
        **serializers.ModelSerializer.serializer_field_mapping,
        models.DateTimeField: InstantField,
    }


class StrictFields(serializers.Serializer):
    """Input with exactly these fields: a misspelt one is an error, not silence."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, Mapping):
            taken = {name for name, each in self.fields.items() if not each.read_only}
            unknown = sorted(str(name) for name in set(data) - taken)
            if unknown:
                message = exceptions.ErrorDetail(str(_("Unknown field.")), "unknown_field")
                raise serializers.ValidationError({name: [message] for name in unknown})
        return super().to_internal_value(data)


class WriteSerializer(StrictFields, ReadSerializer):
    """What a service takes as keyword arguments, checked like the model's fields."""

    def after(self, attrs: Mapping[str, Any], name: str) -> Any:
        """The value of a field as it will be, also when a PATCH leaves it out."""
        return attrs[name] if name in attrs else getattr(self.instance, name, None)


class NoInput(StrictFields):
    """Verbs that need nothing but the row."""
