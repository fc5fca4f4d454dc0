"""Input about imports and alerts."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from analytics.choices import AlertCause, ImportKind
from analytics.models import Alert
from crm.lib.filters import MonthField
from crm.lib.forms import offer
from visits.models import Visit


class UploadForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy(
            "CSV (UTF-8, UTF-16 or GB18030) or XLSX, also gzipped or zipped; columns in any order"
        ),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.txt,.tsv,.xlsx,.gz,.zip"}),
    )
    kind = forms.ChoiceField(label=gettext_lazy("What is in it?"), choices=ImportKind.choices)
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

    def clean_file(self) -> UploadedFile:
        file = self.cleaned_data["file"]
        if file.size > settings.IMPORT_MAX_BYTES:
            limit = settings.IMPORT_MAX_BYTES // 1024**2
            raise forms.ValidationError(
                _("The file is larger than %(limit)s MB.") % {"limit": limit}
            )
        return file


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
