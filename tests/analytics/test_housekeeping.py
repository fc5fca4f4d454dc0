"""Partitions ahead, months that are no longer kept, expired undos and files."""

import json
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Member
from analytics.exceptions import CannotUndo, MonthNotKept
from analytics.models import (
    Alert,
    AlertReading,
    BillingImport,
    BillingPeriod,
    ClientMonth,
    ImportChange,
    MemberBill,
)
from analytics.selectors.evidence import evidence_of
from analytics.selectors.storage import bill_tables
from analytics.services import periods, undo
from analytics.services.housekeeping import keep_house
from crm.celery import app
from tests.analytics.billing_files import JUNE, MAY, NOW, bills, load, load_month, number, row

pytestmark = pytest.mark.django_db
AHEAD = [
    "analytics_memberbill_202607",
    "analytics_memberbill_202608",
    "analytics_memberbill_202609",
]


def months(*numbers, period="2026-06", **more):
    return [row(n, period=period, **more) for n in numbers]


def keep(now=NOW):
    return keep_house(now=now, by=None)


# Ahead ------------------------------------------------------------------------------------------


def test_this_month_and_the_next_two_have_their_partition():
    assert keep().created == AHEAD
    assert keep().created == []
    assert [table.name for table in bill_tables()] == AHEAD[::-1]


def test_the_month_is_that_of_beijing():
    assert keep(datetime(2026, 7, 31, 17, tzinfo=UTC)).created[0] == "analytics_memberbill_202608"


def test_an_empty_partition_ahead_changes_nothing_for_members(clients):
    """Members follow their newest bill, whatever empty months lie ahead or behind."""
    keep(datetime(2026, 5, 2, tzinfo=UTC))
    load(months(1, 2, period="2026-06"))
    load(months(1, 3, period="2026-05", client="C2"))
    load(months(2, period="2026-07", client="C3"))

    followed = dict(Member.objects.values_list("msisdn", "client__code"))

    assert followed == {number(1): "C1", number(2): "C3", number(3): "C2"}


@pytest.mark.rule("P12")
def test_the_first_file_of_a_month_made_ahead_is_undone(clients, operations):
    keep(datetime(2026, 6, 2, tzinfo=UTC))
    done = load(months(1, 2))

    undo.request_undo(billing_import=done, now=NOW, by=operations)

    assert undo.run_undo(done, now=NOW).state == "undone"
    assert (MemberBill.objects.count(), Member.objects.count()) == (0, 0)
    assert not BillingPeriod.objects.exists()


# Old months -------------------------------------------------------------------------------------


@pytest.fixture
def two_months(clients) -> None:
    load_month([row(n, period="2026-05") for n in range(10)])
    load_month([row(n) for n in range(4)])


LATER = datetime(2027, 7, 5, tzinfo=UTC)  # May 2026 is more than thirteen months ago, June is not


def test_without_a_setting_every_month_is_kept(two_months):
    assert keep(datetime(2036, 1, 1, tzinfo=UTC)).dropped == []
    assert MemberBill.objects.filter(period=MAY).count() == 10


@pytest.mark.parametrize("setting", [13, 1])
def test_old_bills_go_and_facts_and_alerts_stay(two_months, settings, setting):
    """Less than thirteen months cannot be set."""
    settings.MEMBER_BILL_MONTHS = setting
    facts = sorted(ClientMonth.objects.values_list("client", "period", "income"))
    readings = sorted(AlertReading.objects.values_list("client", "rule", "period", "holds"))
    assert readings

    done = keep(LATER)

    assert "analytics_memberbill_202605" in done.dropped
    assert not MemberBill.objects.filter(period=MAY).exists()
    assert len(bills(JUNE)) == 4
    assert sorted(ClientMonth.objects.values_list("client", "period", "income")) == facts
    assert sorted(AlertReading.objects.values_list("client", "rule", "period", "holds")) == readings
    assert Member.objects.count() == 10
    assert keep(LATER).dropped == []


def test_a_month_without_its_bills_no_longer_changes(two_months, settings, operations):
    """Made anew from nothing, its facts and those of the month after would be wrong."""
    settings.MEMBER_BILL_MONTHS = 13
    settings.IMPORT_UNDO_DAYS = 9999
    keep(LATER)
    facts = sorted(ClientMonth.objects.values_list("client", "period", "income", "lost"))

    refused = [load(months(1, period=month)) for month in ("2026-05", "2026-06")]
    with pytest.raises(MonthNotKept, match="2026-05"):
        periods.order_completion(month=MAY, now=LATER, by=operations)
    with pytest.raises(MonthNotKept):
        periods.complete_period(month=JUNE, now=LATER, by=operations)
    with pytest.raises(CannotUndo) as error:
        undo.request_undo(
            billing_import=BillingImport.objects.get(number=loaded_number(JUNE)),
            now=LATER,
            by=operations,
        )

    assert [(each.state, each.error_code) for each in refused] == [("failed", "month_not_kept")] * 2
    assert error.value.code == "undo_expired"
    assert sorted(ClientMonth.objects.values_list("client", "period", "income", "lost")) == facts
    assert load(months(1, period="2026-07")).state == "loaded"


