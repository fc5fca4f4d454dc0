"""Open alerts in the document for whoever takes clients over."""

from django.utils.translation import gettext as _

from accounts.selectors.handover_pack import PackContext
from analytics.models import Alert
from crm.lib.documents.content import Block, Column, Grid


def alerts_section(context: PackContext) -> list[Block]:
    """The money at risk first, with the day by which somebody has to be there."""
    alerts = Alert.objects.visible_to(context.user).open().filter(client__in=context.clients)
    rows = [
        [
            alert.client.name,
            alert.get_rule_display(),
            f"{alert.latest_period:%Y-%m}",
            alert.get_state_display(),
            f"{alert.money_at_risk:,}",
            f"{alert.due_on:%Y-%m-%d}",
        ]
        for alert in alerts.select_related("client").by_money_at_risk()
    ]
    columns = [
        Column(_("Client")),
        Column(_("Rule")),
        Column(_("Month")),
        Column(_("State")),
        Column(_("Money at risk"), is_figure=True),
        Column(_("Visit due")),
    ]
    return [Grid(columns, rows, _("No open alerts"))]
