"""How members and money of a month are counted: the definitions of the file formats, one by one."""

from datetime import date
from decimal import Decimal

import pytest

from accounts.models import Client
from analytics.models import BillingPeriod, ClientMonth
from analytics.services import periods
from crm.lib.months import month_after, month_before
from tests.analytics.billing_files import JULY, JUNE, MAY, NOW, load, load_month, row

pytestmark = pytest.mark.django_db
COUNTS = ("active", "pre_churn", "lost", "churned", "moved_out", "joined", "new")


def month_of(month: date, *lines: tuple[int, str, str], **options) -> None:
    """A complete month: (number, client, status) of each member."""
    load_month(
        [row(n, client, period=f"{month:%Y-%m}", status=status) for n, client, status in lines],
        **options,
    )


def counted(client: str, month: date = JUNE) -> dict[str, int | None]:
    """Counts that are not zero."""
    fact = ClientMonth.objects.filter(client__code=client, period=month).values(*COUNTS).get()
    return {name: count for name, count in fact.items() if count != 0}


def test_months_follow_each_other_over_the_year():
    assert (month_before(date(2026, 1, 1)), month_after(date(2026, 12, 1))) == (
        date(2025, 12, 1),
        date(2027, 1, 1),
    )
    assert (month_before(date(2026, 3, 1)), month_after(date(2026, 1, 1))) == (
        date(2026, 2, 1),
        date(2026, 2, 1),
    )


@pytest.mark.rule("AMB-35")
def test_active_are_those_still_on_the_network():
    statuses = ["active", "pre_churn", "suspended", "booked_cancel", "arrears_cancelled", "churned"]

    month_of(JUNE, *((n, "C1", status) for n, status in enumerate(statuses)))

    assert counted("C1") == {
        "active": 4, "pre_churn": 2, "lost": None, "churned": None, "moved_out": None,
        "joined": None, "new": None,
    }  # fmt: skip


@pytest.mark.rule("CHN-20")
@pytest.mark.parametrize("status", ["arrears_cancelled", "churned", "absent"])
@pytest.mark.parametrize("before", ["active", "pre_churn", "suspended", "booked_cancel"])
def test_lost_are_active_ones_that_are_cancelled_or_gone(before, status):
    month_of(MAY, (1, "C1", before), (2, "C1", "active"))

    month_of(JUNE, *([(1, "C1", status)] if status != "absent" else []), (2, "C1", "active"))

    counts = counted("C1")
    assert (counts["active"], counts["lost"]) == (1, 1)
    # A cancellation that was booked in May counted as churned in May.
    assert counts.get("churned", 0) == (0 if before == "booked_cancel" else 1)


@pytest.mark.parametrize("before", ["arrears_cancelled", "churned"])
@pytest.mark.parametrize("now", ["arrears_cancelled", "churned", "absent"])
def test_members_that_were_gone_are_not_lost_again(before, now):
    month_of(MAY, (1, "C1", before), (2, "C1", "active"))

    month_of(JUNE, *([(1, "C1", now)] if now != "absent" else []), (2, "C1", "active"))

    assert counted("C1") == {"active": 1}


@pytest.mark.rule("CHN-38")
def test_booked_cancellation_is_churned_once_and_lost_when_it_is_gone():
    month_of(MAY, (1, "C1", "active"), (2, "C1", "active"))
    month_of(JUNE, (1, "C1", "booked_cancel"), (2, "C1", "active"))
    month_of(JULY, (1, "C1", "churned"), (2, "C1", "active"))

    assert counted("C1", JUNE) == {"active": 2, "pre_churn": 1, "churned": 1}
    assert counted("C1", JULY) == {"active": 1, "lost": 1}


@pytest.mark.rule("CHN-38")
def test_cancellation_that_stays_booked_is_not_churned_again():
    month_of(MAY, (1, "C1", "booked_cancel"))
    month_of(JUNE, (1, "C1", "booked_cancel"))

    assert counted("C1") == {"active": 1, "pre_churn": 1}


