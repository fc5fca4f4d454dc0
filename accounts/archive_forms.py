"""Input about the archive of a client: its fields by group, its lists, checks and prospects."""

from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.db.models import Q
from django.forms.boundfield import BoundField
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.catalogue import GROUPS, IMPORTED, TESTS, Group, group_of
from accounts.choices import NEXT_STATUSES, ClientStatus
from accounts.models import (
    Agreement,
    Anniversary,
    Area,
    Client,
    CollectionCount,
    Department,
    Industry,
    Policy,
    Segment,
    SuccessCase,
)
from accounts.selectors.choices import possible_units
from accounts.selectors.history import field_choices
from crm.lib.exceptions import DomainError
from crm.lib.filters import MonthField
from crm.lib.forms import offer
from staff.models import User

# Which field a refusal of the services belongs to.
REFUSED_FIELDS = {
    "duplicate_client": "code",
    "same_name": "name",
    "circular_superior": "superior",
    "referral_incomplete": "lead_source",
    "already_in_archive": None,
    "department_elsewhere": "part_of",
    "reason_missing": "found",
}
FIRST_STATUSES = (ClientStatus.SIGNED, ClientStatus.POTENTIAL)
TWO_ROWS = {"rows": 2}


def refuse(form: forms.BaseForm, error: DomainError) -> None:
    """Put a service's refusal beside the field it is about; a same name may be insisted on."""
    field = REFUSED_FIELDS.get(error.code)
    form.add_error(field if field in form.fields else None, error.message)
    if error.code == "same_name":
        form.fields["allow_same_name"].widget = forms.CheckboxInput()


@dataclass(frozen=True)
class FormGroup:
    """Fields of a form that stand in one card."""

    group: Group
    fields: list[BoundField]


def industries(current: str) -> list[tuple[str, Any]]:
    """Industries by sector; one that is not in the list stays as long as nobody changes it."""
    sectors: dict[str, list[tuple[str, str]]] = {}
    known = set()
    for industry in Industry.objects.order_by("sector", "name"):
        sectors.setdefault(industry.sector or str(_("Others")), []).append(
            (industry.name, industry.name)
        )
        known.add(industry.name)
    own = [] if not current or current in known else [(current, current)]
    return [("", "---------"), *own, *sectors.items()]


def _label(name: str) -> Any:
    field: Any = Client._meta.get_field(name)
    return capfirst(field.verbose_name)


class SameNameForm(forms.ModelForm):
    """A form about a client whose name may be taken in the unit (ARC-F01)."""

    allow_same_name = forms.BooleanField(
        label=_("It is another client of the same name"), required=False, widget=forms.HiddenInput
    )
    industry = forms.ChoiceField(label=_("Industry"), required=False)

    def clean_allow_same_name(self) -> bool:
        """Who has seen the list of clients that may be the same need not insist once more."""
        return self.cleaned_data["allow_same_name"] or "suspects_seen" in self.data

    def by_code(self, name: str, by: User) -> None:
        """A client is named by its code: a drop-down would list thousands."""
        seen = Client.objects.visible_to(by).exclude(pk=self.instance.pk)
        current = getattr(self.instance, name)
        if current:
            seen = Client.objects.filter(Q(pk__in=seen.values("pk")) | Q(pk=current.pk))
            self.initial[name] = current.code
        self.fields[name] = forms.ModelChoiceField(
            seen,
            to_field_name="code",
            required=False,
            widget=forms.TextInput(attrs={"autocomplete": "off"}),
            label=_label(name),
            help_text=_("Client code"),
            error_messages={"invalid_choice": _("You see no client with this code.")},
        )

    def by_user_name(self, name: str) -> None:
        current = getattr(self.instance, name)
        if current:
            self.initial[name] = current.username
        self.fields[name] = forms.ModelChoiceField(
            User.objects.filter(Q(is_active=True) | Q(pk=getattr(current, "pk", None))),
            to_field_name="username",
            required=False,
            widget=forms.TextInput(attrs={"autocomplete": "off"}),
            label=_label(name),
            help_text=_("User name of the colleague"),
            error_messages={"invalid_choice": _("Nobody has this user name.")},
        )


