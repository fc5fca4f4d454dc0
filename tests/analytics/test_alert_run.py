"""From complete months to alerts, tasks and notifications."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from analytics.models import Alert
from staff.choices import DayKind, Role
from staff.models import Task
from tests.analytics.alert_steps import income, readings, told
from tests.analytics.billing_files import JULY, JUNE, MAY, load_month, row
from tests.factories.accounts import ClientFactory
from tests.factories.analytics import RuleVersionFactory
from tests.factories.staff import CalendarDayFactory, UserFactory

pytestmark = pytest.mark.django_db


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
