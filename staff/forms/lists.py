"""Input about saved filters."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.lib.forms import offer
from staff.models import Unit, User
from staff.selectors.lists import shareable_units


class SavedFilterForm(forms.Form):
    name = forms.CharField(label=_("name"), max_length=40)
    unit = forms.ModelChoiceField(
        Unit.objects.none(), label=_("Share with"), required=False, empty_label=_("Only me")
    )

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "unit", shareable_units(by))
