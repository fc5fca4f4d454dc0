"""From complete months to alerts, tasks and notifications; again, corrected, in any order."""

import random
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from decimal import Decimal
from threading import Barrier

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from accounts.models import Client
from analytics.choices import AlertState
from analytics.models import Alert, AlertReading, ClientMonth
from analytics.services import alerts, periods
from analytics.services.alert_run import run_alerts
from staff.choices import DayKind, Role
from staff.models import Notification, Task
from tests.analytics import random_company
from tests.analytics.billing_files import JULY, JUNE, MAY, NOW, load, load_month, row
from tests.factories.accounts import ClientFactory
from tests.factories.analytics import AlertFactory, RuleVersionFactory
from tests.factories.staff import CalendarDayFactory, UserFactory
from tests.factories.visits import VisitFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def acme(manager, supervisor) -> Client:
    return ClientFactory(code="C1", name="Acme", owner=manager)


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


# Raising ----------------------------------------------------------------------------------------


@pytest.mark.rule("CHN-21")
def test_drop_raises_an_alert_with_its_figures(acme):
    income(MAY, "1000.00")
    income(JUNE, "600.00")

    alert = Alert.objects.get()
    assert (alert.client, alert.rule, alert.state, alert.revision) == (
        acme,
        "revenue_drop",
        "open",
        "",
    )
    assert (alert.first_period, alert.latest_period, alert.money_at_risk) == (JUNE, JUNE, 400)
    assert readings() == [("C1", "revenue_drop", JUNE, True, 1000, 600, Decimal("0.4000"), 400)]
    assert alert.readings.get().rule_version.version == 1


@pytest.mark.rule("P19")
def test_exactly_thirty_per_cent_raises_nothing(acme):
    income(MAY, "1000.00")
    income(JUNE, "700.00")

    assert not Alert.objects.exists()


@pytest.mark.rule("CHN-47")
@pytest.mark.rule("P19")
def test_missing_month_between_raises_nothing(acme):
    income(MAY, "1000.00")
    income(JULY, "1.00")

    assert not Alert.objects.exists()


@pytest.mark.rule("P19")
def test_client_that_vanished_raises_drop_and_loss(acme):
    load_month([row(n, period="2026-05") for n in range(1, 4)] + [row(9, "C2", period="2026-05")])
    load_month([row(9, "C2")])

    assert readings() == [
        ("C1", "member_loss", JUNE, True, 3, 3, 1, 30),
        ("C1", "revenue_drop", JUNE, True, 30, 0, 1, 30),
    ]


@pytest.mark.rule("CHN-23")
def test_every_rule_has_its_own_alert(acme):
    load_month([row(n, total="100.00", period="2026-05") for n in range(1, 11)])
    lines = [row(n, total="60.00") for n in range(1, 7)]
    lines.append(row(7, total="0.00", status="pre_churn", arrears="150.00"))

    load_month(lines)

    assert readings() == [
        ("C1", "arrears", JUNE, True, 0, 150, Decimal("0.4167"), 150),
        ("C1", "member_loss", JUNE, True, 10, 3, Decimal("0.3000"), 300),
        ("C1", "pre_churn", JUNE, True, 7, 1, Decimal("0.1429"), Decimal("142.90")),
        ("C1", "revenue_drop", JUNE, True, 1000, 360, Decimal("0.6400"), 640),
    ]
    assert Alert.objects.open().count() == 4


@pytest.mark.rule("CHN-23")
@pytest.mark.parametrize(
    ("rule", "now", "due"),
    [
        ("revenue_drop", datetime(2026, 7, 3, 2, tzinfo=UTC), date(2026, 7, 10)),
        ("pre_churn", datetime(2026, 7, 3, 2, tzinfo=UTC), date(2026, 7, 7)),
        # 30 September: seven days of holiday follow, and Saturday 10 October is worked.
        ("revenue_drop", datetime(2026, 9, 30, 2, tzinfo=UTC), date(2026, 10, 13)),
        # 23:30 in Beijing is still the third, 00:30 is the fourth.
        ("pre_churn", datetime(2026, 7, 6, 15, 30, tzinfo=UTC), date(2026, 7, 8)),
        ("pre_churn", datetime(2026, 7, 6, 16, 30, tzinfo=UTC), date(2026, 7, 9)),
    ],
)
def test_due_dates_count_working_days(acme, rule, now, due):
    load_month([row(1, total="100", period="2026-05")], now=now)
    load_month([row(1, total="1", status="pre_churn")], now=now)

    alert = Alert.objects.get(rule=rule)

    assert (alert.due_on, alert.task.due_on) == (due, due)


