"""Members: the list, their forms, looking at a number."""

from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from accounts.exceptions import IdentityNotChecked, NotOneYear, SameOwner, TierOverlaps
from accounts.filters import MemberFilter
from accounts.forms import RevealForm
from accounts.member_forms import MemberProfileForm, OwnerChangeForm, TierGrantForm
from accounts.member_tables import AllMembersTable
from accounts.models import Member, TierGrant
from accounts.services import member_profiles, members, tiers
from accounts.views.member_page import get_member
from crm.lib.http import StaffRequest
from crm.lib.months import month_before
from crm.lib.views import (
    ScopedListView,
    form_page,
    permission,
    visible_or_404,
)


class MemberListView(ScopedListView):
    model = Member
    filterset_class = MemberFilter
    table_class = AllMembersTable
    right = "accounts.view_client"
    export_right = "accounts.export_clients"
    title = gettext_lazy("Members")
    empty_title = gettext_lazy("No members yet")
    empty_text = gettext_lazy("Members come from the monthly bills.")
    empty_icon = "device-mobile"

    def queryset(self) -> Any:
        return super().queryset().with_people().with_tier(timezone.localdate())


@permission("accounts.edit_member")
def member_edit(request: StaffRequest, pk: UUID) -> HttpResponse:
    member = get_member(request, pk)
    form = MemberProfileForm(request.POST or None, instance=member.known)
    if request.method == "POST" and form.is_valid():
        member_profiles.update_profile(
            member=member,
            now=timezone.now(),
            today=timezone.localdate(),
            by=request.user,
            **form.cleaned_data,
        )
        messages.success(request, _("Saved."))
        return HttpResponseRedirect(member.get_absolute_url())
    return _form_page(request, form, member, _("Edit %(name)s") % {"name": member})


@permission("accounts.edit_member")
def member_owner(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Another registered owner; asks how the person's identity was checked (SEC-11)."""
    member = get_member(request, pk)
    form = OwnerChangeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            member_profiles.change_owner(
                member=member,
                now=timezone.now(),
                today=timezone.localdate(),
                by=request.user,
                **form.cleaned_data,
            )
        except SameOwner as error:
            form.add_error("new_owner", error.message)
        except IdentityNotChecked as error:
            form.add_error("note", error.message)
        else:
            messages.success(request, _("The new owner is noted."))
            return HttpResponseRedirect(member.get_absolute_url())
    title = _("New owner of %(number)s") % {"number": member}
    return _form_page(request, form, member, title)


@permission("accounts.grant_tier")
def member_grant(request: StaffRequest, pk: UUID) -> HttpResponse:
    member = get_member(request, pk)
    this_month = timezone.localdate().replace(day=1)
    whole_year = {"from_month": this_month, "until_month": date(this_month.year, 12, 1)}
    form = TierGrantForm(request.POST or None, initial=whole_year)
    if request.method == "POST" and form.is_valid():
        try:
            tiers.grant_tier(
                member=member, now=timezone.now(), by=request.user, **form.cleaned_data
            )
        except (TierOverlaps, NotOneYear) as error:
            form.add_error(None, error.message)
        else:
            messages.success(request, _("The card is granted."))
            return HttpResponseRedirect(member.get_absolute_url())
    title = _("Grant %(number)s a card") % {"number": member}
    return _form_page(request, form, member, title)


@permission("accounts.grant_tier")
def grant_end(request: StaffRequest, pk: UUID) -> HttpResponse:
    """End a granted card with last month, after asking."""
    grant = visible_or_404(TierGrant.objects.select_related("member__client"), request, pk)
    page = grant.member.get_absolute_url()
    if request.method == "POST":
        last_month = month_before(timezone.localdate().replace(day=1))
        tiers.end_grant(grant=grant, last_month=last_month, by=request.user)
        messages.success(request, _("The card has ended."))
        return HttpResponseRedirect(page)
    context = {
        "title": _("End the granted card"),
        "text": _("%(card)s of %(number)s ends with last month. You can grant it again.")
        % {"card": grant, "number": grant.member},
        "cancel_url": page,
        "submit_label": _("End the card"),
        "is_danger": True,
    }
    return TemplateResponse(request, "crud/confirm.html", context)


def _form_page(
    request: StaffRequest, form: forms.BaseForm, member: Member, title: str
) -> HttpResponse:
    return form_page(
        request,
        form,
        title=title,
        subtitle=member.client.name,
        cancel_url=member.get_absolute_url(),
    )


@never_cache
@permission("accounts.reveal_msisdn")
def member_reveal(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Ask for a member's full number; the reason is kept."""
    member = visible_or_404(Member.objects.select_related("client"), request, pk)
    form = RevealForm(request.POST if request.method == "POST" else None)
    context = {"member": member, "form": form}
    status = 422 if form.is_bound and not form.is_valid() else 200
    if form.is_valid():
        context["number"] = members.reveal_number(
            member=member, now=timezone.now(), by=request.user, **form.cleaned_data
        )
    return TemplateResponse(request, "accounts/member_reveal.html", context, status=status)
