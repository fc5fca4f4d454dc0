"""Undoing an import of member bills gives the tables as they were before it (P12)."""

import pytest

from accounts.models import Client, Member, NumberReveal
from analytics.models import Alert, BillingPeriod, ClientMonth
from staff.models import Task
from tests.analytics.billing_files import JUNE, NOW, bills, load, load_month, number
from tests.analytics.undo_steps import PRODUCT, check, month, snapshot, undone
from tests.factories.visits import VisitFactory

pytestmark = [pytest.mark.django_db, pytest.mark.rule("P12")]


def test_the_first_file_of_all(operations):
    check(lambda: load_month(month(0, 5)), operations)

    assert not Client.objects.exists()
    assert not BillingPeriod.objects.exists()


def test_a_further_month_with_alerts(may, operations):
    """Income falls, members move, go and come; a client is made."""

    def june():
        done = load_month(
            month(0, 10, client="C1", total="4.00")
            + month(10, 20, client="C2")
            + month(30, 55, client="C2", status="pre_churn")
            + month(90, 95, client="NEW")
        )
        assert Alert.objects.open().count() > 1
        return done

    check(june, operations)

    assert Alert.objects.open().count() == 0
    assert not Client.objects.filter(code="NEW").exists()


def test_a_corrected_file(may, operations):
    load_month(month(0, 30, total="3.00") + month(30, 60, client="C2"))
    assert Alert.objects.open().count() == 1

    gone = check(lambda: load(month(0, 25, total="10.00") + month(30, 62, client="C2")), operations)

    assert len(gone.replaced_imports) == 1
    assert Alert.objects.open().count() == 1


def test_a_further_part_that_overwrites_some_rows(may, operations):
    load_month(month(0, 30) + month(30, 60, client="C2"))

    check(lambda: load(month(28, 31, client="C3", total="7.00"), creates_clients=True), operations)


def test_several_months_in_one_file(may, operations):
    load_month(month(0, 60, "2026-07"))

    check(
        lambda: load_month(
            month(0, 40, "2026-05", total="9.00")
            + month(0, 20, "2026-06")
            + month(5, 60, "2026-07")
        ),
        operations,
    )


def test_an_older_month_changes_the_comparison_of_the_next(may, operations):
    load_month(month(0, 20, total="5.00"))

    check(lambda: load(month(0, 30, "2026-05", total="1.00")), operations)


def test_a_month_stays_complete_when_another_file_had_completed_it(may, operations):
    load_month(month(0, 30))

    check(lambda: load_month(month(0, 29)), operations)

    assert BillingPeriod.objects.get(pk=JUNE).is_complete


def test_a_month_completed_by_the_file_is_open_again(may, operations):
    load(month(0, 30))

    check(lambda: load_month(month(0, 29)), operations)

    assert not BillingPeriod.objects.get(pk=JUNE).is_complete
    assert not ClientMonth.objects.filter(period=JUNE).exists()


def test_a_held_month_that_the_file_filled_is_held_again(may, operations):
    """Of May's 60 bills half are there, which a program does not complete; then the rest comes."""
    whole = month(0, 30) + month(30, 60, client="C2")
    load(whole[:30], completes_period=True, holds_thin_month=True)
    assert BillingPeriod.objects.get(pk=JUNE).is_held

    gone = check(lambda: load(whole[30:]), operations)

    assert gone.completed_months == [JUNE]
    held = BillingPeriod.objects.get(pk=JUNE)
    assert (held.state, held.held_at, len(held.shortfalls)) == ("held", NOW, 1)


def test_a_month_that_the_file_had_held_is_only_open_again(may, operations):
    load(month(0, 10))

    check(lambda: load(month(10, 20), completes_period=True, holds_thin_month=True), operations)

    assert BillingPeriod.objects.get(pk=JUNE).state == "open"
    assert not Task.objects.open().filter(kind="period-held").exists()


def test_one_after_the_other_back_to_the_beginning(may, operations):
    states, files = [], []
    for rows in (
        month(0, 30), month(0, 28, total="11.00"), month(60, 70, client="C3"),
        month(0, 70, "2026-07"),
    ):  # fmt: skip
        states.append(snapshot())
        files.append(load_month(rows))

    for done, before in zip(reversed(files), reversed(states), strict=True):
        undone(done, operations)
        assert snapshot() == before


def test_a_file_loaded_again_after_its_undo_counts_as_before(may, operations):
    done = load_month(month(0, 20, total="4.00"))
    wanted = snapshot()
    undone(done, operations)

    load_month(month(0, 20, total="4.00"))

    assert {**snapshot(), "bills": 0} == {**wanted, "bills": 0}
    assert len(bills()) == 20


def test_an_alert_that_somebody_visited_is_kept_with_a_note(may, operations):
    done = load_month(month(0, 10))
    alert = Alert.objects.get(client__code="C1", rule="revenue_drop")
    alert.visit = VisitFactory(client=alert.client, done=True)
    alert.state = "visited"
    alert.save()

    undone(done, operations)

    alert.refresh_from_db()
    assert (alert.state, alert.revision) == ("visited", "kept")


def test_a_number_somebody_looked_at_stays_and_holds_its_client(operations):
    done = load_month(month(0, 2, client="NEW"))
    member = Member.objects.get(msisdn=number(0))
    NumberReveal.objects.create(member=member, revealed_by=operations, revealed_at=NOW, reason="x")

    gone = undone(done, operations)

    assert list(Member.objects.values_list("msisdn", flat=True)) == [number(0)]
    assert gone.undo_report["in_use"] == ["NEW (NEW)"]
    assert Client.objects.get().code == "NEW"


def test_a_client_somebody_edited_or_visited_stays_and_is_named(operations):
    done = load_month(
        [*month(0, 1, client="A"), *month(1, 2, client="B"), *month(2, 3, client="D")]
    )
    VisitFactory(client=Client.objects.get(code="A"))
    Client.objects.filter(code="B").update(notes="called them")

    gone = undone(done, operations)

    assert sorted(Client.objects.values_list("code", flat=True)) == ["A", "B"]
    assert (gone.undo_report["in_use"], gone.undo_report["edited"]) == (["A (A)"], ["B (B)"])
    assert gone.undo_report["deleted"] == 1


def test_a_client_of_product_bills_stays(operations):
    done = load_month(month(0, 2, client="C1"))
    load([PRODUCT], kind="product_bill")

    gone = undone(done, operations)

    assert gone.undo_report["in_use"] == ["C1 (C1)"]
    assert BillingPeriod.objects.get(pk=JUNE).state == "open"
