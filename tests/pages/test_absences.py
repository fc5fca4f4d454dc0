"""Pages of absences, and what a deputy's pages show."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from staff.models import Absence, User
from tests.factories.staff import AbsenceFactory, NotificationFactory, TaskFactory
from tests.factories.visits import VisitFactory

pytestmark = [pytest.mark.django_db, pytest.mark.rule("ORG-30")]
LIST = "/absences/"


def url(name, absence):
    return reverse(f"staff:absence_{name}", args=[absence.pk])


def sent(**more):
    today = timezone.localdate()
    return {"kind": "leave", "starts_on": today, "ends_on": today + timedelta(days=3)} | more


@pytest.mark.rule("P1")
def test_the_register_shows_own_units_only(manager, outsider, supervisor, login):
    for person in (manager, outsider):
        AbsenceFactory(person=person)

    html = login(supervisor).get(LIST).content.decode()

    assert manager.full_name in html
    assert outsider.full_name not in html
    assert (
        "<html" not in login(supervisor).get(LIST, headers={"HX-Request": "true"}).content.decode()
    )


def test_leave_is_asked_for_approved_and_taken_back(manager, peer, supervisor, own_client, login):
    asking, deciding, standing_in = login(manager), login(supervisor), login(peer)
    asking.post("/absences/new/", sent(deputy=peer.pk))
    absence = Absence.objects.get()
    assert asking.post(url("approve", absence)).status_code == 403
    assert "Approve" in deciding.get(url("detail", absence)).content.decode()
    assert standing_in.get(own_client.get_absolute_url()).status_code == 404

    deciding.post(url("approve", absence))

    page = standing_in.get(own_client.get_absolute_url()).content.decode()
    assert f"For Ma Li, away until {absence.ends_on}" in page
    assert deciding.post(url("approve", absence)).status_code == 409

    asking.post(url("take_back", absence))

    assert standing_in.get(own_client.get_absolute_url()).status_code == 404
    assert "Taken back" in asking.get(url("detail", absence)).content.decode()


def test_a_refused_absence_says_so(manager, supervisor, login):
    absence = AbsenceFactory(person=manager, state="requested")

    login(supervisor).post(url("refuse", absence))

    assert "Refused" in login(manager).get(url("detail", absence)).content.decode()


def test_supervisors_enter_absences_of_their_people_only(manager, outsider, supervisor, login):
    browser = login(supervisor)

    browser.post(f"/absences/new/?person={manager.pk}", sent())

    assert Absence.objects.get().state == "approved"
    assert browser.get(f"/absences/new/?person={outsider.pk}").status_code == 404
    assert browser.get("/absences/new/?person=x").status_code == 404


def test_what_does_not_fit_comes_back(manager, peer, outsider, login):
    browser = login(manager)
    today = timezone.localdate()

    wrong = browser.post("/absences/new/", sent(ends_on=today - timedelta(days=1)))
    strange = browser.post("/absences/new/", sent(deputy=outsider.pk))
    browser.post("/absences/new/", sent())
    twice = browser.post("/absences/new/", sent())

    assert {wrong.status_code, strange.status_code, twice.status_code} == {422}
    assert "The last day comes before the first." in wrong.content.decode()
    assert "on these days already" in twice.content.decode()
    assert Absence.objects.count() == 1


@pytest.mark.rule("P1")
def test_lists_and_tokens_of_a_deputy(manager, peer, own_client, login, client):
    AbsenceFactory(person=manager, deputy=peer, on=True)
    TaskFactory(assignee=manager, params={"client": "Own Client", "month": "2026-06"})

    browser = login(peer)

    assert "Own Client" in browser.get("/clients/").content.decode()
    tasks = browser.get("/tasks/").content.decode()
    assert "Visit Own Client" in tasks
    assert "for Ma Li" in tasks


def test_my_day_keeps_the_absent_persons_work_apart(manager, peer, own_client, login):
    AbsenceFactory(person=manager, deputy=peer, on=True)
    VisitFactory(visitor=manager, client=own_client, starts_at=timezone.now(), place="Their hall")
    TaskFactory(assignee=manager, params={"client": "Own Client", "month": "2026-06"})

    response = login(peer).get("/")

    html = response.content.decode()
    assert "For Ma Li, away until" in html
    assert "Their hall" in html
    assert response.context["day"].open_tasks == 0
    assert not response.context["day"].visits


def test_news_says_whose_it_is(manager, peer, login):
    NotificationFactory(recipient=peer, meant_for=manager)

    assert "for Ma Li" in login(peer).get("/notifications/").content.decode()


def test_the_register_takes_the_same_queries_for_three_rows(
    manager, peer, supervisor, login, queries_of
):
    browser = login(supervisor)
    AbsenceFactory(person=manager, deputy=peer)
    for_one = queries_of(browser, LIST)
    for _ in range(2):
        AbsenceFactory(person=manager, deputy=peer)

    assert queries_of(browser, LIST) == for_one


def test_the_register_is_filtered_by_day(manager, peer, supervisor, login):
    today = timezone.localdate()
    AbsenceFactory(person=manager, on=True)
    AbsenceFactory(
        person=peer, starts_on=today + timedelta(days=9), ends_on=today + timedelta(days=9)
    )

    rows = login(supervisor).get(f"{LIST}?on={today}").context["table"].data

    assert {row.person for row in rows} == {manager}
    assert User.objects.get(pk=peer.pk).standing_in == []
