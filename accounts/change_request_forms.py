"""Input about changes that agents hand in: the form of the archive, and where it is from."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.archive_forms import ClientForm, FormGroup
from accounts.selectors.change_requests import NOT_REQUESTABLE


class ChangeRequestForm(ClientForm):
    """The archive's own form without what is not an agent's to say."""

    reason = forms.CharField(
        label=_("Where is it from?"),
        max_length=1000,
        help_text=_("Who told you, or what you saw yourself; the area manager reads it"),
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in (*NOT_REQUESTABLE, "allow_same_name"):
            self.fields.pop(name, None)

    @property
    def values(self) -> dict[str, Any]:
        """What was changed on the form."""
        return {name: self.cleaned_data[name] for name in self.changed_data if name != "reason"}

    @property
    def groups(self) -> list[FormGroup]:
        found = super().groups
        found[0].fields.insert(0, self["reason"])
        return found

    def _post_clean(self) -> None:
        """Nothing is written to the client here; the service compares with what stands there."""
