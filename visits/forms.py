"""Input about visits."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.choices import ClientAttitude
from accounts.models import Client, Contact
from crm.lib.forms import offer
from visits.appointments import SENSIBLE, SENSIBLE_DAY, appointment_problems
from visits.choices import VisitMode, VisitPurpose
from visits.models import Visit


class PlanVisitForm(forms.ModelForm):
    """Appointment, purpose and outline (VIS-04, VIS-20, VIS-24)."""

    class Meta:
        model = Visit
        fields = (
            "purpose", "mode", "contact", "starts_at", "place", "outline", "short_notice_reason",
        )  # fmt: skip
        widgets = {
            "starts_at": forms.DateTimeInput(
                attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"
            ),
            "outline": forms.Textarea(attrs={"rows": 4}),
        }
        help_texts = {
            "outline": gettext_lazy("What to learn, what to say, what the client may answer"),
            "short_notice_reason": gettext_lazy(
                "Needed when the appointment is less than one day ahead"
            ),
        }

    def __init__(self, *args: Any, client: Client, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._now = now
        self.fields["outline"].required = True
        contacts = client.contacts.order_by("kind", "sort_key", "pk")
        # Who left meanwhile stays on the visit until somebody else is chosen.
        offer(self, "contact", contacts.filter(Q(is_active=True) | Q(pk=self.instance.contact_id)))
        self.fields["contact"].initial = contacts.active().first()
        self.fields["place"].initial = client.address
        self.fields["starts_at"].validators.extend(SENSIBLE)
        self.fields["starts_at"].initial = _next_working_morning(now)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        is_new_time = self.instance._state.adding or "starts_at" in self.changed_data
        problems = appointment_problems(
            starts_at=cleaned.get("starts_at") if is_new_time else None,
            mode=cleaned.get("mode") or VisitMode.DOOR,
            place=cleaned.get("place", ""),
            short_notice_reason=cleaned.get("short_notice_reason", ""),
            now=self._now,
        )
        for problem in problems:
            self.add_error(problem.field, problem.message)
        return cleaned


class RecordVisitForm(forms.Form):
    """What happened, in half a minute on a phone (VIS-50)."""

    summary = forms.CharField(
        label=gettext_lazy("What came out of it?"),
        widget=forms.Textarea(attrs={"rows": 4, "autofocus": True}),
    )
    next_step = forms.CharField(label=gettext_lazy("Next step"), max_length=300)
    next_step_on = forms.DateField(
        label=gettext_lazy("By when"),
        required=False,
        validators=SENSIBLE_DAY,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    client_attitude = forms.ChoiceField(
        label=gettext_lazy("Client attitude"),
        choices=[("", "---------"), *ClientAttitude.choices],
        required=False,
    )


class LogContactForm(RecordVisitForm):
    """A call or meeting without appointment, logged at once (VIS-32)."""

    mode = forms.ChoiceField(label=gettext_lazy("Mode"), choices=VisitMode.choices, initial="phone")
    purpose = forms.ChoiceField(
        label=gettext_lazy("Purpose"), choices=VisitPurpose.choices, initial="liaison"
    )
    contact = forms.ModelChoiceField(
        Contact.objects.none(), label=gettext_lazy("Contact"), required=False
    )
    held_at = forms.DateTimeField(
        label=gettext_lazy("When"),
        validators=SENSIBLE,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    field_order = (
        "summary", "next_step", "next_step_on", "mode", "purpose", "contact", "held_at",
        "client_attitude",
    )  # fmt: skip

    def __init__(self, *args: Any, client: Client, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._now = now
        offer(self, "contact", client.contacts.active().order_by("sort_key", "pk"))
        self.fields["held_at"].initial = timezone.localtime(now)

    def clean_held_at(self) -> datetime:
        if self.cleaned_data["held_at"] > self._now + timedelta(minutes=5):
            raise forms.ValidationError(_("This lies in the future; plan a visit instead."))
        return self.cleaned_data["held_at"]


class CancelVisitForm(forms.Form):
    reason = forms.CharField(label=gettext_lazy("Why is the visit called off?"), max_length=200)


def _next_working_morning(now: datetime) -> datetime:
    """A friendly first proposal: 09:30 of the day after tomorrow, so that notice is kept."""
    day = timezone.localtime(now) + timedelta(days=2)
    while day.weekday() > 4:
        day += timedelta(days=1)
    return day.replace(hour=9, minute=30, second=0, microsecond=0)
