"""My day and the dashboard."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.forms import ModelChoiceField
from django.http import HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone

from accounts.filters import visible_units
from analytics.selectors.dashboard import dashboard as build_dashboard
from analytics.selectors.my_day import my_day
from analytics.selectors.nine_steps import nine_steps
from crm.lib.http import StaffRequest
from crm.lib.views import permission
from staff.models import Unit


def home(request: StaffRequest) -> HttpResponse:
    """Where each role starts: field workers with their day, others with their main page."""
    user = request.user
    if user.has_perm("visits.record_visit") and not user.sees_unit:
        now = timezone.now()
        context = {
            "day": my_day(user, now=now),
            "steps": nine_steps(user, now=now),
            "today": timezone.localtime(now).date(),
        }
        return TemplateResponse(request, "analytics/my_day.html", context)
    if user.has_perm("analytics.import_bills"):
        return HttpResponseRedirect(reverse("analytics:import_list"))
    if user.has_perm("analytics.view_dashboard"):
        return HttpResponseRedirect(reverse("analytics:dashboard"))
    return HttpResponseRedirect(reverse("staff:task_list"))


@permission("analytics.view_dashboard")
def dashboard(request: StaffRequest) -> HttpResponse:
    units = visible_units(request)
    unit = _one_of(units, request.GET.get("unit", ""))
    context = {
        "board": build_dashboard(request.user, unit=unit, now=timezone.now()),
        "units": units,
        "unit": unit,
        "limit": settings.PORTFOLIO_CLIENTS,
    }
    return TemplateResponse(request, "analytics/dashboard.html", context)


def _one_of(units: QuerySet[Unit], code: str) -> Unit | None:
    """The unit by its code; whatever else the address says is ignored."""
    field = ModelChoiceField(units, to_field_name="code", required=False)
    try:
        return field.clean(code)
    except ValidationError:
        return None
