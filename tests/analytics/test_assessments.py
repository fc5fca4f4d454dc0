"""What clients are worth: judging, points that figures suggest, when the next one is due."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from accounts.services.rhythms import change_rhythm
from analytics import tasks
from analytics.exceptions import JudgedToday, ReasonMissing
from analytics.models import CriteriaVersion, ValueAssessment, ValueDue
from analytics.models.assessments import grade_of, score_of
from analytics.selectors.values import suggested_points, suggestion, value_figures
from analytics.services import assessments
from staff.models import Task
from tests.factories.accounts import ClientFactory, RhythmVersionFactory
from tests.factories.analytics import (
    ClientMonthFactory,
    ValueAssessmentFactory,
    ValueDueFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.rule("ARC-22")]
NOW = datetime(2026, 7, 6, 1, tzinfo=UTC)
TODAY = date(2026, 7, 6)
POINTS = {"existing": 5, "potential": 3, "revenue": 4}


def judge(client, by, **values):
    wanted = POINTS | {"reason": " Grows ", "now": NOW}
    return assessments.assess_value(client=client, by=by, **wanted | values)


def bill_months(client, *incomes):
    """Complete months, the newest (June) first."""
    month = date(2026, 6, 1)
    for income in incomes:
        ClientMonthFactory(client=client, period=month, income=Decimal(income), active=12)
        month = (month - timedelta(days=1)).replace(day=1)


def due_days():
    return dict(ValueDue.objects.values_list("client__code", "due_on"))


@pytest.mark.parametrize(
    ("points", "score", "grade"),
    [
        ((1, 1, 1), 0, "low"), ((3, 3, 3), 50, "middle"), ((5, 5, 5), 100, "top"),
        ((5, 3, 4), 78, "high"), ((2, 3, 3), 40, "middle"), ((5, 5, 2), 78, "high"),
        ((5, 4, 4), 85, "top"), ((4, 3, 3), 60, "high"),
    ],
)  # fmt: skip
def test_three_factors_make_score_and_grade(points, score, grade):
    found = score_of(dict(zip(("existing", "potential", "revenue"), points, strict=True)))

    assert (found, grade_of(found)) == (score, grade)


def test_the_judgement_keeps_figures_reason_and_next_day(own_client, manager):
    own_client.client_class = "A"
    own_client.save()
    bill_months(own_client, 2000, 2000, 2000, 1000, 1000, 1000)

    row = judge(own_client, manager)

    assert (row.score, row.grade, row.reason) == (78, "high", "Grows")
    assert (row.assessed_by, row.assessed_on) == (manager, TODAY)
    assert (row.figures_month, row.months, row.active_members) == (date(2026, 6, 1), 6, 12)
    assert (row.mean_income, row.growth) == (Decimal("1500.00"), Decimal("1.0000"))
    assert row.expected_income == Decimal("27000.00")  # twice as much lately: half more at most
    assert row.next_due_on == date(2026, 10, 6)
    due = ValueDue.objects.get()
    assert (due.newest, due.due_on) == (row, date(2026, 10, 6))


def test_what_the_person_expects_wins_over_the_bills(own_client, manager):
    bill_months(own_client, 100)

    assert judge(own_client, manager, expected_income=Decimal(9000)).expected_income == 9000


def test_without_bills_a_client_is_judged_too(own_client, manager):
    row = judge(own_client, manager)

    assert (row.months, row.mean_income, row.growth, row.expected_income) == (0, None, None, None)


def test_refusals(own_client, manager):
    with pytest.raises(ReasonMissing):
        judge(own_client, manager, reason=" ")
    judge(own_client, manager)
    with pytest.raises(JudgedToday):
        judge(own_client, manager)
    assert ValueAssessment.objects.count() == 1
    judge(own_client, manager, now=NOW + timedelta(days=1))
    assert ValueDue.objects.get().due_on == date(2026, 10, 7)


def test_a_class_that_is_never_judged_has_no_next_day(own_client, manager):
    RhythmVersionFactory(kind="assessment", client_class="C", months=None)
    ValueDueFactory(client=own_client)

    assert judge(own_client, manager).next_due_on is None
    assert not ValueDue.objects.exists()


# Suggested points -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("income", "existing"),
    [(50_000, 5), (49_999, 4), (30_000, 4), (29_999, 3), (10_000, 3), (9_999, 2), (5_000, 2),
     (4_999, 1)],
)  # fmt: skip
def test_volume_is_held_against_the_class_criteria(own_client, income, existing):
    bill_months(own_client, income)

    points = suggestion(own_client, value_figures(own_client)).points

    assert (points["existing"], points["revenue"]) == (existing, existing)


@pytest.mark.parametrize(
    ("lately", "other_users", "potential"),
    [(1100, None, 4), (1099, None, 3), (900, None, 2), (901, None, 3), (1100, 60, 5), (900, 40, 2)],
)
def test_potential_is_growth_and_users_to_win(own_client, lately, other_users, potential):
    own_client.own_users, own_client.other_users = 50, other_users
    bill_months(own_client, lately, lately, lately, 1000, 1000, 1000)
    criteria = CriteriaVersion.objects.get()

    points = suggested_points(own_client, value_figures(own_client), criteria)

    assert points["potential"] == potential


def test_a_shrinking_client_brings_less(own_client):
    bill_months(own_client, 6000, 6000, 6000, 12_000, 12_000, 12_000)
    figures = value_figures(own_client)

    assert figures.growth == Decimal("-0.5000")
    assert figures.expected_income == Decimal("54000.00")
    assert suggestion(own_client, figures).points == {"existing": 2, "potential": 2, "revenue": 1}


# When it is due ---------------------------------------------------------------------------------


def test_due_days_follow_class_and_newest_judgement():
    RhythmVersionFactory(kind="assessment", client_class="B", months=1)
    RhythmVersionFactory(kind="assessment", client_class="C", months=None)
    for code, letter, status in (
        ("A1", "A", "signed"), ("B1", "B", "pre_churn"), ("C1", "C", "signed"),
        ("N1", "", "signed"), ("P1", "A", "target"), ("X1", "A", "churned"),
    ):  # fmt: skip
        client = ClientFactory(code=code, client_class=letter, status=status)
        ValueAssessmentFactory(client=client, assessed_on=date(2026, 1, 31))
        ValueAssessmentFactory(client=client, assessed_on=date(2025, 1, 31))

    assessments.refresh_due(now=NOW, by=None)

    # Without a class: as C. Prospects and churned clients have no value to judge.
    assert due_days() == {"A1": date(2026, 4, 30), "B1": date(2026, 2, 28)}
    assert assessments.refresh_due(now=NOW, by=None) == 0


def test_the_first_round_is_spread_and_stays(own_client):
    clients = [ClientFactory(client_class="A") for _ in range(30)]

    assessments.refresh_due(now=NOW, by=None)

    first = due_days()
    days = [first[client.code] for client in clients]
    assert all(TODAY <= day < TODAY + timedelta(days=90) for day in days)
    assert len(set(days)) > 10
    assert assessments.refresh_due(now=NOW + timedelta(days=5), by=None) == 0


def test_a_changed_rhythm_moves_due_days(
    own_client, province, django_capture_on_commit_callbacks, monkeypatch
):
    run = []
    monkeypatch.setattr(tasks.refresh_values_due_task, "delay", lambda: run.append(1))

    with django_capture_on_commit_callbacks(execute=True):
        change_rhythm(kind="assessment", client_class="A", months=6, reason="x", by=province)
        change_rhythm(kind="representative", client_class="A", months=6, reason="x", by=province)

    assert run == [1]


def test_one_task_a_manager_counts_and_ends(own_client, manager, peer):
    others = ClientFactory.create_batch(2, owner=manager)
    for client in (own_client, *others):
        ValueDueFactory(client=client)
        ValueAssessmentFactory(client=client, assessed_on=date(2026, 4, 1))
    ClientFactory(owner=peer)  # first round: not today, or it would be in the count

    assert assessments.remind_of_values(now=NOW, by=None) >= 3
    task = Task.objects.open().get(assignee=manager)
    assert (task.kind, task.params, task.due_on) == (
        "values-to-judge", {"clients": 3}, date(2026, 7, 20),
    )  # fmt: skip
    assert f"due=true&owner={manager.pk}" in task.link

    judge(own_client, manager)
    assessments.remind_of_values(now=NOW + timedelta(days=1), by=None)
    task.refresh_from_db()
    assert (task.params, task.due_on) == ({"clients": 2}, date(2026, 7, 20))

    for client in others:
        judge(client, manager)
    task.refresh_from_db()
    assert task.done_at == NOW
    assert Task.objects.filter(assignee=manager).count() == 1
