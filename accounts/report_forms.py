"""Input about reports and who gets them."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.choices import ReportKind
from accounts.selectors.reports import possible_recipients
from crm.lib.filters import MonthField
from crm.lib.forms import offer
from staff.models import Position, User

LINES_MOST = 60
EMPTY_LINES = 2


class ReportForm(forms.Form):
    title = forms.CharField(label=pgettext_lazy("of a text", "Title"), max_length=200)
    summary = forms.CharField(
        label=_("Summary"),
        widget=forms.Textarea(attrs={"rows": 6}),
        max_length=8000,
        required=False,
    )


class UrgentReportForm(ReportForm):
    """What the province must know within a day (MKT-03)."""

    learned_at = forms.DateTimeField(
        label=_("We learned of it"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text=_("The report is due 24 hours later"),
    )
    field_order = ("title", "learned_at", "summary")


class MonthReportForm(ReportForm):
    """Something of a month: collected data, or what the market did."""

    month = MonthField(label=_("Month"), help_text=_("Written as 2026-05"))
    field_order = ("title", "month", "summary")


NEW_FORMS: dict[str, type[ReportForm]] = {
    ReportKind.SUMMARY: MonthReportForm,
    ReportKind.URGENT: UrgentReportForm,
    ReportKind.MARKET_MONTH: MonthReportForm,
}


class LineForm(forms.Form):
    """A finding and what is suggested; both empty takes the line away."""

    source = forms.CharField(widget=forms.HiddenInput, max_length=40, required=False)
    finding = forms.CharField(
        label=_("Finding"),
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=2000,
        required=False,
    )
    action = forms.CharField(
        label=_("Suggested action"),
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=2000,
        required=False,
    )


LineFormSet = forms.formset_factory(
    LineForm, extra=EMPTY_LINES, max_num=LINES_MOST, validate_max=True, absolute_max=LINES_MOST
)


class RecipientForm(forms.Form):
    """A person or a position (ORG-33)."""

    person = forms.ModelChoiceField(User.objects.none(), label=_("Person"), required=False)
    position = forms.ModelChoiceField(
        Position.objects.none(),
        label=_("Position"),
        required=False,
        help_text=_("Whoever holds it and sees the whole province"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = [person.pk for person in possible_recipients()]
        offer(self, "person", User.objects.filter(pk__in=people).order_by("full_name", "pk"))
        offer(self, "position", Position.objects.in_use().order_by("code"))
