"""What people do with an alert: seen, visit planned, visited, handled, closed with four items."""

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, transaction

from analytics.choices import AlertState
from analytics.exceptions import AlertNotOpen, ItemsMissing, VisitDoesNotCount
from analytics.models import Alert
from analytics.services import alerts
from tests.factories.analytics import AlertFactory
from tests.factories.staff import TaskFactory
from tests.factories.visits import VisitFactory
from visits.services import cancel_visit, log_contact, plan_visit, record_visit

NOW = datetime(2026, 7, 6, 8, tzinfo=UTC)
ITEMS = {"survey": "Bill too high.", "cause": "tariff", "action": "New tariff offered."}


@pytest.fixture
def alert(own_client, manager) -> Alert:
    alert = AlertFactory(client=own_client)
    alert.task = TaskFactory(assignee=manager, subject_id=alert.pk)
    alert.save()
    return alert


def plan(alert: Alert, **fields):
    return plan_visit(
        client=alert.client,
        purpose="retention",
        starts_at=datetime(2026, 7, 6, 2, tzinfo=UTC),
        visitor=alert.client.owner,
        outline="Why less?",
        task=alert.task,
        by=alert.client.owner,
        **fields,
    )


def record(visit):
    return record_visit(
        visit=visit,
        summary="They changed the tariff.",
        next_step="Offer.",
        next_step_on=None,
        now=NOW,
        by=visit.visitor,
    )


def state_of(alert: Alert) -> tuple:
    alert.refresh_from_db()
    return alert.state, alert.visit


def test_acknowledging_notes_who_and_when(alert, manager):
    alerts.acknowledge_alert(alert=alert, now=NOW, by=manager)

    alert.refresh_from_db()
    assert (alert.state, alert.acknowledged_at, alert.acknowledged_by) == (
        "acknowledged", NOW, manager,
    )  # fmt: skip


@pytest.mark.parametrize("state", ["acknowledged", "visit_planned", "visited", "handled"])
def test_acknowledging_does_not_move_an_alert_back(alert, manager, state):
    Alert.objects.filter(pk=alert.pk).update(state=state)

    alerts.acknowledge_alert(alert=alert, now=NOW, by=manager)

    alert.refresh_from_db()
    assert (alert.state, alert.acknowledged_at) == (state, None)


@pytest.mark.rule("CHN-22")
def test_alert_follows_the_visit_that_answers_its_task(alert):
    visit = plan(alert)
    assert state_of(alert) == ("visit_planned", None)

    record(visit)
    assert state_of(alert) == ("visited", visit)


def test_alert_goes_back_when_its_visit_is_called_off(alert, manager):
    visit = plan(alert)

    cancel_visit(visit=visit, reason="Ill.", by=manager)

    assert state_of(alert) == ("acknowledged", None)


def test_alert_stays_planned_while_another_visit_is(alert, manager):
    first = plan(alert)
    plan(alert)

    cancel_visit(visit=first, reason="Ill.", by=manager)

    assert state_of(alert) == ("visit_planned", None)


def test_planning_another_visit_does_not_move_a_visited_alert_back(alert, manager):
    done = record(plan(alert))

    another = plan(alert)
    assert state_of(alert) == ("visited", done)

    cancel_visit(visit=another, reason="Not needed.", by=manager)
    assert state_of(alert) == ("visited", done)


def test_call_without_appointment_counts_as_visit(alert, manager):
    visit = log_contact(
        client=alert.client,
        mode="phone",
        purpose="retention",
        held_at=NOW,
        summary="Called.",
        next_step="Visit.",
        next_step_on=None,
        task=alert.task,
        now=NOW,
        by=manager,
    )

    assert state_of(alert) == ("visited", visit)


def test_visit_for_another_reason_leaves_the_alert_alone(alert, manager):
    visit = VisitFactory(client=alert.client, visitor=manager)

    record(visit)

    assert state_of(alert) == ("open", None)


@pytest.mark.rule("CHN-22")
def test_items_before_the_visit_wait_for_it(alert, manager):
    visit = plan(alert)

    alerts.handle_alert(alert=alert, **ITEMS, by=manager)
    assert state_of(alert) == ("visit_planned", None)

    record(visit)
    assert state_of(alert) == ("handled", visit)


@pytest.mark.rule("CHN-22")
def test_items_after_the_visit_make_it_handled(alert, manager):
    visit = record(plan(alert))

    alerts.handle_alert(alert=alert, **ITEMS, by=manager)

    alert.refresh_from_db()
    assert {name: getattr(alert, name) for name in ITEMS} == ITEMS
    assert (alert.state, alert.visit) == ("handled", visit)


