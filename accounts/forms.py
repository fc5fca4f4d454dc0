"""Input about contacts, and about whose a client is. The archive has `archive_forms`."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.choices import ClientClass, MajorChangeKind
from accounts.models import Client, Contact
from accounts.selectors.choices import possible_owners
from accounts.selectors.representatives import eligible_representatives
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


class AnswerForm(forms.Form):
    """A word that must be said."""

    answer = forms.CharField(
        label=_("Your word"), widget=forms.Textarea(attrs={"rows": 3}), max_length=2000
    )


class MajorChangeForm(forms.Form):
    """What changed at a client (ARC-21)."""

    kind = forms.ChoiceField(label=_("What changed"), choices=MajorChangeKind.choices)
    happened_on = forms.DateField(
        label=_("Happened on"), widget=forms.DateInput(attrs={"type": "date"})
    )
    learned_at = forms.DateTimeField(
        label=_("We learned of it"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    text = forms.CharField(
        label=_("What exactly"),
        widget=forms.Textarea(attrs={"rows": 5}),
        max_length=4000,
        help_text=_("Facts, from whom we know, and what it may mean for us"),
    )


class AssignRepresentativeForm(forms.Form):
    representative = forms.ModelChoiceField(
        User.objects.none(),
        label=_("Chief representative"),
        required=False,
        empty_label=_("nobody"),
    )
    reason = forms.CharField(label=_("Reason"), max_length=200)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "representative", eligible_representatives())


class InstructionForm(forms.Form):
    text = forms.CharField(
        label=_("What should be done"), widget=forms.Textarea(attrs={"rows": 4}), max_length=2000
    )
    due_on = forms.DateField(label=_("By when"), widget=forms.DateInput(attrs={"type": "date"}))


class EscalationForm(forms.Form):
    level = forms.TypedChoiceField(label=_("Escalate to"), coerce=int)
    reason = forms.CharField(
        label=_("Why, and what help is needed"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=2000,
    )

    def __init__(self, *args: Any, levels: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["level"]
        assert isinstance(field, forms.TypedChoiceField)  # noqa: S101 -- declared above
        field.choices = [(level.value, level.label) for level in levels]


class PromiseForm(forms.Form):
    text = forms.CharField(
        label=_("What is promised"), widget=forms.Textarea(attrs={"rows": 3}), max_length=2000
    )
    contact = forms.ModelChoiceField(Contact.objects.none(), label=_("Promised to"), required=False)
    due_on = forms.DateField(
        label=_("Due"),
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("The day the client gets it, or our reply about it"),
    )
    needs_authority = forms.BooleanField(
        label=_("Beyond my authority"),
        required=False,
        help_text=_("Tell the client it will be reported and when they get a reply."),
    )

    def __init__(self, *args: Any, client: Client, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "contact", client.contacts.active().order_by("kind", "sort_key", "pk"))


class RevealForm(forms.Form):
    reason = forms.CharField(label=_("Why do you need the number?"), max_length=200)
