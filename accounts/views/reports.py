"""Reports: the list, one report and its way, writing one, who of the province gets them."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from accounts import printing
from accounts.choices import ReportKind, ReportState
from accounts.exceptions import NothingFound
from accounts.filters import ReportFilter
from accounts.forms import AnswerForm
from accounts.models import Report, ReportRecipient
from accounts.report_forms import NEW_FORMS, LineFormSet, RecipientForm, ReportForm
from accounts.report_tables import REPORT_TONES, ReportTable
from accounts.selectors import reports as selectors
from accounts.services import report_recipients, reports
from accounts.views.client_page import get_client
from crm.lib.exceptions import DomainError
from crm.lib.http import StaffRequest
from crm.lib.views import ScopedListView, form_page, permission, require, visible_or_404
from staff.views.documents import order_page

LIST = "accounts:report_list"


class ReportListView(ScopedListView):
    model = Report
    filterset_class = ReportFilter
    table_class = ReportTable
    right = "accounts.view_client"
    export_right = "accounts.export_clients"
    template_name = "accounts/report_list.html"
    title = gettext_lazy("Reports")
    empty_title = gettext_lazy("No reports")
    empty_text = gettext_lazy(
        "Suggestions begin on a client's page; others with the buttons above."
    )
    empty_icon = "file-text"

    def queryset(self) -> Any:
        return super().queryset().with_people()

    def extra_context(self) -> dict[str, Any]:
        user = self.request.user
        return {
            "kinds": [(kind, ReportKind(kind).label) for kind in NEW_FORMS],
            "overdue": self.queryset().overdue(timezone.now()).order_by()[:100].count(),
            "may_write": user.has_perm("accounts.write_report"),
        }


def _get(request: StaffRequest, pk: UUID) -> Report:
    return visible_or_404(Report.objects.with_people(), request, pk)


@permission("accounts.view_client")
def report_detail(request: StaffRequest, pk: UUID) -> HttpResponse:
    """The report; whoever may answers a submitted one here."""
    report, now = _get(request, pk), timezone.now()
    form = AnswerForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        require(request, "accounts.answer_report")
        if form.is_valid():
            try:
                reports.answer_report(report=report, now=now, by=request.user, **form.cleaned_data)
            except DomainError as error:
                form.add_error(None, error.message)
            else:
                messages.success(request, _("Answered; the author is told."))
                return HttpResponseRedirect(report.get_absolute_url())
    user = request.user
    writes = user.has_perm("accounts.write_report") and report.is_writer(user)
    context = {
        "report": report,
        "tone": REPORT_TONES[report.state],
        "is_overdue": report.is_overdue(now),
        "form": form,
        "may_write": writes and report.is_draft,
        "may_restore": writes and report.state == ReportState.DISCARDED,
        "may_answer": user.has_perm("accounts.answer_report")
        and report.is_submitted
        and report.author_id != user.pk,
    }
    status = 422 if form.is_bound else 200
    return TemplateResponse(request, "accounts/report_detail.html", context, status=status)


# Writing ------------------------------------------------------------------------------------------


@permission("accounts.write_report")
def report_create(request: StaffRequest, kind: str) -> HttpResponse:
    """A draft of any kind but a suggestion, which begins at a client."""
    form_class = NEW_FORMS.get(kind)
    if form_class is None:
        raise Http404
    now = timezone.now()
    initial = {"title": ReportKind(kind).label, "learned_at": timezone.localtime(now)}
    form = form_class(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            report = reports.write_report(kind=kind, now=now, by=request.user, **form.cleaned_data)
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            return HttpResponseRedirect(reverse("accounts:report_edit", args=[report.pk]))
    return form_page(
        request,
        form,
        title=ReportKind(kind).label,
        cancel_url=reverse(LIST),
        submit_label=_("Next: findings"),
        columns=1,
    )


@permission("accounts.write_report")
def report_suggest(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Draft a suggestion about a client from bills and usage, or open the draft there is."""
    client = get_client(request, pk)
    cancel = reverse("accounts:client_value", args=[client.pk])
    if request.method == "POST":
        try:
            report = reports.suggest(client=client, now=timezone.now(), by=request.user)
        except NothingFound as error:
            messages.info(request, error.message)
            return HttpResponseRedirect(cancel)
        return HttpResponseRedirect(reverse("accounts:report_edit", args=[report.pk]))
    context = {
        "title": _("Write a suggestion report"),
        "text": _("The report about %(client)s is drafted from what bills and usage say.")
        % {"client": client.name},
        "consequences": [_("You go on editing it before your supervisor sees it.")],
        "cancel_url": cancel,
        "submit_label": _("Draft the report"),
    }
    return TemplateResponse(request, "crud/confirm.html", context)


