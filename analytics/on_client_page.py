"""What bills and alerts show on a client's page; `apps.py` loads this when the models exist."""

from django.utils.translation import gettext_lazy as _

from accounts import page_parts
from accounts.page_parts import TimelineSource
from analytics.selectors import client_parts

page_parts.register(
    head=page_parts.HeadPart(
        right="analytics.view_alert",
        columns=client_parts.columns,
        figures=client_parts.figures,
        badges=client_parts.badges,
    ),
    timeline=[
        TimelineSource("alert", _("Alerts"), "analytics.view_alert", client_parts.alert_steps),
        TimelineSource("month", _("Bills"), "accounts.view_client", client_parts.month_facts),
    ],
    tasks=client_parts.tasks,
)
