"""Forms with which two records are brought together and parted again."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.selectors.merges import Choice

SIDES = ("one", "two")
TWO_ROWS = {"rows": 2}


class MergeForm(forms.Form):
    """Which of the two stays, and of each field in which they differ whose value it keeps."""

    survivor = forms.ChoiceField(
        choices=[(side, side) for side in SIDES], label=_("Which record stays")
    )
    reason = forms.CharField(
        label=_("How is it known that they are the same?"),
        max_length=500,
        widget=forms.Textarea(attrs=TWO_ROWS),
    )

    def __init__(
        self, *args: Any, choices: Sequence[Choice], suggested: str, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.initial["survivor"] = suggested
        self._choices = choices
        for choice in choices:
            self.fields[self._name(choice)] = forms.ChoiceField(
                choices=[("one", choice.first), ("two", choice.second)],
                initial=suggested,
                label=choice.label,
            )

    @property
    def rows(self) -> list[tuple[Choice, forms.BoundField]]:
        return [(choice, self[self._name(choice)]) for choice in self._choices]

    @property
    def taken(self) -> list[str]:
        """Names of the fields whose value the record that goes gives."""
        loser = SIDES[self.cleaned_data["survivor"] == "one"]
        return [
            choice.name
            for choice in self._choices
            if self.cleaned_data[self._name(choice)] == loser
        ]

    def _name(self, choice: Choice) -> str:
        return f"take_{choice.name}"


class PartForm(forms.Form):
    reason = forms.CharField(
        label=_("Why are they two after all?"),
        max_length=500,
        widget=forms.Textarea(attrs=TWO_ROWS),
    )
