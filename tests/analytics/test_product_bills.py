"""Group product bills from the file to the income."""

from decimal import Decimal

import pytest

from accounts.models import Client
from analytics.models import ClientMonth, ProductBill
from tests.analytics.billing_files import (
    JUNE,
    load,
    load_month,
    problems,
    row,
)

pytestmark = pytest.mark.django_db


PRODUCT = {
    "period": "2026-06",
    "client_code": "C1",
    "product_code": "P1",
    "product_name": "专线",
    "category": "互联网专线",
    "amount": "1,000.50",
}


def products() -> dict[tuple[str, str], Decimal]:
    rows = ProductBill.objects.values_list("client__code", "product_code", "amount")
    return {(code, product): amount for code, product, amount in rows}


def test_product_bill_is_kept(clients):
    done = load(
        [PRODUCT, PRODUCT | {"product_code": "P2", "category": "", "amount": "-3"}],
        kind="product_bill",
    )

    assert (done.state, done.loaded, done.total) == ("loaded", 2, Decimal("997.50"))
    assert set(
        ProductBill.objects.values_list(
            "period", "client__code", "product_code", "product_name", "category", "amount", "line"
        )
    ) == {
        (JUNE, "C1", "P1", "专线", "internet_line", Decimal("1000.50"), 2),
        (JUNE, "C1", "P2", "专线", "other", Decimal("-3.00"), 3),
    }


def test_product_bill_faults_go_to_the_quarantine(clients):
    done = load(
        [
            PRODUCT,
            PRODUCT | {"amount": "5"},
            PRODUCT | {"client_code": "NOBODY"},
            PRODUCT | {"product_code": "P2", "category": "?"},
            PRODUCT | {"product_code": ""},
            PRODUCT | {"product_code": "P3", "amount": "1.005"},
        ],
        kind="product_bill",
    )

    assert (done.rows, done.loaded, done.quarantined) == (6, 1, 5)
    assert problems(done) == {
        ("duplicate", "product_code"): [3],
        ("unknown_client", "client_code"): [4],
        ("bad_choice", "category"): [5],
        ("missing", "product_code"): [6],
        ("too_many_decimals", "amount"): [7],
    }


@pytest.mark.rule("P10")
def test_product_bill_twice_corrected_and_added_to(clients):
    lines = [PRODUCT | {"product_code": f"P{n}", "amount": str(n)} for n in range(1, 6)]
    load(lines, kind="product_bill")
    before = products()

    again = load(lines, kind="product_bill")
    assert (products(), again.replaced) == (before, 5)

    load([lines[0] | {"amount": "50"}, *lines[1:4]], kind="product_bill")
    assert products() == {
        ("C1", "P1"): 50, ("C1", "P2"): 2, ("C1", "P3"): 3, ("C1", "P4"): 4,
    }  # fmt: skip

    load([PRODUCT | {"client_code": "C2"}], kind="product_bill")
    assert len(products()) == 5


@pytest.mark.rule("P11")
def test_product_bill_joins_the_income_of_a_complete_month(clients):
    load_month([row(1, total="100.00")])

    load([PRODUCT], kind="product_bill")

    fact = ClientMonth.objects.get(period=JUNE)
    assert (fact.member_income, fact.product_income, fact.income) == (
        Decimal("100.00"),
        Decimal("1000.50"),
        Decimal("1100.50"),
    )


def test_product_bill_makes_clients_when_the_upload_says_so(db):
    done = load([PRODUCT], kind="product_bill", creates_clients=True)

    assert (done.loaded, Client.objects.get().code) == (1, "C1")