class ClientForm(SameNameForm):
    """The archive of a client, or one group of it.

    The account manager changes by handing over, the chief representative by assignment, the class by
    a proposal, the status step by step: none of them is here. A new client may be a potential one.
    """

    class Meta:
        model = Client
        fields = tuple(
            name
            for group in GROUPS
            for name in (*group.fields, *(["status"] if group.name == "identity" else []))
            if name not in IMPORTED
        )
        widgets: ClassVar = {
            "founded_on": forms.DateInput(attrs={"type": "date"}),
            **{
                field.name: forms.Textarea(attrs=TWO_ROWS)
                for field in Client._meta.get_fields()
                if field.get_internal_type() == "TextField"
            },
        }
        help_texts: ClassVar = {"features": _("What is different from others in this client")}

    def __init__(self, *args: Any, by: User, group: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        is_new = self.instance._state.adding
        self._set_up_relations(by, is_new=is_new)
        self.fields["industry"].choices = industries(self.instance.industry)  # type: ignore[attr-defined]
        if is_new:
            self.fields["status"].choices = [  # type: ignore[attr-defined]
                (status.value, status.label) for status in FIRST_STATUSES
            ]
        else:
            del self.fields["status"]
        if self.instance.code:
            self.fields["code"].disabled = not self.instance.has_provisional_code
            self.fields["unit"].disabled = not by.sees_unit
        if group:
            for name in [name for name in self.fields if group_of(name) != group]:
                if name != "allow_same_name":
                    del self.fields[name]

    def _set_up_relations(self, by: User, *, is_new: bool) -> None:
        offer(self, "unit", possible_units(by, None if is_new else self.instance))
        self.fields["unit"].initial = by.unit_id
        self.by_code("superior", by)
        self.by_code("referring_client", by)
        self.by_user_name("referring_colleague")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if (cleaned.get("latitude") is None) != (cleaned.get("longitude") is None):
            self.add_error("longitude", _("Latitude and longitude go together."))
        return cleaned

    @property
    def groups(self) -> list[FormGroup]:
        """The fields as cards; what belongs to none stands with the first."""
        found = []
        for group in GROUPS:
            names = [*group.fields, *(["status"] if group.name == "identity" else [])]
            fields = [self[name] for name in names if name in self.fields]
            if fields:
                found.append(FormGroup(group, fields))
        if "allow_same_name" in self.fields and not self["allow_same_name"].is_hidden:
            found[0].fields.insert(1, self["allow_same_name"])
        return found


class ProspectForm(SameNameForm):
    """A potential client in as little as a name, made for a phone (WF-4, ARC-04, ARC-05)."""

    contact_name = forms.CharField(label=_("Name of a contact"), max_length=64, required=False)
    contact_title = forms.CharField(label=_("Title"), max_length=64, required=False)
    contact_mobile = forms.CharField(
        label=_("Mobile"), max_length=20, required=False,
        widget=forms.TextInput(attrs={"inputmode": "tel"}),
    )  # fmt: skip

    class Meta:
        model = Client
        fields = (
            "name", "nature", "industry", "address", "employees", "other_users", "lead_source",
            "referring_client", "referring_colleague", "info_source", *TESTS, "notes",
        )  # fmt: skip
        widgets: ClassVar = {
            "notes": forms.Textarea(attrs=TWO_ROWS),
            "employees": forms.NumberInput(attrs={"inputmode": "numeric"}),
            "other_users": forms.NumberInput(attrs={"inputmode": "numeric"}),
        }

    field_order = (
        "name", "allow_same_name", "nature", "industry", "address", "contact_name",
        "contact_title", "contact_mobile", "employees", "other_users", "lead_source",
        "referring_client", "referring_colleague", "info_source", *TESTS, "notes",
    )  # fmt: skip

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by_code("referring_client", by)
        self.by_user_name("referring_colleague")
        self.fields["industry"].choices = industries("")  # type: ignore[attr-defined]
        self.order_fields(self.field_order)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("contact_name") and not cleaned.get("contact_mobile"):
            self.add_error("contact_mobile", _("Give at least one way to reach this person."))
        if cleaned.get("contact_mobile") and not cleaned.get("contact_name"):
            self.add_error("contact_name", _("Whose number is it?"))
        return cleaned

    @property
    def prospect(self) -> dict[str, Any]:
        """What `create_prospect` takes."""
        fields = dict(self.cleaned_data)
        contact = {name: fields.pop(f"contact_{name}") for name in ("name", "title", "mobile")}
        return {**fields, "contact": contact if contact["name"] else None}


class StatusForm(forms.Form):
    status = forms.ChoiceField(label=_("New status"))
    reason = forms.CharField(label=_("Reason"), max_length=200)

    def __init__(self, *args: Any, client: Client, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["status"].choices = [  # type: ignore[attr-defined]
            (status.value, status.label) for status in NEXT_STATUSES[client.status]
        ]


class CheckForm(forms.Form):
    """Name, address and nature compared with what is found on the spot (ARC-30)."""

    name_matches = forms.BooleanField(required=False, initial=True)
    address_matches = forms.BooleanField(required=False, initial=True)
    nature_matches = forms.BooleanField(required=False, initial=True)
    found = forms.CharField(
        label=_("What was found instead"), required=False, widget=forms.Textarea(attrs=TWO_ROWS)
    )

    def __init__(self, *args: Any, client: Client, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        nothing = _("(empty)")
        self.fields["name_matches"].label = _("The name is right: %(name)s") % {"name": client.name}
        self.fields["address_matches"].label = _("The address is right: %(address)s") % {
            "address": client.address or nothing
        }
        self.fields["nature_matches"].label = _("The nature is right: %(nature)s") % {
            "nature": client.get_nature_display() or nothing
        }


class ResolveForm(forms.Form):
    cause = forms.CharField(label=_("Cause of the mismatch"), widget=forms.Textarea(attrs=TWO_ROWS))


class HistoryForm(forms.Form):
    """Narrows the history of a client to a field or to what one person did (ARC-15)."""

    field = forms.ChoiceField(label=_("Field"), required=False)
    by = forms.ChoiceField(label=_("By"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["field"].choices = [("", _("All fields")), *field_choices()]  # type: ignore[attr-defined]

    def narrowed(self) -> dict[str, Any]:
        """The filters of the address; what is none of ours narrows nothing."""
        field, by = self.data.get("field", ""), self.data.get("by", "")
        known = {name for _kind, fields in field_choices() for name, _label in fields}
        return {
            "field": field if field in known else "",
            "actor": int(by) if by.isdecimal() and len(by) < 18 else None,
        }

    def offering(self, people: list[User]) -> "HistoryForm":
        self.fields["by"].choices = [  # type: ignore[attr-defined]
            ("", _("Everybody")), *((person.pk, person.full_name) for person in people)
        ]  # fmt: skip
        return self


# Lists of the archive -----------------------------------------------------------------------


class ItemForm(forms.ModelForm):
    """A row of one of the lists; subclasses know the client."""

    def __init__(self, *args: Any, client: Client, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.client = client


class ValidityForm(ItemForm):
    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        start, end = cleaned.get("valid_from"), cleaned.get("valid_until")
        if start and end and end < start:
            self.add_error("valid_until", _("The end is before the beginning."))
        return cleaned


class DepartmentForm(ItemForm):
    class Meta:
        model = Department
        fields = ("name", "part_of", "head", "duties")
        widgets: ClassVar = {"duties": forms.Textarea(attrs=TWO_ROWS)}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = Department.objects.live().filter(client=self.client).exclude(pk=self.instance.pk)
        offer(self, "part_of", others.order_by("name", "pk"))


class AnniversaryForm(ItemForm):
    class Meta:
        model = Anniversary
        fields = ("kind", "name", "day", "is_recurring")


class AgreementForm(ValidityForm):
    class Meta:
        model = Agreement
        fields = (
            "product", "group_number", "short_numbers", "signed_on", "valid_from", "valid_until",
            "note",
        )  # fmt: skip
        widgets: ClassVar = {"note": forms.Textarea(attrs=TWO_ROWS)}
        help_texts: ClassVar = {"product": _("For example VPMN; earlier agreements too")}


class PolicyForm(ValidityForm):
    class Meta:
        model = Policy
        fields = ("name", "valid_from", "valid_until", "note")
        widgets: ClassVar = {"note": forms.Textarea(attrs=TWO_ROWS)}


class CollectionCountForm(ItemForm):
    month = MonthField(label=pgettext_lazy("of bills", "Month"))

    class Meta:
        model = CollectionCount
        fields = ("month", "users")


class SegmentForm(ItemForm):
    class Meta:
        model = Segment
        fields = ("factor", "value")
        help_texts: ClassVar = {"value": _("One or two words, the same for clients that are alike")}


class AreaForm(ItemForm):
    class Meta:
        model = Area
        fields = (
            "name", "population", "household_economy", "families", "own_use", "other_use",
            "feedback", "revenue_fluctuation", "latent_need", "own_channels", "other_channels",
            "competitor_strategy", "competitor_products", "competition", "competitor_effect",
        )  # fmt: skip
        widgets: ClassVar = {name: forms.Textarea(attrs=TWO_ROWS) for name in fields[2:]}


class SuccessCaseForm(ItemForm):
    class Meta:
        model = SuccessCase
        fields = ("title", "need", "solution", "result", "shows_name")
        widgets: ClassVar = {
            name: forms.Textarea(attrs={"rows": 3}) for name in ("need", "solution", "result")
        }
        help_texts: ClassVar = {
            "shows_name": _("Otherwise the name is left out wherever colleagues read this.")
        }
