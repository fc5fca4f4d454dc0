"""Settlements against what was transferred and charged before them."""

import pytest

from tests.analytics.billing_files import load, number, warnings
from tests.analytics.record_rows import PAYMENT

pytestmark = pytest.mark.django_db


def settled(*lines: tuple[str, str, str], n: int = 1) -> list[dict[str, str]]:
    return [
        PAYMENT
        | {"number": str(number(n)), "operation_type": kind, "amount": amount,
           "operation_time": when}
        for kind, amount, when in lines
    ]  # fmt: skip


@pytest.mark.rule("ANA-12")
def test_settlements_of_the_handbook(members):
    done = load(
        settled(
            ("transfer", "¥150.00", "2026-05-20"),
            ("charge", "¥6.90", "2026-05-20"),
            ("settlement", "¥156.90", "2026-05-20"),
            ("transfer", "¥234.00", "2026-06-20"),
            ("charge", "¥3.00", "2026-06-20"),
            ("settlement", "¥236.00", "2026-06-20"),
        ),
        kind="payments",
    )

    assert (done.loaded, done.quarantined, done.warnings) == (6, 0, 1)
    assert warnings(done) == {("settlement_differs", "amount"): [7]}


@pytest.mark.rule("ANA-12")
@pytest.mark.rule("ANA-13")
def test_settlements_are_compared_in_order_of_time_not_of_lines(members):
    lines = settled(
        ("settlement", "10.00", "2026-06-20 12:00"),
        ("charge", "4.00", "2026-06-20 09:00"),
        ("charge", "9.00", "2026-06-20 12:01"),
        ("transfer", "6.00", "2026-06-19"),
        ("change", "99.00", "2026-06-19"),
        ("settlement", "8.00", "2026-06-18"),
        ("charge", "8.00", "2026-06-18"),
    )

    assert warnings(load(lines, kind="payments")) == {}


@pytest.mark.rule("ANA-12")
def test_what_was_paid_may_have_come_with_an_earlier_file(members):
    load(settled(("transfer", "5.00", "2026-06-01")), kind="payments")

    good = load(settled(("settlement", "5.00", "2026-06-30")), kind="payments")
    bad = load(settled(("charge", "5.00", "2026-07-01"), ("settlement", "5.01", "2026-07-02")),
               kind="payments")  # fmt: skip

    assert warnings(good) == {}
    assert warnings(bad) == {("settlement_differs", "amount"): [3]}


@pytest.mark.rule("ANA-12")
def test_settlement_is_compared_with_its_own_number_and_not_with_nothing(members):
    lines = [
        *settled(("transfer", "5.00", "2026-06-01"), n=1),
        *settled(("settlement", "7.00", "2026-06-02"), n=2),
        *settled(("change", "1.00", "2026-06-01"), ("settlement", "7.00", "2026-06-02"), n=3),
    ]

    assert warnings(load(lines, kind="payments")) == {}
