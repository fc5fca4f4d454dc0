"""Pages of visits."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Client, Contact
from accounts.selectors.files import files_at
from accounts.views.client_page import client_tab, get_client
from accounts.views.files import record_files
from crm.lib.exceptions import DomainError
from crm.lib.http import StaffRequest
from crm.lib.views import ScopedListView, form_done, form_page, permission, visible_or_404
from staff.models import Task
from visits import services
from visits.choices import VisitPurpose
from visits.filters import VisitFilter
from visits.forms import CancelVisitForm, LogContactForm, PlanVisitForm, RecordVisitForm
from visits.models import Visit
from visits.preparation import attitude_tips, preparation
from visits.tables import ClientVisitTable, VisitTable

SHOWN_ON_CLIENT = 50
SHOWN_ON_CONTACT = 10


class VisitListView(ScopedListView):
    model = Visit
    filterset_class = VisitFilter
    table_class = VisitTable
    default_order = "-starts_at"
    right = "visits.view_visit"
    export_right = "accounts.export_clients"
    title = gettext_lazy("Visits")
    empty_title = gettext_lazy("No visits yet")
    empty_text = gettext_lazy("Plan one from a client's page or from an alert.")
    empty_icon = "calendar-event"

    def queryset(self) -> Any:
        return super().queryset().with_people()


@permission("visits.view_visit")
def client_visits(request: StaffRequest, pk: UUID) -> HttpResponse:
    client = get_client(request, pk)
    visits = client.visits.visible_to(request.user).with_people().order_by("-starts_at", "-pk")
    table = ClientVisitTable(list(visits[:SHOWN_ON_CLIENT]))
    return client_tab(request, client, "visits", "visits/_client_visits.html", {"table": table})


@permission("visits.view_visit")
def contact_visits(request: StaffRequest, pk: UUID) -> HttpResponse:
    """A part of the contact's page: when this person was met."""
    contact = visible_or_404(Contact, request, pk)
    visits = contact.visits.visible_to(request.user).with_people().order_by("-starts_at", "-pk")
    context = {
        "contact": contact,
        "visits": visits[:SHOWN_ON_CONTACT],
        "today": timezone.localdate(),
    }
    return TemplateResponse(request, "visits/_contact_visits.html", context)


@permission("visits.view_visit")
def visit_detail(request: StaffRequest, pk: UUID) -> HttpResponse:
    visit = visible_or_404(Visit.objects.with_people(), request, pk)
    today = timezone.localdate()
    context: dict[str, Any] = {"visit": visit, "is_overdue": visit.is_overdue(today)}
    if visit.is_open:
        context["preparation"] = preparation(visit, request.user, today=today)
    return TemplateResponse(request, "visits/visit_detail.html", context)


@permission("visits.view_visit")
def visit_files(request: StaffRequest, pk: UUID) -> HttpResponse:
    """A part of the visit's page: photos and papers that were kept with it."""
    visit = visible_or_404(Visit, request, pk)
    found = files_at("visit", visit.pk, request.user)
    return record_files(request, visit.client_id, found, visit=visit.pk)


@permission("visits.plan_visit")
def visit_plan(request: StaffRequest) -> HttpResponse:
    """A new appointment, for `?client=` or to answer `?task=`."""
    now = timezone.now()
    client, task = _client_of(request), _task_of(request)
    initial = {"purpose": _likely_purpose(client, task)}
    form = PlanVisitForm(request.POST or None, client=client, now=now, initial=initial)
    if request.method == "POST" and form.is_valid():
        visit = services.plan_visit(
            client=client, visitor=request.user, task=task, by=request.user, **form.cleaned_data
        )
        return form_done(request, visit.get_absolute_url(), _("The visit is planned."))
    return form_page(
        request,
        form,
        title=_("Plan a visit"),
        subtitle=client.name,
        cancel_url=client.get_absolute_url(),
        submit_label=_("Plan the visit"),
    )


def _likely_purpose(client: Client, task: Task | None) -> str:
    """Of a prospect, little is known yet; of others, only what a task is about."""
    if task:
        return VisitPurpose.RETENTION
    return VisitPurpose.SURVEY if client.is_prospect else ""


@permission("visits.plan_visit")
def visit_edit(request: StaffRequest, pk: UUID) -> HttpResponse:
    visit = visible_or_404(Visit.objects.with_people(), request, pk)
    form = PlanVisitForm(
        request.POST or None, instance=visit, client=visit.client, now=timezone.now()
    )
    if request.method == "POST" and form.is_valid():
        try:
            services.change_visit(visit=visit, by=request.user, **form.cleaned_data)
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            messages.success(request, _("Saved."))
            return HttpResponseRedirect(visit.get_absolute_url())
    return form_page(
        request,
        form,
        title=_("Change the visit"),
        subtitle=visit.client.name,
        cancel_url=visit.get_absolute_url(),
    )


@permission("visits.record_visit")
def visit_record(request: StaffRequest, pk: UUID) -> HttpResponse:
    """The phone page: summary, next step, done."""
    visit = visible_or_404(Visit.objects.with_people(), request, pk)
    form = RecordVisitForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.record_visit(
                visit=visit, now=timezone.now(), by=request.user, **form.cleaned_data
            )
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            messages.success(request, _("The visit is logged."))
            return HttpResponseRedirect(_after_record(visit))
    status = 422 if form.is_bound else 200
    context = {"visit": visit, "form": form, "tips": attitude_tips()}
    return TemplateResponse(request, "visits/visit_record.html", context, status=status)


@permission("visits.record_visit")
def visit_log(request: StaffRequest) -> HttpResponse:
    """A call or meeting without appointment, planned and logged in one step."""
    client, now = _client_of(request), timezone.now()
    form = LogContactForm(request.POST or None, client=client, now=now)
    if request.method == "POST" and form.is_valid():
        visit = services.log_contact(
            client=client, task=_task_of(request), now=now, by=request.user, **form.cleaned_data
        )
        return form_done(request, _after_record(visit), _("The contact is logged."))
    return form_page(
        request,
        form,
        title=_("Log a contact"),
        subtitle=client.name,
        cancel_url=client.get_absolute_url(),
    )


@permission("visits.plan_visit")
def visit_cancel(request: StaffRequest, pk: UUID) -> HttpResponse:
    visit = visible_or_404(Visit.objects.with_people(), request, pk)
    form = CancelVisitForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        services.cancel_visit(visit=visit, by=request.user, **form.cleaned_data)
        messages.success(request, _("The visit is called off."))
        return HttpResponseRedirect(visit.get_absolute_url())
    return TemplateResponse(
        request,
        "crud/confirm.html",
        {
            "title": _("Call off the visit"),
            "text": f"{visit.client.name}, {timezone.localtime(visit.starts_at):%Y-%m-%d %H:%M}",
            "form": form,
            "cancel_url": visit.get_absolute_url(),
            "submit_label": _("Call it off"),
            "is_danger": True,
        },
        status=422 if form.is_bound else 200,
    )


def _client_of(request: StaffRequest) -> Client:
    return get_client(request, _uuid(request.GET.get("client")))


def _task_of(request: StaffRequest) -> Task | None:
    if not request.GET.get("task"):
        return None
    return visible_or_404(Task, request, _uuid(request.GET["task"]))


def _uuid(text: str | None) -> UUID:
    try:
        return UUID(text or "")
    except ValueError:
        raise Http404 from None


def _after_record(visit: Visit) -> str:
    """Back to what the visit was for: the task's subject, else the visit."""
    return visit.task.link if visit.task else visit.get_absolute_url()
