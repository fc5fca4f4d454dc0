"""Working together on a client: instructions, calls for help, promises."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.choices import PromiseState
from accounts.filters import EscalationFilter, InstructionFilter, PromiseFilter
from accounts.forms import EscalationForm, InstructionForm, PromiseForm
from accounts.models import Escalation, Instruction, Promise
from accounts.selectors.escalations import possible_levels
from accounts.selectors.teamwork import team_view
from accounts.services import escalations, instructions, promises
from accounts.tables import EscalationTable, InstructionTable, PromiseTable
from accounts.views.client_page import client_tab, get_client
from accounts.views.records import Answering, Button, person_and_time, record_page
from accounts.views.sections import sections
from crm.lib.exceptions import DomainError
from crm.lib.http import StaffRequest
from crm.lib.views import ScopedListView, form_page, permission, visible_or_404

TAB = "accounts:client_team"


@permission("accounts.view_client")
def client_team(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Chief representative, instructions, calls for help and promises of one client."""
    client = get_client(request, pk)
    context = {"team": team_view(client, request.user), "today": timezone.localdate()}
    return client_tab(request, client, "team", "accounts/_client_team.html", context)


# Instructions -------------------------------------------------------------------------------------


class InstructionListView(ScopedListView):
    model = Instruction
    filterset_class = InstructionFilter
    table_class = InstructionTable
    right = "accounts.view_client"
    export_right = "accounts.export_clients"
    template_name = "accounts/section_list.html"
    title = gettext_lazy("Instructions")
    empty_title = gettext_lazy("No instructions yet")
    empty_text = gettext_lazy("Chief representatives ask account managers on a client's page.")
    empty_icon = "list-check"

    def queryset(self) -> Any:
        return super().queryset().select_related("client", "given_by", "given_to")

    def extra_context(self) -> dict[str, Any]:
        return {"sections": sections(self.request, "accounts:instruction_list")}


@permission("accounts.instruct")
def instruction_give(request: StaffRequest, pk: UUID) -> HttpResponse:
    client = get_client(request, pk)
    form = InstructionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            instructions.give_instruction(
                client=client, now=timezone.now(), by=request.user, **form.cleaned_data
            )
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            messages.success(request, _("The account manager is told."))
            return HttpResponseRedirect(reverse(TAB, args=[client.pk]))
    return form_page(
        request,
        form,
        title=_("Ask the account manager"),
        subtitle=client.name,
        cancel_url=reverse(TAB, args=[client.pk]),
        submit_label=_("Send"),
        columns=1,
    )


@permission("accounts.view_client")
def instruction_detail(request: StaffRequest, pk: UUID) -> HttpResponse:
    rows = Instruction.objects.select_related("client", "given_by", "given_to", "answered_by")
    instruction = visible_or_404(rows, request, pk)
    return record_page(
        request,
        instruction,
        title=_("Instruction"),
        facts=[
            (_("What should be done"), instruction.text),
            (_("Due"), f"{instruction.due_on:%Y-%m-%d}"),
            (_("Given by"), person_and_time(instruction.given_by, instruction.given_at)),
            (_("Given to"), instruction.given_to.full_name),
            (_("Done"), person_and_time(instruction.answered_by, instruction.answered_at)),
            (_("Answer"), instruction.answer),
        ],
        list_name="accounts:instruction_list",
        list_label=_("Instructions"),
        tab=TAB,
        answering=Answering(
            right="accounts.report_client",
            is_offered=instruction.is_open,
            title=_("Answer"),
            done=_("Done; whoever asked is told."),
            verb=lambda request, cleaned: instructions.answer_instruction(
                instruction=instruction, now=timezone.now(), by=request.user, **cleaned
            ),
            buttons=[Button(_("It is done"))],
        ),
    )


# Calls for help -----------------------------------------------------------------------------------


class EscalationListView(ScopedListView):
    model = Escalation
    filterset_class = EscalationFilter
    table_class = EscalationTable
    right = "accounts.view_client"
    export_right = "accounts.export_clients"
    template_name = "accounts/section_list.html"
    title = gettext_lazy("Escalations")
    empty_title = gettext_lazy("Nothing was escalated yet")
    empty_text = gettext_lazy("What you cannot solve yourself is escalated on the client's page.")
    empty_icon = "arrow-up"

    def queryset(self) -> Any:
        return super().queryset().select_related("client", "escalated_by")

    def extra_context(self) -> dict[str, Any]:
        return {"sections": sections(self.request, "accounts:escalation_list")}


@permission("accounts.report_client")
def escalation_create(request: StaffRequest, pk: UUID) -> HttpResponse:
    client = get_client(request, pk)
    form = EscalationForm(request.POST or None, levels=possible_levels(0))
    if request.method == "POST" and form.is_valid():
        escalation = escalations.escalate(
            client=client, now=timezone.now(), by=request.user, **form.cleaned_data
        )
        messages.success(request, _("Escalated; the people of that level are told."))
        return HttpResponseRedirect(escalation.get_absolute_url())
    return _escalation_form(request, form, client.name, reverse(TAB, args=[client.pk]))


