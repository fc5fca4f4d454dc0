"""Pages of suggested classes and class criteria."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from accounts.models import ClassProposal
from analytics.models import ClassSuggestion, CriteriaVersion
from staff.choices import Role
from tests.factories.analytics import (
    BillingPeriodFactory,
    ClassSuggestionFactory,
    ClientMonthFactory,
    CriteriaVersionFactory,
)
from tests.factories.staff import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.rule("AMB-06")]
DECIDE = reverse("analytics:suggestion_decide_picked")
CHANGE = reverse("analytics:criteria_change")
INPUT = {
    "unit": "T1", "months": 1, "a_income": "30000", "a_members": 300, "b_income": "5000",
    "b_members": 50, "needs_both": "false", "reason": "Poorer county",
}  # fmt: skip


def test_ticked_suggestions_change_classes(own_client, foreign_client, supervisor, login):
    mine = ClassSuggestionFactory(client=own_client)
    theirs = ClassSuggestionFactory(client=foreign_client)

    browser = login(supervisor)
    response = browser.post(DECIDE, {"picked": [mine.pk, theirs.pk]})

    assert "1 class was changed." in browser.get(response.headers["Location"]).text
    own_client.refresh_from_db()
    foreign_client.refresh_from_db()
    assert (own_client.client_class, foreign_client.client_class) == ("A", "")


def test_an_account_manager_proposes_the_ticked_ones(own_client, manager, login):
    mine = ClassSuggestionFactory(client=own_client)
    browser = login(manager)
    shown = browser.get(reverse("analytics:suggestion_list")).text

    assert "Propose the ticked ones" in shown
    assert "Dismiss the ticked ones" not in shown
    browser.post(DECIDE, {"picked": [mine.pk]})
    assert ClassProposal.objects.open().get().proposed_by == manager
    other = ClassSuggestionFactory(client=own_client)
    assert browser.post(DECIDE, {"picked": [other.pk], "dismiss": "1"}).status_code == 403


def test_dismissing_needs_a_reason(own_client, supervisor, login):
    mine = ClassSuggestionFactory(client=own_client)
    sent = {"picked": [mine.pk], "dismiss": "1"}

    login(supervisor).post(DECIDE, sent)
    assert ClassSuggestion.objects.get().is_open
    login(supervisor).post(DECIDE, sent | {"reason": "One-off sale"})

    row = ClassSuggestion.objects.get()
    assert (row.state, row.reason) == ("dismissed", "One-off sale")


def test_criteria_are_previewed_and_saved_for_the_own_unit(own_client, operations, login, units):
    month = date(2026, 6, 1)
    BillingPeriodFactory(month=month, complete=True)
    ClientMonthFactory(client=own_client, period=month, income=Decimal(31_000))
    browser = login(operations)

    assert browser.get(CHANGE).status_code == 200
    tried = browser.post(CHANGE, INPUT | {"preview": "1"})
    assert "1 client of class – would become A" in tried.text
    assert CriteriaVersion.objects.count() == 1
    assert browser.post(CHANGE, INPUT | {"a_income": "1", "save": "1"}).status_code == 422
    assert browser.post(CHANGE, INPUT | {"unit": "T2", "save": "1"}).status_code == 422
    saved = browser.post(CHANGE, INPUT | {"save": "1"})
    assert saved.headers["Location"] == reverse("analytics:criteria_list")
    assert CriteriaVersion.objects.get(unit=units.team_1).reason == "Poorer county"
    again = browser.post(CHANGE, INPUT | {"save": "1"})
    assert "The setting is like this already." in again.text


def test_criteria_of_a_unit_are_taken_back(operations, login, units):
    CriteriaVersionFactory(unit=units.team_1)
    url = f"{reverse('analytics:criteria_remove')}?unit=T1"

    assert login(operations).get(url).status_code == 200
    assert login(operations).post(url, {"reason": ""}).status_code == 422
    login(operations).post(url, {"reason": "Over"})

    assert list(CriteriaVersion.objects.current().values_list("unit", flat=True)) == [None]
    foreign = url.replace("T1", "T2")
    assert login(operations).get(foreign).status_code == 404


def test_everybody_sees_the_criteria_and_operations_change_them(
    manager, supervisor, operations, login, units, queries_of
):
    url = reverse("analytics:criteria_list")
    few = queries_of(login(operations), url)
    for unit in (units.team_1, units.city_1):
        CriteriaVersionFactory(unit=unit)

    assert queries_of(login(operations), url) == few
    assert "50,000.00" in login(manager).get(url).text
    assert "Make suggestions now" not in login(operations).get(url).text
    for person in (manager, supervisor):
        assert login(person).get(CHANGE).status_code == 403
        assert login(person).post(reverse("analytics:suggestion_run")).status_code == 403
    assert login(operations).post(reverse("analytics:suggestion_run")).status_code == 409


def test_the_job_is_started_from_the_top(
    units, login, monkeypatch, django_capture_on_commit_callbacks
):
    started = []
    monkeypatch.setattr("analytics.tasks.suggest_classes_task.delay", lambda: started.append(1))
    top = login(UserFactory(role=Role.OPERATIONS, unit=units.province))

    assert "Make suggestions now" in top.get(reverse("analytics:criteria_list")).text
    with django_capture_on_commit_callbacks(execute=True):
        top.post(reverse("analytics:suggestion_run"))

    assert started == [1]
