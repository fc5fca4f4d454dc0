"""Pages of values to judge."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from analytics.models import ValueAssessment
from staff.choices import Role
from tests.factories.accounts import ClientFactory
from tests.factories.analytics import ClientMonthFactory, ValueAssessmentFactory, ValueDueFactory
from tests.factories.staff import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.rule("ARC-22")]
LIST = reverse("analytics:value_list")
SENT = {"existing": 4, "potential": 3, "revenue": 5, "reason": "Moves to a larger building"}


def page(name, row):
    return reverse(f"analytics:{name}", args=[row.pk])


def test_the_list_shows_own_clients_that_are_due(own_client, foreign_client, manager, login):
    later = ClientFactory(owner=manager, name="Later Client")
    ValueDueFactory(client=own_client, newest=ValueAssessmentFactory(client=own_client))
    ValueDueFactory(client=foreign_client)
    ValueDueFactory(client=later, due_on=timezone.localdate() + timedelta(days=1))

    everything = login(manager).get(LIST).text
    due = login(manager).get(f"{LIST}?due=true").text

    assert "Own Client" in everything
    assert "Later Client" in everything
    assert "Foreign Client" not in everything
    assert "Middle value" in due
    assert "Later Client" not in due
    assert "Own Client" not in login(manager).get(f"{LIST}?never=true").text
    assert "Own Client" in login(manager).get(f"{LIST}?grade=middle").text


def test_a_client_is_judged_beside_its_figures(own_client, manager, outsider, login):
    ClientMonthFactory(client=own_client, income=12345)
    url = page("value_assess", own_client)

    assert "12,345.00" in login(manager).get(url).text
    assert login(manager).post(url, SENT | {"existing": 6}).status_code == 422
    assert login(outsider).post(url, SENT).status_code == 404
    answer = login(manager).post(url, SENT, follow=True)

    row = ValueAssessment.objects.get()
    assert (row.score, row.assessed_by) == (75, manager)
    assert "75 of 100" in answer.text
    assert "Moves to a larger building" in login(manager).get(page("assessment_detail", row)).text
    assert login(manager).post(url, SENT).status_code == 422
    assert login(outsider).get(page("assessment_detail", row)).status_code == 404


def test_agents_judge_nothing(own_client, units, login):
    agent = UserFactory(role=Role.AGENT, unit=units.team_1)
    client = ClientFactory(owner=agent)

    assert login(agent).post(page("value_assess", client), SENT).status_code == 403
    assert "Judge the value" not in login(agent).get(page("client_business", client)).text
    assert not ValueAssessment.objects.exists()


def test_the_business_tab_shows_the_last_ones_as_a_line(own_client, manager, login, queries_of):
    url = page("client_business", own_client)
    ValueAssessmentFactory(client=own_client, assessed_by=manager)
    few = queries_of(login(manager), url)
    for number in (1, 2):
        ValueAssessmentFactory(
            client=own_client,
            assessed_by=manager,
            assessed_on=timezone.localdate() - timedelta(days=number),
            score=50 + number,
            reason=f"Reason {number}",
        )

    shown = login(manager).get(url, headers={"HX-Request": "true"}).text

    assert shown.count("<polyline") == 1
    assert "Reason 2" in shown
    assert "<html" not in shown
    assert queries_of(login(manager), url) == few


def test_the_list_costs_the_same_with_more_rows(manager, login, queries_of):
    def add():
        client = ClientFactory(owner=manager)
        ValueDueFactory(client=client, newest=ValueAssessmentFactory(client=client))

    add()
    few = queries_of(login(manager), LIST)
    add()
    add()

    assert queries_of(login(manager), LIST) == few
