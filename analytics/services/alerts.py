"""What people do with an alert, until the four items of CHN-22 are there."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from accounts.models import Client
from analytics.choices import AWAITING_VISIT_STATES, AlertState
from analytics.exceptions import AlertNotOpen, ItemsMissing, VisitDoesNotCount
from analytics.models import Alert
from analytics.services.alert_run import People
from crm.lib.services import service
from crm.lib.text import listed
from staff.models import Task, User
from visits.choices import VisitState
from visits.models import Visit


@service
def acknowledge_alert(*, alert: Alert, now: datetime, by: User) -> Alert:
    """I have seen it. An alert that is further along stays where it is."""
    alert = _lock_open(alert)
    if alert.state == AlertState.OPEN:
        alert.state = AlertState.ACKNOWLEDGED
        alert.acknowledged_at = now
        alert.acknowledged_by = by
        alert.save()
    return alert


@service
def follow_visit(*, visit: Visit, by: User | None) -> None:
    """The alert whose task the visit answers moves along with the visit."""
    if visit.task_id is None:
        return
    for alert in (
        Alert.objects.select_for_update().open().filter(task=visit.task_id, client=visit.client_id)
    ):
        if visit.recorded_at:
            alert.visit = visit
        state = _state_after(alert, visit)
        if state != alert.state or visit.recorded_at:
            alert.state = state
            alert.save()


def _state_after(alert: Alert, visit: Visit) -> str:
    if alert.state not in AWAITING_VISIT_STATES:
        return alert.state
    if visit.recorded_at:
        return _state_by_items(alert)
    is_planned = Visit.objects.planned().filter(task=visit.task_id).exists()
    return AlertState.VISIT_PLANNED if is_planned else AlertState.ACKNOWLEDGED


@service
def handle_alert(
    *,
    alert: Alert,
    survey: str,
    cause: str,
    action: str,
    by: User,
    visit: Visit | None = None,
) -> Alert:
    """Note survey, cause and action; with a visit that took place the alert is handled."""
    alert = _lock_open(alert)
    alert.survey, alert.cause, alert.action = survey, cause, action
    if visit is not None:
        if visit.client_id != alert.client_id or visit.state != VisitState.DONE:
            raise VisitDoesNotCount(_("Only a logged visit to this client counts."))
        alert.visit = visit
    alert.state = _state_by_items(alert)
    alert.save()
    return alert


def _state_by_items(alert: Alert) -> str:
    if not alert.missing_items:
        return AlertState.HANDLED
    return AlertState.VISITED if alert.visit_id else alert.state


@service
def close_alert(*, alert: Alert, now: datetime, by: User) -> Alert:
    """Done: only with survey, visit, cause and action (CHN-22). Its task is ticked off."""
    alert = _lock_open(alert)
    if alert.missing_items:
        names = {
            "survey": _("survey"),
            "visit": _("a logged visit"),
            "cause": _("cause"),
            "action": _("action"),
        }
        missing = listed(names[item] for item in alert.missing_items)
        raise ItemsMissing(_("Before the alert can be closed, record: %s.") % missing)
    alert.state = AlertState.CLOSED
    alert.closed_at = now
    alert.closed_by = by
    alert.save()
    Task.objects.open().filter(alerts=alert).update(done_at=now)
    return alert


def _lock_open(alert: Alert) -> Alert:
    alert = Alert.objects.select_for_update().get(pk=alert.pk)
    if not alert.is_open:
        raise AlertNotOpen(_("This alert is closed or withdrawn."))
    return alert


def return_tasks(*, clients: Sequence[Client]) -> None:
    """Clients without an owner again: the to-dos of their alerts go to the supervisor, if any."""
    people = People()
    tasks = (
        Task.objects.open().filter(alerts__client__in=clients).prefetch_related("alerts__client")
    )
    for task in tasks.distinct():
        if responsible := people.responsible(task.alerts.all()[0].client):
            task.assignee = responsible
            task.save(update_fields=["assignee"])
        else:
            task.delete()