def test_company_day_off_moves_the_due_date(acme):
    CalendarDayFactory(day=date(2026, 7, 6), kind=DayKind.OFF)

    income(MAY, "1000.00")
    income(JUNE, "1.00")

    assert Alert.objects.get().due_on == date(2026, 7, 13)


def test_class_may_have_its_own_threshold_and_deadline(manager):
    RuleVersionFactory(client_class="A", percent=10, due_working_days=1)
    for code, client_class in (("C1", "A"), ("C2", "B")):
        ClientFactory(code=code, client_class=client_class, owner=manager)

    load_month([row(1, "C1", "100", period="2026-05"), row(2, "C2", "100", period="2026-05")])
    load_month([row(1, "C1", "85"), row(2, "C2", "85")])

    alert = Alert.objects.get()
    assert (alert.client.code, alert.due_on) == ("C1", date(2026, 7, 6))
    assert alert.readings.get().rule_version.client_class == "A"


# People -----------------------------------------------------------------------------------------


@pytest.mark.rule("CHN-23")
def test_alert_gives_its_manager_a_task(acme, manager):
    income(MAY, "1000.00")
    income(JUNE, "600.00")

    alert, task = Alert.objects.get(), Task.objects.get()
    assert (alert.task, task.assignee, task.kind, task.subject_id) == (
        task, manager, "alert-visit", alert.pk,
    )  # fmt: skip
    assert (task.params, task.done_at) == (
        {"client": "Acme", "rule": "revenue_drop", "month": "2026-06"},
        None,
    )


@pytest.mark.rule("ORG-14")
@pytest.mark.parametrize(
    ("client_class", "others"),
    [("A", ["representative"]), ("B", ["representative"]), ("C", []), ("", [])],
)
def test_owner_supervisor_and_for_a_and_b_the_representative_are_told(
    acme, manager, supervisor, representative, outsider, client_class, others
):
    acme.client_class, acme.chief_representative = client_class, representative
    acme.save()

    income(MAY, "1000.00")
    income(JUNE, "600.00")

    assert told() == [(name, "alert-raised") for name in sorted(["manager", "supervisor", *others])]


def test_inactive_people_are_neither_tasked_nor_told(acme, manager, supervisor, representative):
    acme.client_class, acme.chief_representative = "A", representative
    acme.save()
    for person in (manager, representative):
        person.is_active = False
        person.save()

    income(MAY, "1000.00")
    income(JUNE, "600.00")

    assert Task.objects.get().assignee == supervisor
    assert told() == [("supervisor", "alert-raised")]


def test_client_without_owner_falls_to_the_nearest_supervisor(units, supervisor):
    boss = UserFactory(role=Role.SUPERVISOR, unit=units.team_1)
    ClientFactory(code="C1", unit=units.team_1)

    income(MAY, "1000.00")
    income(JUNE, "600.00")

    assert Task.objects.get().assignee == boss
    assert told() == [(boss.username, "alert-raised")]


def test_client_of_nobody_has_an_alert_all_the_same(units):
    ClientFactory(code="C1", unit=units.team_2)

    income(MAY, "1000.00")
    income(JUNE, "600.00")

    assert (Alert.objects.get().task, told()) == (None, [])


# Again and in parallel --------------------------------------------------------------------------


def stored() -> dict[str, list]:
    return {
        "alerts": sorted(Alert.objects.values_list()),
        "readings": sorted(AlertReading.objects.values_list(), key=str),
        "tasks": sorted(Task.objects.values_list(), key=str),
        "told": sorted(Notification.objects.values_list("pk", "key")),
        "events": [Alert.pgh_event_model.objects.count(), Task.pgh_event_model.objects.count()],
    }


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


def close(alert: Alert, by) -> Alert:
    visit = VisitFactory(client=alert.client, visitor=by, done=True)
    alert = alerts.handle_alert(
        alert=alert, survey="They moved.", cause="tariff", action="Offer.", visit=visit, by=by
    )
    return alerts.close_alert(alert=alert, now=NOW, by=by)


# Corrected bills --------------------------------------------------------------------------------


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
