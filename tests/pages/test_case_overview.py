"""Figures of cases, cases to learn from, who looked for which client."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
import time_machine
from django.urls import reverse

from complaints.models import LessonRead
from complaints.selectors.lessons import lesson_cases, lesson_of
from staff.choices import Role
from tests.factories.accounts import ClientFactory, ContactFactory
from tests.factories.complaints import CaseFactory, ClientLookupFactory, LessonReadFactory
from tests.factories.staff import UserFactory

pytestmark = pytest.mark.django_db
FIGURES = reverse("complaints:case_figures")
LESSONS = reverse("complaints:lesson_list")
LOOKS = reverse("complaints:lookup_log")


@pytest.fixture
def july():
    with time_machine.travel(datetime(2026, 7, 20, 2, tzinfo=UTC), tick=False):
        yield


def fill(own_client, manager):
    for satisfaction in ("satisfied", "satisfied", "partly", "dissatisfied", "not_reached"):
        CaseFactory(client=own_client, first_responder=manager, closed=True,
                    satisfaction=satisfaction)  # fmt: skip
    CaseFactory(client=own_client, first_responder=manager)
    CaseFactory(client=own_client, first_responder=manager, kind="enquiry")
    CaseFactory(
        client=own_client, first_responder=manager, closed=True,
        closed_at=datetime(2026, 8, 1, tzinfo=UTC),
    )  # fmt: skip


@pytest.mark.rule("ORG-26", "P2")
@pytest.mark.parametrize("unit", ["", "T1", "C1"])
def test_every_figure_opens_exactly_its_rows(
    unit, july, own_client, manager, supervisor, outsider, login
):
    fill(own_client, manager)
    CaseFactory(first_responder=outsider)
    browser = login(supervisor)

    figures = browser.get(f"{FIGURES}?month=2026-07&unit={unit}").context_data["figures"]

    cells = [figures.complaints, figures.asked, figures.satisfied, figures.dissatisfied,
             figures.running, figures.overdue]  # fmt: skip
    assert [cell.value for cell in cells] == [7, 4, 2, 1, 2, 2]
    for cell in cells:
        assert len(browser.get(cell.url).context_data["table"].data) == cell.value


@pytest.mark.rule("ORG-26")
def test_the_targets_are_hundred_per_cent_and_none(july, own_client, manager, supervisor, login):
    browser = login(supervisor)
    nothing = browser.get(FIGURES)
    fill(own_client, manager)
    page = browser.get(FIGURES)

    assert "target 100.00 %" in page.content.decode()
    assert "target 0" in page.content.decode()
    assert page.context_data["figures"].rate == Decimal("0.5")
    assert not page.context_data["figures"].is_rate_reached
    assert not page.context_data["figures"].is_count_reached
    assert nothing.context_data["figures"].rate is None
    assert nothing.context_data["figures"].is_count_reached


def test_figures_cost_the_same_for_any_number(
    july, own_client, manager, supervisor, login, queries_of
):
    fill(own_client, manager)
    one = queries_of(login(supervisor), FIGURES)
    fill(own_client, manager)

    assert queries_of(login(supervisor), FIGURES) == one


def test_figures_are_for_those_who_oversee(manager, supervisor, login):
    assert login(manager).get(FIGURES).status_code == 403
    assert FIGURES in login(supervisor).get(reverse("analytics:dashboard")).content.decode()


@pytest.mark.parametrize("query", ["month=nonsense", "unit=T2", "month=2026-13"])
def test_a_nonsense_address_shows_this_month(query, july, supervisor, login):
    page = login(supervisor).get(f"{FIGURES}?{query}")

    assert f"{page.context_data['figures'].month:%Y-%m}" == "2026-07"


@pytest.mark.rule("STF-08")
@pytest.mark.parametrize("role", Role.values)
def test_lessons_are_for_everybody_of_the_company(role, units, outsider, login):
    CaseFactory(first_responder=outsider, closed=True, is_lesson=True, summary="We check twice.")
    CaseFactory(first_responder=outsider, closed=True, summary="Kept to ourselves.")

    page = login(UserFactory(role=role, unit=units.team_1)).get(LESSONS).content.decode()

    assert "We check twice." in page
    assert "Kept to ourselves." not in page


@pytest.mark.rule("STF-08", "SEC-03")
def test_a_lesson_names_nobody(outsider, manager):
    client = ClientFactory(owner=outsider, name="江北水务", code="JB1")
    contact = ContactFactory(client=client, name="赵敏", mobile="13800138000")
    CaseFactory(
        first_responder=outsider, client=client, contact=contact, closed=True, is_lesson=True,
        summary="江北水务（JB1）的赵敏来电。", result="回电13800138000，钱兰不在。", caller_name="钱兰",
    )  # fmt: skip

    lesson = lesson_of(lesson_cases(manager).get())

    assert lesson.summary == "…（…）的…来电。"
    assert lesson.result == "回电…，…不在。"
    assert not hasattr(lesson, "client")


@pytest.mark.rule("STF-08")
def test_a_lesson_is_read_with_a_receipt(outsider, manager, login):
    case = CaseFactory(first_responder=outsider, closed=True, is_lesson=True)
    LessonReadFactory(case=case)
    browser = login(manager)
    assert len(browser.get(f"{LESSONS}?unread=true").context_data["lessons"]) == 1

    for _ in range(2):
        browser.post(reverse("complaints:lesson_read", args=[case.pk]))

    assert LessonRead.objects.filter(person=manager, case=case).count() == 1
    assert browser.get(LESSONS).context_data["lessons"][0].reads == 2
    assert browser.get(f"{LESSONS}?unread=true").context_data["lessons"] == []


def test_what_is_no_lesson_cannot_be_read(outsider, manager, login):
    case = CaseFactory(first_responder=outsider, closed=True)

    assert login(manager).post(reverse("complaints:lesson_read", args=[case.pk])).status_code == 404


def test_lessons_cost_the_same_for_any_number(outsider, manager, login, queries_of):
    CaseFactory(first_responder=outsider, closed=True, is_lesson=True)
    one = queries_of(login(manager), LESSONS)
    CaseFactory.create_batch(2, first_responder=outsider, closed=True, is_lesson=True)

    assert queries_of(login(manager), LESSONS) == one


@pytest.mark.rule("STF-08")
def test_a_closed_case_is_marked_and_taken_out(own_client, manager, operations, login):
    case = CaseFactory(client=own_client, first_responder=manager, closed=True)
    url = reverse("complaints:case_lesson", args=[case.pk])

    assert login(operations).post(url, {"lesson": "1"}).status_code == 403
    for sent, is_lesson in (("1", True), ("0", False)):
        assert login(manager).post(url, {"lesson": sent}).status_code == 302
        case.refresh_from_db()
        assert case.is_lesson is is_lesson


@pytest.mark.rule("ORG-08")
def test_who_looked_for_clients_of_others_is_listed(manager, supervisor, outsider, login):
    ClientLookupFactory(person=manager, text="水务集团")
    ClientLookupFactory(person=outsider, text="煤矿")

    page = login(supervisor).get(LOOKS).content.decode()

    assert "水务集团" in page
    assert "煤矿" not in page
    assert login(manager).get(LOOKS).status_code == 403
    assert LOOKS in login(supervisor).get(reverse("accounts:reveal_log")).content.decode()