@permission("accounts.report_client")
def escalation_further(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Carry an open escalation a level up."""
    earlier = visible_or_404(Escalation.objects.select_related("client__unit"), request, pk)
    initial = {"reason": earlier.reason}
    levels = possible_levels(earlier.level)
    form = EscalationForm(request.POST or None, levels=levels, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            escalation = escalations.escalate(
                client=earlier.client,
                earlier=earlier,
                now=timezone.now(),
                by=request.user,
                **form.cleaned_data,
            )
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            messages.success(request, _("Escalated; the people of that level are told."))
            return HttpResponseRedirect(escalation.get_absolute_url())
    return _escalation_form(request, form, earlier.client.name, earlier.get_absolute_url())


def _escalation_form(
    request: StaffRequest, form: EscalationForm, name: str, cancel_url: str
) -> HttpResponse:
    return form_page(
        request,
        form,
        title=_("Escalate"),
        subtitle=name,
        cancel_url=cancel_url,
        submit_label=_("Escalate"),
        columns=1,
    )


@permission("accounts.view_client")
def escalation_detail(request: StaffRequest, pk: UUID) -> HttpResponse:
    rows = Escalation.objects.select_related("client", "escalated_by", "answered_by", "earlier")
    escalation = visible_or_404(rows, request, pk)
    may_further = escalation.is_open and request.user.has_perm("accounts.report_client")
    actions = []
    if may_further and possible_levels(escalation.level):
        further = reverse("accounts:escalation_further", args=[escalation.pk])
        actions.append((further, _("Escalate further"), "arrow-up"))
    if escalation.earlier:
        actions.append((escalation.earlier.get_absolute_url(), _("The level below"), "history"))
    return record_page(
        request,
        escalation,
        title=_("Escalation: %(level)s") % {"level": escalation.get_level_display()},
        facts=[
            (_("Why, and what help is needed"), escalation.reason),
            (
                _("Escalated by"),
                person_and_time(escalation.escalated_by, escalation.escalated_at),
            ),
            (_("Answered by"), person_and_time(escalation.answered_by, escalation.answered_at)),
            (_("Answer"), escalation.answer),
        ],
        list_name="accounts:escalation_list",
        list_label=_("Escalations"),
        tab=TAB,
        actions=actions,
        answering=Answering(
            right="accounts.answer_escalation",
            is_offered=escalation.is_open and escalation.escalated_by_id != request.user.pk,
            title=_("Answer"),
            done=_("Answered; whoever escalated it is told."),
            verb=lambda request, cleaned: escalations.answer_escalation(
                escalation=escalation, now=timezone.now(), by=request.user, **cleaned
            ),
        ),
    )


# Promises -----------------------------------------------------------------------------------------


class PromiseListView(ScopedListView):
    model = Promise
    filterset_class = PromiseFilter
    table_class = PromiseTable
    right = "accounts.view_client"
    export_right = "accounts.export_clients"
    template_name = "accounts/section_list.html"
    title = gettext_lazy("Promises")
    empty_title = gettext_lazy("No promises yet")
    empty_text = gettext_lazy("Note on a client's page what you promised and by when.")
    empty_icon = "calendar-event"

    def queryset(self) -> Any:
        return super().queryset().select_related("client", "contact", "made_by")

    def extra_context(self) -> dict[str, Any]:
        return {"sections": sections(self.request, "accounts:promise_list")}


@permission("accounts.report_client")
def promise_make(request: StaffRequest, pk: UUID) -> HttpResponse:
    client = get_client(request, pk)
    form = PromiseForm(request.POST or None, client=client)
    if request.method == "POST" and form.is_valid():
        promise = promises.make_promise(
            client=client, now=timezone.now(), by=request.user, **form.cleaned_data
        )
        messages.success(request, _("The promise is noted."))
        return HttpResponseRedirect(promise.get_absolute_url())
    return form_page(
        request,
        form,
        title=_("Note a promise"),
        subtitle=client.name,
        cancel_url=reverse(TAB, args=[client.pk]),
        columns=1,
    )


@permission("accounts.view_client")
def promise_detail(request: StaffRequest, pk: UUID) -> HttpResponse:
    """A promise: the supervisor decides while it waits for authority, then it is kept."""
    rows = Promise.objects.select_related("client", "contact", "made_by", "answered_by")
    promise = visible_or_404(rows, request, pk)
    answering = _deciding if promise.state == PromiseState.WAITING else _keeping
    return record_page(
        request,
        promise,
        title=_("Promise: %(state)s") % {"state": promise.get_state_display()},
        facts=[
            (_("What is promised"), promise.text),
            (_("Promised to"), promise.contact),
            (_("Due"), f"{promise.due_on:%Y-%m-%d}"),
            (_("Promised by"), person_and_time(promise.made_by, promise.made_at)),
            (_("Needs authority"), _("Yes") if promise.needs_authority else _("No")),
            (_("Decided by"), person_and_time(promise.answered_by, promise.answered_at)),
            (_("Word"), promise.answer),
            (_("How it was kept"), promise.outcome),
        ],
        list_name="accounts:promise_list",
        list_label=_("Promises"),
        tab=TAB,
        answering=answering(request, promise),
    )


def _deciding(request: StaffRequest, promise: Promise) -> Answering:
    return Answering(
        right="accounts.oversee_client",
        is_offered=promise.made_by_id != request.user.pk,
        title=_("May it be promised?"),
        done=_("Decided; those concerned are told."),
        verb=lambda request, cleaned: promises.decide_promise(
            promise=promise,
            allow="decline" not in request.POST,
            now=timezone.now(),
            by=request.user,
            **cleaned,
        ),
        buttons=[
            Button(_("No"), name="decline", css="btn-danger", icon="x"),
            Button(_("Give the authority"), name="allow"),
        ],
    )


def _keeping(request: StaffRequest, promise: Promise) -> Answering:
    return Answering(
        right="accounts.report_client",
        is_offered=promise.state == PromiseState.OPEN,
        title=_("How was it kept?"),
        done=_("The promise is kept."),
        verb=lambda request, cleaned: promises.keep_promise(
            promise=promise, outcome=cleaned["answer"], now=timezone.now(), by=request.user
        ),
        buttons=[Button(_("It is kept"))],
    )
