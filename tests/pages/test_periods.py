"""Months against units, completing, closing and opening again: what the pages do."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from analytics.choices import ImportState, PeriodState
from analytics.models import BillingPeriod, PeriodStep
from analytics.selectors.period_board import period_board
from staff.models import Unit
from tests.factories.analytics import (
    BillingImportFactory,
    BillingPeriodFactory,
    PeriodCoverageFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.rule("ANA-08")]
APRIL, MAY, JUNE = date(2026, 4, 1), date(2026, 5, 1), date(2026, 6, 1)
LIST = "analytics:period_list"


@pytest.fixture
def browser(operations, login):
    return login(operations)


def html_of(browser, query=""):
    return browser.get(reverse(LIST) + query).content.decode()


def states(user, unit=None):
    """Month -> unit code -> (state, per cent of the rows, per cent of the clients)."""
    board = period_board(user, unit=unit)
    return {
        row.period.month: {
            cell.column.unit.code: (cell.state, cell.percent, cell.clients_percent)
            for cell in row.cells
        }
        for row in board.rows
    }


def cover(month, **rows_of_units):
    for unit, rows in rows_of_units.items():
        PeriodCoverageFactory(
            period=month, unit=Unit.objects.get(code=unit), rows=rows, clients=rows // 10
        )


def test_no_months_yet(browser):
    assert "No months yet" in html_of(browser)


def test_cells_say_how_much_of_the_month_before_is_there(province, units):
    BillingPeriodFactory(month=MAY, complete=True)
    BillingPeriodFactory(month=JUNE)
    cover(MAY, C1=100, T1=100, C2=400, T2=400)
    cover(JUNE, C1=95, T1=95, T2=380)

    assert states(province) == {
        JUNE: {"C1": ("complete", 95, 90), "C2": ("partial", 47, 47)},
        MAY: {"C1": ("complete", None, None), "C2": ("complete", None, None)},
    }


def test_one_bill_below_the_limit_is_partial(province, units):
    BillingPeriodFactory(month=JUNE)
    cover(MAY, C1=1000)
    cover(JUNE, C1=949)

    assert states(province)[JUNE]["C1"] == ("partial", 94, 94)


def test_missing_none_and_closed(province, units):
    BillingPeriodFactory(month=APRIL, closed=True)
    BillingPeriodFactory(month=MAY)
    BillingPeriodFactory(month=JUNE)
    cover(APRIL, C1=100)
    cover(JUNE, C2=100)

    found = states(province)

    assert {
        month: {code: cell[0] for code, cell in row.items()} for month, row in found.items()
    } == {
        JUNE: {"C1": "missing", "C2": "complete"},
        MAY: {"C1": "missing", "C2": "none"},
        APRIL: {"C1": "closed", "C2": "none"},
    }


def test_a_unit_is_opened_up(province, units):
    BillingPeriodFactory(month=JUNE)
    cover(JUNE, C1=10, T1=90)

    assert list(states(province)[JUNE]) == ["C1", "C2"]
    assert list(states(province, units.city_1)[JUNE]) == ["C1", "T1"]
    assert list(states(province, units.team_1)[JUNE]) == ["T1"]


def test_clients_of_the_root_have_a_column_when_there_are_any(province, units):
    BillingPeriodFactory(month=JUNE)
    cover(JUNE, P=10, T1=90)

    assert list(states(province)[JUNE]) == ["P", "C1", "C2"]


@pytest.mark.rule("P1")
def test_the_board_shows_own_units_only(browser, operations, units):
    BillingPeriodFactory(
        month=JUNE, held=True, shortfalls=[{"unit_id": units.city_2.pk, "rows": 1, "expected": 4}]
    )
    cover(JUNE, T1=5, T2=7777)

    html = html_of(browser, "?unit=C2")

    assert states(operations) == {JUNE: {"C1": ("complete", None, None)}}
    assert "7,777" not in html
    assert units.city_2.name not in html
    assert "Bills of units that you do not see are missing." in html


def test_the_page_shows_states_files_sums_and_who(browser, operations, units):
    BillingPeriodFactory(month=MAY, complete=True, completed_by=operations)
    BillingPeriodFactory(month=JUNE)
    file = BillingImportFactory(created_by=operations, periods=[JUNE], state=ImportState.LOADED)
    PeriodCoverageFactory(period=MAY, unit=units.team_1, rows=1000, total="1234.50")
    PeriodCoverageFactory(period=JUNE, unit=units.team_1, rows=500)

    html = html_of(browser)

    for text in (
        "2026-05", "2026-06", f"#{file.number}", "¥1,234.50", "Ou Jie", "Partial", "50 %", "1,000",
        f'{reverse("accounts:client_list")}?unit=C1',
    ):  # fmt: skip
        assert text in html, text


def test_the_board_takes_the_same_queries_for_three_months(browser, operations, units, queries_of):
    url = reverse(LIST)

    def add(month):
        period = BillingPeriodFactory(month=month, complete=True, completed_by=operations)
        PeriodCoverageFactory(period=month, unit=units.team_1)
        PeriodCoverageFactory(period=month, unit=units.city_1)
        PeriodStep.objects.create(period=period, kind="completed", at=timezone.now(), by=operations)
        BillingImportFactory(
            created_by__unit=units.team_1, periods=[month], state=ImportState.LOADED
        )

    add(APRIL)
    for_one = queries_of(browser, url)
    add(MAY)
    add(JUNE)

    assert queries_of(browser, url) == for_one


# Completing -------------------------------------------------------------------------------------


def complete_url(name="period_complete"):
    return reverse(f"analytics:{name}", args=[JUNE])


def test_completing_a_month_asks_first_and_says_how_much_is_there(browser, units):
    BillingPeriodFactory(month=JUNE)
    cover(MAY, T1=100)
    cover(JUNE, T1=50)

    html = browser.get(complete_url()).content.decode()

    assert "Bills of 50 % of last month" in html
    assert BillingPeriod.objects.get().state == PeriodState.OPEN


@pytest.mark.rule("CHN-47")
def test_a_month_is_completed(browser, operations):
    BillingPeriodFactory(month=JUNE)

    response = browser.post(complete_url())

    assert response.headers["Location"] == reverse(LIST)
    period = BillingPeriod.objects.get()
    assert (period.state, period.completed_by) == (PeriodState.COMPLETE, operations)
    assert "Compute again" in html_of(browser)


@pytest.mark.rule("CHN-47")
def test_a_held_month_is_completed_with_a_reason_only(browser, operations, units):
    BillingPeriodFactory(
        month=JUNE, held=True, shortfalls=[{"unit_id": units.city_1.pk, "rows": 1, "expected": 4}]
    )

    without = browser.post(complete_url(), {"reason": " "})
    assert without.status_code == 422
    assert BillingPeriod.objects.get().state == PeriodState.HELD
    assert "City 1: 1 of last month&#x27;s 4 bills (25 %)" in without.content.decode()
    browser.post(complete_url(), {"reason": "The city is closed."})

    period = BillingPeriod.objects.get()
    assert (period.state, period.held_at, period.shortfalls) == ("complete", None, [])
    step = PeriodStep.objects.get()
    assert (step.kind, step.by, step.reason) == ("anyway", operations, "The city is closed.")
    assert "The city is closed." in html_of(browser)


def test_the_banner_offers_to_complete_or_to_wait(browser, units):
    BillingPeriodFactory(
        month=JUNE, held=True, shortfalls=[{"unit_id": units.city_1.pk, "rows": 0, "expected": 40}]
    )

    html = html_of(browser)
    browser.post(complete_url("period_wait"))
    waiting = html_of(browser)

    assert "was not completed: bills seem to be missing" in html
    assert "City 1: 0 of last month" in html
    assert "Wait for more files" in html
    assert "2026-06 waits for more files." in waiting
    assert "was not completed" not in waiting
    assert BillingPeriod.objects.get().state == PeriodState.HELD


def test_only_a_held_month_can_wait(browser):
    BillingPeriodFactory(month=JUNE)

    assert browser.post(complete_url("period_wait")).status_code == 409
    assert browser.get(complete_url("period_wait")).status_code == 405


# Closing ----------------------------------------------------------------------------------------


def test_a_month_is_closed_and_opened_again(browser, operations):
    BillingPeriodFactory(month=JUNE, complete=True, computed_at=timezone.now())

    asked = browser.get(complete_url("period_close")).content.decode()
    browser.post(complete_url("period_close"), {"reason": "Audited."})
    closed = html_of(browser)
    again = browser.post(complete_url(), {})
    without = browser.post(complete_url("period_reopen"), {"reason": ""})
    browser.post(complete_url("period_reopen"), {"reason": "A corrected file comes."})

    assert "Files with rows of this month are refused." in asked
    assert "Open again" in closed
    assert "Audited." in closed
    assert again.status_code == 409
    assert without.status_code == 422
    assert BillingPeriod.objects.get().state == PeriodState.COMPLETE
    assert list(PeriodStep.objects.order_by("pk").values_list("kind", "by", "reason")) == [
        ("closed", operations.pk, "Audited."),
        ("reopened", operations.pk, "A corrected file comes."),
    ]


@pytest.mark.parametrize("name", ["period_complete", "period_close", "period_reopen"])
def test_a_month_without_bills_is_not_there(browser, name):
    assert browser.get(complete_url(name)).status_code == 404
    assert browser.post(complete_url(name), {"reason": "x"}).status_code == 404
    assert browser.get("/periods/2026-13/complete/").status_code == 404


@pytest.mark.rule("P5")
@pytest.mark.parametrize("name", ["complete", "wait", "close", "reopen"])
@pytest.mark.parametrize("person", ["manager", "supervisor", "province"])
def test_only_operations_change_months(person, name, request, login):
    period = BillingPeriodFactory(month=JUNE, complete=True, computed_at=timezone.now())
    browser = login(request.getfixturevalue(person))

    assert browser.post(complete_url(f"period_{name}"), {"reason": "x"}).status_code == 403
    period.refresh_from_db()
    assert period.state == PeriodState.COMPLETE


def test_who_may_look_sees_no_buttons(supervisor, login, units):
    BillingPeriodFactory(
        month=JUNE, held=True, shortfalls=[{"unit_id": units.city_1.pk, "rows": 0, "expected": 40}]
    )

    html = html_of(login(supervisor))

    assert "City 1: 0 of last month" in html
    assert "Complete anyway" not in html
    assert "Wait for more files" not in html
