"""Input about lines: their profile, owner, cards."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.core.validators import MinValueValidator
from django.utils.translation import gettext_lazy as _

from accounts.choices import IdentityDocument, RecordWay, Tier
from accounts.models import Entitlement, MemberProfile
from crm.lib.filters import MonthField


class MemberProfileForm(forms.ModelForm):
    """Without the registered owner: that changes after an identity check only (SEC-11)."""

    class Meta:
        model = MemberProfile
        fields = (
            "actual_user", "transfer_waiver", "is_key_member", "affection", "affection_note",
            "notes",
        )  # fmt: skip
        widgets = {"notes": forms.Textarea(attrs={"rows": 2})}
        help_texts = {
            "actual_user": _("Who carries this phone"),
            "transfer_waiver": _("Only when the number is not to be transferred to its user"),
            "is_key_member": _("Important to the client; counts as VIP in clients of class A"),
            "affection": _("What this person chose: newspaper, water or birthday gift"),
        }


class OwnerChangeForm(forms.Form):
    new_owner = forms.CharField(label=_("New registered owner"), max_length=64)
    document = forms.ChoiceField(label=_("Document seen"), choices=IdentityDocument.choices)
    document_tail = forms.CharField(
        label=_("Last four characters of its number"), min_length=4, max_length=4
    )
    note = forms.CharField(
        label=_("Identity check"),
        max_length=200,
        help_text=_("Who came, what was compared, where the copy is filed"),
    )


class TierGrantForm(forms.Form):
    tier = forms.TypedChoiceField(
        label=_("Card"),
        choices=[(tier.value, tier.label) for tier in Tier if tier],
        coerce=int,
    )
    from_month = MonthField(label=_("From month"))
    until_month = MonthField(label=_("Until month"))
    reason = forms.CharField(label=_("Reason"), max_length=200)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last = cleaned.get("from_month"), cleaned.get("until_month")
        if first and last and (first.year != last.year or last < first):
            self.add_error(
                "until_month",
                _("A card is valid within one calendar year; choose months of one year."),
            )
        return cleaned


class RecordsForm(forms.Form):
    reason = forms.CharField(label=_("What do you need the records for?"), max_length=200)
    way = forms.ChoiceField(
        choices=RecordWay.choices, initial=RecordWay.SCREEN, widget=forms.HiddenInput
    )


# Entitlements ---------------------------------------------------------------------------------


class EntitlementForm(forms.ModelForm):
    class Meta:
        model = Entitlement
        fields = (
            "code", "tier", "name_zh", "name_en", "quantity", "value", "item_number",
            "valid_year", "source_quote", "is_offered", "remark",
        )  # fmt: skip
        widgets = {"remark": forms.Textarea(attrs={"rows": 2})}
        help_texts = {
            "tier": _("Holders of this card and of higher ones have it"),
            "quantity": _("Empty: as often as they like"),
            "value": _("In yuan; empty: no limit"),
            "valid_year": _("Empty: every year"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.code:
            self.fields["code"].disabled = True


class VerifyForm(forms.Form):
    verified_by = forms.CharField(
        label=_("Verified by"),
        max_length=64,
        help_text=_("Who compared it with the complete standard"),
    )
    verified_on = forms.DateField(
        label=_("Verified on"), widget=forms.DateInput(attrs={"type": "date"})
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_verified_on(self) -> date:
        day = self.cleaned_data["verified_on"]
        if day > self.today:
            raise forms.ValidationError(_("This day is yet to come."))
        return day


class UseForm(forms.Form):
    """A use of one of the entitlements that the holder's card includes."""

    entitlement = forms.ModelChoiceField(Entitlement.objects.none(), label=_("Entitlement"))
    used_on = forms.DateField(label=_("Used on"), widget=forms.DateInput(attrs={"type": "date"}))
    amount = forms.DecimalField(
        label=_("Amount"),
        max_digits=10,
        decimal_places=2,
        required=False,
        validators=[MinValueValidator(0)],
        help_text=_("In yuan; needed where the value of a year is limited"),
    )
    note = forms.CharField(label=_("Note"), max_length=200, required=False)

    def __init__(self, *args: Any, offered: Iterable[Entitlement], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["entitlement"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 -- a programming error
        field.queryset = Entitlement.objects.filter(pk__in=[each.pk for each in offered])


class TakeBackForm(forms.Form):
    reason = forms.CharField(label=_("Why is it taken back?"), max_length=200)
