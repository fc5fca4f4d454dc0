"""Input about voices of clients and improvements."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.choices import ImprovementState, VoiceTopic
from accounts.models import Client, Contact
from crm.lib.forms import offer

LONG = {"rows": 4}


class VoiceForm(forms.Form):
    """Who said it, what, about what (ORG-24)."""

    text = forms.CharField(
        label=_("What was said"), widget=forms.Textarea(attrs=LONG), max_length=4000
    )
    topic = forms.ChoiceField(label=_("About"), choices=VoiceTopic.choices)
    contact = forms.ModelChoiceField(Contact.objects.none(), label=_("Who said it"), required=False)
    said_by = forms.CharField(
        label=_("Or somebody else"), max_length=64, required=False,
        help_text=_("The name of somebody who is not in the archive"),
    )  # fmt: skip
    heard_on = forms.DateField(label=_("Heard on"), widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, *args: Any, client: Client, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "contact", client.contacts.active().order_by("kind", "sort_key", "pk"))
        self.fields["heard_on"].initial = timezone.localdate

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not cleaned.get("contact") and not cleaned.get("said_by", "").strip():
            self.add_error("contact", _("Say who said it."))
        return cleaned


class ImprovementForm(forms.Form):
    title = forms.CharField(label=pgettext_lazy("of a text", "Title"), max_length=200)
    text = forms.CharField(
        label=_("What should be better, and how"),
        widget=forms.Textarea(attrs=LONG),
        max_length=4000,
    )


class ImprovementAnswerForm(forms.Form):
    """The next step with a word (ORG-15)."""

    state = forms.ChoiceField(label=_("What becomes of it"))
    answer = forms.CharField(
        label=_("Your word"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
        required=False,
        help_text=_("Needed when it is done or declined"),
    )

    def __init__(self, *args: Any, states: tuple[str, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["state"].choices = [  # type: ignore[attr-defined]
            (state, ImprovementState(state).label) for state in states
        ]
