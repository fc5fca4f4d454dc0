"""Input of our own people."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.forms import AuthenticationForm
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from staff import throttling
from staff.choices import ExportFormat


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
    format = forms.ChoiceField(choices=ExportFormat.choices)
