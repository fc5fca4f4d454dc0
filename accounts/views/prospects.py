"""Prospects: the quick form, steps in a client's life, success cases of clients alike."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.archive_forms import ProspectForm, StatusForm, refuse
from accounts.choices import ClientStatus
from accounts.completeness import missing_basics
from accounts.selectors.archive import similar_cases
from accounts.selectors.duplicates import Suspect
from accounts.services import prospecting
from accounts.views.client_page import get_client
from accounts.views.clients import new_client_suspects
from crm.lib.exceptions import DomainError
from crm.lib.http import StaffRequest
from crm.lib.views import form_page, permission


@permission("accounts.create_client")
def prospect_create(request: StaffRequest) -> HttpResponse:
    form = ProspectForm(request.POST or None, by=request.user)
    suspects: list[Suspect] = []
    if request.method == "POST" and form.is_valid():
        suspects = new_client_suspects(request, form)
    if request.method == "POST" and form.is_valid() and not suspects:
        owner = None if request.user.sees_unit else request.user
        try:
            client = prospecting.create_prospect(
                owner=owner,
                unit=request.user.unit,
                now=timezone.now(),
                by=request.user,
                **form.prospect,
            )
        except DomainError as error:
            refuse(form, error)
        else:
            messages.success(request, _("The prospect was added."))
            return HttpResponseRedirect(client.get_absolute_url())
    return form_page(
        request,
        form,
        title=_("New prospect"),
        subtitle=_("A name is enough to begin with."),
        suspects=suspects,
        cancel_url=reverse("accounts:client_list"),
    )


@permission("accounts.edit_client")
def client_status(request: StaffRequest, pk: UUID) -> HttpResponse:
    client = get_client(request, pk)
    form = StatusForm(request.POST or None, client=client)
    if request.method == "POST" and form.is_valid():
        try:
            prospecting.change_status(
                client=client, now=timezone.now(), by=request.user, **form.cleaned_data
            )
        except DomainError as error:
            form.add_error("status", error.message)
        else:
            messages.success(request, _("The status was changed."))
            return HttpResponseRedirect(client.get_absolute_url())
    return form_page(
        request,
        form,
        title=_("Change the status"),
        subtitle=f"{client.name} · {client.get_status_display()}",
        cancel_url=client.get_absolute_url(),
        columns=1,
    )


@permission("accounts.view_client")
def client_prospecting(request: StaffRequest, pk: UUID) -> HttpResponse:
    """The card of a prospect: tests, what a target needs, success cases of clients alike."""
    client = get_client(request, pk)
    is_potential = client.status == ClientStatus.POTENTIAL
    context = {
        "client": client,
        "lacking": missing_basics(client) if is_potential else [],
        "is_potential": is_potential,
        "cases": similar_cases(client, request.user),
    }
    return TemplateResponse(request, "accounts/_client_prospecting.html", context)
