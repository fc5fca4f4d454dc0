"""Input about contacts, and about whose a client is. The archive has `archive_forms`."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.choices import ClientClass, MajorChangeKind
from accounts.models import Client, Contact, ContactLog, Note
from accounts.page_parts import timeline_sources
from accounts.selectors.choices import possible_owners
from crm.lib.forms import offer
from crm.lib.models import uuid7
from staff.models import User
from staff.selectors.positions import eligible_representatives


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

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "representative", eligible_representatives(today))


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


class TimelineForm(forms.Form):
    """What of the timeline to show; whatever else the address says is ignored."""

    kind = forms.ChoiceField(label=_("Kind"), required=False)
    person = forms.ChoiceField(label=_("Person"), required=False)
    days = forms.ChoiceField(
        label=_("Period"),
        required=False,
        choices=[
            ("", _("Any time")),
            ("30", _("Last 30 days")),
            ("90", _("Last 3 months")),
            ("365", _("Last 12 months")),
        ],
    )

    def __init__(self, *args: Any, people: Sequence[User], user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = {source.kind: source.label for source in timeline_sources(user)}
        self.fields["kind"].choices = [("", _("Everything")), *kinds.items()]  # type: ignore[attr-defined]
        names = {user.pk: _("Me")} | {each.pk: each.full_name for each in people if each != user}
        self.fields["person"].choices = [("", _("Everybody")), *names.items()]  # type: ignore[attr-defined]


class OnceForm(forms.ModelForm):
    """A form whose row has its key before it is sent: sent twice, it is one row."""

    id = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance._state.adding:
            self.fields["id"].initial = uuid7
        else:
            del self.fields["id"]

    def _post_clean(self) -> None:
        """The service checks and saves; the instance stays as it is."""


class ContactLogForm(OnceForm):
    """A call, a message, somebody who walks in (ORG-05, ARC-31): one text, the rest is proposed."""

    class Meta:
        model = ContactLog
        fields = (
            "content", "direction", "channel", "contact", "spoke_with", "purpose",
            "next_step", "next_step_on", "happened_at", "is_major",
        )  # fmt: skip
        widgets = {
            "content": forms.Textarea(attrs={"rows": 3, "autofocus": True}),
            "direction": forms.RadioSelect,
            "next_step_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "happened_at": forms.DateTimeInput(
                attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"
            ),
        }
        help_texts = {
            "next_step_on": _("With a day it becomes a task"),
            "is_major": _("Your supervisor is told at once"),
        }

    def __init__(self, *args: Any, client: Client, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._now = now
        contacts = client.contacts.order_by("kind", "sort_key", "pk")
        offer(self, "contact", contacts.filter(Q(is_active=True) | Q(pk=self.instance.contact_id)))
        self.fields["happened_at"].initial = timezone.localtime(now)
        for name in ("next_step_on", "happened_at"):
            self.fields[name].validators.append(sensible)

    def clean_happened_at(self) -> datetime:
        if self.cleaned_data["happened_at"] > self._now + timedelta(minutes=5):
            raise forms.ValidationError(_("This lies in the future."))
        return self.cleaned_data["happened_at"]


class NoteForm(OnceForm):
    class Meta:
        model = Note
        fields = ("text", "is_pinned")
        widgets = {"text": forms.Textarea(attrs={"rows": 5, "autofocus": True})}

    def __init__(self, *args: Any, people: Sequence[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = " ".join(f"@{person.full_name}" for person in people)
        if names:
            self.fields["text"].help_text = _("Tell somebody: %(names)s") % {"names": names}
        self.fields["is_pinned"].help_text = _("Stays on top of the client's page")


def sensible(value: date) -> None:
    """A year that a person may mean, not a slip of the finger."""
    if not 2000 <= value.year <= 2099:
        raise forms.ValidationError(_("Check the year."))
