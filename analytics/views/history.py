"""Pages about what was imported: the file as it came, and taking it back."""

from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from analytics.models import BillingImport
from analytics.selectors.storage import storage_of
from analytics.selectors.undoing import (
    Consequences,
    consequences_of_undo,
    obstacle_to_undo,
)
from analytics.services import undo
from crm.lib.http import StaffRequest
from crm.lib.text import listed
from crm.lib.views import permission, visible_or_404


@permission("analytics.import_bills")
def import_original(request: StaffRequest, pk: UUID) -> FileResponse:
    """The file as it was handed in; a bill file holds full numbers."""
    billing_import = visible_or_404(BillingImport, request, pk)
    if not billing_import.file:
        raise Http404
    return FileResponse(
        billing_import.file.open("rb"),
        as_attachment=True,
        filename=billing_import.file_name,
        content_type="application/octet-stream",
    )


@permission("analytics.view_storage")
def storage(request: StaffRequest) -> HttpResponse:
    """Months, former months kept for undoing, files: how much room each takes."""
    context = {"storage": storage_of(request.user)}
    return TemplateResponse(request, "analytics/storage.html", context)


@permission("analytics.undo_import")
def import_undo(request: StaffRequest, pk: UUID) -> HttpResponse:
    """First what it would do, then the order; a job does it."""
    billing_import = visible_or_404(BillingImport, request, pk)
    page = HttpResponseRedirect(billing_import.get_absolute_url())
    if request.method == "POST":
        undo.request_undo(billing_import=billing_import, now=timezone.now(), by=request.user)
        return page
    if obstacle := obstacle_to_undo(billing_import, timezone.now()):
        messages.warning(request, obstacle.message)
        return page
    consequences = consequences_of_undo(billing_import, request.user)
    return TemplateResponse(
        request,
        "crud/confirm.html",
        {
            "title": _("Undo import #%(number)s") % {"number": billing_import.number},
            "text": _("Everything will be as if %(file)s had never been handed in.")
            % {"file": billing_import.file_name},
            "consequences": _sentences(consequences),
            "cancel_url": billing_import.get_absolute_url(),
            "submit_label": _("Undo the import"),
            "is_danger": True,
        },
    )


def _sentences(will: Consequences) -> list[str]:
    """Only what applies; numbers with their thousands apart."""

    def months(values: object) -> str:
        return listed(f"{month:%Y-%m}" for month in values)  # type: ignore[attr-defined]

    sentences = [ngettext("%(n)s row goes.", "%(n)s rows go.", will.rows) % {"n": f"{will.rows:,}"}]
    if will.rows_back:
        sentences.append(
            ngettext(
                "%(n)s row that it had replaced comes back.",
                "%(n)s rows that it had replaced come back.",
                will.rows_back,
            )
            % {"n": f"{will.rows_back:,}"}
        )
    if will.months:
        sentences.append(_("Months that change: %(months)s.") % {"months": months(will.months)})
    if will.reopened:
        sentences.append(
            _("No longer complete, and without facts and alerts: %(months)s.")
            % {"months": months(will.reopened)}
        )
    if will.alerts:
        sentences.append(
            ngettext(
                "%(n)s alert of these months and the ones after may change, go or come back.",
                "%(n)s alerts of these months and the ones after may change, go or come back.",
                will.alerts,
            )
            % {"n": f"{will.alerts:,}"}
        )
    if will.deleted:
        sentences.append(
            ngettext(
                "%(n)s client or contact that it made is deleted.",
                "%(n)s clients or contacts that it made are deleted.",
                will.deleted,
            )
            % {"n": f"{will.deleted:,}"}
        )
    if will.staying:
        sentences.append(
            ngettext(
                "%(n)s client or contact that it made stays, because it is in use by now.",
                "%(n)s clients or contacts that it made stay, because they are in use by now.",
                will.staying,
            )
            % {"n": f"{will.staying:,}"}
        )
    if will.restored:
        sentences.append(
            ngettext(
                "%(n)s client or contact gets its former values back; "
                "what somebody changed since stays.",
                "%(n)s clients or contacts get their former values back; "
                "what somebody changed since stays.",
                will.restored,
            )
            % {"n": f"{will.restored:,}"}
        )
    return sentences
