"""Alerts of the same months again, in parallel and in any order, and of months that follow."""

import random
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from analytics.choices import AlertState
from analytics.models import Alert, AlertReading, ClientMonth
from analytics.services import periods
from analytics.services.alert_run import run_alerts
from staff.models import Notification, Task
from tests.analytics import random_company
from tests.analytics.alert_steps import close, income, readings, stored, told
from tests.analytics.billing_files import JULY, JUNE, MAY, NOW, load, load_month, row
from tests.factories.analytics import AlertFactory

pytestmark = pytest.mark.django_db


@pytest.mark.rule("P18")
def test_running_again_changes_nothing(acme):
    income(MAY, "1000.00")
    income(JUNE, "600.00")
    before = stored()

    run_alerts(month=JUNE, now=timezone.now(), by=None)
    periods.complete_period(month=JUNE, now=timezone.now(), by=None)
    income(JUNE, "600.00")

    assert stored() == before


@pytest.mark.rule("P18")
def test_second_open_alert_of_a_rule_is_impossible(acme):
    AlertFactory(client=acme)

    with pytest.raises(IntegrityError, match="one_open"), transaction.atomic():
        AlertFactory(client=acme, state=AlertState.VISITED)

    AlertFactory(client=acme, state=AlertState.WITHDRAWN, latest_period=JULY)
    AlertFactory(client=acme, rule="pre_churn")


@pytest.mark.rule("P18")
def test_second_reading_of_a_month_is_impossible(acme):
    alert = AlertFactory(client=acme)

    with pytest.raises(IntegrityError, match="once"), transaction.atomic():
        AlertFactory(client=acme, state=AlertState.WITHDRAWN)

    assert alert.readings.count() == 1


def in_parallel(*jobs) -> list[Exception | None]:
    """Run the jobs at the same time, each on a connection of its own; their errors."""
    start = Barrier(len(jobs))

    def run(job):
        start.wait(timeout=20)
        try:
            job()
        except Exception as error:  # noqa: BLE001 -- handed to the test
            return error
        finally:
            connection.close()
        return None

    with ThreadPoolExecutor(len(jobs)) as pool:
        return list(pool.map(run, jobs))


@pytest.mark.rule("P18")
@pytest.mark.django_db(transaction=True)
def test_parallel_runs_raise_one_alert(acme):
    income(MAY, "1000.00")
    load([row(1, total="600.00")])

    errors = in_parallel(
        *[lambda: periods.complete_period(month=JUNE, now=NOW, by=None) for _ in range(4)]
    )

    assert errors == [None] * 4
    assert (Alert.objects.count(), AlertReading.objects.count(), Task.objects.count()) == (1, 1, 1)
    assert told() == [("manager", "alert-raised"), ("supervisor", "alert-raised")]


@pytest.mark.rule("P18")
@pytest.mark.django_db(transaction=True)
def test_parallel_runs_past_the_lock_still_raise_one_alert(acme):
    income(MAY, "1000.00")
    income(JUNE, "600.00")
    Alert.objects.all().delete()

    in_parallel(*[lambda: run_alerts(month=JUNE, now=NOW, by=None) for _ in range(4)])

    assert (Alert.objects.count(), AlertReading.objects.count()) == (1, 1)


# Months go on -----------------------------------------------------------------------------------


def test_new_month_adds_a_reading_to_the_open_alert(acme):
    income(MAY, "1000.00")
    income(JUNE, "600.00")
    income(JULY, "100.00")

    alert = Alert.objects.get()
    assert (alert.first_period, alert.latest_period, alert.money_at_risk) == (JUNE, JULY, 500)
    assert [(line[2], line[4], line[5]) for line in readings()] == [
        (JUNE, 1000, 600),
        (JULY, 600, 100),
    ]
    assert Task.objects.count() == 1


@pytest.mark.parametrize("state", ["open", "handled"])
def test_new_month_of_an_open_alert_is_told(acme, manager, state):
    income(MAY, "1000.00")
    income(JUNE, "600.00")
    Alert.objects.update(state=state)

    income(JULY, "100.00")
    income(JULY, "100.00")

    again = Notification.objects.filter(kind="alert-again")
    assert sorted(again.values_list("recipient__username", "params__month")) == [
        ("manager", "2026-07"),
        ("supervisor", "2026-07"),
    ]
    assert Alert.objects.get().state == state


def test_month_in_which_nothing_holds_leaves_the_alert_open(acme):
    income(MAY, "1000.00")
    income(JUNE, "600.00")
    income(JULY, "900.00")

    alert = Alert.objects.get()
    assert (alert.state, alert.latest_period, alert.revision) == ("open", JUNE, "")


def test_closed_alert_and_a_new_month_make_a_new_alert(acme, manager):
    income(MAY, "1000.00")
    income(JUNE, "600.00")
    close(Alert.objects.get(), manager)

    income(JULY, "100.00")

    old, new = Alert.objects.order_by("first_period")
    assert (old.state, old.latest_period, old.revision) == ("closed", JUNE, "")
    assert (new.state, new.first_period, new.latest_period) == ("open", JULY, JULY)


# Any order --------------------------------------------------------------------------------------


def outcome_of(company: random_company.Company, order: list[tuple[date, str]]) -> tuple[list, list]:
    """Readings and facts after importing the files in that order; the database is as before afterwards."""
    with transaction.atomic():
        for month, kind in order:
            rows = (
                random_company.member_rows if kind == "member_bill" else random_company.product_rows
            )
            load_month(rows(company, month), kind=kind)
        # Files that came before the last one may have raised what the last one took away.
        result = [line for line in readings() if line[3]], facts()
        transaction.set_rollback(True)
    return result


def facts() -> list[tuple]:
    names = [f.attname for f in ClientMonth._meta.concrete_fields if f.attname != "client_id"]
    return sorted(ClientMonth.objects.values_list("client__code", *names), key=str)


@pytest.mark.rule("P17")
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_order_of_imports_does_not_matter(units, seed):
    company = random_company.make_company(seed)
    files = [
        (month, kind) for month in random_company.MONTHS for kind in ("member_bill", "product_bill")
    ]
    in_order = outcome_of(company, files)
    luck = random.Random(seed)  # noqa: S311

    for _ in range(3):
        luck.shuffle(files)
        assert outcome_of(company, files) == in_order


@pytest.mark.rule("P17")
@pytest.mark.parametrize("seed", [4, 5])
def test_recomputing_from_nothing_equals_what_corrections_led_to(units, seed):
    first, final = random_company.make_company(seed), random_company.make_company(seed)
    for month in random_company.MONTHS:
        first.members[month] = [
            bill.__class__(bill.number, bill.client, "active", bill.fen * 2 % 9_999, 0)
            for bill in first.members[month]
        ]
    for month in random_company.MONTHS:
        load_month(random_company.member_rows(first, month))
    for month in reversed(random_company.MONTHS):
        load_month(random_company.member_rows(final, month))
    corrected = [line for line in readings() if line[3]]

    Alert.objects.all().delete()
    ClientMonth.objects.all().delete()
    for month in random_company.MONTHS:
        periods.complete_period(month=month, now=NOW, by=None)

    assert readings() == corrected
    assert corrected
