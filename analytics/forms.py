"""Input about imports and alerts."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.choices import ClientClass
from analytics.choices import AlertCause, ImportKind
from analytics.importing.columns import FORMATS, Column
from analytics.importing.reading import Chosen
from analytics.importing.recognising import Guess, Look, own_words, too_many_words
from analytics.models import Alert
from crm.lib.filters import MonthField
from crm.lib.forms import offer
from crm.lib.text import listed
from staff.models import Unit
from visits.models import Visit

# Values of the drop-downs of own words that are no words of ours.
QUARANTINE, EMPTY = "-", "="
# Kinds whose unknown client codes may become new clients.
CREATING_KINDS = (ImportKind.MEMBER_BILL, ImportKind.PRODUCT_BILL)


class UploadForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy(
            "CSV (UTF-8, UTF-16 or GB18030) or XLSX, also as ZIP or gzip; any column names and "
            "order. Choose it or drop it here."
        ),
        widget=forms.ClearableFileInput(
            attrs={"accept": ".csv,.txt,.tsv,.xlsx,.gz,.zip", "class": "file-drop"}
        ),
    )

    def clean_file(self) -> UploadedFile:
        file = self.cleaned_data["file"]
        if file.size > settings.IMPORT_MAX_BYTES:
            limit = settings.IMPORT_MAX_BYTES // 1024**2
            raise forms.ValidationError(
                _("The file is larger than %(limit)s MB.") % {"limit": limit}
            )
        return file


@dataclass(frozen=True)
class ColumnRow:
    """One column of the file on the page; `how` it was found, see recognising."""

    name: str
    samples: list[str]
    field: forms.BoundField
    how: str


@dataclass(frozen=True)
class WordRow:
    """A word of the file that we do not know, and how often it occurs."""

    column: str
    word: str
    count: int
    field: forms.BoundField


class ColumnsForm(forms.Form):
    """What the file is: its columns, its own words, and how it is to be loaded.

    Which words are asked about follows from the columns chosen, so that after a change of these
    the page may come back with more questions. `chosen`: an earlier answer, else the guesses.
    """

    period = MonthField(
        label=gettext_lazy("Month"),
        required=False,
        help_text=gettext_lazy("Only when the file has no month column"),
    )
    creates_clients = forms.BooleanField(
        label=gettext_lazy("Create clients that are not known yet"), required=False
    )
    completes_period = forms.BooleanField(
        label=gettext_lazy("The month is complete with this file"),
        help_text=gettext_lazy("Facts and alerts are made as soon as it is loaded"),
        required=False,
    )
    OPTIONS = ("period", "creates_clients", "completes_period")

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        look: Look,
        kind: str,
        chosen: Chosen | None,
        initial: dict[str, Any] | None = None,
    ) -> None:
        # A copy: words that are asked about for the first time get their answers here.
        self._answers = data.copy() if data is not None else None
        super().__init__(self._answers, initial=initial)
        self._look, self._kind, self._chosen = look, kind, chosen
        self.columns = {column.name: column for column in FORMATS[kind]}
        self._add_columns()
        self._words = own_words(look, kind, self.positions)
        self._add_words()
        if "period" not in self.columns:
            del self.fields["period"], self.fields["completes_period"]
        if kind not in CREATING_KINDS:
            del self.fields["creates_clients"]

    def _add_columns(self) -> None:
        guesses = self._look.guesses.get(self._kind, [])
        at = {
            place: name for name, place in (self._chosen.positions if self._chosen else {}).items()
        }
        options = [("", _("leave out"))]
        options += [(column.name, _column_label(column)) for column in self.columns.values()]
        for place, name in enumerate(self._look.names):
            guess = guesses[place].column if place < len(guesses) else ""
            self.fields[f"column-{place}"] = forms.ChoiceField(
                label=name, choices=options, required=False,
                widget=forms.Select(attrs={"class": "column-choice"}),
                initial=at.get(place, "") if self._chosen else guess,
            )  # fmt: skip

    @property
    def positions(self) -> dict[str, int]:
        """Column -> its first place in the file, as the page stands now."""
        found: dict[str, int] = {}
        for place in range(len(self._look.names)):
            name = self[f"column-{place}"].value()
            if name in self.columns:
                found.setdefault(name, place)
        return found

    def _add_words(self) -> None:
        self.has_new_words = False
        known = self._chosen.words if self._chosen else {}
        asked: Counter[str] = Counter()
        for own in self._words:
            column = self.columns[own.column]
            name = f"word-{own.column}-{self.positions[own.column]}-{asked[own.column]}"
            asked[own.column] += 1
            options = [(QUARANTINE, _("quarantine these rows"))]
            if column.may_be_empty:
                options.append((EMPTY, _("as if nothing stood there")))
            before = known.get(own.column, {}).get(own.word)
            self.fields[name] = forms.ChoiceField(
                label=own.word, choices=[*options, *_words_of(column)],
                initial=EMPTY if before == "" else before or QUARANTINE,
            )  # fmt: skip
            if self._answers is not None and name not in self._answers:
                self.has_new_words = True
                self._answers[name] = str(self.fields[name].initial)

    def _word_names(self) -> list[str]:
        return [name for name in self.fields if name.startswith("word-")]

    @property
    def option_fields(self) -> list[forms.BoundField]:
        """A month only when the file has none: with two, rows of another one are refused."""
        asked = [name for name in self.OPTIONS if name in self.fields]
        return [self[name] for name in asked if name != "period" or "period" not in self.positions]

    @property
    def column_rows(self) -> list[ColumnRow]:
        guesses = self._look.guesses.get(self._kind, [])
        rows = []
        for place, name in enumerate(self._look.names):
            field = self[f"column-{place}"]
            guess = guesses[place] if place < len(guesses) else Guess()
            is_guess = field.value() and field.value() == guess.column
            rows.append(
                ColumnRow(name, self._look.samples[place], field, guess.how if is_guess else "")
            )
        return rows

    @property
    def word_rows(self) -> list[WordRow]:
        return [
            WordRow(_column_label(self.columns[own.column]), own.word, own.count, self[name])
            for own, name in zip(self._words, self._word_names(), strict=True)
        ]

    @property
    def missing(self) -> list[str]:
        """Required columns that no column of the file is for."""
        there = self.positions
        return [
            _column_label(column)
            for column in self.columns.values()
            if column.is_required and column.name not in there
        ]

    @property
    def too_many_words(self) -> list[str]:
        names = too_many_words(self._look, self._kind, self.positions)
        return [_column_label(self.columns[name]) for name in names]

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        taken: set[str] = set()
        for place in range(len(self._look.names)):
            name = data.get(f"column-{place}")
            if name and name in taken:
                self.add_error(f"column-{place}", _("Another column is this one already."))
            taken.add(name or "")
        if self.missing:
            self.add_error(
                None,
                _("These columns are missing: %(columns)s.") % {"columns": listed(self.missing)},
            )
        if "period" in taken:
            data["period"] = None
        needs_month = "period" in self.columns and "period" not in taken
        if needs_month and not data.get("period") and "period" not in self.errors:
            self.add_error("period", _("The file has no month column; say which month it is for."))
        if self.has_new_words:
            self.add_error(
                None, _("The file has words we do not know; say below what they mean, then check.")
            )
        return data

    @property
    def mapping(self) -> dict[str, int]:
        return self.positions

    @property
    def words(self) -> dict[str, dict[str, str | None]]:
        """Column -> word of the file -> ours, "" for an empty cell, None for the quarantine."""
        meanings: dict[str, dict[str, str | None]] = {}
        for own, name in zip(self._words, self._word_names(), strict=True):
            answer = self.cleaned_data[name]
            meaning = {QUARANTINE: None, EMPTY: ""}.get(answer, answer)
            meanings.setdefault(own.column, {})[own.word] = meaning
        return meanings


def _column_label(column: Column) -> str:
    return f"{column.label} ({column.name})"


def _words_of(column: Column) -> list[tuple[str, str]]:
    """Each value a column of words knows: its first word, and how people call it."""
    spellings: dict[Any, list[str]] = {}
    for word, value in (column.choice.values if column.choice else {}).items():
        spellings.setdefault(value, []).append(word)
    return [(words[0], " / ".join(words[:2])) for words in spellings.values()]


class HandleAlertForm(forms.Form):
    """Survey, cause and action; the visit when it was not planned from the alert (CHN-22)."""

    survey = forms.CharField(
        label=gettext_lazy("Survey: what did you find out?"),
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
    )
    visit = forms.ModelChoiceField(
        Visit.objects.none(),
        label=gettext_lazy("Visit"),
        required=False,
        help_text=gettext_lazy("A logged visit to this client"),
    )
    cause = forms.ChoiceField(
        label=gettext_lazy("Cause"),
        choices=[("", "---------"), *AlertCause.choices],
        required=False,
    )
    action = forms.CharField(
        label=gettext_lazy("Action: what was done?"),
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
    )

    def __init__(self, *args: Any, alert: Alert, **kwargs: Any) -> None:
        kwargs.setdefault(
            "initial",
            {
                "survey": alert.survey,
                "visit": alert.visit_id,
                "cause": alert.cause,
                "action": alert.action,
            },
        )
        super().__init__(*args, **kwargs)
        visits = Visit.objects.done().filter(client=alert.client_id)
        offer(self, "visit", visits.order_by("-starts_at", "-pk"))


class ReasonForm(forms.Form):
    """Why something is done; kept with who did it and when."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, is_needed: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = is_needed


