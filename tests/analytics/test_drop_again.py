"""The watched folder: the same content again."""

import pytest

from analytics.models import BillingImport, DroppedFile
from tests.analytics.billing_files import bills, csv_text, number, row
from tests.analytics.drop_senders import GOOD, run_all

pytestmark = pytest.mark.django_db


@pytest.mark.rule("P10")
def test_the_same_content_again_is_not_run_again(sender):
    sender.drop("member_bill/june.csv")
    sender.look()
    run_all()
    sender.drop("member_bill/june-2.csv")
    sender.look()

    first = BillingImport.objects.get()
    status = sender.status("member_bill/june-2.csv")
    assert (status["import"], status["same_as_earlier"], status["state"]) == (
        str(first.pk), True, "loaded"
    )  # fmt: skip
    assert "not run again" in status["message"]
    assert DroppedFile.objects.count() == 2
    assert len(list((sender.path / "done").iterdir())) == 2


def test_the_same_content_while_the_first_waits_follows_it(sender):
    for _ in range(2):
        sender.drop("member_bill/june.csv")
        sender.look()
    assert BillingImport.objects.count() == 1

    run_all()
    sender.look(1)

    assert len(list((sender.path / "done").iterdir())) == 2


def test_the_same_content_runs_again_when_it_asks_for_more(sender):
    sender.drop("member_bill/june.csv")
    sender.look()
    run_all()
    sender.drop("member_bill/june.csv", complete=True)
    sender.look()

    assert BillingImport.objects.count() == 2


def test_the_same_content_runs_again_when_it_was_replaced(sender):
    for content in (GOOD, csv_text([row(1, total="9.00"), row(2, total="9.00")]), GOOD):
        sender.drop("member_bill/june.csv", content)
        sender.look()
        run_all()

    assert BillingImport.objects.count() == 3
    assert bills()[number(1)] == ("C1", 1000)


def test_another_city_between_them_changes_nothing(sender):
    for content in (GOOD, csv_text([row(7), row(8)]), GOOD):
        sender.drop("member_bill/june.csv", content)
        sender.look()
        run_all()

    assert BillingImport.objects.count() == 2


def test_a_roster_runs_again_after_another_one(sender):
    roster = "client_code,name\nC1,{}\n"
    for name in ("Old", "New", "Old"):
        sender.drop("clients/roster.csv", roster.format(name))
        sender.look()
        run_all()

    assert BillingImport.objects.count() == 3


@pytest.mark.parametrize(("kind", "times"), [("usage", 3), ("payments", 2)])
def test_usage_runs_again_after_other_usage_and_payments_only_add(sender, kind, times):
    sender.drop("member_bill/june.csv")
    sender.look()
    run_all()
    first = {"number": str(number(1)), "day": "2026-06-30", "voice_minutes": "1", "data_mb": "1",
             "operation_type": "charge", "amount": "6.90", "operation_time": "2026-06-30"}  # fmt: skip
    other = first | {"voice_minutes": "2", "amount": "7.00"}
    for each in (first, other, first):
        sender.drop(f"{kind}/x.csv", csv_text([each]))
        sender.look()
        run_all()

    assert BillingImport.objects.filter(kind=kind).loaded().count() == times
