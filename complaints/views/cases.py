"""Taking a case down, its page and its steps."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.forms import BaseForm
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.models import Client
from complaints.forms import (
    CaseForm,
    ClientSearchForm,
    CloseForm,
    PersonalityForm,
    TextForm,
    TransferForm,
)
from complaints.models import Case
from complaints.selectors.case_page import case_page, personality_tips
from complaints.services import cases, handling, lookups, settling
from crm.lib.exceptions import DomainError
from crm.lib.http import StaffRequest
from crm.lib.views import form_done, form_page, is_fragment, permission, visible_or_404


def _get(request: StaffRequest, pk: UUID) -> Case:
    rows = Case.objects.with_people().with_clock(timezone.now())
    return visible_or_404(rows, request, pk)


@permission("complaints.create_case")
def case_create(request: StaffRequest) -> HttpResponse:
    """A new case for `?client=`, whoever's that is (ORG-08); without one, find it first."""
    if "client" not in request.GET:
        return _find_client(request)
    # Not by visible_to: the name and code are all that is shown, and the look is kept.
    client = get_object_or_404(Client, pk=_uuid(request.GET["client"]))
    now = timezone.now()
    name = lookups.name_client(client=client, now=now, by=request.user)
    form = CaseForm(
        request.POST or None,
        client=client,
        by=request.user,
        sees_client=name.is_visible,
        now=now,
        initial={"kind": request.GET.get("kind", "complaint")},
    )
    if request.method == "POST" and form.is_valid():
        try:
            case = cases.open_case(client=client, now=now, by=request.user, **form.cleaned_data)
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            return form_done(
                request, case.get_absolute_url(), _("Case %(n)s is open.") % {"n": case.number}
            )
    context = {"form": form, "name": name, "tips": personality_tips()}
    status = 422 if form.is_bound else 200
    return TemplateResponse(request, "complaints/case_create.html", context, status=status)


def _find_client(request: StaffRequest) -> HttpResponse:
    """Search as one types; only names and codes are shown."""
    text = request.GET.get("q", "")
    problem, found = "", []
    try:
        found = lookups.look_for_clients(text=text, now=timezone.now(), by=request.user)
    except DomainError as error:
        problem = error.message
    context = {
        "form": ClientSearchForm({"q": text} if text else None),
        "names": found,
        "q": text.strip(),
        "problem": problem,
        "kind": request.GET.get("kind", ""),
    }
    part = "#client-names" if is_fragment(request) else ""
    return TemplateResponse(request, f"complaints/find_client.html{part}", context)


@permission("complaints.view_case")
def case_detail(request: StaffRequest, pk: UUID) -> HttpResponse:
    case = _get(request, pk)
    context = {"case": case, "page": case_page(case, request.user)}
    part = "#case-body" if is_fragment(request) else ""
    return TemplateResponse(request, f"complaints/case_detail.html{part}", context)


def _step(
    request: StaffRequest,
    case: Case,
    form: BaseForm,
    service: Callable[..., Case],
    *,
    title: str,
    button: str,
    done: str,
    rename: str = "",
) -> HttpResponse:
    """One action of a case: its form in the dialog or on a page, one service call, back."""
    if request.method == "POST" and form.is_valid():
        fields: dict[str, Any] = dict(form.cleaned_data)
        if rename:
            fields = {rename: fields["text"]}
        try:
            service(case=case, now=timezone.now(), by=request.user, **fields)
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            return form_done(request, _next_page(request, case), done)
    return form_page(
        request,
        form,
        title=title,
        subtitle=f"{case.number} · {case.client.name}",
        cancel_url=case.get_absolute_url(),
        submit_label=button,
        columns=1,
    )


@permission("complaints.handle_case")
def case_reply(request: StaffRequest, pk: UUID) -> HttpResponse:
    return _step(
        request,
        _get(request, pk),
        TextForm(request.POST or None, label=_("What was the client told?")),
        handling.give_first_reply,
        title=_("First reply"),
        button=_("The client has the reply"),
        done=_("The first reply is noted."),
    )


@permission("complaints.handle_case")
def case_note(request: StaffRequest, pk: UUID) -> HttpResponse:
    return _step(
        request,
        _get(request, pk),
        TextForm(request.POST or None, label=_("Note")),
        handling.add_note,
        title=_("Add a note"),
        button=_("Add"),
        done=_("The note is there."),
    )


@permission("complaints.handle_case")
def case_transfer(request: StaffRequest, pk: UUID) -> HttpResponse:
    case = _get(request, pk)
    return _step(
        request,
        case,
        TransferForm(request.POST or None, case=case, by=request.user),
        handling.transfer_case,
        title=_("Hand over"),
        button=_("Hand over"),
        done=_("The case is handed over; the clocks run on."),
    )


@require_POST
@permission("complaints.handle_case")
def case_take(request: StaffRequest, pk: UUID) -> HttpResponse:
    case = _get(request, pk)
    handling.take_case(case=case, now=timezone.now(), by=request.user)
    return HttpResponseRedirect(case.get_absolute_url())


@permission("complaints.handle_case")
def case_personality(request: StaffRequest, pk: UUID) -> HttpResponse:
    case = _get(request, pk)
    return _step(
        request,
        case,
        PersonalityForm(request.POST or None, initial={"personality": case.personality}),
        handling.judge_personality,
        title=_("Judge the personality"),
        button=_("Save"),
        done=_("The advice fits now."),
    )


@permission("complaints.handle_case")
def case_leader(request: StaffRequest, pk: UUID) -> HttpResponse:
    return _step(
        request,
        _get(request, pk),
        TextForm(
            request.POST or None,
            label=_(
                "Where is the client, and what has to be known? Lead them to the reception room."
            ),
            is_required=False,
        ),
        handling.call_leader,
        title=_("The client asks for a leader"),
        button=_("Call who is on duty"),
        done=_("The leader is told."),
    )


@permission("complaints.handle_case")
def case_resolve(request: StaffRequest, pk: UUID) -> HttpResponse:
    return _step(
        request,
        _get(request, pk),
        TextForm(request.POST or None, label=_("How was it solved?")),
        settling.resolve_case,
        title=_("Solved"),
        button=_("It is solved"),
        done=_("Solved. Now ask the client."),
        rename="result",
    )


@permission("complaints.close_case")
def case_close(request: StaffRequest, pk: UUID) -> HttpResponse:
    return _step(
        request,
        _get(request, pk),
        CloseForm(request.POST or None),
        settling.close_case,
        title=_("Confirm and close"),
        button=_("Close the case"),
        done=_("The case is closed."),
    )


@permission("complaints.handle_case")
def case_reopen(request: StaffRequest, pk: UUID) -> HttpResponse:
    return _step(
        request,
        _get(request, pk),
        TextForm(request.POST or None, label=_("Why?")),
        settling.reopen_case,
        title=_("Reopen"),
        button=_("Reopen the case"),
        done=_("The case is open again."),
        rename="reason",
    )


def _next_page(request: StaffRequest, case: Case) -> str:
    """The case; the queue for those who have just handed it out of their sight."""
    if Case.objects.visible_to(request.user).filter(pk=case.pk).exists():
        return case.get_absolute_url()
    return reverse("complaints:case_list")


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
