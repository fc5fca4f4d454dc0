"""What the search box finds here: alerts."""

from django.db.models import Case, When

from accounts.selectors.search import found_client_ids
from analytics.choices import OPEN_ALERT_STATES
from analytics.models import Alert
from crm.lib.search import Hit, Search


def find_alerts(search: Search, limit: int) -> list[Hit]:
    """Alerts of the clients that the search finds: open ones first, then the newest."""
    clients = found_client_ids(search)
    if not clients:
        return []
    alerts = Alert.objects.visible_to(search.user).filter(client__in=clients).with_people()
    is_over = Case(When(state__in=OPEN_ALERT_STATES, then=0), default=1)
    return [
        Hit(
            title=f"{alert.get_rule_display()} · {alert.client.name}",
            url=alert.get_absolute_url(),
            subtitle=f"{alert.latest_period:%Y-%m}",
            badge=alert.get_state_display(),
            tone="danger" if alert.state in OPEN_ALERT_STATES else "neutral",
        )
        for alert in alerts.order_by(is_over, "-latest_period", "-pk")[:limit]
    ]
