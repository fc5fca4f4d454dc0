"""Changes of class: the queue, one proposal, proposing."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from accounts.filters import ClassProposalFilter
from accounts.forms import ProposeClassForm, WordForm
from accounts.models import ClassProposal
from accounts.selectors import classes as selectors
from accounts.services import classes
from accounts.tables import ClassProposalTable, ClassQueueTable
from accounts.views.client_page import get_client
from accounts.views.sections import sections
from crm.lib.exceptions import DomainError
from crm.lib.http import StaffRequest
from crm.lib.tables import Table
from crm.lib.views import ScopedListView, form_page, permission, picked, visible_or_404


class ProposalListView(ScopedListView):
    model = ClassProposal
    filterset_class = ClassProposalFilter
    table_class = ClassProposalTable
    default_order = "-proposed_at"
    right = "accounts.view_client"
    export_right = "accounts.export_clients"
    template_name = "accounts/proposal_list.html"
    title = gettext_lazy("Class changes")
    empty_title = gettext_lazy("No changes of class yet")
    empty_text = gettext_lazy("Propose another class on a client's page.")
    empty_icon = "star"

    def table_for(self, request: StaffRequest) -> type[Table]:
        return (
            ClassQueueTable if request.user.has_perm("accounts.change_class") else self.table_class
        )

    def queryset(self) -> Any:
        return super().queryset().with_people()

    def extra_context(self) -> dict[str, Any]:
        return {
            "sections": sections(self.request, "accounts:proposal_list"),
            "may_decide": self.request.user.has_perm("accounts.change_class"),
            "open_count": self.queryset().open().order_by()[:100].count(),
        }


@permission("accounts.view_client")
def proposal_detail(request: StaffRequest, pk: UUID) -> HttpResponse:
    """A proposal with its figures; who may decide does it here."""
    proposal = visible_or_404(ClassProposal.objects.with_people(), request, pk)
    return _proposal_page(request, proposal, WordForm())


def _proposal_page(
    request: StaffRequest, proposal: ClassProposal, form: WordForm, status: int = 200
) -> HttpResponse:
    context = {
        "proposal": proposal,
        "form": form,
        "may_decide": selectors.may_decide(proposal, request.user),
        "may_withdraw": selectors.may_withdraw(proposal, request.user),
    }
    return TemplateResponse(request, "accounts/proposal_detail.html", context, status=status)


@require_POST
@permission("accounts.change_class")
def proposal_decide(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Yes or no (`refuse` in the form), with a word."""
    proposal = visible_or_404(ClassProposal.objects.with_people(), request, pk)
    decide = classes.refuse_class if "refuse" in request.POST else classes.approve_class
    form = WordForm(request.POST)
    if form.is_valid():
        try:
            decide(proposal=proposal, now=timezone.now(), by=request.user, **form.cleaned_data)
        except DomainError as error:
            form.add_error("word", error.message)
        else:
            messages.success(request, _("Decided; those concerned are told."))
            return HttpResponseRedirect(proposal.get_absolute_url())
    return _proposal_page(request, proposal, form, status=422)


@require_POST
@permission("accounts.change_class")
def proposal_approve_picked(request: StaffRequest) -> HttpResponse:
    """Yes to every picked proposal that may be decided; the others are counted."""
    rows = ClassProposal.objects.visible_to(request.user).with_people()
    chosen = list(rows.filter(pk__in=picked(request)).order_by("proposed_at", "pk"))
    approved = 0
    for proposal in chosen:
        try:
            classes.approve_class(proposal=proposal, now=timezone.now(), by=request.user)
            approved += 1
        except DomainError:
            continue  # one's own, or decided meanwhile
    done = ngettext("%(n)s class was changed.", "%(n)s classes were changed.", approved)
    messages.success(request, done % {"n": approved})
    if left := len(chosen) - approved:
        text = ngettext(
            "%(n)s proposal was left: your own, or decided already.",
            "%(n)s proposals were left: your own, or decided already.",
            left,
        )
        messages.warning(request, text % {"n": left})
    return HttpResponseRedirect(f"{reverse('accounts:proposal_list')}?state=open")


@require_POST
@permission("accounts.propose_class")
def proposal_withdraw(request: StaffRequest, pk: UUID) -> HttpResponse:
    proposal = visible_or_404(ClassProposal.objects.with_people(), request, pk)
    classes.withdraw_class(proposal=proposal, now=timezone.now(), by=request.user)
    messages.success(request, _("The proposal is withdrawn."))
    return HttpResponseRedirect(proposal.client.get_absolute_url())


@permission("accounts.propose_class")
def class_propose(request: StaffRequest, pk: UUID) -> HttpResponse:
    client = get_client(request, pk)
    form = ProposeClassForm(request.POST or None, client=client)
    if request.method == "POST" and form.is_valid():
        try:
            proposal = classes.propose_class(
                client=client, now=timezone.now(), by=request.user, **form.cleaned_data
            )
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            messages.success(request, _("Proposed; whoever answers for the unit is told."))
            return HttpResponseRedirect(proposal.get_absolute_url())
    return form_page(
        request,
        form,
        title=_("Propose another class"),
        subtitle=f"{client.name} · {client.client_class or '–'}",
        cancel_url=reverse("accounts:client_value", args=[client.pk]),
        submit_label=_("Propose"),
        columns=1,
    )