@permission("accounts.write_report")
def report_edit(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Title, summary and lines; `submit` in the form also submits it."""
    report = _get(request, pk)
    sent = request.POST if request.method == "POST" else None
    form = ReportForm(sent, initial={"title": report.title, "summary": report.summary})
    lines = LineFormSet(sent, initial=report.lines, prefix="lines")
    if sent is not None and form.is_valid() and lines.is_valid():
        try:
            values = {**form.cleaned_data, "lines": [row for row in lines.cleaned_data if row]}
            reports.edit_report(report=report, by=request.user, **values)
            if "submit" in request.POST:
                reports.submit_report(report=report, now=timezone.now(), by=request.user)
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            text = _("Submitted; those concerned are told.")
            messages.success(request, text if "submit" in request.POST else _("Saved."))
            return HttpResponseRedirect(report.get_absolute_url())
    context = {"report": report, "form": form, "lines": lines}
    status = 422 if form.is_bound else 200
    return TemplateResponse(request, "accounts/report_edit.html", context, status=status)


@require_POST
@permission("accounts.write_report")
def report_submit(request: StaffRequest, pk: UUID) -> HttpResponse:
    report = _get(request, pk)
    reports.submit_report(report=report, now=timezone.now(), by=request.user)
    messages.success(request, _("Submitted; those concerned are told."))
    return HttpResponseRedirect(report.get_absolute_url())


@require_POST
@permission("accounts.write_report")
def report_discard(request: StaffRequest, pk: UUID) -> HttpResponse:
    report = _get(request, pk)
    reports.discard_report(report=report, now=timezone.now(), by=request.user)
    messages.success(request, _("Put aside; its page takes it up again."))
    return HttpResponseRedirect(report.get_absolute_url())


@require_POST
@permission("accounts.write_report")
def report_restore(request: StaffRequest, pk: UUID) -> HttpResponse:
    report = _get(request, pk)
    reports.restore_report(report=report, by=request.user)
    return HttpResponseRedirect(report.get_absolute_url())


@permission(printing.RIGHT)
def report_document(request: StaffRequest, pk: UUID) -> HttpResponse:
    """As PDF or Word file."""
    report = _get(request, pk)
    return order_page(
        request,
        printing.REPORT,
        report,
        label=report.title,
        cancel_url=report.get_absolute_url(),
    )


# Recipients ---------------------------------------------------------------------------------------


@permission("accounts.edit_recipients")
def recipient_list(request: StaffRequest) -> HttpResponse:
    """Who of the province gets market months and urgent reports (ORG-33)."""
    form = RecipientForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            report_recipients.add_recipient(
                now=timezone.now(), by=request.user, **form.cleaned_data
            )
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            return HttpResponseRedirect(reverse("accounts:recipient_list"))
    today = timezone.localdate()
    rows = ReportRecipient.objects.select_related("person__unit", "position", "added_by")
    context = {
        "rows": rows.order_by("added_at", "pk"),
        "people": [each for each in selectors.recipients(today) if selectors.may_receive(each)],
        "form": form,
    }
    status = 422 if form.is_bound else 200
    return TemplateResponse(request, "accounts/recipient_list.html", context, status=status)


@require_POST
@permission("accounts.edit_recipients")
def recipient_remove(request: StaffRequest, pk: UUID) -> HttpResponse:
    recipient = get_object_or_404(ReportRecipient, pk=pk)
    report_recipients.remove_recipient(recipient=recipient, by=request.user)
    return HttpResponseRedirect(reverse("accounts:recipient_list"))
