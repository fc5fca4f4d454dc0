"""Bills, facts and alerts of clients that become one; files that come with the old code."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connections
from django.utils import timezone

from accounts.models import Client, Contact, Member
from accounts.services.merges import merge_clients, part
from analytics.choices import PeriodState
from analytics.exceptions import BillsBusy, CannotUndo
from analytics.models import (
    Alert,
    AlertReading,
    BillingPeriod,
    ClientMonth,
    MemberBill,
    ProductBill,
)
from analytics.services.undo import request_undo
from analytics.tasks import recompute_merged_task
from crm.lib.merging import Merging
from tests.analytics.alert_steps import readings
from tests.analytics.billing_files import JUNE, MAY, NOW, load, load_month, problems, row
from tests.analytics.record_rows import USAGE
from tests.analytics.undo_steps import undone
from tests.factories.accounts import ClientFactory
from tests.factories.analytics import AlertFactory, AlertReadingFactory
from tests.factories.staff import TaskFactory
from tests.merging.rows import cells, differences

pytestmark = [pytest.mark.django_db, pytest.mark.rule("ARC-20", "P11")]
APRIL, JULY = date(2026, 4, 1), date(2026, 7, 1)
PRODUCT = {"period": "2026-06", "product_code": "LINE", "product_name": "专线", "amount": "100"}


@pytest.fixture(autouse=True)
def jobs_run_at_once(monkeypatch):
    """The real task, in this process as soon as the transaction has ended."""
    monkeypatch.setattr(recompute_merged_task, "delay", recompute_merged_task.run)


@pytest.fixture
def old(manager):
    return ClientFactory(code="C1", name="Harbour", owner=manager)


@pytest.fixture
def new(manager):
    return ClientFactory(code="C2", name="Harbour Ltd", owner=manager)


@pytest.fixture
def merge(old, new, supervisor, django_capture_on_commit_callbacks):
    """Merge and run the job that follows."""

    def run(at: datetime = NOW):
        with django_capture_on_commit_callbacks(execute=True):
            return merge_clients(
                survivor=new, loser=old, take=(), reason="One house.", now=at, by=supervisor
            )

    return run


@pytest.fixture
def undo(supervisor, django_capture_on_commit_callbacks):
    def run(made):
        with django_capture_on_commit_callbacks(execute=True):
            return part(
                merge=made, reason="Two houses.", now=NOW + timedelta(days=1), by=supervisor
            )

    return run


def facts() -> dict[tuple[str, date], tuple]:
    rows = ClientMonth.objects.values_list(
        "client__code", "period", "income", "previous_income", "active", "lost"
    )
    return {(code, period): tuple(rest) for code, period, *rest in rows}


def months(may: str, june: str) -> None:
    """Two months in which each client has one line that pays this much."""
    for period, yuan in (("2026-05", may), ("2026-06", june)):
        load_month([row(1, "C1", yuan, period=period), row(2, "C2", "50.00", period=period)])


def test_bills_and_facts_are_the_survivors_and_come_back(old, new, merge, undo):
    months("100.00", "90.00")
    before = cells()

    made = merge()

    assert set(MemberBill.objects.values_list("client", flat=True)) == {new.pk}
    assert set(Member.objects.values_list("client", flat=True)) == {new.pk}
    assert facts() == {
        ("C2", MAY): (Decimal("150.00"), None, 2, None),
        ("C2", JUNE): (Decimal("140.00"), Decimal("150.00"), 2, 0),
    }
    new.refresh_from_db()
    assert (new.income, new.active_members) == (Decimal("140.00"), 2)
    undo(made)
    assert differences(before) == {}


@pytest.mark.rule("P17")
def test_alerts_follow_the_sum_of_both(old, new, merge, undo, manager):
    load_month([row(1, "C1", "100.00", period="2026-05"), row(2, "C2", "900.00", period="2026-05")])
    load_month([row(1, "C1", "20.00"), row(2, "C2", "900.00")])
    assert [(each[0], each[1]) for each in readings()] == [("C1", "revenue_drop")]
    before = readings()

    made = merge()

    alert = Alert.objects.get(rule="revenue_drop")
    assert (alert.client, alert.state, alert.revision) == (new, "withdrawn", "withdrawn")
    undo(made)
    assert readings() == before
    assert Alert.objects.get(rule="revenue_drop").is_open


@pytest.mark.rule("P18")
def test_of_two_open_alerts_the_one_somebody_got_further_with_stays(old, new, merge, manager):
    visited = AlertFactory(client=old, state="visited", survey="They moved.", reading__period=MAY)
    task = TaskFactory(assignee=manager, kind="alert-visit")
    untouched = AlertFactory(client=new, reading__period=JUNE, task=task)
    AlertReadingFactory(alert=untouched, period=APRIL)

    merge()

    visited.refresh_from_db()
    untouched.refresh_from_db()
    task.refresh_from_db()
    assert (visited.client, visited.state) == (new, "visited")
    assert (untouched.state, task.done_at) == ("withdrawn", NOW)
    assert {reading.period for reading in visited.readings.all()} == {APRIL, MAY, JUNE}
    assert not AlertReading.objects.filter(alert=untouched).exists()


@pytest.mark.rule("P18")
def test_the_alert_that_stays_has_a_reading_of_each_month_of_either(old, new, merge, undo):
    """Whichever of the two stays: of one month the survivor's reading counts."""
    visited = AlertFactory(client=old, state="visited", survey="They moved.", reading__period=JUNE)
    AlertFactory(client=new, reading__period=JUNE)
    before = cells()

    made = merge()

    reading = AlertReading.objects.get()
    assert (reading.alert, reading.client, reading.period) == (visited, new, JUNE)
    undo(made)
    assert differences(before) == {}


