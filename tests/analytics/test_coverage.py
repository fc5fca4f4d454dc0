"""How many bills each unit has of a month, counted by the import."""

from decimal import Decimal

import pytest

from accounts.models import Client
from analytics import coverage
from analytics.models import PeriodCoverage
from tests.analytics.billing_files import JUNE, MAY, load, load_month, row
from tests.factories.accounts import ClientFactory

pytestmark = [pytest.mark.django_db, pytest.mark.rule("ANA-08")]


@pytest.fixture(autouse=True)
def clients(units):
    """C1 and C2 are of team 1, C3 is of team 2, C4 of city 2 itself."""
    for code, unit in (("C1", "team_1"), ("C2", "team_1"), ("C3", "team_2"), ("C4", "city_2")):
        ClientFactory(code=code, unit=getattr(units, unit))


def counted(month=JUNE):
    rows = PeriodCoverage.objects.filter(period=month).order_by("unit__code")
    return {
        code: (count, clients, total)
        for code, count, clients, total in rows.values_list(
            "unit__code", "rows", "clients", "total"
        )
    }


def test_rows_clients_and_sum_by_the_clients_own_unit():
    load([row(1, "C1", "10.05"), row(2, "C1"), row(3, "C2"), row(4, "C3", "-1.00")])

    assert counted() == {"T1": (3, 2, Decimal("30.05")), "T2": (1, 1, Decimal("-1.00"))}


@pytest.mark.rule("P10")
def test_a_second_file_counts_the_whole_month_anew():
    load([row(1, "C1"), row(2, "C2")])
    load([row(3, "C3")])
    both = counted()
    load([row(3, "C4"), row(4, "C4")])

    assert both == {"T1": (2, 2, Decimal(20)), "T2": (1, 1, Decimal(10))}
    assert counted() == {"T1": (2, 2, Decimal(20)), "C2": (2, 1, Decimal(20))}


def test_a_refused_file_counts_nothing():
    load([row(1, "C1")])
    load("period,client_code\n2026-06,C1\n")

    assert counted() == {"T1": (1, 1, Decimal(10))}


def test_several_months_in_one_file():
    load([row(1, "C1"), row(1, "C1", period="2026-05"), row(2, "C3", period="2026-05")])

    assert {*counted()} == {"T1"}
    assert {*counted(MAY)} == {"T1", "T2"}


def shortfalls():
    return [(one.unit_id, one.rows, one.expected) for one in coverage.shortfalls(JUNE)]


def test_first_month_lacks_nothing():
    load([row(1, "C1")])

    assert shortfalls() == []
    assert not coverage.has_month_before(JUNE)


def test_second_level_units_are_measured_with_all_below(units):
    load_month([row(n, "C3" if n % 2 else "C4", period="2026-05") for n in range(40)])
    load([row(n, "C3") for n in range(37)])

    assert shortfalls() == [(units.city_2.pk, 37, 40)]


@pytest.mark.parametrize(("rows", "is_short"), [(20, False), (19, False), (18, True), (0, True)])
def test_limit_is_95_per_cent_of_last_months_rows(rows, is_short, units):
    load_month([row(n, "C1", period="2026-05") for n in range(20)])
    load([row(99, "C3"), *(row(n, "C1") for n in range(rows))])

    assert shortfalls() == ([(units.city_1.pk, rows, 20)] if is_short else [])


def test_a_unit_without_last_month_lacks_nothing():
    load_month([row(1, "C1", period="2026-05")])
    load([row(1, "C1"), row(2, "C3")])

    assert shortfalls() == []


def test_a_client_that_moved_counts_at_its_new_unit_in_both_months(units):
    load_month([row(n, f"C{n % 3 + 1}", period="2026-05") for n in range(30)])
    Client.objects.filter(code="C1").update(unit=units.team_2)
    load([row(n, f"C{n % 3 + 1}") for n in range(30)])

    assert shortfalls() == []
    assert counted(MAY) == counted() == {"T1": (10, 1, Decimal(100)), "T2": (20, 2, Decimal(200))}