class RuleForm(forms.Form):
    """A setting of a rule, for everybody or for a class, a unit or both."""

    client_class = forms.ChoiceField(
        label=gettext_lazy("Class"),
        choices=[("", gettext_lazy("All classes")), *ClientClass.choices],
        required=False,
    )
    unit = forms.ModelChoiceField(
        Unit.objects.none(),
        label=gettext_lazy("Unit"),
        empty_label=gettext_lazy("All units"),
        to_field_name="code",
        required=False,
        help_text=gettext_lazy("With all units below it"),
    )
    is_enabled = forms.BooleanField(label=gettext_lazy("The rule is on"), required=False)
    is_strict = forms.TypedChoiceField(
        label=gettext_lazy("Compared how?"),
        choices=[("true", gettext_lazy("more than")), ("false", gettext_lazy("at least"))],
        coerce=lambda text: text == "true",
    )
    percent = forms.DecimalField(
        label=gettext_lazy("Per cent"), min_value=0, max_value=1000, max_digits=6, decimal_places=2
    )
    minimum = forms.DecimalField(
        label=gettext_lazy("Minimum"),
        min_value=0,
        max_digits=12,
        decimal_places=2,
        help_text=gettext_lazy("Smaller drops, arrears or numbers of members stay silent"),
    )
    due_working_days = forms.IntegerField(
        label=gettext_lazy("Visit within (working days)"), min_value=1, max_value=60
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=500,
        required=False,
        help_text=gettext_lazy("Needed to save; kept with your name"),
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, units: QuerySet[Unit], needs_unit: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "unit", units)
        self.fields["unit"].required = needs_unit


