"""The page that orders a document; apps call it for their own records."""

from typing import Any

from django.contrib import messages
from django.db.models import Model
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from crm.lib.http import StaffRequest
from crm.lib.views import form_page, require
from staff import documents
from staff.forms import DocumentForm


def order_page(
    request: StaffRequest,
    document: str,
    subject: Model,
    *,
    label: str,
    cancel_url: str,
    form_class: type[DocumentForm] = DocumentForm,
) -> HttpResponse:
    """Format and reason, then the file is written and appears among the exports."""
    kind = documents.KINDS[document]
    require(request, kind.right)
    form = form_class(request.POST or None)
    if request.method == "POST" and form.is_valid():
        options: dict[str, Any] = {**form.cleaned_data}
        documents.order_document(
            document=document,
            subject=subject,
            label=label,
            file_format=options.pop("format"),
            reason=options.pop("reason"),
            options=options,
            by=request.user,
        )
        messages.success(request, _("The file is being written; it appears here."))
        return HttpResponseRedirect(reverse("staff:export_list"))
    return form_page(
        request,
        form,
        title=kind.title,
        subtitle=label,
        cancel_url=cancel_url,
        submit_label=_("Order the file"),
        columns=1,
    )
