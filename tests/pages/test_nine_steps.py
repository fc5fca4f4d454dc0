"""The nine steps on My day, and the screens of the eight duties."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.urls import resolve, reverse
from django.utils import timezone

from accounts.models import Client
from analytics.selectors.nine_steps import TITLES, nine_steps
from tests.factories.accounts import ClientFactory, ContactFactory, PromiseFactory
from tests.factories.analytics import AlertFactory, ValueDueFactory
from tests.factories.reports import ReportFactory
from tests.factories.staff import TaskFactory
from tests.factories.visits import VisitFactory
from tests.routes import named_routes

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 7, 15, 2, tzinfo=UTC)  # 10:00 in Beijing


def fill(person, number):
    """`number` rows for each figure of each step, and some beside them that do not count."""
    days = timedelta(days=1)
    for _ in range(number):
        for status in ("potential", "target"):
            ClientFactory(owner=person, status=status, completeness=90)
        client = ClientFactory(owner=person, completeness=79)
        ClientFactory(owner=person, completeness=80)
        old = ClientFactory(owner=person, completeness=90)
        Client.objects.filter(pk=old.pk).update(archive_current_at=NOW - 91 * days)
        VisitFactory(client=client, visitor=person, starts_at=NOW + 2 * days)
        VisitFactory(client=client, visitor=person, starts_at=NOW - 3 * days)
        VisitFactory(client=client, visitor=person, starts_at=NOW + 60 * days)
        AlertFactory(client=client)
        AlertFactory(client=old, rule="arrears")
        AlertFactory(client=old, state="withdrawn")
        ReportFactory(author=person, about=client)
        ReportFactory(author=person, about=client, submitted=True)
        ValueDueFactory(client=client)
        ValueDueFactory(client=old, due_on=NOW.date() + days)
        PromiseFactory(client=client, made_by=person)
        PromiseFactory(client=client, made_by=person, waiting=True)
        TaskFactory(assignee=person)
        soon = ContactFactory(client=client)
        type(soon).objects.filter(pk=soon.pk).update(next_birthday=NOW.date() + 7 * days)
        late = ContactFactory(client=client)
        type(late).objects.filter(pk=late.pk).update(next_birthday=NOW.date() + 8 * days)


@pytest.mark.rule("ORG-03", "P2")
def test_each_figure_opens_exactly_its_rows(manager, peer, outsider, login):
    with time_machine.travel(NOW, tick=False):
        fill(manager, 2)
        fill(peer, 1)
        fill(outsider, 1)
        browser = login(manager)
        shown = browser.get(reverse("home")).text
        steps = nine_steps(manager, now=timezone.now())

        assert [step.number for step in steps] == list(range(1, 10))
        for step in steps:
            assert str(TITLES[step.number]) in shown
            assert step.figures
            for figure in step.figures:
                assert figure.count >= 2, figure.label
                page = browser.get(figure.url)
                rows = page.context.get("table").rows if "table" in page.context else (
                    page.context["tasks"]
                )  # fmt: skip
                assert len(rows) == figure.count, (step.number, figure.label)


@pytest.mark.rule("ORG-03")
def test_an_empty_day_has_nine_calm_steps(manager, login):
    steps = nine_steps(manager, now=NOW)

    assert not any(step.is_waiting for step in steps)
    assert all(figure.shown == "0" for step in steps for figure in step.figures)
    assert login(manager).get(reverse("home")).text.count("btn-sm") >= 12


@pytest.mark.rule("ORG-03")
def test_figures_are_capped_and_cost_one_query(manager, django_assert_num_queries):
    ClientFactory.create_batch(101, owner=manager, status="potential")

    manager.row_scope()  # whom they stand in for is known on every page

    with django_assert_num_queries(1):
        steps = nine_steps(manager, now=NOW)

    assert steps[1].figures[0].shown == "99+"


# The eight duties of an account manager, each with the screens it is done on (ORG-04).
DUTIES = {
    "market research and segmentation": [
        "accounts:report_list", "accounts:report_create", "accounts:segments_create",
    ],
    "regular visits to clients": ["visits:visit_list", "visits:visit_plan"],
    "daily contact, follow-up, monitoring of the communication state": [
        "accounts:contact_log_list", "analytics:alert_list", "accounts:report_suggest",
        "analytics:client_bills", "analytics:client_business",
    ],
    "knowing and marketing all services": [
        "analytics:client_business", "accounts:entitlement_list",
    ],
    "knowing market and policy": ["staff:policy_list", "accounts:report_list"],
    "finding needs and pushing the departments": [
        "accounts:escalation_create", "accounts:escalation_list", "accounts:client_prospecting",
    ],
    "feeding back information with counter-measures": [
        "accounts:report_create", "accounts:change_report",
    ],
    "passing company policy on to clients": [
        "staff:policy_list", "accounts:contact_log_create", "accounts:promise_make",
    ],
}  # fmt: skip


@pytest.mark.rule("ORG-04")
@pytest.mark.parametrize("duty", DUTIES)
def test_each_duty_has_screens_that_the_role_opens(duty, own_client, manager, login):
    browser = login(manager)
    for name in DUTIES[duty]:
        url = address(name, own_client)
        assert browser.get(url).status_code == 200, name


def address(name, client):
    if name == "accounts:report_create":
        return reverse(name, args=["urgent"])
    if name in {"accounts:contact_log_create", "visits:visit_plan"}:
        return f"{reverse(name)}?client={client.pk}"
    takes_client = dict(named_routes())[name]
    return reverse(name, args=[client.pk] if takes_client else [])


@pytest.mark.rule("ORG-04")
def test_the_menu_of_an_account_manager_leads_to_them(manager, login):
    menu = {item.url for item in login(manager).get(reverse("home")).context["navigation"]}
    lists = {"accounts:report_list", "visits:visit_list", "accounts:contact_log_list",
             "analytics:alert_list", "accounts:client_list", "accounts:contact_list"}  # fmt: skip

    assert {reverse(name) for name in lists} <= menu
    assert {resolve(url).view_name for url in menu} >= lists