class CriteriaForm(forms.Form):
    """What makes an A and a B, for everybody or for a unit."""

    unit = forms.ModelChoiceField(
        Unit.objects.none(),
        label=gettext_lazy("Unit"),
        empty_label=gettext_lazy("All units"),
        to_field_name="code",
        required=False,
        help_text=gettext_lazy("With all units below it"),
    )
    months = forms.IntegerField(
        label=gettext_lazy("Mean of so many months"),
        min_value=1,
        max_value=12,
        help_text=gettext_lazy("Clients with fewer months are not judged yet"),
    )
    a_income = forms.DecimalField(
        label=gettext_lazy("A: monthly income from"), min_value=0, max_digits=14, decimal_places=2
    )
    a_members = forms.IntegerField(label=gettext_lazy("A: active members from"), min_value=0)
    b_income = forms.DecimalField(
        label=gettext_lazy("B: monthly income from"), min_value=0, max_digits=14, decimal_places=2
    )
    b_members = forms.IntegerField(label=gettext_lazy("B: active members from"), min_value=0)
    needs_both = forms.TypedChoiceField(
        label=gettext_lazy("What must be reached?"),
        choices=[
            ("false", gettext_lazy("income or members")),
            ("true", gettext_lazy("income and members")),
        ],
        coerce=lambda text: text == "true",
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=500,
        required=False,
        help_text=gettext_lazy("Needed to save; kept with your name"),
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, units: QuerySet[Unit], needs_unit: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "unit", units)
        self.fields["unit"].required = needs_unit

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for name in ("income", "members"):
            high, low = cleaned.get(f"a_{name}"), cleaned.get(f"b_{name}")
            if high is not None and low is not None and high < low:
                self.add_error(f"a_{name}", _("An A must reach at least as much as a B."))
        return cleaned
