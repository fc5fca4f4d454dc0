"""Months for alerts, and what came of them."""

from datetime import date

from analytics.models import Alert, AlertReading
from analytics.services import alerts
from staff.models import Notification, Task
from tests.analytics.billing_files import NOW, load_month, row
from tests.factories.visits import VisitFactory


def income(month: date, yuan: str, client: str = "C1", n: int = 1) -> None:
    """A complete month in which the client has one active member that pays this much."""
    load_month([row(n, client, yuan, period=f"{month:%Y-%m}")])


def readings() -> list[tuple]:
    """What P17 is about: everything but ids, tasks and the state people gave."""
    return sorted(
        AlertReading.objects.values_list(
            "client__code",
            "rule",
            "period",
            "holds",
            "previous",
            "current",
            "ratio",
            "money_at_risk",
        )
    )


def told() -> list[tuple[str, str]]:
    return sorted(Notification.objects.values_list("recipient__username", "kind"))


def stored() -> dict[str, list]:
    return {
        "alerts": sorted(Alert.objects.values_list()),
        "readings": sorted(AlertReading.objects.values_list(), key=str),
        "tasks": sorted(Task.objects.values_list(), key=str),
        "told": sorted(Notification.objects.values_list("pk", "key")),
        "events": [Alert.pgh_event_model.objects.count(), Task.pgh_event_model.objects.count()],
    }


def close(alert: Alert, by) -> Alert:
    visit = VisitFactory(client=alert.client, visitor=by, done=True)
    alert = alerts.handle_alert(
        alert=alert, survey="They moved.", cause="tariff", action="Offer.", visit=visit, by=by
    )
    return alerts.close_alert(alert=alert, now=NOW, by=by)
