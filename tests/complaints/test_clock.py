"""The clocks of a case count from the first contact."""

from datetime import UTC, datetime, timedelta
from itertools import product
from zoneinfo import ZoneInfo

import pytest
from django.core.checks import run_checks

from complaints.choices import CaseKind, CaseStatus, Urgency
from complaints.clock import DEFAULTS, Limit, limits_of, override_problems
from complaints.models import Case
from complaints.services.cases import due_times
from tests.factories.complaints import CaseFactory
from tests.factories.staff import CalendarDayFactory

pytestmark = pytest.mark.django_db
BEIJING = ZoneInfo("Asia/Shanghai")
FRIDAY = datetime(2026, 7, 10, 16, 30, tzinfo=BEIJING)


def test_every_kind_and_urgency_has_limits():
    assert set(DEFAULTS) == set(product(CaseKind, Urgency))


@pytest.mark.parametrize("text", ["", "0h", "48", "h48", "4 h", "48hh", "-1wd"])
def test_what_is_no_limit_is_refused(text):
    with pytest.raises(ValueError, match="not a limit"):
        Limit.of(text)


@pytest.mark.rule("ORG-17")
@pytest.mark.parametrize(
    ("kind", "urgency", "reply", "solution"),
    [
        # 48 hours of the clock, weekend or not; five working days, the whole last one.
        ("complaint", "normal", (12, 16, 30, 0), (17, 23, 59, 59)),
        # Four working hours after Friday 16:30 are Monday 11:30.
        ("complaint", "urgent", (13, 11, 30, 0), (14, 23, 59, 59)),
        ("fault", "urgent", (10, 17, 30, 0), (13, 23, 59, 59)),
        ("enquiry", "normal", (13, 23, 59, 59), (15, 23, 59, 59)),
        ("lead", "normal", (14, 23, 59, 59), (24, 23, 59, 59)),
    ],
)
def test_both_deadlines_count_from_the_first_contact(kind, urgency, reply, solution):
    found = due_times(kind, urgency, FRIDAY)

    assert found == tuple(
        datetime(2026, 7, day, hour, minute, second, tzinfo=BEIJING)
        for day, hour, minute, second in (reply, solution)
    )


def test_days_off_of_the_company_count_too():
    CalendarDayFactory(day="2026-07-13", kind="off")

    assert due_times("enquiry", "normal", FRIDAY)[0].day == 14


def test_settings_replace_single_limits(settings):
    settings.CASE_LIMITS = {"complaint.normal.first_reply": "24h"}

    assert due_times("complaint", "normal", FRIDAY)[0] == FRIDAY + timedelta(hours=24)
    assert limits_of("complaint", "normal", settings.CASE_LIMITS).resolution == Limit(5, "wd")


@pytest.mark.parametrize(
    "wrong", [{"complaint.first_reply": "24h"}, {"complaint.normal.first_reply": "soon"}]
)
def test_a_wrong_setting_is_told_at_the_start(wrong, settings):
    settings.CASE_LIMITS = wrong

    assert len(override_problems(wrong)) == 1
    assert [error.id for error in run_checks()] == ["complaints.E001"]


@pytest.mark.rule("ORG-17")
@pytest.mark.parametrize("status", CaseStatus.values)
@pytest.mark.parametrize("seconds", [-1, 0, 1])
def test_list_badge_and_api_judge_alike(status, seconds):
    """Overdue is what is past its limit, not what reached it, and nothing that is solved."""
    steps = {"open": {}, "replied": {"replied": True}, "resolved": {"resolved": True},
             "closed": {"closed": True}}  # fmt: skip
    case = CaseFactory(**steps[status])
    now = case.due_at + timedelta(seconds=seconds)

    annotated = Case.objects.with_clock(now).get(pk=case.pk).is_overdue

    assert annotated is (seconds > 0 and status in {"open", "replied"})
    assert Case.objects.overdue(now).filter(pk=case.pk).exists() is annotated


def test_due_is_first_the_reply_then_the_solution():
    case = CaseFactory()
    replied = CaseFactory(replied=True)

    assert case.due_at == case.first_reply_due_at == datetime(2026, 7, 8, 2, tzinfo=UTC)
    assert replied.due_at == replied.resolution_due_at
