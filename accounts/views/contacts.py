"""Contacts: list and forms."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import IntegrityError
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.filters import ContactFilter
from accounts.forms import ContactForm
from accounts.models import Contact
from accounts.services import contacts
from accounts.tables import ContactTable
from accounts.views.client_page import get_client
from crm.lib.http import StaffRequest
from crm.lib.views import (
    ScopedListView,
    form_page,
    permission,
    visible_or_404,
)


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
        return super().queryset().select_related("client")


@permission("accounts.edit_contact")
def contact_create(request: StaffRequest, pk: UUID) -> HttpResponse:
    client = get_client(request, pk)
    form = ContactForm(request.POST or None)
    people = reverse("accounts:client_people", args=[client.pk])
    if request.method == "POST" and form.is_valid():
        try:
            contacts.create_contact(client=client, by=request.user, **form.cleaned_data)
        except IntegrityError:
            form.add_error("name", _("This person with this number is already in the archive."))
        else:
            messages.success(request, _("The contact was added."))
            return HttpResponseRedirect(people)
    return form_page(request, form, title=_("New contact"), subtitle=client.name, cancel_url=people)


@permission("accounts.edit_contact")
def contact_edit(request: StaffRequest, pk: UUID) -> HttpResponse:
    contact = visible_or_404(Contact.objects.select_related("client"), request, pk)
    form = ContactForm(request.POST or None, instance=contact)
    people = reverse("accounts:client_people", args=[contact.client_id])
    if request.method == "POST" and form.is_valid():
        try:
            contacts.update_contact(contact=contact, by=request.user, **form.cleaned_data)
        except IntegrityError:
            form.add_error("name", _("This person with this number is already in the archive."))
        else:
            messages.success(request, _("Saved."))
            return HttpResponseRedirect(people)
    return form_page(
        request,
        form,
        title=_("Edit %(name)s") % {"name": contact.name},
        subtitle=contact.client.name,
        cancel_url=people,
    )
