"""Pages of changes that agents hand in."""

import pytest
from django.urls import reverse

from accounts.models import ChangeRequest, Client
from staff.choices import Role
from tests.factories.accounts import ClientFactory
from tests.factories.reports import ChangeRequestFactory
from tests.factories.staff import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.rule("ORG-20", "ORG-21")]
LIST = reverse("accounts:change_request_list")


@pytest.fixture
def agent(units):
    return UserFactory(role=Role.AGENT, unit=units.team_1, full_name="Ai Gen")


@pytest.fixture
def village(agent):
    return ClientFactory(owner=agent, name="Village Works", nature="other")


def page(name, row):
    return reverse(f"accounts:{name}", args=[row.pk])


def test_an_agent_hands_in_and_sees_the_state(village, agent, supervisor, outsider, login):
    browser = login(agent)
    assert browser.get(page("client_edit", village)).status_code == 403
    assert page("change_request_create", village) in browser.get(village.get_absolute_url()).text
    url = page("change_request_create", village)
    shown = browser.get(url).text
    assert 'name="reason"' in shown
    assert 'name="unit"' not in shown
    form = {"name": "Village Works", "nature": "other", "reason": "Seen", "address": "1 Quay"}

    assert browser.post(url, form | {"reason": ""}).status_code == 422
    made = browser.post(url, form)

    row = ChangeRequest.objects.get()
    assert [change["name"] for change in row.changes] == ["address"]
    assert made.headers["Location"] == row.get_absolute_url()
    detail = browser.get(row.get_absolute_url()).text
    assert "To be decided" in detail
    assert "Take over the ticked ones" not in detail
    assert browser.post(row.get_absolute_url(), {"accept": "address"}).status_code == 403
    assert browser.post(url, form).status_code == 422
    for stranger in (outsider, UserFactory(unit=agent.unit)):
        assert login(stranger).get(row.get_absolute_url()).status_code == 404
        assert "Village Works" not in login(stranger).get(LIST).text
    browser.post(page("change_request_withdraw", row))
    assert "Withdrawn" in browser.get(LIST).text


def test_the_area_manager_decides_in_the_queue(village, agent, supervisor, login):
    row = ChangeRequestFactory(client=village, requested_by=agent)
    browser = login(supervisor)

    assert "1 change waits for a decision" in browser.get(LIST).text
    assert "1 Quay" in browser.get(row.get_absolute_url()).text
    assert browser.post(row.get_absolute_url(), {"refuse": "1"}).status_code == 422
    browser.post(row.get_absolute_url(), {"accept": "address"})

    assert Client.objects.get(pk=village.pk).address == "1 Quay"
    assert "waits for a decision" not in browser.get(LIST).text
    assert "taken over" in login(agent).get(row.get_absolute_url()).text
    assert browser.post(page("change_request_withdraw", row)).status_code == 409


def test_a_conflict_is_shown_and_written_over(village, agent, supervisor, login):
    row = ChangeRequestFactory(client=village, requested_by=agent)
    Client.objects.filter(pk=village.pk).update(address="2 Quay")
    browser = login(supervisor)

    assert "changed meanwhile" in browser.get(row.get_absolute_url()).text
    refused = browser.post(row.get_absolute_url(), {"accept": "address"})
    assert refused.status_code == 422
    assert Client.objects.get(pk=village.pk).address == "2 Quay"
    browser.post(row.get_absolute_url(), {"accept": "address", "override": "address"})

    assert Client.objects.get(pk=village.pk).address == "1 Quay"


def test_the_queue_costs_the_same_with_more_rows(agent, supervisor, login, queries_of):
    ChangeRequestFactory(requested_by=agent)
    few = queries_of(login(supervisor), LIST)
    for _ in range(2):
        ChangeRequestFactory(requested_by=agent)

    assert queries_of(login(supervisor), LIST) == few


def test_the_queue_is_in_the_menu_with_its_badge(agent, supervisor, manager, login):
    ChangeRequestFactory(requested_by=agent)

    menu = login(supervisor).get(LIST).context["navigation"]
    (entry,) = [item for item in menu if item.url.startswith(LIST)]
    assert (entry.badge, entry.url, entry.is_active) == (1, f"{LIST}?to_decide=true", True)
    for person in (agent, supervisor):
        assert LIST in login(person).get(reverse("staff:task_list")).text
    assert LIST not in login(manager).get(reverse("staff:task_list")).text
