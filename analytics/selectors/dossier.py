"""Bills and alerts in the printed dossier of a client."""

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.selectors.dossier import DossierContext
from analytics.models import Alert
from analytics.selectors.client_pages import MonthRow, client_months
from crm.lib.documents.content import Block, Column, Figure, Grid, Text

MONTHS = 12
ALERTS_SHOWN = 30


def bills_section(context: DossierContext) -> list[Block]:
    """Twelve months, the newest first; the client reads its own sums and members only."""
    months = client_months(context.client, context.user)[:MONTHS]
    if not months:
        return [Text(_("No complete month yet"), is_quiet=True)]
    charted = [*reversed(months)]
    chart = Figure(
        _("Income by month (¥)"),
        [f"{row.fact.period:%Y-%m}" for row in charted],
        [float(row.fact.income) for row in charted],
    )
    labels = [_("Members"), _("Products"), _("Income"), _("Active members")]
    if context.is_internal:
        labels += [_("Pre-churn"), _("Lost"), _("Arrears"), _("Change")]
    columns = [Column(_("Month")), *(Column(label, is_figure=True) for label in labels)]
    return [chart, Grid(columns, [_month(row, context.is_internal) for row in months])]


def _month(row: MonthRow, is_internal: bool) -> list[str]:
    fact = row.fact
    cells = [
        f"{fact.period:%Y-%m}",
        f"{fact.member_income:,}",
        f"{fact.product_income:,}",
        f"{fact.income:,}",
        f"{fact.active:,}",
    ]
    if is_internal:
        change = "" if row.change is None else f"{row.change * 100:+.2f} %"
        lost = "" if fact.lost is None else f"{fact.lost:,}"
        cells += [f"{fact.pre_churn:,}", lost, f"{fact.arrears:,}", change]
    return cells


def alerts_section(context: DossierContext) -> list[Block]:
    alerts = Alert.objects.visible_to(context.user).filter(client=context.client)
    rows = [
        [
            f"{alert.first_period:%Y-%m} – {alert.latest_period:%Y-%m}",
            alert.get_rule_display(),
            alert.get_state_display(),
            f"{alert.money_at_risk:,}",
            "\n".join(filter(None, (alert.get_cause_display(), alert.action))),
            f"{timezone.localtime(alert.closed_at):%Y-%m-%d}" if alert.closed_at else "",
        ]
        for alert in alerts.order_by("-latest_period", "-pk")[:ALERTS_SHOWN]
    ]
    columns = [
        Column(_("Months")),
        Column(_("Rule")),
        Column(_("State")),
        Column(_("Money at risk"), is_figure=True),
        Column(_("What was done")),
        Column(_("Closed")),
    ]
    return [Grid(columns, rows, _("No alerts yet"))]
