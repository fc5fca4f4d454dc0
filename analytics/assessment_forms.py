"""Input about what a client is worth."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

POINTS = [
    (5, _("5: very much")),
    (4, _("4: much")),
    (3, _("3: middling")),
    (2, _("2: little")),
    (1, _("1: very little")),
]


def _points(label: Any) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(label=label, choices=POINTS, coerce=int)


class AssessValueForm(forms.Form):
    """Points for the three factors (ARC-22); the figures propose them, the person decides."""

    existing = _points(_("Existing volume"))
    potential = _points(_("Future development"))
    revenue = _points(_("Likely comprehensive revenue"))
    expected_income = forms.DecimalField(
        label=_("Expected income of a year"),
        min_value=0,
        max_digits=14,
        decimal_places=2,
        required=False,
        help_text=_("Everything the client may bring; empty takes the figure of the bills"),
    )
    reason = forms.CharField(
        label=_("Reason"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=2000,
        help_text=_("What speaks for it, what against it, what is planned at the client"),
    )
