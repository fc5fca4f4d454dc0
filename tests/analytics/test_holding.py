"""A month that a program completes while bills seem to be missing is held and asked about."""

from datetime import UTC, datetime

import pytest

from analytics.exceptions import PeriodNotHeld, ReasonMissing
from analytics.models import Alert, BillingImport, BillingPeriod, ClientMonth, PeriodStep
from analytics.services import holding, monthly, periods, undo
from staff.models import Notification, Task
from tests.analytics.billing_files import JUNE, NOW, load, load_month, row
from tests.factories.accounts import ClientFactory

pytestmark = [pytest.mark.django_db, pytest.mark.rule("CHN-47")]


@pytest.fixture(autouse=True)
def may(units, operations):
    """Twenty bills of each city in May."""
    for code, unit in (("C1", units.team_1), ("C2", units.team_2)):
        ClientFactory(code=code, unit=unit)
    load_month([*city(1, "2026-05"), *city(2, "2026-05")])
    PeriodStep.objects.all().delete()


def city(number, month="2026-06", rows=20):
    return [row(number * 100 + n, f"C{number}", period=month) for n in range(rows)]


def by_program(rows, **options):
    return load(rows, completes_period=True, holds_thin_month=True, **options)


def june():
    return BillingPeriod.objects.get(pk=JUNE)


def kinds():
    return list(
        PeriodStep.objects.filter(period=JUNE).order_by("pk").values_list("kind", flat=True)
    )


def test_a_whole_month_is_completed():
    by_program([*city(1), *city(2, rows=19)])

    assert (june().state, june().computed_at) == ("complete", NOW)
    assert kinds() == ["completed"]
    assert not Task.objects.filter(kind="period-held").exists()


def test_a_thin_month_is_held_with_its_reasons(units):
    done = by_program([*city(1), *city(2, rows=18)])

    assert done.state == "loaded"
    assert (june().state, june().held_at, june().completed_at) == ("held", NOW, None)
    assert june().shortfalls == [{"unit_id": units.city_2.pk, "rows": 18, "expected": 20}]
    assert not ClientMonth.objects.filter(period=JUNE).exists()
    assert not Alert.objects.exists()
    assert kinds() == ["held"]


def test_operations_are_told_and_get_a_to_do_once(operations, manager):
    by_program(city(1))
    by_program(city(1))

    told = Notification.objects.filter(kind="period-held")
    assert list(told.values_list("recipient", flat=True)) == [operations.pk]
    (task,) = Task.objects.open().filter(kind="period-held")
    assert (task.assignee, str(task)) == (
        operations,
        "Bills of 2026-06 seem incomplete; please look",
    )
    assert f"{task.due_on}" == "2026-07-06"  # NOW is a Friday


def test_the_file_that_fills_the_gap_completes_the_month(operations):
    by_program(city(1))
    load(city(2))

    assert (june().state, june().shortfalls, june().held_at) == ("complete", [], None)
    assert june().computed_at == NOW
    assert ClientMonth.objects.filter(period=JUNE).count() == 2
    assert not Task.objects.open().filter(kind="period-held").exists()
    assert kinds() == ["held", "filled"]


def test_a_file_that_fills_a_part_of_the_gap_changes_the_reasons(units):
    by_program(city(1))
    load(city(2, rows=10))

    assert june().state == "held"
    assert june().shortfalls == [{"unit_id": units.city_2.pk, "rows": 10, "expected": 20}]
    assert kinds() == ["held"]


def test_a_person_is_not_held():
    load(city(1), completes_period=True)

    assert june().state == "complete"


def test_a_person_completes_a_held_month_with_the_next_file():
    by_program(city(1))
    load([row(1, "C1")], completes_period=True)

    assert june().state == "complete"
    assert kinds() == ["held", "completed"]


def test_a_command_completes_a_held_month():
    by_program(city(1))
    periods.complete_period(month=JUNE, now=NOW, by=None)

    assert (june().state, june().computed_at) == ("complete", NOW)


def test_a_person_completes_anyway_with_a_reason(operations):
    by_program(city(1))

    with pytest.raises(ReasonMissing):
        periods.order_completion(month=JUNE, now=NOW, by=operations)
    periods.order_completion(month=JUNE, now=NOW, by=operations, reason="City 2 is sold.")

    assert (june().state, june().completed_by) == ("complete", operations)
    assert not Task.objects.open().filter(kind="period-held").exists()
    last = PeriodStep.objects.filter(period=JUNE).latest("pk")
    assert (last.kind, last.by, last.reason) == ("anyway", operations, "City 2 is sold.")


def test_waiting_keeps_it_held_and_ends_the_to_do(operations):
    by_program(city(1))
    holding.wait_for_files(month=JUNE, now=NOW, by=operations)

    assert june().state == "held"
    assert not Task.objects.open().filter(kind="period-held").exists()
    assert kinds() == ["held", "waiting"]
    load(city(2))
    assert june().state == "complete"
    with pytest.raises(PeriodNotHeld):
        holding.wait_for_files(month=JUNE, now=NOW, by=operations)


def test_first_month_of_a_program_is_not_held():
    BillingPeriod.objects.all().delete()
    july = [row(n, "C1", period="2026-08") for n in range(3)]

    by_program(july)

    assert BillingPeriod.objects.get().state == "complete"


def test_two_months_in_one_file_are_judged_each():
    by_program([*city(1), *city(2), *city(1, "2026-07")])

    assert dict(BillingPeriod.objects.values_list("month__month", "state")) == {
        5: "complete", 6: "complete", 7: "held",
    }  # fmt: skip


@pytest.mark.rule("P17")
def test_a_held_month_ends_like_one_that_was_completed_at_once():
    by_program(city(1))
    load(city(2))
    held = list(ClientMonth.objects.filter(period=JUNE).order_by("client").values())
    ClientMonth.objects.filter(period=JUNE).delete()
    periods.complete_period(month=JUNE, now=NOW, by=None)

    assert list(ClientMonth.objects.filter(period=JUNE).order_by("client").values()) == held


def test_the_monthly_job_holds_a_thin_month(units, operations):
    load(city(1))

    assert monthly.run_month(now=datetime(2026, 7, 2, 18, tzinfo=UTC), by=None) is None
    assert (june().state, june().shortfalls) == (
        "held",
        [{"unit_id": units.city_2.pk, "rows": 0, "expected": 20}],
    )
    assert Task.objects.open().filter(kind="period-held", assignee=operations).count() == 1


@pytest.mark.rule("P12")
def test_undoing_the_file_that_filled_the_gap_holds_the_month_again(operations):
    by_program(city(1))
    filled = load(city(2))
    undo.request_undo(billing_import=filled, now=NOW, by=operations)
    undo.run_undo(BillingImport.objects.get(pk=filled.pk), now=NOW)

    assert (june().state, june().completed_at) == ("held", None)
    assert kinds() == ["held", "filled", "reopened"]
