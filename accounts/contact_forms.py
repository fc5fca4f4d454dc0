"""Input about contacts."""

from datetime import date
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.functional import Promise
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from accounts.choices import CONTACT_WINDOWS, BuyingRole, Tier
from accounts.models import Client, ConfidentialProfile, Contact, ContactNote, ContactRelation, Tip
from accounts.services.contact_details import Window
from crm.lib.birthdays import is_possible
from crm.lib.forms import offer
from staff.models import User

CONFIDENTIAL_FIELDS = (
    "personal_information", "negotiation_style", "work_background", "relations",
    "business_partners", "family",
)  # fmt: skip
FOUND = 20
SECTIONS: tuple[tuple[str | Promise, tuple[str, ...]], ...] = (
    (_("Who it is"), (
        "name", "gender", "title", "department", "expertise", "kind", "is_external",
        "organisation",
    )),
    (_("How to reach them"), ("mobile", "phone", "email", "own_line", "own_tier")),
    (_("What say they have"), (
        "buying_roles", "is_decision_maker", "decision_level", "duties", "attachment",
    )),
    (_("How to meet them"), (
        "personality", "form_of_address", "nickname", "hobbies", "favourite_words", "preferences",
    )),
    (_("Birthday"), (
        "birth_year", "birth_month", "birth_day", "is_lunar_birthday", "is_leap_month_birthday",
    )),
)  # fmt: skip


