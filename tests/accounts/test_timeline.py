"""The timeline of a client: sources of all apps, mixed, in pages."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse

from accounts.selectors.timeline import client_timeline
from accounts.services import clients
from staff.services.work import finish_task
from tests.factories.accounts import ClientFactory, OwnershipFactory
from tests.factories.analytics import AlertFactory, BillingPeriodFactory, ClientMonthFactory
from tests.factories.reports import ReportFactory
from tests.factories.staff import TaskFactory
from tests.factories.visits import VisitFactory

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 7, 6, 4, tzinfo=UTC)


def entries(client, person, **filters):
    days = client_timeline(client, person, **filters).days
    return [entry for day in days for entry in day.entries]


def titles(client, person, **filters):
    return [str(entry.title) for entry in entries(client, person, **filters)]


def visit(client, at, **fields):
    return VisitFactory(client=client, visitor=client.owner, starts_at=at, **fields)


def test_everything_is_mixed_the_newest_first(own_client, manager):
    visit(own_client, NOON, done=True, held_at=NOON)
    AlertFactory(client=own_client, created_at=NOON - timedelta(hours=1), acknowledged_by=manager,
                 acknowledged_at=NOON + timedelta(hours=1), state="acknowledged")  # fmt: skip
    OwnershipFactory(client=own_client, owner=manager, started_at=NOON - timedelta(days=3))
    BillingPeriodFactory(complete=True)  # 3 July
    ClientMonthFactory(client=own_client, income="690.00", previous_income="1000.00", active=20)

    assert titles(own_client, manager) == [
        "Alert acknowledged: Revenue drop",
        "Door visit · Liaison",
        "Alert raised: Revenue drop",
        "Account manager: Ma Li",
        "Bills of 2026-06: ¥690.00",
    ]


def test_an_entry_leads_to_its_record_and_says_who(own_client, manager):
    record = visit(own_client, NOON, done=True, held_at=NOON)

    (entry,) = entries(own_client, manager)

    assert (entry.url, entry.person) == (record.get_absolute_url(), "Ma Li")
    assert entry.text == "Talked about the bill."


def test_changes_of_class_and_status_come_out_of_the_audit(own_client, manager, representative):
    clients.update_client(client=own_client, by=manager, client_class="A", status="churned")
    clients.update_client(client=own_client, by=manager, notes="Says nothing here")
    clients.update_client(client=own_client, by=manager, chief_representative=representative)

    found = entries(own_client, manager)

    assert [str(entry.title) for entry in found] == [
        "Chief representative: Ren Tao",
        "Class: – → A · Status: Signed → Churned",
    ]
    assert {entry.person for entry in found} == {"Ma Li"}


def test_a_task_of_an_alert_appears_when_it_is_done(own_client, manager):
    task = TaskFactory(assignee=manager)
    AlertFactory(client=own_client, task=task)
    other = TaskFactory(assignee=manager)
    for each in (task, other):
        finish_task(task=each, now=NOON, by=manager)

    assert [entry.moment.pk for entry in entries(own_client, manager, kind="task")] == [task.pk]


def test_reports_appear_when_they_were_submitted(own_client, manager, supervisor, login):
    sent = ReportFactory(author=manager, about=own_client, submitted=True, month=None)
    answered = ReportFactory(
        author=manager, about=own_client, submitted=True, summary="Two lines are idle.",
        state="answered", answered_at=NOON, answered_by=supervisor, answer="Offer a smaller plan.",
    )  # fmt: skip
    type(answered).objects.filter(pk=answered.pk).update(submitted_at=NOON - timedelta(days=1))
    ReportFactory(author=manager, about=own_client)
    ReportFactory(author=manager, about=own_client, state="discarded")

    found = entries(own_client, manager, kind="report")

    assert [(entry.moment.pk, entry.person, entry.url) for entry in found] == [
        (report.pk, "Ma Li", report.get_absolute_url()) for report in (sent, answered)
    ]
    assert found[1].text == "Two lines are idle.\n→ Offer a smaller plan."
    assert titles(own_client, manager, person_id=supervisor.pk) == []
    html = login(manager).get(page_url(own_client)).content.decode()
    assert '<option value="report">Reports</option>' in html


@pytest.mark.rule("P1")
def test_reports_about_other_clients_and_about_none_are_absent(
    own_client, foreign_client, manager, outsider
):
    ReportFactory(author=outsider, about=foreign_client, submitted=True)
    ReportFactory(author=manager, summarising=True, submitted=True)

    assert entries(own_client, manager, kind="report") == []


@pytest.mark.rule("P1")
def test_rows_of_other_clients_are_absent(own_client, foreign_client, manager):
    visit(foreign_client, NOON)
    AlertFactory(client=foreign_client)
    ClientMonthFactory(client=foreign_client)
    BillingPeriodFactory(complete=True)

    assert entries(own_client, manager) == []


def test_kind_person_and_time_narrow_it(own_client, manager, peer):
    visit(own_client, NOON)
    theirs = VisitFactory(client=own_client, visitor=peer, starts_at=NOON - timedelta(days=40))
    AlertFactory(client=own_client, created_at=NOON)

    assert len(entries(own_client, manager)) == 3
    assert len(entries(own_client, manager, kind="visit")) == 2
    assert [entry.url for entry in entries(own_client, manager, person_id=peer.pk)] == [
        theirs.get_absolute_url()
    ]
    assert len(entries(own_client, manager, since=NOON - timedelta(days=30))) == 2


@pytest.mark.parametrize("limit", [1, 2, 3, 5])
def test_pages_leave_nothing_out_and_repeat_nothing(limit, own_client, manager):
    """Many at the same instant, of several sources, so that only the ties keep them apart."""
    for number in range(4):
        visit(own_client, NOON, done=True, held_at=NOON)
        AlertFactory(client=own_client, created_at=NOON, closed_at=NOON, state="closed",
                     survey="s", cause="other", action="a", latest_period=date(2026, 3 + number, 1))  # fmt: skip
        visit(own_client, NOON - timedelta(days=number))
    whole = [entry.moment for entry in entries(own_client, manager, limit=100)]

    found, cursor = [], ""
    while True:
        page = client_timeline(own_client, manager, limit=limit, cursor=cursor)
        found += [entry.moment for day in page.days for entry in day.entries]
        if not (cursor := page.next_cursor):
            break

    assert len(whole) == 16
    assert found == whole


def test_a_day_cut_in_two_is_named_once(own_client, manager):
    for hour in range(3):
        visit(own_client, NOON + timedelta(hours=hour))

    first = client_timeline(own_client, manager, limit=2)
    second = client_timeline(own_client, manager, limit=2, cursor=first.next_cursor)

    assert [day.continues for day in (*first.days, *second.days)] == [False, True]


def test_a_cursor_of_another_client_starts_at_the_top(own_client, manager):
    other = ClientFactory(owner=manager)
    for each in (own_client, other):
        for hour in range(3):
            visit(each, NOON + timedelta(hours=hour))
    cursor = client_timeline(other, manager, limit=2).next_cursor

    for wrong in (cursor, "nonsense", cursor + "x"):
        assert len(entries(own_client, manager, cursor=wrong)) == 3


# The page --------------------------------------------------------------------------------------


def page_url(client):
    return reverse("accounts:client_timeline", args=[client.pk])


def test_the_page_groups_by_day_and_loads_more(own_client, manager, login):
    for number in range(31):
        visit(own_client, NOON + timedelta(minutes=number), done=True, summary=f"Talk {number}.",
              held_at=NOON + timedelta(minutes=number))  # fmt: skip
    browser = login(manager)

    page = browser.get(page_url(own_client))
    more = browser.get(page.context_data["more_url"], headers={"HX-Request": "true"})

    html = page.content.decode()
    assert html.count("2026-07-06 Monday") == 1
    assert "Talk 30." in html
    assert "Talk 0." not in html
    assert more.content.decode().count("timeline-row") == 1
    assert "Talk 0." in more.content.decode()
    assert "<section" not in more.content.decode()


def test_a_filter_that_is_nonsense_is_ignored(own_client, manager, login):
    visit(own_client, NOON)

    html = login(manager).get(f"{page_url(own_client)}?kind=x&person=x&days=x").content.decode()

    assert "Door visit" in html


def test_an_empty_timeline_says_what_will_come(own_client, manager, login):
    assert "Nothing here yet" in login(manager).get(page_url(own_client)).content.decode()


@pytest.mark.rule("P1")
def test_the_timeline_of_somebody_elses_client_is_not_found(foreign_client, manager, login):
    assert login(manager).get(page_url(foreign_client)).status_code == 404
