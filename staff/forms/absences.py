"""Input about absences."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.lib.forms import offer
from staff.models import Absence, User
from staff.selectors.absences import possible_deputies


class AbsenceForm(forms.ModelForm):
    """Of one person; who may stand in depends on them."""

    class Meta:
        model = Absence
        fields = ("kind", "starts_on", "ends_on", "deputy", "note")
        widgets = {
            "starts_on": forms.DateInput(attrs={"type": "date"}),
            "ends_on": forms.DateInput(attrs={"type": "date"}),
        }
        help_texts = {"deputy": _("Sees the clients and tasks of this person while they are away")}

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "deputy", possible_deputies(person))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last = cleaned.get("starts_on"), cleaned.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", _("The last day comes before the first."))
        return cleaned
