"""Input about changing many clients at once."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from accounts.choices import ClientNature, ClientStatus, FeePayment
from accounts.models import Client
from accounts.selectors.choices import possible_owners, possible_units
from crm.lib.forms import offer
from staff.models import Unit, User

UNCHANGED = ("", _("leave as it is"))
FIELDS = ("owner", "unit", "status", "industry", "nature", "payment_method", "is_high_end")


class BulkChangeForm(forms.Form):
    """What is left empty stays as it is. `key` makes the same form sent twice one change."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    rows = forms.CharField(widget=forms.HiddenInput)
    owner = forms.ModelChoiceField(
        User.objects.none(), label=_("Account manager"), required=False, empty_label=UNCHANGED[1]
    )
    unit = forms.ModelChoiceField(
        Unit.objects.none(), label=_("Unit"), required=False, empty_label=UNCHANGED[1]
    )
    status = forms.ChoiceField(
        label=_("Status"), choices=[UNCHANGED, *ClientStatus.choices], required=False
    )
    industry = forms.CharField(
        label=_("Industry"), max_length=64, required=False, help_text=_("Empty: leave as it is")
    )
    nature = forms.ChoiceField(
        label=_("Nature"), choices=[UNCHANGED, *ClientNature.choices], required=False
    )
    payment_method = forms.ChoiceField(
        label=_("Payment method"), choices=[UNCHANGED, *FeePayment.choices], required=False
    )
    is_high_end = forms.ChoiceField(
        label=_("High-end client"),
        choices=[UNCHANGED, ("true", _("yes")), ("false", _("no"))],
        required=False,
    )
    reason = forms.CharField(label=_("Reason"), max_length=200)

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "owner", possible_owners(by))
        offer(self, "unit", possible_units(by, None))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and not self.values():
            self.add_error(None, _("Say what shall change."))
        return cleaned

    def values(self) -> dict[str, Any]:
        """Field -> new value, as the service takes them."""
        given = {name: self.cleaned_data.get(name) for name in FIELDS}
        found: dict[str, Any] = {name: value for name, value in given.items() if value}
        for name in ("owner", "unit"):
            if name in found:
                found[name] = found[name].pk
        if "is_high_end" in found:
            found["is_high_end"] = found["is_high_end"] == "true"
        return found


class UndoBulkForm(forms.Form):
    reason = forms.CharField(label=_("Why is the change undone?"), max_length=200)


def as_text(clients: Iterable[Client]) -> str:
    """Clients with the version that is looked at, for the form's hidden field."""
    return " ".join(f"{client.pk}={client.updated_at.isoformat()}" for client in clients)


def from_text(text: str) -> dict[UUID, datetime]:
    """The same back; what makes no sense is left out."""
    found = {}
    for part in text.split():
        key, _sign, stamp = part.partition("=")
        try:
            seen_at = parse_datetime(stamp)
            if seen_at is not None and seen_at.tzinfo:
                found[UUID(key)] = seen_at
        except ValueError:
            continue
    return found
