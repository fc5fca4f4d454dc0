"""Input about how often something is due."""

from django import forms
from django.utils.translation import gettext_lazy as _


class RhythmForm(forms.Form):
    """Months between two times, empty for never (ARC-22, ORG-11)."""

    months = forms.IntegerField(
        label=_("Months between"),
        min_value=1,
        max_value=24,
        required=False,
        help_text=_("Empty: never due"),
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        help_text=_("Kept with your name"),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
