"""A closed month stays as it is until somebody opens it again, with a reason."""

from datetime import UTC, datetime

import pytest

from analytics.exceptions import (
    PeriodClosed,
    PeriodNotClosed,
    PeriodNotComputed,
    ReasonMissing,
)
from analytics.models import BillingPeriod, ClientMonth, PeriodStep
from analytics.services import monthly, period_closing, periods
from analytics.tasks import complete_period_task
from tests.analytics.billing_files import JUNE, MAY, NOW, everything, load, load_month, row
from tests.factories.analytics import BillingPeriodFactory

pytestmark = [pytest.mark.django_db, pytest.mark.rule("CHN-47"), pytest.mark.usefixtures("clients")]
PRODUCTS = "period,client_code,product_code,amount\n2026-06,C1,P1,5.00\n"


@pytest.fixture
def closed_june(operations):
    load_month([row(n, period="2026-05") for n in range(5)])
    load_month([row(n) for n in range(5)])
    period_closing.close_period(month=JUNE, now=NOW, by=operations, reason="Audited.")


def june():
    return BillingPeriod.objects.get(pk=JUNE)


def test_who_when_and_why_are_kept(closed_june, operations):
    step = PeriodStep.objects.filter(period=JUNE).latest("pk")

    assert (june().state, june().closed_at, june().closed_by) == ("closed", NOW, operations)
    assert (step.kind, step.at, step.by, step.reason) == ("closed", NOW, operations, "Audited.")
    event = BillingPeriod.pgh_event_model.objects.filter(pgh_obj=JUNE).latest("pgh_id")
    assert event.pgh_context.metadata["verb"] == "analytics.close_period"
    assert event.pgh_context.metadata["actor"] == operations.pk


def test_closing_again_changes_nothing(closed_june, supervisor):
    period_closing.close_period(month=JUNE, now=NOW, by=supervisor)

    assert june().closed_by != supervisor
    assert PeriodStep.objects.filter(kind="closed").count() == 1


@pytest.mark.parametrize("state", [{}, {"held": True}, {"complete": True}])
def test_only_a_computed_month_can_be_closed(operations, state):
    BillingPeriodFactory(month=JUNE, **state)

    with pytest.raises(PeriodNotComputed):
        period_closing.close_period(month=JUNE, now=NOW, by=operations)


@pytest.mark.parametrize(
    "content",
    [[row(1, total="99.00"), row(1, period="2026-07")], PRODUCTS],
    ids=["bills", "products"],
)
def test_a_file_with_rows_of_a_closed_month_is_refused_whole(closed_june, content):
    before = everything()
    kind = "product_bill" if content is PRODUCTS else "member_bill"

    done = load(content, kind=kind, completes_period=True)

    assert (done.state, done.error_code, done.error_params) == (
        "failed", "period_closed", {"months": "2026-06"},
    )  # fmt: skip
    assert everything() == before


def test_the_refusal_names_all_closed_months(closed_june, operations):
    period_closing.close_period(month=MAY, now=NOW, by=operations)

    done = load([row(1), row(1, period="2026-05"), row(1, period="2026-07")])

    assert done.error_params == {"months": "2026-05, 2026-06"}


def test_other_months_are_loaded(closed_june):
    assert load([row(1, period="2026-07")]).state == "loaded"


def test_a_corrected_month_before_leaves_the_closed_one_alone(closed_june):
    before = list(ClientMonth.objects.filter(period=JUNE).values())

    load([row(n, total="20.00", period="2026-05") for n in range(5)])

    assert list(ClientMonth.objects.filter(period=JUNE).values()) == before
    assert ClientMonth.objects.get(period=MAY).income == 100


def test_a_closed_month_is_not_computed(closed_june, operations):
    for complete in (
        lambda: periods.complete_period(month=JUNE, now=NOW, by=None),
        lambda: periods.order_completion(month=JUNE, now=NOW, by=operations),
    ):
        with pytest.raises(PeriodClosed):
            complete()


def test_the_monthly_job_leaves_it_alone(closed_june):
    period = monthly.run_month(now=datetime(2026, 7, 2, 18, tzinfo=UTC), by=None)

    assert (period.state, period.computed_at) == ("closed", NOW)


def test_a_closed_month_is_still_compared_with(closed_june):
    load_month([row(n, total="1.00", period="2026-07") for n in range(5)])

    july = ClientMonth.objects.get(period="2026-07-01")
    assert (july.previous_income, july.income) == (50, 5)


def test_opening_again_needs_a_reason_and_computes_anew(closed_june, operations):
    load([row(n, total="20.00", period="2026-05") for n in range(5)])

    with pytest.raises(ReasonMissing):
        period_closing.reopen_period(month=JUNE, now=NOW, by=operations, reason=" ")
    period_closing.reopen_period(month=JUNE, now=NOW, by=operations, reason="May was wrong.")
    opened = june()
    complete_period_task("2026-06-01")

    assert (opened.state, opened.computed_at, opened.closed_by) == ("complete", None, None)
    assert ClientMonth.objects.get(period=JUNE).previous_income == 100
    step = PeriodStep.objects.filter(period=JUNE).latest("pk")
    assert (step.kind, step.by, step.reason) == ("reopened", operations, "May was wrong.")
    assert load([row(1, total="3.00")]).state == "loaded"


def test_only_a_closed_month_is_opened_again(operations):
    BillingPeriodFactory(month=JUNE, complete=True)

    with pytest.raises(PeriodNotClosed):
        period_closing.reopen_period(month=JUNE, now=NOW, by=operations, reason="x")