def loaded_number(month: date) -> int:
    return MemberBill.objects.filter(period=month).values_list("import_number", flat=True)[0]


def test_the_evidence_says_which_bills_are_no_longer_kept(
    two_months, settings, login, supervisor, manager
):
    settings.MEMBER_BILL_MONTHS = 13
    alert = Alert.objects.get(rule="revenue_drop")
    type(alert.client).objects.update(unit=manager.unit)
    assert evidence_of(alert.readings.get()).not_kept == []

    keep(LATER)

    assert evidence_of(alert.readings.get()).not_kept == [MAY]
    html = login(supervisor).get(alert.get_absolute_url()).content.decode()
    assert "The member bills of 2026-05 are no longer kept" in html


# Undos and files --------------------------------------------------------------------------------


def test_what_can_no_longer_be_undone_is_let_go(clients, operations):
    first = load(months(1, 2))
    second = load(months(1), creates_clients=True)
    roster = load([{"client_code": "C1", "name": "New name"}], kind="clients")
    tables = {f"analytics_memberbill_202606_before_{each.number}" for each in (first, second)}

    assert (keep().expired, ImportChange.objects.count()) == ([], 1)
    BillingImport.objects.filter(pk=first.pk).update(finished_at=NOW - timedelta(days=36))
    assert keep().expired == [f"analytics_memberbill_202606_before_{first.number}"]
    done = keep(NOW + timedelta(days=36))

    assert set(done.expired) < tables
    assert (len(done.expired), done.changes_deleted) == (1, 1)
    assert len(bills()) == 1 + 1
    with pytest.raises(CannotUndo):
        undo.request_undo(billing_import=roster, now=NOW + timedelta(days=36), by=operations)


def test_an_undo_on_its_way_keeps_its_tables(clients, operations):
    done = load(months(1, 2))
    undo.request_undo(billing_import=done, now=NOW, by=operations)

    assert keep(NOW + timedelta(days=40)).expired == []


@pytest.mark.django_db(transaction=True)
def test_old_files_go_and_what_became_of_them_stays(settings):
    settings.IMPORT_FILE_DAYS = 90
    done = load([*months(1), row(2, total="?")], creates_clients=True)
    files = [Path(done.file.path), Path(done.quarantine_file.path)]

    assert keep(NOW + timedelta(days=89)).files_deleted == 0
    assert all(path.exists() for path in files)
    assert keep(NOW + timedelta(days=91)).files_deleted == 2

    done.refresh_from_db()
    assert not any(path.exists() for path in files)
    assert (done.file.name, done.quarantine_file.name, done.quarantined) == ("", "", 1)
    assert keep(NOW + timedelta(days=91)).files_deleted == 0


def test_files_are_kept_when_nothing_is_set(clients):
    load(months(1))

    assert keep(NOW + timedelta(days=9999)).files_deleted == 0


def test_the_command_prints_what_it_did(db):
    out = StringIO()

    call_command("billing_housekeeping", stdout=out)

    done = json.loads(out.getvalue())
    assert len(done["created"]) == 3
    assert {"dropped", "expired", "changes_deleted", "files_deleted"} < set(done)


def test_it_is_on_the_schedule():
    entries = app.conf.beat_schedule.values()

    assert "analytics.tasks.housekeeping_task" in {entry["task"] for entry in entries}
    assert app.conf.task_routes["analytics.tasks.housekeeping_task"] == {"queue": "billing"}


# The page ---------------------------------------------------------------------------------------


@pytest.fixture
def page(operations, login):
    browser = login(operations)

    def html():
        return browser.get(reverse("analytics:storage")).content.decode()

    return html


def test_the_storage_page_of_an_empty_house(page):
    html = page()

    assert "No months yet" in html
    assert "Nothing is kept" in html


def test_the_storage_page_tells_months_kept_tables_and_files(page, clients, operations):
    load(months(1, 2), by=None)
    type(clients[0]).objects.update(unit=operations.unit)
    done = load([*months(1, 3, 4), row(5, total="?")], by=operations)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")

    html = page()

    assert html.count("2026-06") >= 2
    assert "None" not in html
    assert f'{done.get_absolute_url()}">#{done.number}' in html
    assert f"{done.finished_at + timedelta(days=35):%Y-%m-%d}" in html
    assert done.quarantine_size == Path(done.quarantine_file.path).stat().st_size


def test_the_storage_page_asks_as_often_for_many_tables(operations, login, clients):
    browser, url = login(operations), reverse("analytics:storage")

    def queries():
        browser.get(url)
        with CaptureQueriesContext(connection) as captured:
            assert browser.get(url).status_code == 200
        return len(captured)

    load(months(1), by=None)
    one = queries()
    for period in ("2026-06", "2026-07", "2026-08"):
        load(months(2, period=period), by=None)

    assert queries() == one


@pytest.mark.rule("P5")
@pytest.mark.parametrize("person", ["manager", "supervisor", "province"])
def test_the_storage_page_is_for_operations(person, request, login):
    browser = login(request.getfixturevalue(person))

    assert browser.get(reverse("analytics:storage")).status_code == 403