@pytest.mark.rule("CHN-38")
def test_new_number_with_a_booked_cancellation_is_new_and_churned():
    month_of(MAY, (2, "C1", "active"))
    month_of(JUNE, (1, "C1", "booked_cancel"), (2, "C1", "active"))

    assert counted("C1") == {"active": 2, "pre_churn": 1, "churned": 1, "new": 1}


@pytest.mark.rule("P19")
def test_member_moved_between_clients_is_neither_lost_nor_new():
    month_of(MAY, (1, "C1", "active"), (2, "C1", "active"), (3, "C2", "active"))
    month_of(JUNE, (1, "C2", "active"), (2, "C1", "active"), (3, "C2", "active"))

    assert counted("C1") == {"active": 1, "moved_out": 1}
    assert counted("C2") == {"active": 2, "joined": 1}


def test_member_that_moved_and_is_gone_is_lost_to_the_old_client():
    month_of(MAY, (1, "C1", "active"), (2, "C1", "active"), (3, "C2", "active"))
    month_of(JUNE, (1, "C2", "churned"), (2, "C1", "active"), (3, "C2", "active"))

    assert counted("C1") == {"active": 1, "lost": 1, "churned": 1}
    assert counted("C2") == {"active": 1}


@pytest.mark.rule("CHN-38")
def test_member_that_moved_and_booked_is_churned_where_it_is():
    month_of(MAY, (1, "C1", "active"), (3, "C2", "active"))
    month_of(JUNE, (1, "C2", "booked_cancel"), (3, "C2", "active"))

    assert counted("C1") == {"moved_out": 1}
    assert counted("C2") == {"active": 2, "pre_churn": 1, "churned": 1, "joined": 1}


@pytest.mark.rule("P19")
def test_reused_number_is_new_at_its_new_client():
    month_of(MAY, (1, "C1", "churned"), (2, "C1", "active"))
    month_of(JUNE, (1, "C2", "active"), (2, "C1", "active"))

    assert counted("C1") == {"active": 1}
    assert counted("C2") == {"active": 1, "new": 1}


def test_number_that_comes_back_is_new():
    month_of(MAY, (1, "C1", "arrears_cancelled"))
    month_of(JUNE, (1, "C1", "active"))

    assert counted("C1") == {"active": 1, "new": 1}


def test_change_between_kinds_of_active_is_no_movement():
    month_of(MAY, (1, "C1", "active"), (2, "C1", "suspended"), (3, "C1", "pre_churn"))
    month_of(JUNE, (1, "C1", "suspended"), (2, "C1", "active"), (3, "C1", "active"))

    assert counted("C1") == {"active": 3}


@pytest.mark.rule("P19")
def test_client_that_vanishes_gets_a_month_of_zeros():
    load_month(
        [row(1, "C1", "80.00", period="2026-05", arrears="9.00"), row(2, "C2", period="2026-05")]
    )

    load_month([row(2, "C2")])

    fact = ClientMonth.objects.values().get(client__code="C1", period=JUNE)
    assert {name: fact[name] for name in fact if name not in ("client_id", "period")} == {
        "member_income": 0, "product_income": 0, "income": 0, "previous_income": Decimal(80),
        "arrears": 0, "previous_arrears": Decimal(9), "active": 0, "previous_active": 1,
        "pre_churn": 0, "lost": 1, "churned": 1, "moved_out": 0, "joined": 0, "new": 0,
        "has_rows": False,
    }  # fmt: skip


@pytest.mark.rule("P19")
def test_client_whose_members_all_moved_lost_none():
    month_of(MAY, (1, "C1", "active"), (2, "C2", "active"))
    month_of(JUNE, (1, "C2", "active"), (2, "C2", "active"))

    assert counted("C1") == {"moved_out": 1}


def test_vanished_client_is_not_carried_on_for_ever():
    month_of(MAY, (1, "C1", "active"), (2, "C2", "active"))
    month_of(JUNE, (2, "C2", "active"))
    month_of(JULY, (2, "C2", "active"))

    assert not ClientMonth.objects.filter(client__code="C1", period=JULY).exists()


