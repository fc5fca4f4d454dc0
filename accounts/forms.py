"""Input about clients and contacts."""

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.choices import BuyingRole, ClientClass
from accounts.models import Client, Contact
from accounts.selectors.choices import possible_owners, possible_units
from crm.lib.forms import offer
from staff.choices import Role
from staff.models import User


class ClientForm(forms.ModelForm):
    """The archive of a client. The account manager changes by handing over, not here."""

    class Meta:
        model = Client
        fields = (
            "code", "name", "nature", "industry", "status", "unit",
            "chief_representative", "employees", "own_users", "other_users", "founded_on",
            "address", "latitude", "longitude", "features", "notes",
        )  # fmt: skip
        widgets = {
            "founded_on": forms.DateInput(attrs={"type": "date"}),
            "features": forms.Textarea(attrs={"rows": 2}),
            "notes": forms.Textarea(attrs={"rows": 2}),
        }
        help_texts = {"features": _("What is different from others in this client")}

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        is_new = self.instance._state.adding
        offer(self, "unit", possible_units(by, None if is_new else self.instance))
        self.fields["unit"].initial = by.unit_id
        # Who left or changed roles meanwhile stays until somebody else is chosen.
        representatives = User.objects.filter(
            Q(role=Role.CHIEF_REPRESENTATIVE, is_active=True)
            | Q(pk=self.instance.chief_representative_id)
        )
        offer(self, "chief_representative", representatives.order_by("full_name"))
        if self.instance.code:
            self.fields["code"].disabled = True
            if not by.sees_unit:
                self.fields["unit"].disabled = True

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if (cleaned.get("latitude") is None) != (cleaned.get("longitude") is None):
            self.add_error("longitude", _("Latitude and longitude go together."))
        return cleaned


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
