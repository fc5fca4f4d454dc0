"""Contacts: the list, a contact's page, and the steps of their life at a client."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import IntegrityError
from django.http import HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.contact_forms import ContactForm, LeaveForm, MoveForm
from accounts.filters import ContactFilter
from accounts.models import Contact
from accounts.selectors import contact_page, history
from accounts.selectors.duplicates import Suspect, contact_suspects
from accounts.services import contact_moves, contacts
from accounts.tables import ContactTable
from accounts.views.client_page import get_client
from crm.lib.http import StaffRequest
from crm.lib.views import ScopedListView, permission, visible_or_404


class ContactListView(ScopedListView):
    model = Contact
    filterset_class = ContactFilter
    table_class = ContactTable
    right = "accounts.view_client"
    export_right = "accounts.export_clients"
    title = gettext_lazy("Contacts")
    empty_title = gettext_lazy("No contacts yet")
    empty_text = gettext_lazy("Add the people you know on a client's page.")
    empty_icon = "address-book"

    def queryset(self) -> Any:
        return super().queryset().select_related("client").with_service_tier()


def get_contact(request: StaffRequest, pk: UUID) -> Contact:
    rows = Contact.objects.select_related("client").with_service_tier()
    return visible_or_404(rows, request, pk)


@permission("accounts.view_client")
def contact_detail(request: StaffRequest, pk: UUID) -> HttpResponse:
    contact = get_contact(request, pk)
    today = timezone.localdate()
    page = contact_page.contact_page(contact, request.user, today=today)
    context = {"contact": contact, "page": page, "brief": page.brief, "today": today}
    return TemplateResponse(request, "accounts/contact_detail.html", context)


@permission("accounts.view_client")
def contact_history(request: StaffRequest, pk: UUID) -> HttpResponse:
    contact = get_contact(request, pk)
    context = {"contact": contact, "entries": history.contact_history(contact)}
    return TemplateResponse(request, "accounts/contact_history.html", context)


@permission("accounts.edit_contact")
def contact_create(request: StaffRequest, pk: UUID) -> HttpResponse:
    client = get_client(request, pk)
    form = ContactForm(request.POST or None)
    people = reverse("accounts:client_people", args=[client.pk])
    suspects: list[Suspect] = []
    if request.method == "POST" and form.is_valid() and "suspects_seen" not in request.POST:
        said = form.cleaned_data
        suspects = contact_suspects(
            client=client, name=said["name"], mobile=said["mobile"], user=request.user
        )
    if request.method == "POST" and form.is_valid() and not suspects:
        try:
            contacts.create_contact(
                client=client, today=timezone.localdate(), by=request.user, **form.cleaned_data
            )
        except IntegrityError:
            form.add_error("name", _("This person with this number is already in the archive."))
        else:
            messages.success(request, _("The contact was added."))
            return HttpResponseRedirect(people)
    return _contact_form(
        request,
        form,
        title=_("New contact"),
        subtitle=client.name,
        cancel_url=people,
        suspects=suspects,
    )


@permission("accounts.edit_contact")
def contact_edit(request: StaffRequest, pk: UUID) -> HttpResponse:
    contact = visible_or_404(Contact.objects.select_related("client"), request, pk)
    name = contact.name  # binding the form changes the instance
    form = ContactForm(request.POST or None, instance=contact)
    if request.method == "POST" and form.is_valid():
        try:
            contacts.update_contact(
                contact=contact, today=timezone.localdate(), by=request.user, **form.cleaned_data
            )
        except IntegrityError:
            form.add_error("name", _("This person with this number is already in the archive."))
        else:
            messages.success(request, _("Saved."))
            return HttpResponseRedirect(contact.get_absolute_url())
    return _contact_form(
        request,
        form,
        title=_("Edit %(name)s") % {"name": name},
        subtitle=contact.client.name,
        cancel_url=contact.get_absolute_url(),
    )


def _contact_form(request: StaffRequest, form: ContactForm, **context: Any) -> HttpResponse:
    status = 422 if form.is_bound else 200
    context["form"] = form
    return TemplateResponse(request, "accounts/contact_form.html", context, status=status)


@permission("accounts.edit_contact")
def contact_leave(request: StaffRequest, pk: UUID) -> HttpResponse:
    """The person left the client; the message offers the undo."""
    contact = get_contact(request, pk)
    today = timezone.localdate()
    form = LeaveForm(request.POST or None, today=today)
    if request.method == "POST" and form.is_valid():
        contact_moves.leave(contact=contact, today=today, by=request.user, **form.cleaned_data)
        messages.success(request, _("Noted. “Is back” on this page takes it back."))
        return HttpResponseRedirect(contact.get_absolute_url())
    context = {
        "title": _("%(name)s has left") % {"name": contact.name},
        "text": _("Visits, notes and relations stay readable on this page."),
        "consequences": [_("No new visits are planned with this person.")],
        "form": form,
        "cancel_url": contact.get_absolute_url(),
        "submit_label": _("Has left"),
    }
    status = 422 if form.is_bound else 200
    return TemplateResponse(request, "crud/confirm.html", context, status=status)


@permission("accounts.edit_contact")
def contact_return(request: StaffRequest, pk: UUID) -> HttpResponse:
    contact = get_contact(request, pk)
    if request.method == "POST":
        contact_moves.come_back(contact=contact, today=timezone.localdate(), by=request.user)
        messages.success(request, _("%(name)s is there again.") % {"name": contact.name})
        return HttpResponseRedirect(contact.get_absolute_url())
    context = {
        "title": _("%(name)s is back") % {"name": contact.name},
        "text": _("The person counts as being at %(client)s again.")
        % {"client": contact.client.name},
        "cancel_url": contact.get_absolute_url(),
        "submit_label": _("Is back"),
    }
    return TemplateResponse(request, "crud/confirm.html", context)


@permission("accounts.edit_contact")
def contact_move(request: StaffRequest, pk: UUID) -> HttpResponse:
    """The person works for another of one's clients now."""
    contact = get_contact(request, pk)
    today = timezone.localdate()
    form = MoveForm(request.POST or None, today=today, by=request.user, contact=contact)
    if request.method == "POST" and form.is_valid():
        client = form.cleaned_data.pop("code")
        try:
            moved = contact_moves.move(
                contact=contact, client=client, today=today, by=request.user, **form.cleaned_data
            )
        except IntegrityError:
            form.add_error("code", _("This person with this number is already in the archive."))
        else:
            messages.success(request, format_html(
                "{} <a href=\"{}\">{}</a>", _("The person is at the other client now."),
                reverse("accounts:contact_return", args=[contact.pk]), _("Take it back"),
            ))  # fmt: skip
            return HttpResponseRedirect(moved.get_absolute_url())
    context = {
        "title": _("%(name)s went to another client") % {"name": contact.name},
        "text": _("A new record is made there and says where the person was before."),
        "consequences": [
            _("What belongs to the person goes along: numbers, birthday, ways to meet them."),
            _("Visits, notes, relations and what is confidential stay with the old client."),
        ],
        "form": form,
        "cancel_url": contact.get_absolute_url(),
        "submit_label": _("Move"),
    }
    status = 422 if form.is_bound else 200
    return TemplateResponse(request, "crud/confirm.html", context, status=status)
