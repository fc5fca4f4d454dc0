"""Pages of class criteria and suggestions."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from accounts.filters import visible_units
from accounts.views.sections import sections
from analytics.filters import ClassSuggestionFilter
from analytics.forms import CriteriaForm, ReasonForm
from analytics.models import ClassSuggestion, CriteriaVersion
from analytics.selectors import class_criteria
from analytics.selectors.rule_settings import may_change
from analytics.services import class_suggestions as services
from analytics.tables import ClassSuggestionTable, TickedSuggestionTable
from crm.lib.exceptions import DomainError
from crm.lib.http import StaffRequest
from crm.lib.tables import Table
from crm.lib.views import ScopedListView, permission, picked, require

LIST = "analytics:suggestion_list"


class SuggestionListView(ScopedListView):
    model = ClassSuggestion
    filterset_class = ClassSuggestionFilter
    table_class = ClassSuggestionTable
    right = "accounts.view_client"
    export_right = "accounts.export_clients"
    template_name = "analytics/suggestion_list.html"
    title = gettext_lazy("Suggested classes")
    empty_title = gettext_lazy("No classes are suggested")
    empty_text = gettext_lazy(
        "Once a year a job compares income and members with the criteria and suggests classes."
    )
    empty_icon = "star"

    def queryset(self) -> Any:
        return super().queryset().with_people()

    def table_for(self, request: StaffRequest) -> type[Table]:
        may = request.user.has_perm("accounts.propose_class")
        return TickedSuggestionTable if may else self.table_class

    def extra_context(self) -> dict[str, Any]:
        user = self.request.user
        return {
            "sections": sections(self.request, LIST),
            "form": ReasonForm(is_needed=False),
            "may_accept": user.has_perm("accounts.propose_class"),
            "may_dismiss": user.has_perm("accounts.change_class"),
            "open_count": self.queryset().open().order_by()[:1000].count(),
        }


@require_POST
@permission("accounts.propose_class")
def suggestion_decide_picked(request: StaffRequest) -> HttpResponse:
    """The ticked ones: accepted, or with `dismiss` in the form put aside for a reason."""
    rows = ClassSuggestion.objects.visible_to(request.user)
    chosen = list(rows.filter(pk__in=picked(request)))
    try:
        if "dismiss" in request.POST:
            _dismiss(request, chosen)
        else:
            _accept(request, chosen)
    except DomainError as error:
        messages.error(request, error.message)
    return HttpResponseRedirect(f"{reverse(LIST)}?state=open")


def _accept(request: StaffRequest, chosen: list[ClassSuggestion]) -> None:
    done = services.accept_suggestions(suggestions=chosen, now=timezone.now(), by=request.user)
    if request.user.has_perm("accounts.change_class"):
        text = ngettext("%(n)s class was changed.", "%(n)s classes were changed.", done)
    else:
        text = ngettext("%(n)s class is proposed now.", "%(n)s classes are proposed now.", done)
    messages.success(request, text % {"n": done})


def _dismiss(request: StaffRequest, chosen: list[ClassSuggestion]) -> None:
    require(request, "accounts.change_class")
    done = services.dismiss_suggestions(
        suggestions=chosen,
        reason=request.POST.get("reason", ""),
        now=timezone.now(),
        by=request.user,
    )
    text = ngettext("%(n)s suggestion is dismissed.", "%(n)s suggestions are dismissed.", done)
    messages.success(request, text % {"n": done})


@require_POST
@permission("analytics.change_rules")
def suggestion_run(request: StaffRequest) -> HttpResponse:
    """The yearly job, now."""
    services.order_suggestions(by=request.user)
    messages.success(request, _("The suggestions are being made; they appear here."))
    return HttpResponseRedirect(reverse(LIST))


@permission("analytics.view_alert")
def criteria_list(request: StaffRequest) -> HttpResponse:
    """What makes an A, a B and a C: in force now, and every version before."""
    current = class_criteria.criteria_in_force().versions
    current.sort(key=lambda version: (version.unit is not None, version.pk))
    context = {
        "criteria": [(version, may_change(request.user, version.unit)) for version in current],
        "history": class_criteria.history(),
        "may_run": may_change(request.user, None),
        "sections": sections(request, "analytics:criteria_list"),
    }
    return TemplateResponse(request, "analytics/criteria_list.html", context)


@permission("analytics.change_rules")
def criteria_change(request: StaffRequest) -> HttpResponse:
    """Criteria to change: "Preview" tries them out, "Save" keeps them."""
    form, tried = _criteria_form(request), None
    if form.is_valid():
        values = form.cleaned_data
        if "save" in request.POST:
            try:
                services.change_criteria(by=request.user, **values)
            except DomainError as error:
                form.add_error(None, error.message)
            else:
                messages.success(request, _("Saved. It acts with the next suggestions."))
                return HttpResponseRedirect(reverse("analytics:criteria_list"))
        trial = CriteriaVersion(**values)
        tried = class_criteria.preview(trial, user=request.user)
    context = {"form": form, "preview": tried if not form.errors else None}
    status = 422 if form.errors else 200
    return TemplateResponse(request, "analytics/criteria_change.html", context, status=status)


def _criteria_form(request: StaffRequest) -> CriteriaForm:
    """Bound to what was sent, else filled with what is in force for the unit asked for."""
    units = visible_units(request)
    needs_unit = not may_change(request.user, None)
    if request.method == "POST":
        return CriteriaForm(request.POST, units=units, needs_unit=needs_unit)
    unit = units.filter(code=request.GET.get("unit", "")).first()
    if unit is None and needs_unit:
        unit = request.user.unit
    current = class_criteria.criteria_in_force().of(unit.pk if unit else None)
    initial: dict[str, Any] = {name: getattr(current, name) for name in services.VALUES}
    initial["unit"] = unit.code if unit else ""
    return CriteriaForm(initial=initial, units=units, needs_unit=needs_unit)


@permission("analytics.change_rules")
def criteria_remove(request: StaffRequest) -> HttpResponse:
    """Take back the criteria of a unit (`?unit=`)."""
    unit = get_object_or_404(visible_units(request), code=request.GET.get("unit", ""))
    if not may_change(request.user, unit):
        raise PermissionDenied
    form = ReasonForm(request.POST if request.method == "POST" else None, is_needed=True)
    if form.is_valid():
        services.remove_criteria(unit=unit, by=request.user, **form.cleaned_data)
        messages.success(request, _("Saved. It acts with the next suggestions."))
        return HttpResponseRedirect(reverse("analytics:criteria_list"))
    context = {
        "title": _("Back to the wider setting: %(unit)s") % {"unit": unit.name},
        "text": _("Clients of %(unit)s are judged by the wider criteria again.")
        % {"unit": unit.name},
        "form": form,
        "cancel_url": reverse("analytics:criteria_list"),
        "submit_label": _("Back to the wider setting"),
    }
    status = 422 if form.is_bound else 200
    return TemplateResponse(request, "crud/confirm.html", context, status=status)
