"""Input about skills and training."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.lib.forms import offer
from staff.forms.office import people_below
from staff.forms.units import UnitChoiceField
from staff.models import CareerStep, Course, Quality, TrainingSession, Unit, User
from staff.selectors.authority import units_in_charge


class AssessmentForm(forms.Form):
    """A value from 1 to 5 for each quality of the profile."""

    def __init__(self, *args: Any, qualities: list[Quality], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.qualities = qualities
        for quality in qualities:
            self.fields[quality.code] = forms.TypedChoiceField(
                label=quality.name,
                choices=[("", "—"), *((n, str(n)) for n in range(1, 6))],
                coerce=int,
            )
        self.fields["note"] = forms.CharField(label=_("Note"), max_length=200, required=False)

    def values(self) -> dict[Quality, int]:
        return {quality: self.cleaned_data[quality.code] for quality in self.qualities}


class SessionForm(forms.ModelForm):
    course = forms.ModelChoiceField(Course.objects.none(), label=_("Course"))
    unit = UnitChoiceField(Unit.objects.none(), label=_("Unit"))

    class Meta:
        model = TrainingSession
        fields = ("course", "unit", "held_on", "trainer", "place")
        widgets = {"held_on": forms.DateInput(attrs={"type": "date"})}

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "course", Course.objects.order_by("kind", "code"))
        offer(self, "unit", units_in_charge(by).open().with_tree_fields())


class AttendanceForm(forms.Form):
    person = forms.ModelChoiceField(User.objects.none(), label=_("Person"))
    notes = forms.CharField(
        label=_("Notes"), required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "person", people_below(by))


class CareerForm(forms.ModelForm):
    class Meta:
        model = CareerStep
        fields = ("years", "skills_zh", "skills_en")
