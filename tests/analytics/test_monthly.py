"""The monthly job: completes last month when its bills are there, else asks."""

from datetime import UTC, datetime

import pytest

from analytics.models import BillingPeriod
from analytics.services import monthly
from staff.models import Notification
from tests.analytics.billing_files import JUNE, load, load_month, row

pytestmark = [pytest.mark.django_db, pytest.mark.rule("CHN-47")]
NOW = datetime(2026, 7, 2, 18, tzinfo=UTC)  # 3 July, 02:00 in Beijing


def month(name: str, clients: int) -> list[dict[str, str]]:
    return [row(n, f"C{n}", period=name) for n in range(clients)]


def asked() -> list[tuple[str, str]]:
    return list(Notification.objects.values_list("recipient__username", "kind"))


@pytest.mark.parametrize("clients", [19, 20, 25])
def test_month_with_the_expected_clients_is_completed(operations, clients):
    load_month(month("2026-05", 20))
    load(month("2026-06", clients), creates_clients=True)

    period = monthly.run_month(now=NOW, by=None)

    assert (period.month, period.is_complete, period.completed_at) == (JUNE, True, NOW)
    assert period.computed_at is None or BillingPeriod.objects.get(month=JUNE).computed_at == NOW
    assert asked() == []


@pytest.mark.parametrize("clients", [0, 10, 18])
def test_month_that_seems_incomplete_is_asked_about_once(operations, manager, clients):
    load_month(month("2026-05", 20))
    if clients:
        load(month("2026-06", clients), creates_clients=True)

    results = [monthly.run_month(now=NOW, by=None) for _ in range(2)]

    assert results == [None, None]
    assert asked() == [("operations", "period-held")]
    assert not BillingPeriod.objects.filter(month=JUNE, state="complete").exists()


def test_month_marked_complete_is_computed_whatever_it_has(operations):
    load_month(month("2026-05", 20))
    load_month(month("2026-06", 20))

    period = monthly.run_month(now=NOW, by=None)

    assert period.month == JUNE
    assert asked() == []


def test_first_month_ever_has_nothing_to_be_measured_against(operations):
    load(month("2026-06", 20), creates_clients=True)

    assert monthly.run_month(now=NOW, by=None) is None
    assert asked() == [("operations", "period-held")]


@pytest.mark.rule("P22")
def test_last_month_is_that_of_beijing(operations):
    load_month(month("2026-06", 2))

    # 30 June, 16:30 in London is 1 July, 00:30 in Beijing.
    period = monthly.run_month(now=datetime(2026, 6, 30, 16, 30, tzinfo=UTC), by=None)

    assert period.month == JUNE
