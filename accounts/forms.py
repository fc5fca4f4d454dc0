"""Input about contacts, and about whose a client is. The archive has `archive_forms`."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.choices import BuyingRole, ClientClass
from accounts.models import Client, Contact
from accounts.selectors.choices import possible_owners
from crm.lib.forms import offer
from staff.models import User


class AssignOwnerForm(forms.Form):
    owner = forms.ModelChoiceField(User.objects.none(), label=_("New account manager"))
    reason = forms.CharField(label=_("Reason"), max_length=200)

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "owner", possible_owners(by))


class ProposeClassForm(forms.Form):
    """Another class for a client (ARC-14)."""

    to_class = forms.ChoiceField(label=_("New class"))
    reason = forms.CharField(
        label=_("Reason"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=2000,
        help_text=_("What the analysis of the client shows: income, members, what is to come"),
    )

    def __init__(self, *args: Any, client: Client, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = [choice for choice in ClientClass.choices if choice[0] != client.client_class]
        field = self.fields["to_class"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 -- declared above
        field.choices = others


class WordForm(forms.Form):
    """A word that goes back to whoever asked."""

    word = forms.CharField(
        label=_("Your word"),
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=1000,
        required=False,
    )


class ContactForm(forms.ModelForm):
    buying_roles = forms.MultipleChoiceField(
        label=_("Buying roles"),
        choices=BuyingRole.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = Contact
        fields = (
            "name", "title", "department", "kind", "mobile", "phone", "email", "buying_roles",
            "personality", "form_of_address", "birth_year", "birth_month", "birth_day",
            "is_lunar_birthday", "preferences", "is_active",
        )  # fmt: skip
        widgets = {"preferences": forms.Textarea(attrs={"rows": 2})}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if (cleaned.get("birth_month") is None) != (cleaned.get("birth_day") is None):
            self.add_error("birth_day", _("Month and day of birth go together."))
        if not (cleaned.get("mobile") or cleaned.get("phone") or cleaned.get("email")):
            self.add_error("mobile", _("Give at least one way to reach this person."))
        return cleaned


class RevealForm(forms.Form):
    reason = forms.CharField(label=_("Why do you need the number?"), max_length=200)
