"""Pages of alerts."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from accounts.views.client_page import client_tab, get_client
from analytics.exceptions import ItemsMissing
from analytics.filters import AlertFilter
from analytics.forms import HandleAlertForm
from analytics.models import Alert
from analytics.selectors import client_pages
from analytics.selectors.evidence import evidence_of
from analytics.selectors.values import value_view
from analytics.services import alerts as services
from analytics.tables import AlertTable
from crm.lib.http import StaffRequest
from crm.lib.views import ScopedListView, permission, visible_or_404


class AlertListView(ScopedListView):
    model = Alert
    filterset_class = AlertFilter
    table_class = AlertTable
    right = "analytics.view_alert"
    export_right = "accounts.export_clients"
    title = gettext_lazy("Alerts")
    empty_title = gettext_lazy("No alerts")
    empty_text = gettext_lazy("Alerts are raised when a month of bills is complete.")
    empty_icon = "alert-triangle"

    def queryset(self) -> Any:
        return super().queryset().with_people()


def _get_alert(request: StaffRequest, pk: UUID) -> Alert:
    return visible_or_404(Alert.objects.with_people().select_related("visit", "task"), request, pk)


@permission("analytics.view_alert")
def alert_detail(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Why it was raised and what was done about it."""
    alert = _get_alert(request, pk)
    return _alert_page(request, alert, HandleAlertForm(alert=alert))


def _alert_page(request: StaffRequest, alert: Alert, form: HandleAlertForm) -> HttpResponse:
    rows = alert.readings.visible_to(request.user).select_related("client", "rule_version")
    readings = list(rows.order_by("-period"))
    shown = next((r for r in readings if f"{r.period:%Y-%m}" == request.GET.get("month")), None)
    months = client_pages.client_months(alert.client, request.user)
    context = {
        "alert": alert,
        "is_overdue": alert.is_overdue(timezone.localdate()),
        "readings": readings,
        "evidence": evidence_of(shown or readings[0]) if readings else None,
        "charts": client_pages.trend_charts(months[:6]),
        "form": form,
        "visits": alert.task.visits.visible_to(request.user).order_by("starts_at")
        if alert.task
        else [],
    }
    status = 422 if form.is_bound else 200
    return TemplateResponse(request, "analytics/alert_detail.html", context, status=status)


@permission("analytics.handle_alert")
@require_POST
def alert_acknowledge(request: StaffRequest, pk: UUID) -> HttpResponse:
    alert = _get_alert(request, pk)
    services.acknowledge_alert(alert=alert, now=timezone.now(), by=request.user)
    return HttpResponseRedirect(alert.get_absolute_url())


@permission("analytics.handle_alert")
@require_POST
def alert_handle(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Save the four items; with the second button close the alert as well."""
    alert = _get_alert(request, pk)
    form = HandleAlertForm(request.POST, alert=alert)
    if form.is_valid():
        try:
            services.handle_alert(alert=alert, by=request.user, **form.cleaned_data)
            if "close" in request.POST:
                services.close_alert(alert=alert, now=timezone.now(), by=request.user)
        except ItemsMissing as error:
            form.add_error(None, error.message)
        else:
            messages.success(request, _("Saved."))
            return HttpResponseRedirect(alert.get_absolute_url())
    return _alert_page(request, _get_alert(request, pk), form)


@permission("analytics.view_alert")
def client_alerts(request: StaffRequest, pk: UUID) -> HttpResponse:
    client = get_client(request, pk)
    alerts = Alert.objects.visible_to(request.user).filter(client=client).with_people()
    table = AlertTable(list(alerts.order_by("-latest_period", "-pk")[:50]))
    return client_tab(request, client, "alerts", "analytics/_client_alerts.html", {"table": table})


@permission("accounts.view_client")
def client_bills(request: StaffRequest, pk: UUID) -> HttpResponse:
    client = get_client(request, pk)
    bills = client_pages.client_bills(client, request.user)
    return client_tab(request, client, "bills", "analytics/_client_bills.html", {"bills": bills})


@permission("accounts.view_client")
def client_business(request: StaffRequest, pk: UUID) -> HttpResponse:
    client = get_client(request, pk)
    context = {
        "business": client_pages.client_business(client, request.user),
        "value": value_view(client, request.user),
        "today": timezone.localdate(),
    }
    return client_tab(request, client, "business", "analytics/_client_business.html", context)


@permission("accounts.view_client")
def client_summary(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Open alerts and the trend, for the first tab of a client's page."""
    client = get_client(request, pk)
    context = {
        "client": client,
        "alerts": client_pages.open_alerts(client, request.user),
        "charts": client_pages.trend_charts(client_pages.client_months(client, request.user))[:1],
    }
    return TemplateResponse(request, "analytics/_client_summary.html", context)
