"""Input about policy texts, loans and duty."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.lib.forms import offer
from staff.choices import Role
from staff.forms.units import UnitChoiceField
from staff.models import DutyShift, Loan, PolicyVersion, Unit, User
from staff.selectors.authority import units_in_charge


class PolicyForm(forms.ModelForm):
    class Meta:
        model = PolicyVersion
        fields = ("body_zh", "body_en")
        widgets = {
            "body_zh": forms.Textarea(attrs={"rows": 10}),
            "body_en": forms.Textarea(attrs={"rows": 10}),
        }


class LoanForm(forms.ModelForm):
    class Meta:
        model = Loan
        fields = ("person", "kind", "item", "serial_number", "lent_on", "due_on", "note")
        widgets = {
            "lent_on": forms.DateInput(attrs={"type": "date"}),
            "due_on": forms.DateInput(attrs={"type": "date"}),
        }

    def __init__(self, *args: Any, by: User, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["lent_on"].initial = today
        offer(self, "person", people_below(by))


class ShiftForm(forms.ModelForm):
    unit = UnitChoiceField(Unit.objects.none(), label=_("Unit"))

    class Meta:
        model = DutyShift
        fields = ("unit", "person", "starts_at", "ends_at")
        widgets = {
            "starts_at": forms.DateTimeInput(attrs={"type": "datetime-local"}),
            "ends_at": forms.DateTimeInput(attrs={"type": "datetime-local"}),
        }

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "unit", units_in_charge(by).open().with_tree_fields())
        offer(self, "person", people_below(by).filter(role=Role.SUPERVISOR))


def people_below(by: User) -> Any:
    units = units_in_charge(by).order_by().values("pk")
    return User.objects.active().filter(unit__in=units).order_by("full_name", "pk")
