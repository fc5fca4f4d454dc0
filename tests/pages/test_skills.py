"""Competence profiles, training and career steps."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from staff.choices import Role
from staff.exceptions import OutOfReach
from staff.models import Assessment, Attendance, CareerStep, Course, Quality, TrainingSession
from staff.selectors.skills import competence, profile_of
from staff.services import skills
from tests.factories.staff import TrainingSessionFactory, UserFactory

pytestmark = pytest.mark.django_db


def url(person):
    return reverse("staff:person_skills", args=[person.pk])


def filled(person, value):
    return {quality.code: str(value) for quality in profile_of(person)} | {"note": "well"}


@pytest.mark.rule("STF-01", "STF-02")
def test_fourteen_qualities_of_a_manager_and_twelve_of_an_agent(manager, units):
    agent = UserFactory(role=Role.AGENT, unit=units.team_1)

    assert len(profile_of(manager)) == 14
    assert len(profile_of(agent)) == 12
    groups = [quality.name_en.partition(":")[0] for quality in profile_of(agent)]
    assert {group: groups.count(group) for group in groups} == {
        "Morality": 4, "Business": 4, "Psychology": 4,
    }  # fmt: skip


@pytest.mark.rule("STF-01")
def test_both_sides_assess_and_the_history_stays(manager, supervisor, login):
    login(manager).post(url(manager), filled(manager, 4))
    login(supervisor).post(url(manager), filled(manager, 2))
    login(supervisor).post(url(manager), filled(manager, 3))

    profile, history = competence(manager, manager)

    assert {(row.own, row.supervisor) for row in profile} == {(4, 3)}
    assert [a.kind for a in history] == ["supervisor", "supervisor", "self"]
    assert history[0].assessed_on == timezone.localdate()
    html = login(manager).get(url(manager)).content.decode()
    assert supervisor.full_name in html


@pytest.mark.rule("STF-01")
@pytest.mark.parametrize("value", ["0", "6", "", "x"])
def test_values_go_from_one_to_five(manager, login, value):
    response = login(manager).post(url(manager), filled(manager, 4) | {"law": value})

    assert response.status_code == 422
    assert not Assessment.objects.exists()


@pytest.mark.rule("P1", "STF-01")
def test_profiles_are_personal(manager, peer, outsider, supervisor, operations, province, login):
    login(manager).post(url(manager), filled(manager, 4))

    for person in (peer, outsider):
        assert login(person).get(url(manager)).status_code == 404
        assert not Assessment.objects.visible_to(person).exists()
    assert login(supervisor).get(url(outsider)).status_code == 404
    with pytest.raises(OutOfReach):
        skills.assess(person=outsider, values={}, note="", today=date(2026, 7, 6), by=supervisor)
    with pytest.raises(OutOfReach):
        skills.assess(person=manager, values={}, note="", today=date(2026, 7, 6), by=province)


@pytest.mark.rule("STF-03", "STF-06", "STF-09")
def test_the_catalogue(supervisor, login):
    html = login(supervisor).get("/training/").content.decode()

    assert Course.objects.filter(kind="subject").count() == 6
    for name in ("Economy", "Law", "Negotiation", "The four question types", "Visit simulation"):
        assert name in html


@pytest.mark.rule("STF-04")
def test_attendance_with_notes(manager, supervisor, units, login):
    browser = login(supervisor)
    course = Course.objects.get(code="service-norms")
    browser.post(
        "/training/sessions/new/",
        {"course": course.pk, "unit": units.city_1.pk, "held_on": "2026-07-06"},
    )
    page = reverse("staff:session_detail", args=[TrainingSession.objects.get().pk])

    for notes in ("First", "Learnt to knock"):
        browser.post(page, {"person": manager.pk, "notes": notes})

    assert Attendance.objects.get().notes == "Learnt to knock"
    assert "Learnt to knock" in browser.get(page).content.decode()
    assert "Learnt to knock" in login(manager).get(url(manager)).content.decode()


@pytest.mark.rule("P1")
def test_sessions_elsewhere_are_not_seen(units, supervisor, outsider, login):
    there = TrainingSessionFactory(unit=units.team_2, trainer="Stranger")
    browser = login(supervisor)

    assert "Stranger" not in browser.get("/training/").content.decode()
    assert browser.get(reverse("staff:session_detail", args=[there.pk])).status_code == 404
    own = TrainingSessionFactory(unit=units.team_1)
    page = reverse("staff:session_detail", args=[own.pk])
    assert browser.post(page, {"person": outsider.pk}).status_code == 422


@pytest.mark.rule("STF-05")
def test_years_of_the_career_are_a_setting(operations, supervisor, login):
    step = CareerStep.objects.get(to_position__code="shift-manager")
    page = reverse("staff:career_edit", args=[step.pk])
    sent = {"years": "3", "skills_en": "Communication", "skills_zh": "沟通"}
    assert step.years is None
    assert "years not set" in login(operations).get("/training/").content.decode()
    assert CareerStep.objects.filter(to_position__code="hall-manager").exists()

    assert login(supervisor).post(page, sent).status_code == 403
    login(operations).post(page, sent)

    assert "after 3 years" in login(operations).get("/training/").content.decode()


def test_pages_take_the_same_queries_for_three_rows(manager, supervisor, units, login, queries_of):
    browser = login(supervisor)
    values = dict.fromkeys(Quality.objects.filter(profile="manager"), 3)

    def add():
        skills.assess(person=manager, values=values, note="", today=date(2026, 7, 6), by=supervisor)
        session = TrainingSessionFactory(unit=units.team_1)
        skills.note_attendance(session=session, person=manager, notes="n", by=supervisor)

    add()
    for_one = queries_of(browser, url(manager)), queries_of(browser, "/training/")
    add()
    add()

    assert (queries_of(browser, url(manager)), queries_of(browser, "/training/")) == for_one