def test_the_next_file_with_the_old_code_is_the_survivors(old, new, merge):
    months("100.00", "90.00")
    merge()

    done = load_month(
        [row(1, "C1", "95.00", period="2026-07"), row(2, "C2", "50.00", period="2026-07")]
    )

    assert (done.loaded, done.quarantined) == (2, 0)
    assert facts()["C2", JULY] == (Decimal("145.00"), Decimal("140.00"), 2, 0)
    assert not Client.objects.filter(code="C1").exists()


def test_bills_that_came_since_go_back_with_their_lines(old, new, merge, undo):
    months("100.00", "90.00")
    made = merge()
    load_month([row(1, "C1", "95.00", period="2026-07"), row(2, "C2", "50.00", period="2026-07")])

    undo(made)

    assert facts()["C1", JULY][:2] == (Decimal("95.00"), Decimal("90.00"))
    assert facts()["C2", JULY][:2] == (Decimal("50.00"), Decimal("50.00"))


def test_a_line_that_was_at_both_goes_back_month_by_month(old, new, merge, undo):
    load_month([row(1, "C1", "10.00", period="2026-05")])
    load_month([row(1, "C2", "20.00", period="2026-06")])
    before = cells()

    made = merge()
    undo(made)

    # Alerts were withdrawn and raised again in between, which is told.
    tables = {name.split()[0] for name in differences(before)}
    assert tables <= {
        "analytics.alert",
        "analytics.alertreading",
        "staff.task",
        "staff.notification",
    }


def test_both_pay_for_the_same_product(old, new, merge, undo):
    lines = [PRODUCT | {"client_code": "C1"}, PRODUCT | {"client_code": "C2", "amount": "30"}]
    load_month(lines, kind="product_bill")
    before = cells()

    made = merge()

    assert facts()["C2", JUNE][0] == Decimal("130.00")
    assert sorted(ProductBill.objects.values_list("former_code", "amount")) == [
        ("", Decimal("30.00")), ("C1", Decimal("100.00")),
    ]  # fmt: skip
    undo(made)
    assert differences(before) == {}


@pytest.mark.rule("P10")
def test_the_same_products_again_under_both_codes(old, new, merge, undo):
    lines = [PRODUCT | {"client_code": "C1"}, PRODUCT | {"client_code": "C2", "amount": "30"}]
    load_month(lines, kind="product_bill")
    made = merge()

    again = load_month(
        [lines[0] | {"amount": "110"}, lines[1], lines[0] | {"amount": "7"}], kind="product_bill"
    )

    assert problems(again) == {("duplicate", "product_code"): [4]}
    assert facts()["C2", JUNE][0] == Decimal("140.00")
    undo(made)
    assert facts()["C1", JUNE][0] == Decimal("110.00")
    assert facts()["C2", JUNE][0] == Decimal("30.00")


