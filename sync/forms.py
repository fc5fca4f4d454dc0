"""Input about tokens."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from sync.models import Token

LONGEST_DAYS = 366
USUAL_DAYS = 90


class TokenForm(forms.ModelForm):
    days = forms.IntegerField(
        label=_("Valid for days"), min_value=1, max_value=LONGEST_DAYS, initial=USUAL_DAYS
    )

    class Meta:
        model = Token
        fields = ("name", "access")
        help_texts = {
            "name": _("What will use it, e.g. the name of a program"),
            "access": _("It never sees or does more than you may yourself"),
        }

    def __init__(self, *args: Any, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._now = now

    def terms(self) -> dict[str, Any]:
        """What the service takes."""
        cleaned = self.cleaned_data
        return {
            "name": cleaned["name"],
            "access": cleaned["access"],
            "expires_at": self._now + timedelta(days=cleaned["days"]),
        }
