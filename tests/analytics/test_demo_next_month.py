"""The reader's own next month fits the months that are loaded, and one client drops."""

from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from analytics.demo import bills, company, files
from analytics.demo.next_month import BAD_ROWS, CLIENT, DEMO_MONTHS, LongerYear, write_next_month
from analytics.demo.stories import month_before
from analytics.models import BillingPeriod
from tests.factories.accounts import ClientFactory

FIRST, LAST = date(2025, 6, 1), date(2026, 6, 1)
JULY, AUGUST = date(2026, 7, 1), date(2026, 8, 1)
SEED = files.DEFAULT_SEED


@pytest.fixture(scope="module")
def clients():
    return company.build_company(seed=SEED)


@pytest.fixture(scope="module")
def longer_year(clients):
    year = LongerYear(clients, seed=SEED, last_month=AUGUST, extra=2)
    return {bill.period: bill for bill in year.months()}


def income(bill: bills.BillMonth, code: str) -> int:
    members = bill.members.filter(bill.members["client_code"] == code)["total"]
    products = bill.products.filter(bill.products["client_code"] == code)["amount"]
    return int(members.sum()) + int(products.sum())


def test_months_of_the_demo_stay_as_they_are_loaded(clients, longer_year):
    for bill in bills.BillingYear(clients, seed=SEED, last_month=LAST).months():
        assert bill.members.equals(longer_year[bill.period].members)
        assert bill.products.equals(longer_year[bill.period].products)


def test_second_next_month_follows_the_first(clients, longer_year):
    *_, july = LongerYear(clients, seed=SEED, last_month=JULY, extra=1).months()

    assert july.members.equals(longer_year[JULY].members)


def test_client_drops_by_sixty_per_cent_and_comes_back(longer_year):
    before, drop, back = (income(longer_year[m], CLIENT.code) for m in (LAST, JULY, AUGUST))

    assert (drop, back) == (before * 400 // 1000, drop * 2)


def test_others_keep_quiet(clients, longer_year):
    """No flood of alerts beside the one of the tour."""
    dropped = [
        client.code
        for client in clients
        if (before := income(longer_year[LAST], client.code)) > 0
        and income(longer_year[JULY], client.code) * 100 < before * 70
    ]

    assert dropped == [CLIENT.code]


def test_files_hold_the_month_and_some_bad_rows(tmp_path):
    products, members = write_next_month(tmp_path, first_month=FIRST, month=JULY)

    assert (products.kind, products.period, products.expected_bad) == ("product_bill", "2026-07", 0)
    assert (members.kind, members.period, members.expected_bad) == (
        "member_bill",
        "2026-07",
        BAD_ROWS,
    )


def test_month_of_the_demo_is_not_written_again(tmp_path):
    with pytest.raises(ValueError, match="2026-06"):
        write_next_month(tmp_path, first_month=FIRST, month=LAST)


def load_months(last: date) -> None:
    BillingPeriod.objects.bulk_create(
        BillingPeriod(month=month_before(last, ago)) for ago in range(DEMO_MONTHS)
    )


def test_command_writes_the_month_after_the_newest(db, tmp_path):
    ClientFactory(code=CLIENT.code, name=CLIENT.name)
    load_months(LAST)
    out = StringIO()

    call_command("demo_next_month", out=tmp_path / "new", stdout=out)

    names = ["product_bill_2026-07.csv", "member_bill_2026-07.csv"]
    assert [Path(line.split()[0]).name for line in out.getvalue().splitlines()] == names
    assert sorted(path.name for path in (tmp_path / "new").iterdir()) == sorted(names)


def test_command_needs_the_demo(db, tmp_path):
    load_months(LAST)

    with pytest.raises(CommandError, match="not loaded"):
        call_command("demo_next_month", out=tmp_path)


def test_command_refuses_other_months(db, tmp_path):
    ClientFactory(code=CLIENT.code, name=CLIENT.name)
    BillingPeriod.objects.create(month=LAST)

    with pytest.raises(CommandError, match="not the months of the demo"):
        call_command("demo_next_month", out=tmp_path)
