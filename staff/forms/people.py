"""Input about our own people."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.lib.forms import offer
from staff.forms.units import UnitChoiceField
from staff.models import Position, Unit, User
from staff.selectors.authority import roles_to_give, units_in_charge


class PersonForm(forms.ModelForm):
    """Roles and units are those the asking person may give."""

    unit = UnitChoiceField(Unit.objects.none(), label=_("Unit"))

    class Meta:
        model = User
        fields = ("full_name", "username", "role", "unit", "title", "email", "phone", "language")
        help_texts = {"username": _("For logging in: letters, digits and @ . + - _")}

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        role = self.fields["role"]
        assert isinstance(role, forms.ChoiceField)  # noqa: S101 -- a programming error, not input
        role.choices = [("", "—"), *((r.value, r.label) for r in roles_to_give(by))]
        offer(self, "unit", units_in_charge(by).open().with_tree_fields())


class PositionForm(forms.ModelForm):
    class Meta:
        model = Position
        fields = ("code", "name_en", "name_zh", "can_represent", "is_active")
        help_texts = {"can_represent": _("Whoever holds it may be chief client representative")}


class AppointmentForm(forms.Form):
    position = forms.ModelChoiceField(Position.objects.none(), label=_("Position"))
    unit = UnitChoiceField(Unit.objects.none(), label=_("Unit"))
    started_on = forms.DateField(label=_("From"), widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "position", Position.objects.in_use().order_by("name_en", "pk"))
        offer(self, "unit", units_in_charge(by).open().with_tree_fields())


class EndAppointmentForm(forms.Form):
    ended_on = forms.DateField(label=_("Last day"), widget=forms.DateInput(attrs={"type": "date"}))
