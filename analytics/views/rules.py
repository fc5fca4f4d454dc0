"""Pages of the alert rules: what is in force, trying a change out, saving it."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.filters import visible_units
from analytics.choices import RuleCode
from analytics.forms import ReasonForm, RuleForm
from analytics.models import RuleVersion
from analytics.rules import RULES
from analytics.selectors import rule_settings
from analytics.services import rule_changes
from crm.lib.exceptions import DomainError
from crm.lib.http import StaffRequest
from crm.lib.views import permission


@permission("analytics.view_alert")
def rule_list(request: StaffRequest) -> HttpResponse:
    """How alerts are decided: the settings in force."""
    context = {"groups": rule_settings.rule_groups(request.user)}
    return TemplateResponse(request, "analytics/rule_list.html", context)


@permission("analytics.change_rules")
def rule_change(request: StaffRequest, rule: str) -> HttpResponse:
    """A setting to change: "Preview" tries it out on the newest complete month, "Save" keeps it."""
    if rule not in RULES:
        raise Http404
    form = _rule_form(request, rule)
    tried = None
    if form.is_valid():
        values = form.cleaned_data
        if "save" in request.POST:
            try:
                rule_changes.change_rule(rule=rule, by=request.user, **values)
            except DomainError as error:
                form.add_error(None, error.message)
            else:
                messages.success(request, _("Saved. It acts from the next computation on."))
                return HttpResponseRedirect(reverse("analytics:rule_list"))
        tried = rule_changes.preview(RuleVersion(rule=rule, **values), user=request.user)
    context = {
        "rule": RuleCode(rule),
        "form": form,
        "is_tried": form.is_bound and not form.errors,
        "preview": tried,
        "history": rule_settings.history_of(rule),
    }
    status = 422 if form.errors else 200
    return TemplateResponse(request, "analytics/rule_change.html", context, status=status)


def _rule_form(request: StaffRequest, rule: str) -> RuleForm:
    """Bound to what was sent, else filled with what is in force for the class and unit asked for."""
    units = visible_units(request)
    options: dict[str, Any] = {
        "units": units,
        "needs_unit": not rule_settings.may_change(request.user, None),
    }
    if request.method == "POST":
        return RuleForm(request.POST, **options)
    unit = units.filter(code=request.GET.get("unit", "")).first()
    if unit is None and options["needs_unit"]:
        unit = request.user.unit
    asked = request.GET.get("client_class", "")
    current = rule_settings.setting_for(rule, asked, unit)
    initial: dict[str, Any] = {name: getattr(current, name) for name in rule_changes.VALUES}
    initial |= {
        "is_strict": str(current.is_strict).lower(),
        "client_class": asked,
        "unit": unit.code if unit else "",
        "percent": current.percent.normalize(),
        "minimum": current.minimum.normalize(),
    }
    return RuleForm(initial=initial, **options)


@permission("analytics.change_rules")
def rule_remove(request: StaffRequest, rule: str) -> HttpResponse:
    """Take back the setting of a class or unit (`?client_class=&unit=`)."""
    if rule not in RULES:
        raise Http404
    client_class = request.GET.get("client_class", "")
    code = request.GET.get("unit", "")
    unit = get_object_or_404(visible_units(request), code=code) if code else None
    if not rule_settings.may_change(request.user, unit):
        raise PermissionDenied
    if not RuleVersion.objects.current().of(rule, client_class, unit).exists():
        raise Http404
    trial = rule_changes.removal(rule, client_class, unit)
    form = ReasonForm(request.POST if request.method == "POST" else None, is_needed=True)
    if form.is_valid():
        rule_changes.remove_rule(
            rule=rule,
            client_class=client_class,
            unit=unit,
            reason=form.cleaned_data["reason"],
            by=request.user,
        )
        messages.success(request, _("Saved. It acts from the next computation on."))
        return HttpResponseRedirect(reverse("analytics:rule_list"))
    tried = rule_changes.preview(trial, user=request.user)
    sentence = _(
        "With these settings %(month)s would have raised %(then)s alerts instead of %(now)s."
    )
    context = {
        "title": _("Back to the general setting: %(rule)s") % {"rule": RuleCode(rule).label},
        "text": _("%(where)s is judged by the wider setting again.")
        % {"where": " ".join(filter(None, (unit.name if unit else "", client_class)))},
        "consequences": [
            sentence % {"month": f"{tried.month:%Y-%m}", "then": tried.then, "now": tried.now}
        ]
        if tried
        else [],
        "form": form,
        "cancel_url": reverse("analytics:rule_list"),
        "submit_label": _("Back to the general setting"),
    }
    status = 422 if form.is_bound else 200
    return TemplateResponse(request, "crud/confirm.html", context, status=status)
