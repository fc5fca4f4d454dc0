"""What corrected bills make of alerts."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import connection, transaction

from analytics.models import Alert, AlertReading
from tests.analytics.alert_steps import close, income, readings, stored, told
from tests.analytics.billing_files import JULY, JUNE, MAY, NOW, load, load_month, row

pytestmark = pytest.mark.django_db


@pytest.fixture
def slipping(acme) -> Alert:
    """An open alert: from 1000 in May to 600 in June."""
    income(MAY, "1000.00")
    income(JUNE, "600.00")
    return Alert.objects.get()


def in_state(alert: Alert, state: str, by) -> None:
    if state == "closed":
        close(alert, by)
    else:
        Alert.objects.filter(pk=alert.pk).update(state=state)


@pytest.mark.rule("CHN-46")
@pytest.mark.parametrize("state", ["open", "acknowledged", "visit_planned", "visited", "handled"])
def test_corrected_bill_updates_the_figures(slipping, state, manager):
    in_state(slipping, state, manager)

    income(JUNE, "500.00")

    slipping.refresh_from_db()
    assert (slipping.state, slipping.revision, slipping.money_at_risk) == (state, "updated", 500)
    assert readings() == [("C1", "revenue_drop", JUNE, True, 1000, 500, Decimal("0.5000"), 500)]
    assert ("manager", "alert-revised") in told()


@pytest.mark.rule("CHN-46")
@pytest.mark.parametrize("state", ["open", "acknowledged", "visit_planned"])
def test_corrected_bill_withdraws_what_nobody_visited(slipping, state, manager):
    in_state(slipping, state, manager)

    income(JUNE, "950.00")

    slipping.refresh_from_db()
    assert (slipping.state, slipping.revision, slipping.is_open) == (
        "withdrawn",
        "withdrawn",
        False,
    )
    assert not slipping.readings.get().holds
    assert slipping.task.done_at == NOW
    assert told().count(("manager", "alert-revised")) == 1


@pytest.mark.rule("CHN-46")
@pytest.mark.parametrize("state", ["visited", "handled"])
def test_corrected_bill_keeps_what_somebody_visited(slipping, state, manager):
    in_state(slipping, state, manager)

    income(JUNE, "950.00")

    slipping.refresh_from_db()
    assert (slipping.state, slipping.revision, slipping.task.done_at) == (state, "kept", None)
    assert not slipping.readings.get().holds


@pytest.mark.rule("CHN-46")
@pytest.mark.parametrize("corrected", ["950.00", "500.00"])
def test_corrected_bill_marks_a_closed_alert(slipping, manager, corrected):
    close(slipping, manager)

    income(JUNE, corrected)

    slipping.refresh_from_db()
    assert (slipping.state, slipping.revision) == ("closed", "closed")
    assert Alert.objects.count() == 1


@pytest.mark.rule("CHN-46")
def test_corrected_bill_raises_the_withdrawn_alert_again(slipping):
    income(JUNE, "950.00")

    income(JUNE, "400.00")

    slipping.refresh_from_db()
    assert (slipping.state, slipping.revision, slipping.money_at_risk) == ("open", "again", 600)
    assert slipping.task.done_at is None
    assert readings() == [("C1", "revenue_drop", JUNE, True, 1000, 400, Decimal("0.6000"), 600)]


@pytest.mark.rule("CHN-46")
def test_alert_raised_again_has_a_new_due_date(slipping):
    old = slipping.due_on
    income(JUNE, "950.00")

    load_month([row(1, total="400.00")], now=datetime(2026, 7, 13, 2, tzinfo=UTC))

    slipping.refresh_from_db()
    assert (old, slipping.due_on, slipping.task.due_on) == (
        date(2026, 7, 10), date(2026, 7, 20), date(2026, 7, 20),
    )  # fmt: skip


@pytest.mark.rule("CHN-46")
def test_every_correction_is_told(slipping):
    for corrected in ("500.00", "400.00"):
        income(JUNE, corrected)

    assert told().count(("manager", "alert-revised")) == 2


@pytest.mark.rule("CHN-46")
def test_reading_that_comes_back_joins_the_alert_that_is_open_by_now(slipping):
    income(JUNE, "1000.00")
    income(JULY, "500.00")
    newer = Alert.objects.open().get()

    income(JUNE, "650.00")
    income(JULY, "300.00")

    newer.refresh_from_db()
    slipping.refresh_from_db()
    assert (newer.pk != slipping.pk, slipping.state) == (True, "withdrawn")
    assert (newer.first_period, newer.latest_period) == (JUNE, JULY)
    assert list(newer.readings.order_by("period").values_list("period", "holds", "current")) == [
        (JUNE, True, 650),
        (JULY, True, 300),
    ]


@pytest.mark.rule("CHN-46")
def test_correction_of_one_month_leaves_the_alert_to_the_others(slipping):
    income(JULY, "100.00")

    income(JUNE, "950.00")

    slipping.refresh_from_db()
    assert (slipping.state, slipping.revision) == ("open", "updated")
    assert (slipping.first_period, slipping.latest_period, slipping.money_at_risk) == (
        JULY,
        JULY,
        850,
    )


@pytest.mark.rule("CHN-46")
@pytest.mark.rule("P19")
def test_correction_of_an_old_month_revises_the_month_after_it(slipping):
    income(MAY, "800.00")

    slipping.refresh_from_db()
    assert (slipping.state, slipping.revision) == ("withdrawn", "withdrawn")


@pytest.mark.rule("CHN-46")
def test_correction_of_another_client_touches_nothing(slipping):
    before = stored()

    load_month([row(50, "C9", "5.00")])

    assert stored() == before


@pytest.mark.rule("CHN-46")
def test_corrections_are_audited_with_before_and_after(slipping):
    income(JUNE, "950.00")

    states = slipping.events.order_by("pgh_id").values_list("state", "revision")
    assert list(states)[-1] == ("withdrawn", "withdrawn")
    holds = AlertReading.pgh_event_model.objects.order_by("pgh_id").values_list("holds", flat=True)
    assert list(holds) == [True, False]


@pytest.mark.rule("CHN-46")
@pytest.mark.django_db(transaction=True)
def test_alert_closed_while_a_correction_runs_stays_closed(slipping, manager):
    """The person's work is not overwritten by a run that read the alert a moment before."""
    load([row(1, total="600.00"), row(7, "C1", "0.00")], creates_clients=True)

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            close(slipping, manager)
            correcting = pool.submit(_correct_june)
            _wait_until_somebody_waits_for_a_row()
        correcting.result(timeout=30)

    slipping.refresh_from_db()
    assert (slipping.state, slipping.closed_by, slipping.revision) == ("closed", manager, "closed")


@pytest.mark.django_db(transaction=True)
def test_alert_closed_while_a_new_month_runs_does_not_swallow_its_reading(slipping, manager):
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            close(slipping, manager)
            running = pool.submit(_fall_further_in_july)
            _wait_until_somebody_waits_for_a_row()
        running.result(timeout=30)

    closed, fresh = Alert.objects.order_by("first_period")
    assert (closed.state, closed.latest_period) == ("closed", JUNE)
    assert (fresh.state, fresh.first_period) == ("open", JULY)


def _correct_june() -> None:
    try:
        income(JUNE, "950.00")
    finally:
        connection.close()


def _fall_further_in_july() -> None:
    try:
        income(JULY, "100.00")
    finally:
        connection.close()


def _wait_until_somebody_waits_for_a_row(seconds: float = 3) -> None:
    """Until another connection is blocked, or has evidently not been."""
    with connection.cursor() as cursor:
        for _ in range(int(seconds / 0.05)):
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[0]:
                return
            cursor.execute("SELECT pg_sleep(0.05)")