def test_products_that_only_came_since_go_back_too(old, new, manager, merge, undo, supervisor):
    """Also those under the code of a client that had gone into the one that is parted."""
    first = ClientFactory(code="C0", owner=manager)
    merge_clients(
        survivor=old, loser=first, take=(), reason="One house.",
        now=NOW - timedelta(hours=1), by=supervisor,
    )  # fmt: skip
    made = merge()
    load_month(
        [PRODUCT | {"client_code": code} for code in ("C0", "C1", "C2")], kind="product_bill"
    )
    assert ProductBill.objects.filter(client=new).count() == 3

    undo(made)

    rows = ProductBill.objects.order_by("former_code").values_list("client__code", "former_code")
    assert sorted(rows) == [("C1", ""), ("C1", "C0"), ("C2", "")]
    assert facts()["C1", JUNE][0] == Decimal("200.00")


@pytest.mark.rule("P12")
def test_an_import_of_before_can_be_undone_after(old, new, merge, operations):
    months("100.00", "90.00")
    corrected = load_month([row(1, "C1", "60.00"), row(2, "C2", "50.00")])
    merge()
    assert facts()["C2", JUNE][0] == Decimal("110.00")

    gone = undone(corrected, operations)

    assert gone.state == "undone"
    assert facts()["C2", JUNE][0] == Decimal("140.00")


@pytest.mark.rule("P12")
def test_but_not_one_that_would_bring_bills_back_for_the_client_that_is_gone(
    old, new, merge, operations
):
    load_month([PRODUCT | {"client_code": "C1"}], kind="product_bill")
    second = load_month([PRODUCT | {"client_code": "C1", "amount": "90"}], kind="product_bill")
    merge()

    with pytest.raises(CannotUndo) as refused:
        request_undo(billing_import=second, now=NOW, by=operations)

    assert refused.value.code == "client_merged"


def test_closed_months_keep_their_sum(old, new, merge, undo):
    months("100.00", "90.00")
    BillingPeriod.objects.update(state=PeriodState.CLOSED, closed_at=NOW)
    total = sum(each[0] for each in facts().values())

    made = merge()

    assert sum(each[0] for each in facts().values()) == total
    assert ("C1", MAY) not in facts()
    undo(made)
    assert facts()["C1", MAY][0] == Decimal("100.00")


def test_rosters_and_records_know_the_old_code(old, new, merge):
    months("100.00", "90.00")
    merge()

    clients = load([{"client_code": "C1", "name": "Again"}], kind="clients")
    people = load([{"client_code": "C1", "name": "Zhao", "mobile": "13900000001"}], kind="contacts")
    used = load([USAGE | {"client_code": "C1"}], kind="usage")

    assert problems(clients) == {("merged_client", "client_code"): [2]}
    assert (people.loaded, Contact.objects.get(name="Zhao").client) == (1, new)
    assert (used.loaded, problems(used)) == (1, {})
    new.refresh_from_db()
    assert new.name == "Harbour Ltd"


@pytest.mark.rule("P16")
def test_the_code_of_a_client_of_another_unit_stays_unknown(
    old, new, merge, outsider, units, operations
):
    merge()
    far = type(operations)(username="far", full_name="Far", role=operations.role, unit=units.city_2)
    far.save()

    done = load([row(1, "C1")], by=far, creates_clients=True)

    assert problems(done) == {("unknown_client", "client_code"): [2]}


@pytest.mark.django_db(transaction=True)
def test_not_while_bills_are_being_loaded(own_client, manager, supervisor):
    """Another connection holds the lock, as an import does until it ends."""
    other = connections.create_connection("default")
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s, 0)", [0x6372])
        with pytest.raises(BillsBusy):
            merge_clients(
                survivor=own_client,
                loser=ClientFactory(owner=manager),
                take=(),
                reason="One house.",
                now=timezone.now(),
                by=supervisor,
            )
    finally:
        other.close()


def test_the_rule_of_alerts_needs_no_reading_of_the_other(old, new, supervisor):
    """Clashing without a month of its own: the alert goes all the same."""
    goes, stays = AlertFactory(client=old, reading=None), AlertFactory(client=new)
    merging = Merging(now=NOW, by=supervisor)

    merging.absorb(old, new)

    goes.refresh_from_db()
    assert (goes.state, goes.client, stays.readings.count()) == ("withdrawn", new, 1)