@pytest.mark.rule("CHN-47")
@pytest.mark.rule("P19")
def test_without_a_complete_month_before_nothing_is_compared():
    load([row(1, period="2026-05")], creates_clients=True)

    month_of(JUNE, (2, "C1", "active"))

    fact = ClientMonth.objects.get()
    nullable = ("previous_income", "previous_arrears", "previous_active", *COUNTS[2:])
    assert {getattr(fact, name) for name in nullable} == {None}
    assert (fact.income, fact.active) == (10, 1)


@pytest.mark.rule("CHN-47")
@pytest.mark.rule("P19")
def test_month_is_compared_with_the_one_directly_before_it_only():
    month_of(MAY, (1, "C1", "active"))
    month_of(JULY, (1, "C1", "active"))

    assert ClientMonth.objects.get(period=JULY).previous_income is None


@pytest.mark.rule("CHN-47")
def test_completing_the_month_before_later_makes_the_comparison():
    load([row(1, total="50.00", period="2026-05")], creates_clients=True)
    month_of(JUNE, (1, "C1", "active"))

    periods.complete_period(month=MAY, now=NOW, by=None)

    assert ClientMonth.objects.get(period=JUNE).previous_income == 50


@pytest.mark.rule("CHN-47")
def test_month_that_is_not_complete_has_no_facts():
    load([row(1)], creates_clients=True)

    assert not ClientMonth.objects.exists()
    assert BillingPeriod.objects.get().state == "open"


def test_client_without_rows_last_month_starts_from_zero():
    month_of(MAY, (1, "C1", "active"))
    month_of(JUNE, (1, "C1", "active"), (2, "C2", "active"))

    fact = ClientMonth.objects.get(client__code="C2", period=JUNE)
    assert (fact.previous_income, fact.previous_active, fact.previous_arrears) == (0, 0, 0)


PRODUCT = {"client_code": "C1", "period": "2026-06", "product_code": "P1", "amount": "70.05"}


@pytest.mark.rule("P19")
def test_one_off_product_fee_is_income_of_its_month_only():
    month_of(MAY, (1, "C1", "active"))
    load([PRODUCT | {"period": "2026-05"}], kind="product_bill")
    month_of(JUNE, (1, "C1", "active"))

    may, june = ClientMonth.objects.order_by("period")
    assert (may.income, may.product_income) == (Decimal("80.05"), Decimal("70.05"))
    assert (june.previous_income, june.income, june.product_income) == (Decimal("80.05"), 10, 0)


def test_client_with_products_but_no_members_has_a_month():
    load([PRODUCT], kind="product_bill", creates_clients=True, completes_period=True)

    fact = ClientMonth.objects.get()
    assert (fact.income, fact.member_income, fact.active, fact.has_rows) == (
        Decimal("70.05"), 0, 0, True,
    )  # fmt: skip


def test_money_of_gone_members_counts_all_the_same():
    load_month([row(1, total="5.00", status="churned", arrears="3.00"), row(2, total="-1.00")])

    fact = ClientMonth.objects.get()
    assert (fact.income, fact.arrears, fact.active) == (4, 3, 1)


@pytest.mark.rule("P19")
def test_corrected_month_is_counted_anew_and_so_is_the_month_after_it():
    month_of(MAY, (1, "C1", "active"), (2, "C1", "active"), (3, "C1", "active"))
    month_of(JUNE, (1, "C1", "active"), (2, "C1", "active"))

    month_of(MAY, (1, "C1", "active"), (2, "C1", "active"))

    assert counted("C1", MAY)["active"] == 2
    assert counted("C1", JUNE) == {"active": 2}
    assert ClientMonth.objects.get(period=JUNE).previous_income == 20


def test_clients_carry_the_figures_of_their_newest_month():
    month_of(JUNE, (1, "C1", "active"), (2, "C1", "active"), (3, "C2", "active"))
    month_of(MAY, (1, "C1", "active"))
    month_of(JULY, (1, "C1", "active"))

    assert set(Client.objects.values_list("code", "income", "active_members", "figures_month")) == {
        ("C1", 10, 1, JULY),
        ("C2", 0, 0, JULY),
    }
