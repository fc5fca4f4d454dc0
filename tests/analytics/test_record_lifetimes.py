"""How long records stay: the rolling window of usage, undone imports, numbers that go."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from accounts.models import Client, Member
from analytics.exceptions import CannotUndo
from analytics.models import DailyUsage
from analytics.selectors.undoing import consequences_of_undo
from analytics.services import undo
from tests.analytics.billing_files import NOW, load, load_month, number, row, warnings
from tests.analytics.record_rows import PAYMENT, USAGE, VARIED, current, every_kind, stored
from tests.factories.analytics import DailyUsageFactory, PaymentFactory
from tests.factories.staff import UserFactory

pytestmark = pytest.mark.django_db


# The rolling window -----------------------------------------------------------------------------


def days() -> list[str]:
    return [
        f"{day:%m-%d}" for day in DailyUsage.objects.order_by("day").values_list("day", flat=True)
    ]


@pytest.mark.rule("ANA-03")
def test_days_before_the_window_are_dropped(members):
    load([USAGE | {"day": day} for day in ("2026-05-30", "2026-05-31", "2026-06-01")], kind="usage")
    assert days() == ["05-30", "05-31", "06-01"]

    load([USAGE], kind="usage")

    assert days() == ["05-31", "06-01", "06-30"]


@pytest.mark.rule("ANA-03")
def test_days_of_the_file_before_the_window_are_told(members, settings):
    settings.USAGE_DAYS = 2

    done = load([USAGE | {"day": f"2026-06-{n}"} for n in (26, 27, 28, 29, 30)], kind="usage")

    assert (done.rows, done.loaded, done.quarantined, done.warnings) == (5, 3, 0, 2)
    assert warnings(done) == {("too_old", "day"): [2, 3]}
    assert days() == ["06-28", "06-29", "06-30"]


@pytest.mark.rule("ANA-03")
def test_the_newest_import_counts_and_without_it_the_one_before(members):
    load([USAGE], kind="usage")
    newer = load([USAGE | {"voice_minutes": "99"}], kind="usage")
    assert [each["voice_minutes"] for each in current("usage")] == [Decimal("99.00")]

    DailyUsage.objects.filter(import_number=newer.number).delete()

    assert [each["voice_minutes"] for each in current("usage")] == [Decimal("12.50")]


# Undoing ----------------------------------------------------------------------------------------


def undone(done):
    ordered = undo.request_undo(billing_import=done, now=NOW, by=UserFactory(role="operations"))
    return undo.run_undo(ordered, now=NOW)


@pytest.mark.rule("P12")
@every_kind
def test_an_undone_import_leaves_what_was_before(members, kind):
    load([VARIED[kind](1)], kind=kind)
    before = current(kind)
    done = load([VARIED[kind](n) for n in (1, 2, 3)], kind=kind)

    assert undone(done).state == "undone"
    assert current(kind) == before


@pytest.mark.rule("P12")
@pytest.mark.parametrize("kind", ["payments", "handlings"])
def test_an_import_whose_lines_came_again_is_undone_after_the_later_one(members, kind):
    first = load([VARIED[kind](1)], kind=kind)
    again = load([VARIED[kind](1), VARIED[kind](2)], kind=kind)

    with pytest.raises(CannotUndo) as caught:
        undone(first)
    assert caught.value.code == "undo_newer_first"
    assert consequences_of_undo(again, UserFactory()).rows_back == 0

    undone(again)
    undone(first)
    assert current(kind) == []


@pytest.mark.rule("P12")
def test_undone_usage_counts_the_rows_that_come_back(members):
    load([USAGE], kind="usage")
    newer = load([USAGE, USAGE | {"number": str(number(3))}], kind="usage")

    found = consequences_of_undo(newer, UserFactory())

    assert (found.rows, found.rows_back) == (2, 1)


@pytest.mark.rule("P12")
def test_a_client_whose_member_has_records_stays(db):
    done = load_month([row(1), row(2, client="C2")])
    load([PAYMENT], kind="payments")

    assert undone(done).state == "undone"

    assert list(Client.objects.values_list("code", flat=True)) == ["C1"]
    assert stored("payments")


# Members ----------------------------------------------------------------------------------------


def test_a_number_with_records_stays_when_its_bills_go(db):
    load_month([row(n) for n in range(1, 8)])
    DailyUsageFactory(member=Member.objects.get(msisdn=number(5)))
    PaymentFactory(member=Member.objects.get(msisdn=number(6)))

    load_month([row(n) for n in range(1, 5)])
    assert len(stored("payments")) == len(stored("usage")) == 1

    left = set(Member.objects.values_list("msisdn", flat=True))
    assert left == {number(n) for n in (1, 2, 3, 4, 5, 6)}


def test_today_is_the_operators_day(members):
    late = datetime(2026, 7, 3, 17, tzinfo=UTC)  # already 4 July in Beijing

    assert load([USAGE | {"day": "2026-07-04"}], kind="usage", now=late).loaded == 1
    assert load([USAGE | {"day": "2026-07-05"}], kind="usage", now=late).loaded == 0
