"""Input about care."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Client
from care.models import Gift, ServiceRecord
from crm.lib.forms import offer


class GiftForm(forms.ModelForm):
    class Meta:
        model = Gift
        fields = ("direction", "occasion", "item", "value", "happened_on", "contact", "note")
        help_texts = {"value": _("Dear gifts wait for the approval of somebody else")}

    def __init__(self, *args: Any, client: Client, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "contact", client.contacts.active().order_by("kind", "sort_key", "pk"))
        self.fields["happened_on"].initial = today
        self.fields["value"].min_value = 0  # type: ignore[attr-defined]


class ServiceForm(forms.ModelForm):
    class Meta:
        model = ServiceRecord
        fields = ("service", "served_on", "contact", "done", "result")
        widgets = {"done": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args: Any, client: Client, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "contact", client.contacts.active().order_by("kind", "sort_key", "pk"))
        self.fields["served_on"].initial = today


class DecisionForm(forms.Form):
    decision = forms.CharField(
        label=_("A word on it (needed for a refusal)"), max_length=300, required=False
    )
