"""Completing a month from a page: marked at once, computed by a job that nothing can lose."""

from datetime import date

import pytest
from django.utils import timezone

from analytics.models import BillingPeriod, ClientMonth
from analytics.services import periods, resuming
from analytics.tasks import complete_period_task
from tests.factories.analytics import BillingPeriodFactory

JUNE = date(2026, 6, 1)


@pytest.mark.django_db
@pytest.mark.rule("CHN-47")
def test_a_month_is_complete_at_once_and_computed_by_the_job(operations):
    BillingPeriodFactory(month=JUNE)

    periods.order_completion(month=JUNE, now=timezone.now(), by=operations)
    ordered = BillingPeriod.objects.get(pk=JUNE)
    complete_period_task("2026-06-01")

    assert (ordered.is_complete, ordered.computed_at, ordered.completed_by) == (
        True,
        None,
        operations,
    )
    done = BillingPeriod.objects.get(pk=JUNE)
    assert done.computed_at is not None
    assert done.completed_by == operations
    assert not ClientMonth.objects.exists()


@pytest.mark.django_db
def test_a_computation_that_was_lost_is_taken_up_again(operations, monkeypatch):
    BillingPeriodFactory(month=JUNE)
    periods.order_completion(month=JUNE, now=timezone.now(), by=operations)
    queued = []
    monkeypatch.setattr(resuming.complete_period_task, "delay", queued.append)

    resuming.resume_imports(now=timezone.now())

    assert queued == ["2026-06-01"]