class ContactForm(forms.ModelForm):
    """A contact; who leaves or comes back does so by a step of its own."""

    buying_roles = forms.MultipleChoiceField(
        label=_("Buying roles"),
        choices=BuyingRole.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    own_tier = forms.TypedChoiceField(
        label=_("Own card"),
        choices=Tier.choices,
        coerce=int,
        required=False,
        empty_value=Tier.NONE.value,  # type: ignore[arg-type]
        help_text=_("A card they have with us, when it is not on a line of this client"),
    )

    class Meta:
        model = Contact
        fields = tuple(name for _title, names in SECTIONS for name in names)
        widgets = {"preferences": forms.Textarea(attrs={"rows": 2})}
        help_texts = {
            "is_decision_maker": _("One person of each client; marking another one moves the mark"),
            "organisation": _("For people who do not work at the client"),
            "own_line": _("Their card is taken from this line"),
            "duties": _("What they answer for among the leaders"),
            "birth_year": _("May stay empty"),
            "is_leap_month_birthday": _("The second lunar month of the same number"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["birth_year"].widget.attrs.update(min=1900, max=2100)
        self.fields["birth_month"].widget.attrs.update(min=1, max=12)
        self.fields["birth_day"].widget.attrs.update(min=1, max=31)

    @property
    def sections(self) -> list[tuple[str, list[BoundField]]]:
        return [(str(title), [self[name] for name in names]) for title, names in SECTIONS]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        month, day = cleaned.get("birth_month"), cleaned.get("birth_day")
        if (month is None) != (day is None):
            self.add_error("birth_day", _("Month and day of birth go together."))
        elif month and day and not _is_birthday(cleaned):
            self.add_error("birth_day", _("There is no such day."))
        if cleaned.get("is_leap_month_birthday") and not cleaned.get("is_lunar_birthday"):
            self.add_error("is_leap_month_birthday", _("Only the lunar calendar has leap months."))
        if not (cleaned.get("mobile") or cleaned.get("phone") or cleaned.get("email")):
            self.add_error("mobile", _("Give at least one way to reach this person."))
        return cleaned


def _is_birthday(cleaned: dict[str, Any]) -> bool:
    return is_possible(
        month=cleaned["birth_month"],
        day=cleaned["birth_day"],
        year=cleaned.get("birth_year"),
        is_lunar=bool(cleaned.get("is_lunar_birthday")),
    )


class LeaveForm(forms.Form):
    left_on = forms.DateField(label=_("Left on"), widget=forms.DateInput())
    reason = forms.CharField(label=_("Why"), max_length=200, required=False)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._today = today
        self.fields["left_on"].initial = today

    def clean_left_on(self) -> date:
        left_on: date = self.cleaned_data["left_on"]
        if left_on > self._today:
            raise forms.ValidationError(__("This day is still to come."))
        return left_on


class MoveForm(LeaveForm):
    """To which client; by its code, because a drop-down would list thousands."""

    code = forms.CharField(label=_("Code of the other client"), max_length=32)
    title = forms.CharField(label=_("Title there"), max_length=64, required=False)
    reason = None  # type: ignore[assignment]
    field_order = ("code", "title", "left_on")

    def __init__(self, *args: Any, by: User, contact: Contact, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._by = by
        self._contact = contact

    def clean_code(self) -> Client:
        code = self.cleaned_data["code"].strip()
        client = Client.objects.visible_to(self._by).filter(code=code).first()
        if client is None:
            raise forms.ValidationError(__("None of your clients has this code."))
        if client.pk == self._contact.client_id:
            raise forms.ValidationError(__("This is where the person is already."))
        return client


class NoteForm(forms.ModelForm):
    class Meta:
        model = ContactNote
        fields = ("text", "told_on")
        widgets = {"text": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance._state.adding:
            self.fields["told_on"].initial = today


class RelationForm(forms.ModelForm):
    """To somebody at the same client, or to a person found elsewhere by `found`."""

    class Meta:
        model = ContactRelation
        fields = ("kind", "other", "note")

    def __init__(self, *args: Any, contact: Contact, by: User, found: str = "", **kwargs: Any):
        super().__init__(*args, **kwargs)
        seen = Contact.objects.visible_to(by).exclude(pk=contact.pk)
        if found:
            matches = seen.active().matching(found).order_by("sort_key", "pk")
            # Cut to a page of choices; the form compares keys, which a cut queryset cannot.
            keys = list(matches.values_list("pk", flat=True)[:FOUND])
            people = seen.filter(pk__in=keys)
        else:
            people = seen.filter(client=contact.client_id)
        offer(self, "other", people.select_related("client").order_by("sort_key", "pk"))
        other: Any = self.fields["other"]
        other.label_from_instance = _named
        other.label = _("Person")

    def _post_clean(self) -> None:
        """The service judges the whole: which of the two comes first is not the form's business."""


def _named(contact: Contact) -> str:
    title = f" {contact.title}" if contact.title else ""
    return f"{contact.name}{title} · {contact.client.name}"


class WindowsForm(forms.Form):
    """Up to CONTACT_WINDOWS times of the week; an empty one is none."""

    def __init__(self, *args: Any, contact: Contact, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        days = [(number, WEEKDAYS_ABBR[number - 1]) for number in range(1, 8)]
        stored = [*contact.windows.order_by("weekdays", "starts", "pk")][:CONTACT_WINDOWS]
        for number in range(CONTACT_WINDOWS):
            window = stored[number] if number < len(stored) else None
            self.fields[f"weekdays_{number}"] = forms.TypedMultipleChoiceField(
                label=_("Days"),
                choices=days,
                coerce=int,
                required=False,
                initial=window.weekdays if window else None,
                widget=forms.CheckboxSelectMultiple,
            )
            for name, label in (("starts", _("From")), ("ends", _("To"))):
                self.fields[f"{name}_{number}"] = forms.TimeField(
                    label=label,
                    required=False,
                    initial=getattr(window, name) if window else None,
                    widget=forms.TimeInput(),
                )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        cleaned["windows"] = []
        for number in range(CONTACT_WINDOWS):
            names = (f"weekdays_{number}", f"starts_{number}", f"ends_{number}")
            if any(name in self.errors for name in names):
                continue
            weekdays, starts, ends = (cleaned.get(name) for name in names)
            if not (weekdays or starts or ends):
                continue
            if not (weekdays and starts and ends):
                self.add_error(names[1], _("Give the days, from when and to when."))
            elif ends <= starts:
                self.add_error(names[2], _("This is before it begins."))
            else:
                cleaned["windows"].append(Window(weekdays=weekdays, starts=starts, ends=ends))
        return cleaned


class LookForm(forms.Form):
    reason = forms.CharField(label=_("Why do you need to know?"), max_length=200)


class ConfidentialForm(forms.ModelForm):
    class Meta:
        model = ConfidentialProfile
        fields = CONFIDENTIAL_FIELDS
        widgets = {name: forms.Textarea(attrs={"rows": 3}) for name in CONFIDENTIAL_FIELDS}


class TipForm(forms.ModelForm):
    class Meta:
        model = Tip
        fields = ("text_en", "text_zh")
        widgets = {name: forms.Textarea(attrs={"rows": 5}) for name in ("text_en", "text_zh")}
