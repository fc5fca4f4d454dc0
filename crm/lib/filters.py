"""Filters that lists of pages and of the API share."""

import datetime as dt
import re
from typing import Any

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field

ANY = ("", _("Any"))
YEARS = range(1990, 2101)  # of billing months, typed or in a file
MONTH = re.compile(r"[0-9]{4}-[0-9]{2}")
MONTH_SCHEMA = {"type": "string", "pattern": "^[0-9]{4}-(0[1-9]|1[0-2])$"}


def start_of_day(day: dt.date) -> dt.datetime:
    """Midnight of that day in the person's time zone."""
    return timezone.make_aware(dt.datetime.combine(day, dt.time.min))


@extend_schema_field(OpenApiTypes.BOOL)
class YesNoFilter(django_filters.TypedChoiceFilter):
    """`true` or `false`; unlike BooleanFilter it refuses everything else."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("choices", [ANY, ("true", _("Yes")), ("false", _("No"))])
        super().__init__(coerce=lambda text: text == "true", **kwargs)


class MonthField(forms.Field):
    """A billing month as `YYYY-MM`; cleaned to its first day."""

    widget = forms.TextInput(attrs={"type": "month", "placeholder": "YYYY-MM"})
    default_error_messages = {"invalid": _("Write a month as YYYY-MM.")}

    def to_python(self, value: Any) -> dt.date | None:
        if value in self.empty_values:
            return None
        return month_from(str(value), self.error_messages["invalid"])

    def prepare_value(self, value: Any) -> Any:
        return f"{value:%Y-%m}" if isinstance(value, dt.date) else value


def month_from(text: str, message: Any = MonthField.default_error_messages["invalid"]) -> dt.date:
    """The first day of `YYYY-MM`, else ValidationError."""
    if not MONTH.fullmatch(text) or int(text[:4]) not in YEARS:
        raise ValidationError(message, code="invalid")
    try:
        return dt.date.fromisoformat(f"{text}-01")
    except ValueError as error:
        raise ValidationError(message, code="invalid") from error


@extend_schema_field(MONTH_SCHEMA)
class MonthFilter(django_filters.Filter):
    field_class = MonthField
