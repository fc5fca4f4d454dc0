"""What hangs on a contact: notes, relations, good times, what is confidential; and the tips."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts.choices import CONTACT_WINDOWS
from accounts.contact_forms import (
    ConfidentialForm,
    LookForm,
    NoteForm,
    RelationForm,
    TipForm,
    WindowsForm,
)
from accounts.models import ConfidentialProfile, Contact, ContactNote, ContactRelation, Tip
from accounts.selectors.contact_page import latest_looks
from accounts.services import confidential, contact_details, tips
from accounts.views.contacts import get_contact
from crm.lib.exceptions import DomainError
from crm.lib.http import StaffRequest
from crm.lib.views import form_page, permission, visible_or_404


@permission("accounts.edit_contact")
def note_create(request: StaffRequest, pk: UUID) -> HttpResponse:
    contact = get_contact(request, pk)
    form = NoteForm(request.POST or None, today=timezone.localdate())
    if request.method == "POST" and form.is_valid():
        contact_details.add_note(contact=contact, by=request.user, **form.cleaned_data)
        messages.success(request, _("Noted."))
        return HttpResponseRedirect(contact.get_absolute_url())
    return _form_of(request, contact, form, _("What did they tell you?"))


@permission("accounts.edit_contact")
def note_edit(request: StaffRequest, pk: UUID) -> HttpResponse:
    note = visible_or_404(ContactNote.objects.select_related("contact__client"), request, pk)
    form = NoteForm(request.POST or None, instance=note, today=timezone.localdate())
    if request.method == "POST" and form.is_valid():
        contact_details.change_note(note=note, by=request.user, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return HttpResponseRedirect(note.contact.get_absolute_url())
    return _form_of(request, note.contact, form, _("Change the note"))


@permission("accounts.edit_contact")
def relation_create(request: StaffRequest, pk: UUID) -> HttpResponse:
    """A relation to somebody at the same client, or, with `?q=`, to anybody in sight."""
    contact = get_contact(request, pk)
    found = request.GET.get("q", "").strip()
    form = RelationForm(request.POST or None, contact=contact, by=request.user, found=found)
    if request.method == "POST" and form.is_valid():
        try:
            contact_details.relate(person=contact, by=request.user, **form.cleaned_data)
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            messages.success(request, _("The relation is noted."))
            return HttpResponseRedirect(contact.get_absolute_url())
    context = {"form": form, "contact": contact, "found": found}
    status = 422 if form.is_bound else 200
    return TemplateResponse(request, "accounts/relation_form.html", context, status=status)


@permission("accounts.edit_contact")
def relation_delete(request: StaffRequest, pk: UUID) -> HttpResponse:
    relation = visible_or_404(
        ContactRelation.objects.select_related("person", "other"), request, pk
    )
    back = relation.person.get_absolute_url()
    if request.method == "POST":
        contact_details.unrelate(relation=relation, by=request.user)
        messages.success(request, _("The relation is taken away."))
        return HttpResponseRedirect(back)
    context = {
        "title": _("Take this relation away?"),
        "text": f"{relation.person.name} · {relation.get_kind_display()} · {relation.other.name}",
        "consequences": [_("The audit trail keeps it; it can be noted again.")],
        "cancel_url": back,
        "submit_label": _("Take away"),
        "is_danger": True,
    }
    return TemplateResponse(request, "crud/confirm.html", context)


@permission("accounts.edit_contact")
def windows_edit(request: StaffRequest, pk: UUID) -> HttpResponse:
    contact = get_contact(request, pk)
    # Not `or None`: everything left empty takes all times away.
    form = WindowsForm(request.POST if request.method == "POST" else None, contact=contact)
    if request.method == "POST" and form.is_valid():
        contact_details.set_windows(
            contact=contact, windows=form.cleaned_data["windows"], by=request.user
        )
        messages.success(request, _("Saved."))
        return HttpResponseRedirect(contact.get_absolute_url())
    rows = [
        [form[f"{name}_{number}"] for name in ("weekdays", "starts", "ends")]
        for number in range(CONTACT_WINDOWS)
    ]
    context = {"form": form, "rows": rows, "contact": contact}
    status = 422 if form.is_bound else 200
    return TemplateResponse(request, "accounts/contact_windows.html", context, status=status)


def _form_of(request: StaffRequest, contact: Contact, form: Any, title: str) -> HttpResponse:
    return form_page(
        request,
        form,
        title=title,
        subtitle=contact.name,
        cancel_url=contact.get_absolute_url(),
        columns=1,
    )


# Confidential -----------------------------------------------------------------------------------


@never_cache
@permission("accounts.read_confidential")
def confidential_look(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Ask why, note it, then show the six fields, ready to be changed (CON-07)."""
    contact = get_contact(request, pk)
    form = LookForm(request.POST if request.method == "POST" else None)
    context = {"contact": contact, "form": form}
    if form.is_valid():
        profile = confidential.look_at_profile(
            contact=contact, now=timezone.now(), by=request.user, **form.cleaned_data
        )
        context["profile_form"] = ConfidentialForm(instance=profile)
    context["looks"] = latest_looks(contact, request.user)
    status = 422 if form.is_bound and not form.is_valid() else 200
    return TemplateResponse(request, "accounts/contact_confidential.html", context, status=status)


@never_cache
@require_POST
@permission("accounts.read_confidential")
def confidential_edit(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Saves what `confidential_look` showed."""
    contact = get_contact(request, pk)
    form = ConfidentialForm(request.POST, instance=ConfidentialProfile(contact=contact))
    if form.is_valid():
        confidential.update_profile(contact=contact, by=request.user, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return HttpResponseRedirect(contact.get_absolute_url())
    context = {"contact": contact, "profile_form": form}
    return TemplateResponse(request, "accounts/contact_confidential.html", context, status=422)


# Tips -------------------------------------------------------------------------------------------


@permission("accounts.view_client")
def tip_list(request: StaffRequest) -> HttpResponse:
    rows = list(Tip.objects.order_by("-subject", "pk"))
    return TemplateResponse(request, "accounts/tip_list.html", {"tips": rows})


@permission("accounts.edit_tips")
def tip_edit(request: StaffRequest, pk: int) -> HttpResponse:
    tip = get_object_or_404(Tip, pk=pk)
    form = TipForm(request.POST or None, instance=tip)
    if request.method == "POST" and form.is_valid():
        tips.change_tip(tip=tip, by=request.user, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return HttpResponseRedirect(reverse("accounts:tip_list"))
    return form_page(
        request,
        form,
        title=_("Change the tip"),
        subtitle=tip.title,
        cancel_url=reverse("accounts:tip_list"),
        columns=1,
    )
