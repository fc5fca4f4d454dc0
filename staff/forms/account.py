"""Input of our own people."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.forms import AuthenticationForm
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from staff import throttling
from staff.choices import DOCUMENT_FORMATS, LIST_FORMATS, ExportFormat


class LoginForm(AuthenticationForm):
    """User name and password, with a limit on wrong guesses."""

    def clean(self) -> dict[str, Any]:
        username = self.cleaned_data.get("username") or ""
        # Behind a proxy the web server must set REMOTE_ADDR; headers can be forged.
        address = self.request.META.get("REMOTE_ADDR", "") if self.request else ""
        if throttling.is_locked(username, address):
            raise ValidationError(
                _("Too many wrong passwords. Try again in %(minutes)s minutes.")
                % {"minutes": settings.LOGIN_LOCK_MINUTES},
                code="locked",
            )
        try:
            cleaned = super().clean()
        except ValidationError:
            throttling.note_failure(username, address)
            raise
        throttling.forget(username, address)
        return cleaned


class ExportForm(forms.Form):
    """Ordering the file of a list."""

    format = forms.ChoiceField(
        label=_lazy("Format"),
        choices=[(f.value, f.label) for f in LIST_FORMATS],
        initial=ExportFormat.XLSX.value,
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_lazy("What do you need it for?"),
        max_length=200,
        help_text=_lazy("Kept with your name, the time and what was taken out"),
    )

    def __init__(self, *args: Any, has_personal_data: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if has_personal_data:
            self.fields["reason"].help_text = _(
                "Kept with your name, the time and what was taken out. A file with data of more"
                " than %(rows)s people waits until somebody above you has approved it."
            ) % {"rows": f"{settings.EXPORT_APPROVAL_ROWS:,}"}


class DecisionForm(forms.Form):
    """A second person's answer to an export."""

    note = forms.CharField(label=_lazy("Why not?"), max_length=200)


class DocumentForm(forms.Form):
    """Ordering a document; subclasses ask for more, which goes into the order's query."""

    format = forms.ChoiceField(
        label=_lazy("Format"),
        choices=[(f.value, f.label) for f in DOCUMENT_FORMATS],
        initial=ExportFormat.PDF.value,
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_lazy("What do you need it for?"),
        max_length=200,
        help_text=_lazy("Kept with your name, the time and what was taken out"),
    )
