"""The header of a client's page, its tabs and keys."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Client
from accounts.page_parts import QuickAction
from accounts.selectors.client_head import client_head
from accounts.views.client_page import CLIENT_TABS
from staff.choices import Role
from tests.factories.accounts import (
    ClientFactory,
    ContactFactory,
    ContactLogFactory,
    MemberFactory,
    NoteFactory,
)
from tests.factories.analytics import AlertFactory, BillingPeriodFactory, ClientMonthFactory
from tests.factories.staff import UserFactory
from tests.factories.visits import VisitFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 7, 20, 1, tzinfo=UTC)


def figures(client, person):
    head = client_head(client, person, now=NOW)
    return {str(figure.label): figure for figure in head.figures}


def months(client, *incomes, first=date(2026, 1, 1)):
    previous = None
    for number, income in enumerate(incomes):
        ClientMonthFactory(
            client=client, period=first.replace(month=first.month + number), income=income,
            previous_income=previous, active=20 + number,
            previous_active=None if previous is None else 19 + number,
        )  # fmt: skip
        previous = income


def test_money_of_the_newest_month_with_its_change_and_thirteen_months(own_client, manager):
    months(own_client, "100.00", "200.10", "150.00")

    income = figures(own_client, manager)["Income"]

    assert income.value == "¥150.00"
    assert income.hint == "-25.04 % · 2026-03"
    assert income.tone == "danger"
    assert income.points == ["100.00", "200.10", "150.00"]


def test_members_of_the_newest_month_with_their_change(own_client, manager):
    months(own_client, "1.00", "1.00")

    members = figures(own_client, manager)["Active members"]

    assert (members.value, members.hint) == ("21", "+5.00 % · 2026-02")
    assert members.points == [20, 21]


def test_at_most_thirteen_months_make_the_line(own_client, manager):
    months(own_client, *["1.00"] * 12)
    months(own_client, *["2.00"] * 3, first=date(2027, 1, 1))

    assert len(figures(own_client, manager)["Income"].points) == 13


def test_without_a_complete_month_the_header_says_so(own_client, manager):
    assert figures(own_client, manager)["Income"].hint == "No complete month yet"


def test_open_alerts_are_counted_and_open_themselves(own_client, manager):
    AlertFactory(client=own_client)
    AlertFactory(client=own_client, state="withdrawn", rule="arrears", reading=None)

    alerts = figures(own_client, manager)["Open alerts"]

    assert (alerts.value, alerts.tone) == ("1", "danger")
    assert alerts.url == f"{reverse('analytics:alert_list')}?client={own_client.pk}&open=true"


def test_the_next_visit_or_a_way_to_plan_one(own_client, manager):
    VisitFactory(client=own_client, visitor=manager)  # past
    nothing = figures(own_client, manager)["Next visit"]
    VisitFactory(client=own_client, visitor=manager, starts_at=NOW + timedelta(days=9))
    coming = VisitFactory(client=own_client, visitor=manager, starts_at=NOW + timedelta(days=2))

    found = figures(own_client, manager)["Next visit"]

    assert nothing.url == f"{reverse('visits:visit_plan')}?client={own_client.pk}"
    assert (found.value, found.url) == ("07-22 09:00", coming.get_absolute_url())


def test_the_last_contact_is_the_newest_of_any_kind(own_client, manager):
    VisitFactory(client=own_client, visitor=manager, done=True)
    newest = VisitFactory(
        client=own_client, visitor=manager, done=True, held_at=datetime(2026, 7, 9, tzinfo=UTC)
    )

    touch = client_head(own_client, manager, now=NOW).last_contact

    assert (touch.at, touch.url) == (newest.held_at, newest.get_absolute_url())


def test_somebody_to_call_is_who_is_still_there_and_has_a_number(own_client, manager):
    ContactFactory(client=own_client, name="Gone", is_active=False)
    ContactFactory(client=own_client, name="Silent", mobile="")
    ContactFactory(client=own_client, name="Zhao Min", mobile="13912345678")

    call = client_head(own_client, manager, now=NOW).call

    assert call == {"name": "Zhao Min", "number": "13912345678"}


def test_a_client_of_nobody_is_pointed_out_with_the_way_out(units, supervisor, login):
    client = ClientFactory(unit=units.team_1)

    html = login(supervisor).get(client.get_absolute_url()).content.decode()

    assert "Nobody is responsible for this client." in html
    assert reverse("accounts:client_assign", args=[client.pk]) in html


def test_figures_of_others_do_not_count(own_client, foreign_client, manager):
    months(foreign_client, "5.00")
    AlertFactory(client=foreign_client)
    VisitFactory(client=foreign_client, done=True)

    head = client_head(own_client, manager, now=NOW)

    assert head.last_contact is None
    assert figures(own_client, manager)["Open alerts"].value == "0"
    assert head.badges["visits"] == 0


def test_parts_and_actions_need_their_right(own_client, manager, units):
    own_client.owner.role = Role.OPERATIONS
    operations = UserFactory(role=Role.OPERATIONS, unit=units.city_1)

    labels = [
        str(link.action.label) for link in client_head(own_client, operations, now=NOW).actions
    ]

    assert labels == [
        "Open a complaint", "Dossier", "Edit", "Hand over", "Merge with another client",
    ]  # fmt: skip


def test_an_action_of_an_app_that_is_not_there_is_not_shown(own_client):
    action = QuickAction("x", "x", "x", "nowhere:case_create", "accounts.view_client")

    assert action.url(own_client) == ""


@pytest.mark.rule("ARC-16")
def test_the_page_has_basic_members_business_and_service(own_client, manager, login):
    page = login(manager).get(own_client.get_absolute_url())

    addresses = {tab.url for tab in page.context_data["tabs_items"]}
    for part in ("basic", "members", "business", "visits"):
        assert reverse(CLIENT_TABS[part][0], args=[own_client.pk]) in addresses


def test_a_tab_without_a_page_is_not_shown(own_client, manager, login, monkeypatch):
    monkeypatch.setitem(CLIENT_TABS, "moon", ("moon:client_moon", "Moon"))

    assert "Moon" not in login(manager).get(own_client.get_absolute_url()).content.decode()


def test_tabs_have_counts_and_keys(own_client, manager, login):
    own_client.active_members = 250
    own_client.save()
    ContactFactory(client=own_client)

    items = login(manager).get(own_client.get_absolute_url()).context_data["tabs_items"]

    badges = {tab.label: tab.badge for tab in items if tab.badge}
    assert badges == {"People": "1", "Members": "99+"}
    assert [tab.key for tab in items[:9]] == list("123456789")
    assert {tab.key for tab in items[9:]} <= {""}


# The fragment ----------------------------------------------------------------------------------


def test_the_header_is_fetched_alone(own_client, manager, login):
    url = reverse("accounts:client_header", args=[own_client.pk])

    html = login(manager).get(url, headers={"HX-Request": "true"}).content.decode()

    assert "<html" not in html
    assert 'id="client-head"' in html


@pytest.mark.rule("P1")
def test_the_header_of_somebody_elses_client_is_not_found(foreign_client, manager, login):
    url = reverse("accounts:client_header", args=[foreign_client.pk])

    assert login(manager).get(url).status_code == 404


def fill(client, number):
    ClientMonthFactory(client=client, period=date(2026, 3 + number, 1))
    BillingPeriodFactory(month=date(2026, 3 + number, 1), complete=True)
    ContactFactory(client=client)
    MemberFactory(client=client)
    VisitFactory(client=client, visitor=client.owner, done=True)
    VisitFactory(
        client=client, visitor=client.owner, starts_at=timezone.now() + timedelta(days=number + 1)
    )
    ContactLogFactory(client=client, logged_by=client.owner)
    NoteFactory(client=client, author=client.owner, is_pinned=True)
    AlertFactory(client=client, state="closed", survey="s", cause="other", action="a",
                 closed_at=NOW, acknowledged_at=NOW, latest_period=date(2026, 3 + number, 1))  # fmt: skip


def queries(browser, url, headers) -> int:
    browser.get(url, headers=headers)
    with CaptureQueriesContext(connection) as captured:
        assert browser.get(url, headers=headers).status_code == 200
    return len(captured)


@pytest.mark.parametrize(
    ("tab", "headers"),
    [("accounts:client_detail", {}), ("accounts:client_timeline", {"HX-Request": "true"})],
)
def test_a_page_full_of_everything_takes_few_queries(tab, headers, own_client, manager, login):
    url, browser = reverse(tab, args=[own_client.pk]), login(manager)
    fill(own_client, 0)
    for_one = queries(browser, url, headers)
    fill(own_client, 1)
    fill(own_client, 2)

    assert queries(browser, url, headers) == for_one
    assert for_one <= 15


@pytest.mark.rule("ARC-13", "ARC-19")
@pytest.mark.parametrize(
    ("completeness", "days", "warning"),
    [
        (49, 0, "only 49 %"), (50, 90, ""), (50, 91, "for 91 days"),
        (10, 200, "10 % complete and nobody updated it for 200 days"),
    ],
)  # fmt: skip
def test_a_thin_or_old_archive_is_pointed_out(own_client, manager, completeness, days, warning):
    Client.objects.filter(pk=own_client.pk).update(
        completeness=completeness, archive_current_at=NOW - timedelta(days=days)
    )

    found = [
        each for each in client_head(own_client, manager, now=NOW).warnings
        if "archive" in str(each.text)
    ]  # fmt: skip

    assert len(found) == bool(warning)
    for each in found:
        assert warning in each.text
        assert (
            each.url == f"{reverse('accounts:client_archive', args=[own_client.pk])}#completeness"
        )


@pytest.mark.rule("ARC-33")
def test_high_end_clients_and_their_members_are_marked(own_client, manager, login):
    Client.objects.filter(pk=own_client.pk).update(is_high_end=True)
    member = MemberFactory(client=own_client)
    plain = MemberFactory(client=ClientFactory(owner=manager))
    browser = login(manager)
    listed = reverse("accounts:member_list")

    assert "High-end" in browser.get(own_client.get_absolute_url()).text
    assert "High-end" in browser.get(reverse("accounts:member_detail", args=[member.pk])).text
    assert member.masked_number in browser.get(f"{listed}?high_end=true").text
    assert plain.masked_number not in browser.get(f"{listed}?high_end=true").text
