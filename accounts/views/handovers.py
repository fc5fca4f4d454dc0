"""Handing clients over: choose, look at the preview, do it; history and undo."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.db.models import Prefetch
from django.http import HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.handover_forms import (
    HandoverChoiceForm,
    HandoverForm,
    UndoHandoverForm,
    plan_from,
)
from accounts.handover_lists import HandoverListFilter, HandoverTable
from accounts.models import Handover, HandoverShare
from accounts.selectors.handovers import aftermath, in_sight, preview
from accounts.services import handovers
from accounts.splitting import Plan, split
from crm.lib.exceptions import DomainError
from crm.lib.http import StaffRequest
from crm.lib.models import uuid7
from crm.lib.views import ScopedListView, form_page, permission, visible_or_404
from staff.models import User

RIGHT = "accounts.assign_owner"


class HandoverListView(ScopedListView):
    model = Handover
    filterset_class = HandoverListFilter
    table_class = HandoverTable
    default_order = "-handed_over_at"
    right = RIGHT
    title = gettext_lazy("Handovers")
    empty_title = gettext_lazy("Nothing was handed over yet")
    empty_text = gettext_lazy(
        "When somebody leaves or districts change, hand over all clients here."
    )
    empty_icon = "users"

    def queryset(self) -> Any:
        shares = HandoverShare.objects.visible_to(self.request.user).select_related("target")
        rows = super().queryset().select_related("source", "handed_over_by")
        return rows.prefetch_related(Prefetch("shares", shares.order_by("-clients", "pk")))

    def extra_context(self) -> dict[str, Any]:
        return {
            "create_url": reverse("accounts:handover_create"),
            "create_label": _("Hand over clients"),
        }


@permission(RIGHT)
def handover_create(request: StaffRequest) -> HttpResponse:
    """The choice stands in the address, the plan in the form: nothing is kept before it is done."""
    is_asked = "way" in request.GET
    initial = {"source": request.GET.get("source"), "way": "number"}
    choice = HandoverChoiceForm(request.GET if is_asked else None, by=request.user, initial=initial)
    if not choice.is_valid():
        return form_page(
            request,
            choice,
            title=_("Hand over clients"),
            cancel_url=reverse("accounts:handover_list"),
            submit_label=_("Preview"),
            method="get",
            columns=1,
        )
    targets = list(choice.cleaned_data["targets"])
    if request.method != "POST":
        plan = split(choice.clients(), [t.pk for t in targets], choice.cleaned_data["way"])
        form = HandoverForm(initial={"key": uuid7()})
        return _preview_page(request, choice, targets, plan, form)
    plan = plan_from(request.POST, targets)
    form = HandoverForm(request.POST)
    if "look" in request.POST:
        form = HandoverForm(initial=request.POST.dict())
    elif form.is_valid():
        try:
            handover = handovers.hand_over(
                source=choice.cleaned_data["source"],
                plan=plan,
                now=timezone.now(),
                by=request.user,
                **form.cleaned_data,
            )
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            messages.success(request, _done(handover))
            return HttpResponseRedirect(handover.get_absolute_url())
    return _preview_page(request, choice, targets, plan, form)


def _done(handover: Handover) -> str:
    return ngettext(
        "%(number)s client was handed over.",
        "%(number)s clients were handed over.",
        handover.clients,
    ) % {"number": handover.clients}


def _preview_page(
    request: StaffRequest,
    choice: HandoverChoiceForm,
    targets: list[User],
    plan: Plan,
    form: HandoverForm,
) -> HttpResponse:
    clients, limit = choice.clients(), settings.HANDOVER_CLIENTS
    source = choice.cleaned_data["source"]
    context: dict[str, Any] = {
        "form": form,
        "source": source,
        "targets": targets,
        "limit": limit,
        "portfolio": settings.PORTFOLIO_CLIENTS,
        "choice_url": f"{request.path}?source={source.pk}",
    }
    if len(clients[: limit + 1]) > limit:
        return TemplateResponse(request, "accounts/handover_too_many.html", context)
    context["preview"] = preview(clients, targets, plan, source)
    status = 422 if form.is_bound else 200
    return TemplateResponse(request, "accounts/handover_preview.html", context, status=status)


@permission("accounts.view_client")
def handover_detail(request: StaffRequest, pk: UUID) -> HttpResponse:
    rows = Handover.objects.select_related("source", "handed_over_by", "undone_by")
    handover = visible_or_404(rows, request, pk)
    shares = list(
        HandoverShare.objects.visible_to(request.user)
        .filter(handover=handover)
        .select_related("target")
        .order_by("-clients", "pk")
    )
    numbers = in_sight([share.pk for share in shares], request.user)
    context = {
        "handover": handover,
        "shares": [(share, numbers.get(share.pk, 0)) for share in shares],
        "aftermath": aftermath(handover, request.user) if handover.undone_at else None,
    }
    return TemplateResponse(request, "accounts/handover_detail.html", context)


@permission("accounts.view_client")
def handover_share(request: StaffRequest, pk: UUID) -> HttpResponse:
    """What one person got; the news about a handover leads here."""
    rows = HandoverShare.objects.select_related(
        "target", "handover__source", "handover__handed_over_by"
    )
    share = visible_or_404(rows, request, pk)
    number = in_sight([share.pk], request.user).get(share.pk, 0)
    context = {
        "share": share,
        "handover": share.handover,
        "number": number,
        "clients_url": f"{reverse('accounts:client_list')}?handover={share.pk}",
    }
    return TemplateResponse(request, "accounts/handover_share.html", context)


@permission(RIGHT)
def handover_undo(request: StaffRequest, pk: UUID) -> HttpResponse:
    handover = visible_or_404(Handover.objects.select_related("source"), request, pk)
    form = UndoHandoverForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            handovers.undo_handover(
                handover=handover, now=timezone.now(), by=request.user, **form.cleaned_data
            )
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            messages.success(request, _("The handover was undone."))
            return HttpResponseRedirect(handover.get_absolute_url())
    return TemplateResponse(
        request,
        "crud/confirm.html",
        {
            "title": _("Undo the handover"),
            "text": _("%(clients)s clients go back to %(person)s.")
            % {"clients": handover.clients, "person": handover.source.full_name},
            "consequences": [
                _("Visits and tasks that went along go back to who had them."),
                _("What somebody changed since stays as it is, and is named on the page."),
                _("Everybody concerned is told."),
            ],
            "form": form,
            "cancel_url": handover.get_absolute_url(),
            "submit_label": _("Undo the handover"),
            "is_danger": True,
        },
        status=422 if form.is_bound else 200,
    )
