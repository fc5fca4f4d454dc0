"""The unit tree: looking at it, adding, renaming, moving, closing."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from crm.lib.exceptions import DomainError
from crm.lib.http import StaffRequest
from crm.lib.views import form_page, permission, visible_or_404
from staff.forms.units import MoveUnitForm, RenameUnitForm, UnitForm
from staff.models import Unit, UnitMove, User
from staff.selectors.authority import units_in_charge, units_in_sight
from staff.selectors.units import move_preview, unit_tree
from staff.services import units

MOVES_SHOWN = 10
PEOPLE_SHOWN = 100


@permission("staff.view_people")
def unit_list(request: StaffRequest) -> HttpResponse:
    return TemplateResponse(request, "staff/unit_list.html", {"rows": unit_tree(request.user)})


@permission("staff.view_people")
def unit_detail(request: StaffRequest, pk: int) -> HttpResponse:
    unit = get_object_or_404(units_in_sight(request.user).select_related("parent"), pk=pk)
    moves = UnitMove.objects.visible_to(request.user).filter(unit=unit)
    people = User.objects.visible_to(request.user).filter(unit=unit)
    context = {
        "unit": unit,
        "below": Unit.objects.filter(parent=unit).order_by("closed_on", "name", "pk"),
        "people": people.order_by("-is_active", "full_name", "pk")[:PEOPLE_SHOWN],
        "moves": moves.select_related("from_parent", "to_parent", "moved_by").order_by(
            "-moved_at", "-pk"
        )[:MOVES_SHOWN],
        "is_own": unit.pk == request.user.unit_id,
    }
    return TemplateResponse(request, "staff/unit_detail.html", context)


@permission("staff.edit_units")
def unit_create(request: StaffRequest, pk: int) -> HttpResponse:
    """A new unit below this one."""
    parent = _unit(request, pk)
    form = UnitForm(request.POST or None, parent=parent)
    if request.method == "POST" and form.is_valid():
        try:
            unit = units.create_unit(parent=parent, by=request.user, **form.cleaned_data)
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            messages.success(request, _("The unit was added."))
            return HttpResponseRedirect(unit.get_absolute_url())
    return form_page(
        request,
        form,
        title=_("New unit"),
        subtitle=_("below %(unit)s") % {"unit": parent.name},
        cancel_url=parent.get_absolute_url(),
    )


@permission("staff.edit_units")
def unit_edit(request: StaffRequest, pk: int) -> HttpResponse:
    unit = _unit(request, pk)
    form = RenameUnitForm(request.POST or None, instance=unit)
    if request.method == "POST" and form.is_valid():
        units.rename_unit(unit=unit, by=request.user, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return HttpResponseRedirect(unit.get_absolute_url())
    return form_page(
        request,
        form,
        title=_("Rename the unit"),
        subtitle=unit.name,
        cancel_url=unit.get_absolute_url(),
    )


@permission("staff.edit_units")
def unit_move(request: StaffRequest, pk: int) -> HttpResponse:
    """Where to; then what that changes; then "Move" does it."""
    unit = _unit(request, pk)
    form = MoveUnitForm(request.POST or None, unit=unit, by=request.user)
    preview = None
    if request.method == "POST" and form.is_valid():
        parent = form.cleaned_data["parent"]
        try:
            if "confirm" in request.POST:
                units.move_unit(unit=unit, parent=parent, now=timezone.now(), by=request.user)
                messages.success(request, _("The unit was moved. You can put it back below."))
                return HttpResponseRedirect(unit.get_absolute_url())
            units.check_place(unit.kind, parent, unit=unit)
            preview = move_preview(unit, parent)
        except DomainError as error:
            form.add_error(None, error.message)
    context = {"unit": unit, "form": form, "preview": preview}
    status = 422 if form.errors else 200
    return TemplateResponse(request, "staff/unit_move.html", context, status=status)


@permission("staff.edit_units")
@require_POST
def unit_move_undo(request: StaffRequest, pk: UUID) -> HttpResponse:
    move = visible_or_404(UnitMove.objects.select_related("unit", "from_parent"), request, pk)
    units.undo_move(move=move, now=timezone.now(), by=request.user)
    messages.success(request, _("The unit is back in its place."))
    return HttpResponseRedirect(move.unit.get_absolute_url())


@permission("staff.edit_units")
def unit_close(request: StaffRequest, pk: int) -> HttpResponse:
    unit = _unit(request, pk)
    if request.method == "POST":
        units.close_unit(unit=unit, today=timezone.localdate(), by=request.user)
        messages.success(request, _("The unit is closed. It can be opened again here."))
        return HttpResponseRedirect(unit.get_absolute_url())
    context = {
        "title": _("Close the unit"),
        "text": _("Close “%(unit)s”?") % {"unit": unit.name},
        "consequences": [
            _("No people and clients can be put there any more; the records that name it stay."),
            *(_("Still in this unit: %s.") % reason for reason in units.what_is_in(unit)),
        ],
        "cancel_url": unit.get_absolute_url(),
        "submit_label": _("Close the unit"),
        "is_danger": True,
    }
    return TemplateResponse(request, "crud/confirm.html", context)


@permission("staff.edit_units")
@require_POST
def unit_reopen(request: StaffRequest, pk: int) -> HttpResponse:
    unit = _unit(request, pk)
    units.reopen_unit(unit=unit, by=request.user)
    messages.success(request, _("The unit is open again."))
    return HttpResponseRedirect(unit.get_absolute_url())


def _unit(request: StaffRequest, pk: int) -> Unit:
    return get_object_or_404(units_in_charge(request.user), pk=pk)