@pytest.mark.rule("CHN-22")
def test_taking_an_item_away_takes_handled_away(alert, manager):
    record(plan(alert))
    alerts.handle_alert(alert=alert, **ITEMS, by=manager)

    alerts.handle_alert(alert=alert, **(ITEMS | {"action": ""}), by=manager)

    alert.refresh_from_db()
    assert (alert.state, alert.missing_items) == ("visited", ["action"])


@pytest.mark.rule("CHN-22")
def test_visit_may_be_named_by_hand(alert, manager):
    visit = VisitFactory(client=alert.client, visitor=manager, done=True)

    alerts.handle_alert(alert=alert, **ITEMS, visit=visit, by=manager)

    assert state_of(alert) == ("handled", visit)


@pytest.mark.rule("CHN-22")
@pytest.mark.parametrize("which", ["planned", "cancelled", "foreign"])
def test_only_a_visit_that_took_place_there_counts(alert, manager, foreign_client, which):
    visit = {
        "planned": lambda: VisitFactory(client=alert.client),
        "cancelled": lambda: VisitFactory(
            client=alert.client, state="cancelled", cancelled_reason="Ill."
        ),
        "foreign": lambda: VisitFactory(client=foreign_client, done=True),
    }[which]()

    with pytest.raises(VisitDoesNotCount):
        alerts.handle_alert(alert=alert, **ITEMS, visit=visit, by=manager)

    assert state_of(alert) == ("open", None)


@pytest.mark.rule("CHN-22")
def test_closing_with_all_four_items_ticks_off_the_task(alert, manager):
    record(plan(alert))
    alerts.handle_alert(alert=alert, **ITEMS, by=manager)

    alerts.close_alert(alert=alert, now=NOW, by=manager)

    alert.refresh_from_db()
    assert (alert.state, alert.closed_at, alert.closed_by) == ("closed", NOW, manager)
    assert alert.task.done_at == NOW


@pytest.mark.rule("CHN-22")
@pytest.mark.parametrize("missing", ["survey", "cause", "action", "visit"])
def test_closing_without_one_of_the_four_items_is_refused(alert, manager, missing):
    visit = VisitFactory(client=alert.client, visitor=manager, done=True)
    items = ITEMS | {"visit": visit} | {missing: None if missing == "visit" else ""}
    alerts.handle_alert(alert=alert, **items, by=manager)

    with pytest.raises(ItemsMissing) as caught:
        alerts.close_alert(alert=alert, now=NOW, by=manager)

    word = "a logged visit" if missing == "visit" else missing
    assert str(caught.value) == f"Before the alert can be closed, record: {word}."
    assert alert.task.done_at is None


@pytest.mark.rule("CHN-22")
@pytest.mark.parametrize("missing", ["survey", "cause", "action", "closed_at"])
def test_database_keeps_closed_alerts_whole(alert, missing):
    whole = ITEMS | {"state": "closed", "closed_at": NOW}
    lacking = whole | {missing: None if missing == "closed_at" else ""}

    with pytest.raises(IntegrityError, match="closed_with_four_items"), transaction.atomic():
        Alert.objects.filter(pk=alert.pk).update(**lacking)


@pytest.mark.parametrize("state", [AlertState.CLOSED, AlertState.WITHDRAWN])
def test_finished_alert_cannot_be_worked_on(own_client, manager, state):
    alert = AlertFactory(client=own_client, state=state, closed_at=NOW, **ITEMS)

    for act in (
        lambda: alerts.acknowledge_alert(alert=alert, now=NOW, by=manager),
        lambda: alerts.handle_alert(alert=alert, **ITEMS, by=manager),
        lambda: alerts.close_alert(alert=alert, now=NOW, by=manager),
    ):
        with pytest.raises(AlertNotOpen):
            act()


def test_visit_does_not_wake_a_finished_alert(alert):
    visit = plan(alert)
    Alert.objects.filter(pk=alert.pk).update(state=AlertState.WITHDRAWN)

    record(visit)

    assert state_of(alert) == ("withdrawn", None)


def test_every_step_is_audited_with_actor_and_verb(alert, manager):
    alerts.acknowledge_alert(alert=alert, now=NOW, by=manager)
    visit = record(plan(alert))
    alerts.handle_alert(alert=alert, **ITEMS, by=manager)
    alerts.close_alert(alert=alert, now=NOW, by=manager)

    events = alert.events.order_by("pgh_id").select_related("pgh_context")
    steps = [
        (event.state, event.pgh_context and event.pgh_context.metadata.get("verb"))
        for event in events
    ][2:]
    assert steps == [
        ("acknowledged", "analytics.acknowledge_alert"),
        ("visit_planned", "visits.plan_visit"),
        ("visited", "visits.record_visit"),
        ("handled", "analytics.handle_alert"),
        ("closed", "analytics.close_alert"),
    ]
    actors = {event.pgh_context.metadata["actor"] for event in events if event.pgh_context}
    assert actors == {manager.pk}
    assert visit.recorded_at == NOW
