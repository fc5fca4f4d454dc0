"""Input about cases."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.choices import Personality
from accounts.models import Client
from complaints.choices import Satisfaction
from complaints.models import Case
from complaints.selectors.handlers import possible_people, possible_units
from crm.lib.forms import offer
from staff.models import Unit, User


class ClientSearchForm(forms.Form):
    q = forms.CharField(
        label=gettext_lazy("Which client?"),
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"autofocus": True, "autocomplete": "off"}),
        help_text=gettext_lazy("Name, pinyin, initials or code; two letters at least"),
    )


class CaseForm(forms.ModelForm):
    """What was reported, by whom; the rest has sensible answers already."""

    class Meta:
        model = Case
        fields = (
            "kind", "said", "wanted", "contact", "caller_name", "caller_number", "urgency",
            "severity", "window", "channel", "personality", "first_contact_at", "receiving_unit",
        )  # fmt: skip
        widgets = {
            "said": forms.Textarea(attrs={"rows": 5}),
            "wanted": forms.Textarea(attrs={"rows": 2}),
            "caller_number": forms.TextInput(attrs={"type": "tel", "inputmode": "tel"}),
            "first_contact_at": forms.DateTimeInput(
                attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"
            ),
        }
        help_texts = {
            "said": gettext_lazy("In the client's own words, so that they need not say it again"),
            "caller_name": gettext_lazy("When it is nobody of the list"),
            "first_contact_at": gettext_lazy("Both clocks count from here"),
            "personality": gettext_lazy("Decides how the person is answered"),
        }

    def __init__(
        self, *args: Any, client: Client, by: User, sees_client: bool, now: datetime, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._client = client
        people = client.contacts.active().order_by("kind", "sort_key", "pk")
        if sees_client:
            offer(self, "contact", people)
        else:
            del self.fields["contact"]
        self.fields["receiving_unit"].initial = by.unit
        self.fields["receiving_unit"].required = False
        offer(self, "receiving_unit", possible_units())
        self.fields["first_contact_at"].required = False
        self.fields["first_contact_at"].initial = timezone.localtime(now)
        self.fields["window"].initial = "centre"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not cleaned.get("contact") and not cleaned.get("caller_name", "").strip():
            self.add_error("caller_name", _("Say who called: a contact of the client, or a name."))
        return cleaned

    def _post_clean(self) -> None:
        """The service checks the whole row; the form has no client and no clock to do so."""


class TextForm(forms.Form):
    """One text; what it says is on the button."""

    text = forms.CharField(
        max_length=4000, widget=forms.Textarea(attrs={"rows": 4, "autofocus": True})
    )

    def __init__(self, *args: Any, label: str, is_required: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].label = label
        self.fields["text"].required = is_required


class TransferForm(forms.Form):
    unit = forms.ModelChoiceField(
        Unit.objects.none(), label=gettext_lazy("To everybody in the unit"), required=False
    )
    person = forms.ModelChoiceField(
        User.objects.none(), label=gettext_lazy("Or to one person"), required=False
    )
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=500)

    def __init__(self, *args: Any, case: Case, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "unit", possible_units())
        people = possible_people(case, by)
        offer(self, "person", people.exclude(pk=case.assignee_id) if case.assignee_id else people)


class PersonalityForm(forms.Form):
    personality = forms.ChoiceField(
        label=gettext_lazy("What sort of person is it?"),
        choices=[("", gettext_lazy("Not known")), *Personality.choices],
        required=False,
    )


class CloseForm(forms.Form):
    satisfaction = forms.ChoiceField(
        label=gettext_lazy("How satisfied is the client?"),
        choices=Satisfaction.choices,
        widget=forms.RadioSelect,
    )
    summary = forms.CharField(
        label=gettext_lazy("Summary: what happened, why, and what we do differently"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=gettext_lazy("Without names: colleagues who do not know the client may read it"),
    )
    is_lesson = forms.BooleanField(
        label=gettext_lazy("Training material for every manager"), required=False
    )
