"""Small helps for forms."""

from django import forms
from django.db.models import QuerySet


def offer(form: forms.BaseForm, name: str, rows: QuerySet) -> None:
    """Limit a drop-down to these rows."""
    field = form.fields[name]
    assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 -- a programming error, not input
    field.queryset = rows
