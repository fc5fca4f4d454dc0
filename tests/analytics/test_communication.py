"""Watching the communication of clients: findings, and the drafts that come of them (ARC-23)."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Report
from analytics.selectors.communication import State, find, findings_of
from analytics.services.communication import watch_communication
from staff.models import Notification
from tests.factories.accounts import ClientFactory, MemberFactory
from tests.factories.analytics import (
    BillingPeriodFactory,
    ClientMonthFactory,
    DailyUsageFactory,
    ProductBillFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.rule("ARC-23")]
NOW = datetime(2026, 7, 6, 1, tzinfo=UTC)
NEWEST = date(2026, 6, 30)


@pytest.fixture(autouse=True)
def month(db):
    return BillingPeriodFactory(complete=True)


def sources(client, **values):
    return [finding.source for finding in findings_of(State(client, **values))]


@pytest.mark.parametrize(
    ("fact", "found"),
    [
        ({"income": Decimal("800.00")}, ["income"]),
        ({"income": Decimal("800.01")}, []),
        ({"income": Decimal(0), "previous_income": Decimal(0)}, []),
        ({"income": Decimal(0), "previous_income": None}, []),
        ({"lost": 1}, ["members_gone"]),
        ({"lost": 1, "previous_active": 21}, []),
        ({"lost": None}, []),
        ({"pre_churn": 1}, ["members_leaving"]),
        ({"pre_churn": 1, "active": 21}, []),
        ({"pre_churn": 1, "active": 0}, []),
    ],
)
def test_bills_that_moved(own_client, fact, found):
    assert sources(own_client, fact=ClientMonthFactory.build(client=own_client, **fact)) == found


@pytest.mark.parametrize(
    ("before", "now", "found"), [(100, 70, ["minutes"]), (100, 71, []), (0, 0, [])]
)
def test_minutes_that_fell(own_client, before, now, found):
    assert sources(own_client, minutes=(Decimal(before), Decimal(now))) == found


@pytest.mark.parametrize(
    ("own", "other", "found"),
    [(50, 50, ["other_networks"]), (51, 49, []), (None, 9, []), (0, 0, [])],
)
def test_other_networks(own_client, own, other, found):
    own_client.own_users, own_client.other_users = own, other

    assert sources(own_client) == found


def test_each_finding_says_figures_and_an_action(own_client):
    fact = ClientMonthFactory.build(client=own_client, income=Decimal(400), lost=5, pre_churn=4)
    own_client.own_users, own_client.other_users = 1, 9
    found = findings_of(
        State(own_client, fact, (Decimal(1000), Decimal(100)), ["Leased line", "VPN"])
    )

    texts = {each.source: each.finding for each in found}
    assert "60.00 %" in texts["income"]
    assert "¥1,000.00" in texts["income"]
    assert "¥400.00" in texts["income"]
    assert texts["members_gone"] == "5 of 20 members were lost in 2026-06."
    assert "90.00 %" in texts["minutes"]
    assert "Leased line" in texts["products"]
    assert len(texts) == 6
    assert all(each.action for each in found)


def use(client, *, before, now):
    member = MemberFactory(client=client)
    DailyUsageFactory(member=member, day=NEWEST - timedelta(days=20), voice_minutes=before)
    DailyUsageFactory(member=member, day=NEWEST, voice_minutes=now)
    return member


def test_facts_of_many_clients_cost_the_same():
    clients = ClientFactory.create_batch(3)
    for client in clients:
        ClientMonthFactory(client=client, income=Decimal(1))
        use(client, before=100, now=1)
        ProductBillFactory(client=client, period=date(2026, 5, 1), product_name="Line")

    with CaptureQueriesContext(connection) as one:
        found = find(clients[:1])
    with CaptureQueriesContext(connection) as three:
        everything = find(clients)

    assert [each.source for each in found[clients[0].pk]] == ["income", "minutes", "products"]
    assert len(everything) == 3
    assert len(three) == len(one)


def test_only_the_newest_import_of_a_day_counts(own_client):
    member = use(own_client, before=100, now=100)
    DailyUsageFactory(member=member, day=NEWEST, voice_minutes=10, import_number=2)

    assert [each.source for each in find([own_client])[own_client.pk]] == ["minutes"]


def test_the_job_drafts_for_those_who_moved(own_client, manager, peer, supervisor):
    ClientMonthFactory(client=own_client, income=Decimal(100))
    quiet = ClientFactory(owner=manager)
    ClientMonthFactory(client=quiet)
    calls = ClientFactory(owner=peer)
    use(calls, before=100, now=1)
    for other in (ClientFactory(), ClientFactory(owner=manager, status="churned")):
        ClientMonthFactory(client=other, income=Decimal(100))

    assert watch_communication(now=NOW, by=None) == 2

    drafts = {report.about: report for report in Report.objects.all()}
    assert set(drafts) == {own_client, calls}
    assert (drafts[own_client].author, drafts[own_client].state) == (manager, "draft")
    assert drafts[calls].author == peer
    assert [line["source"] for line in drafts[calls].lines] == ["minutes"]
    news = Notification.objects.filter(kind="suggestions-drafted")
    assert {row.recipient: row.params for row in news} == {
        manager: {"count": 1}, peer: {"count": 1},
    }  # fmt: skip
    assert f"author={manager.pk}" in news.get(recipient=manager).link


def test_the_job_again_drafts_nothing_twice(own_client, manager):
    ClientMonthFactory(client=own_client, income=Decimal(100))
    watch_communication(now=NOW, by=None)
    Report.objects.update(state="discarded")

    assert watch_communication(now=NOW + timedelta(days=1), by=None) == 0
    assert watch_communication(now=NOW + timedelta(days=30), by=None) == 1


def test_drafts_come_in_the_managers_language(own_client, manager):
    manager.language = "zh-hans"
    manager.save()
    ClientMonthFactory(client=own_client, income=Decimal(100))

    watch_communication(now=NOW, by=None)

    assert "收入" in Report.objects.get().lines[0]["finding"]
