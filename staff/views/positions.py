"""The table of positions, and who takes one up or leaves it."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.lib.exceptions import DomainError
from crm.lib.http import StaffRequest
from crm.lib.views import form_page, permission, visible_or_404
from staff.forms.people import AppointmentForm, EndAppointmentForm, PositionForm
from staff.models import Appointment, Position
from staff.selectors.authority import people_to_administer
from staff.services import positions


@permission("staff.view_people")
def position_list(request: StaffRequest) -> HttpResponse:
    rows = Position.objects.order_by("-is_active", "-can_represent", "code")
    return TemplateResponse(request, "staff/position_list.html", {"positions": rows})


@permission("staff.edit_positions")
def position_create(request: StaffRequest) -> HttpResponse:
    return _position_page(request, None, _("New position"))


@permission("staff.edit_positions")
def position_edit(request: StaffRequest, pk: UUID) -> HttpResponse:
    position = get_object_or_404(Position, pk=pk)
    return _position_page(request, position, _("Edit the position"))


def _position_page(request: StaffRequest, position: Position | None, title: str) -> HttpResponse:
    form = PositionForm(request.POST or None, instance=position)
    if request.method == "POST" and form.is_valid():
        positions.save_position(position=position, by=request.user, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return HttpResponseRedirect(reverse("staff:position_list"))
    return form_page(request, form, title=title, cancel_url=reverse("staff:position_list"))


@permission("staff.edit_people")
def appointment_create(request: StaffRequest, pk: int) -> HttpResponse:
    person = visible_or_404(people_to_administer(request.user), request, pk)
    initial = {"unit": person.unit_id, "started_on": timezone.localdate()}
    form = AppointmentForm(request.POST or None, by=request.user, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            positions.appoint(person=person, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error.messages)
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            messages.success(request, _("Saved."))
            return HttpResponseRedirect(person.get_absolute_url())
    return form_page(
        request,
        form,
        title=_("Give a position"),
        subtitle=person.full_name,
        cancel_url=person.get_absolute_url(),
    )


@permission("staff.edit_people")
def appointment_end(request: StaffRequest, pk: UUID) -> HttpResponse:
    people = people_to_administer(request.user).values("pk")
    rows = Appointment.objects.select_related("person", "position").filter(person__in=people)
    appointment = visible_or_404(rows, request, pk)
    person = appointment.person
    initial = {"ended_on": timezone.localdate()}
    form = EndAppointmentForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            positions.end_appointment(appointment=appointment, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            messages.success(request, _("Saved."))
            return HttpResponseRedirect(person.get_absolute_url())
    return form_page(
        request,
        form,
        title=_("End a position"),
        subtitle=f"{person.full_name}: {appointment.position.name}",
        cancel_url=person.get_absolute_url(),
    )
