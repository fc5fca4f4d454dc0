"""What cards include: the catalogue, and what lines and contacts used of it."""

from collections.abc import Sequence
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.exceptions import AmountMissing, NotEntitled, NotThisYear, UsedUp
from accounts.member_forms import EntitlementForm, TakeBackForm, UseForm, VerifyForm
from accounts.models import Contact, Entitlement, EntitlementUse, Member
from accounts.selectors import entitlements as selectors
from accounts.services import entitlements as services
from accounts.views.member_page import get_member, member_tab
from crm.lib.http import StaffRequest
from crm.lib.views import form_page, permission, require, visible_or_404

# Which field of the form a refusal belongs to.
FIELD_OF = {UsedUp: "entitlement", NotEntitled: "entitlement", NotThisYear: "used_on",
            AmountMissing: "amount"}  # fmt: skip
REFUSALS = tuple(FIELD_OF)


# Catalogue ------------------------------------------------------------------------------------


@permission("accounts.view_client")
def entitlement_list(request: StaffRequest) -> HttpResponse:
    return TemplateResponse(
        request, "accounts/entitlement_list.html", {"groups": selectors.catalogue()}
    )


@permission("accounts.edit_entitlement")
def entitlement_create(request: StaffRequest) -> HttpResponse:
    form = EntitlementForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        entitlement = services.add_entitlement(by=request.user, **form.cleaned_data)
        messages.success(request, _("The entitlement was added; it is not verified yet."))
        return HttpResponseRedirect(entitlement.get_absolute_url())
    return _catalogue_form(request, form, _("New entitlement"))


@permission("accounts.edit_entitlement")
def entitlement_edit(request: StaffRequest, pk: UUID) -> HttpResponse:
    entitlement = get_object_or_404(Entitlement, pk=pk)
    form = EntitlementForm(request.POST or None, instance=entitlement)
    if request.method == "POST" and form.is_valid():
        services.update_entitlement(entitlement=entitlement, by=request.user, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return HttpResponseRedirect(entitlement.get_absolute_url())
    return _catalogue_form(request, form, _("Edit %(name)s") % {"name": entitlement.name})


@permission("accounts.edit_entitlement")
def entitlement_verify(request: StaffRequest, pk: UUID) -> HttpResponse:
    entitlement = get_object_or_404(Entitlement, pk=pk)
    today = timezone.localdate()
    form = VerifyForm(
        request.POST or None,
        today=today,
        initial={"verified_by": request.user.full_name, "verified_on": today},
    )
    if request.method == "POST" and form.is_valid():
        services.verify_entitlement(entitlement=entitlement, by=request.user, **form.cleaned_data)
        messages.success(request, _("Marked as verified."))
        return HttpResponseRedirect(entitlement.get_absolute_url())
    title = _("Verify “%(name)s”") % {"name": entitlement.name}
    return _catalogue_form(request, form, title, subtitle=entitlement.source_quote)


def _catalogue_form(
    request: StaffRequest, form: forms.BaseForm, title: str, subtitle: str = ""
) -> HttpResponse:
    cancel = reverse("accounts:entitlement_list")
    return form_page(request, form, title=title, subtitle=subtitle, cancel_url=cancel)


# Use ------------------------------------------------------------------------------------------


@permission("accounts.view_client")
def member_entitlements(request: StaffRequest, pk: UUID) -> HttpResponse:
    """What the line's card includes and what is left; a POST notes a use."""
    member = get_member(request, pk)
    tier = member.effective_tier  # type: ignore[attr-defined]
    found = _entitlements(request, member, tier)
    form = _use_form(request, found.entitled)
    if request.method == "POST":
        require(request, "accounts.use_entitlement")
        if _noted(request, form, member):
            return HttpResponseRedirect(reverse("accounts:member_entitlements", args=[pk]))
    response = member_tab(
        request,
        member,
        "entitlements",
        "accounts/_member_entitlements.html",
        {"found": found, "form": form, "manager": member.client.owner},
    )
    response.status_code = 422 if form.is_bound else 200
    return response


def _entitlements(
    request: StaffRequest, holder: Member | Contact, tier: int
) -> selectors.HolderEntitlements:
    year = timezone.localdate().year
    return selectors.entitlements_of(holder, request.user, tier=tier, year=year)


def _use_form(request: StaffRequest, entitled: Sequence[selectors.Entitled]) -> UseForm:
    return UseForm(
        request.POST if request.method == "POST" else None,
        offered=[each.entitlement for each in entitled],
        initial={"used_on": timezone.localdate()},
    )


def _noted(request: StaffRequest, form: UseForm, holder: Member | Contact) -> bool:
    """True when the use was noted; otherwise the form says why not."""
    if not form.is_valid():
        return False
    try:
        services.use_entitlement(
            holder=holder,
            now=timezone.now(),
            today=timezone.localdate(),
            by=request.user,
            **form.cleaned_data,
        )
    except REFUSALS as error:
        form.add_error(FIELD_OF[type(error)], error.message)
        return False
    messages.success(request, _("The use is noted."))
    return True


@permission("accounts.use_entitlement")
def use_take_back(request: StaffRequest, pk: UUID) -> HttpResponse:
    uses = EntitlementUse.objects.select_related("entitlement", "member", "contact")
    use = visible_or_404(uses, request, pk)
    page = (
        reverse("accounts:member_entitlements", args=[use.member_id])
        if use.member_id
        else reverse("accounts:client_people", args=[use.client_id])
    )
    form = TakeBackForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        services.take_back_use(use=use, now=timezone.now(), by=request.user, **form.cleaned_data)
        messages.success(request, _("Taken back; it is left again."))
        return HttpResponseRedirect(page)
    return TemplateResponse(
        request,
        "crud/confirm.html",
        {
            "title": _("Take a use back"),
            "text": _("“%(name)s”, used on %(day)s, counts as not used.")
            % {"name": use.entitlement.name, "day": use.used_on.isoformat()},
            "form": form,
            "cancel_url": page,
            "submit_label": _("Take it back"),
            "is_danger": True,
        },
        status=422 if form.is_bound else 200,
    )
