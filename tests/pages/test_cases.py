"""The queue, taking a case down, its page and its steps."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from complaints.choices import CaseStatus
from complaints.models import Case, ClientLookup
from staff.choices import Role
from staff.roles import ROLE_RIGHTS
from tests.factories.accounts import ClientFactory, ContactFactory
from tests.factories.complaints import CaseFactory, CaseStepFactory
from tests.factories.staff import UserFactory

pytestmark = pytest.mark.django_db
QUEUE = reverse("complaints:case_list")
NEW = reverse("complaints:case_create")
HTMX = {"HX-Request": "true"}
STEPS = {
    "reply": {"text": "We look into it."},
    "note": {"text": "Asked billing."},
    "personality": {"personality": "driver"},
    "leader": {"text": "In the hall"},
    "resolve": {"text": "Given back."},
}


def case_input(**changes):
    return {
        "kind": "complaint", "said": "Twice as high.", "wanted": "The money back.",
        "caller_name": "Qian Lan", "caller_number": "13845670001", "urgency": "normal",
        "severity": "minor", "window": "hotline", "channel": "phone", "personality": "",
    } | changes  # fmt: skip


def step_url(case, verb):
    return reverse(f"complaints:case_{verb}", args=[case.pk])


def numbers(response):
    return [row.number for row in response.context_data["table"].data]


@pytest.fixture
def no_rights(monkeypatch):
    """Nobody has any right about cases."""
    for role, rights in ROLE_RIGHTS.items():
        kept = frozenset(right for right in rights if not right.startswith("complaints."))
        monkeypatch.setitem(ROLE_RIGHTS, role, kept)


# The queue --------------------------------------------------------------------------------------


@pytest.mark.rule("P1")
def test_the_queue_shows_cases_in_sight_only(own_client, manager, outsider, login):
    mine = CaseFactory(client=own_client, first_responder=manager)
    CaseFactory(first_responder=outsider)

    assert numbers(login(manager).get(QUEUE)) == [mine.number]


def test_the_queue_as_a_fragment_is_the_list_alone(own_client, manager, login):
    CaseFactory(client=own_client, first_responder=manager)
    browser = login(manager)

    assert "<html" in browser.get(QUEUE).content.decode()
    fragment = browser.get(QUEUE, headers=HTMX).content.decode()
    assert "<html" not in fragment
    assert "C2607-" in fragment


def test_tabs_of_the_queue_lead_to_their_rows(own_client, manager, peer, units, login):
    mine = CaseFactory(client=own_client, first_responder=manager)
    owed = CaseFactory(client=own_client, first_responder=manager, assignee=peer)
    late = CaseFactory(client=own_client, first_responder=peer, assignee=peer)
    Case.objects.exclude(pk=late.pk).update(
        due_at=timezone.now() + timedelta(days=1), first_reply_due_at=timezone.now()
    )
    CaseFactory(client=own_client, first_responder=peer, resolved=True)
    elsewhere = CaseFactory(
        client=own_client, first_responder=peer, responsible_unit=units.team_2, replied=True
    )
    Case.objects.filter(pk=elsewhere.pk).update(due_at=timezone.now() + timedelta(days=9))
    browser = login(manager)

    tabs = browser.get(QUEUE).context_data["quick_tabs"]
    shown = [set(numbers(browser.get(tab.url))) for tab in tabs]

    assert len(shown[0]) == 5
    assert shown[1:] == [
        {mine.number, owed.number}, {mine.number, owed.number, late.number}, {late.number},
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("kind=fault", {"B"}),
        ("status=closed", {"B"}),
        ("running=true", {"A"}),
        ("q=b", {"B"}),
        ("q=own", {"A", "B"}),
        ("satisfaction=satisfied&closed_in=2026-07", {"B"}),
        ("closed_in=2026-06", set()),
        ("received_in=2026-07", {"A", "B"}),
        ("received_in=2026-08", set()),
        ("asked=true", {"B"}),
        ("asked=false", {"A"}),
        ("overdue=false", {"B"}),
    ],
)
def test_filters_are_in_the_address(query, found, own_client, manager, login):
    CaseFactory(number="A", client=own_client, first_responder=manager)
    CaseFactory(number="B", client=own_client, first_responder=manager, kind="fault", closed=True)

    assert set(numbers(login(manager).get(f"{QUEUE}?{query}"))) == found


def test_the_queue_marks_what_is_overdue(own_client, manager, login):
    CaseFactory(client=own_client, first_responder=manager)

    assert "overdue" in login(manager).get(f"{QUEUE}?overdue=true").content.decode()


@pytest.mark.parametrize("url", [QUEUE, f"{QUEUE}?mine=true", f"{QUEUE}?overdue=true"])
def test_the_queue_costs_the_same_for_any_number_of_cases(
    url, own_client, manager, login, queries_of
):
    CaseFactory(client=own_client, first_responder=manager)
    one = queries_of(login(manager), url)
    CaseFactory.create_batch(2, client=own_client, first_responder=manager)

    assert queries_of(login(manager), url) == one


# Taking down ------------------------------------------------------------------------------------


@pytest.mark.rule("ORG-08")
def test_a_client_of_anybody_is_found_by_name(foreign_client, manager, login):
    page = login(manager).get(f"{NEW}?q=foreign")
    part = login(manager).get(f"{NEW}?q=foreign", headers=HTMX).content.decode()

    assert f"?client={foreign_client.pk}" in page.content.decode()
    assert "Foreign Client" in part
    assert "FOREIGN" in part
    assert "<html" not in part
    assert "Ouyang Fei" not in page.content.decode()


@pytest.mark.rule("ORG-08")
def test_too_many_looks_are_said(foreign_client, manager, login, settings):
    settings.CLIENT_LOOKS_PER_HOUR = 0

    page = login(manager).get(f"{NEW}?q=foreign").content.decode()

    assert "Wait a little" in page
    assert "FOREIGN" not in page


@pytest.mark.rule("ORG-08")
def test_a_case_is_taken_down_for_a_client_out_of_sight(foreign_client, manager, login):
    ContactFactory(client=foreign_client, name="Secret Person")
    browser = login(manager)

    form = browser.get(f"{NEW}?client={foreign_client.pk}")
    response = browser.post(f"{NEW}?client={foreign_client.pk}", case_input())

    assert "contact" not in form.context_data["form"].fields
    assert "Secret Person" not in form.content.decode()
    case = Case.objects.get()
    assert (case.client, case.first_responder) == (foreign_client, manager)
    assert response.headers["Location"] == case.get_absolute_url()
    page = browser.get(case.get_absolute_url()).content.decode()
    assert foreign_client.get_absolute_url() not in page
    assert browser.get(foreign_client.get_absolute_url()).status_code == 404
    assert ClientLookup.objects.count() == 2


def test_of_an_own_client_the_contacts_are_offered(own_client, manager, login):
    contact = ContactFactory(client=own_client)
    url = f"{NEW}?client={own_client.pk}&kind=fault"
    browser = login(manager)

    assert browser.get(url).context_data["form"]["kind"].value() == "fault"
    assert browser.post(url, case_input(contact=contact.pk, caller_name="")).status_code == 302
    assert Case.objects.get().contact == contact


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"said": ""}, "said"),
        ({"caller_name": ""}, "caller_name"),
        ({"kind": "golf"}, "kind"),
        ({"first_contact_at": "2099-01-01T10:00"}, "__all__"),
    ],
)
def test_a_wrong_case_says_why_and_keeps_the_input(wrong, field, own_client, manager, login):
    response = login(manager).post(f"{NEW}?client={own_client.pk}", case_input() | wrong)

    assert response.status_code == 422
    assert list(response.context_data["form"].errors) == [field]
    assert "The money back." in response.content.decode()
    assert not Case.objects.exists()


@pytest.mark.parametrize("client", ["", "nonsense", "00000000-0000-7000-8000-000000000000"])
def test_without_such_a_client_there_is_no_form(client, manager, login):
    assert login(manager).get(f"{NEW}?client={client}").status_code == 404


# The page ---------------------------------------------------------------------------------------


@pytest.mark.rule("ORG-07", "ORG-16")
def test_the_page_says_who_owes_what(own_client, manager, peer, units, login):
    case = CaseFactory(
        client=own_client, first_responder=peer, assignee=manager, receiving_unit=units.city_2,
        responsible_unit=units.team_1, window="hall",
    )  # fmt: skip
    CaseStepFactory(case=case, text="Asked billing.")

    page = login(manager).get(case.get_absolute_url()).content.decode()

    for text in ("Pan Wei owes the client the first reply", "City 2", "Team 1", "Business hall",
                 "Asked billing.", "The bill is twice as high"):  # fmt: skip
        assert text in page


@pytest.mark.rule("P1")
def test_the_page_of_a_case_out_of_sight_is_not_there(own_client, manager, outsider, login):
    case = CaseFactory(client=own_client, first_responder=manager)

    assert login(outsider).get(case.get_absolute_url()).status_code == 404


@pytest.mark.rule("CON-14")
@pytest.mark.parametrize("known", ["case", "contact"])
def test_the_page_shows_how_to_answer_this_sort_of_person(known, own_client, manager, login):
    contact = ContactFactory(client=own_client, personality="driver" if known == "contact" else "")
    case = CaseFactory(
        client=own_client, first_responder=manager, contact=contact,
        personality="driver" if known == "case" else "",
    )  # fmt: skip

    page = login(manager).get(case.get_absolute_url())

    assert page.context_data["page"].tip.value == "driver"
    assert "Be brief and come to the point" in page.content.decode()


@pytest.mark.rule("CON-14")
def test_what_the_archive_says_of_a_person_stays_with_the_client(
    own_client, manager, outsider, login
):
    contact = ContactFactory(client=own_client, personality="driver")
    case = CaseFactory(
        client=own_client, first_responder=manager, assignee=outsider, contact=contact
    )

    page = login(outsider).get(case.get_absolute_url())

    assert page.context_data["page"].tip is None
    assert contact.get_absolute_url() not in page.content.decode()


@pytest.mark.rule("SEC-10")
def test_the_callers_number_is_masked_without_the_right(
    own_client, manager, operations, province, login
):
    case = CaseFactory(client=own_client, first_responder=manager, caller_number="13845670001")

    for person, is_shown in ((manager, True), (operations, False), (province, False)):
        page = login(person).get(case.get_absolute_url()).content.decode()
        assert ("13845670001" in page) is is_shown
        assert ("138****0001" in page) is not is_shown


@pytest.mark.rule("SEC-10")
def test_who_wrote_the_number_down_sees_it(own_client, operations, login):
    case = CaseFactory(client=own_client, first_responder=operations)

    assert "13845670001" in login(operations).get(case.get_absolute_url()).content.decode()


def test_the_page_costs_the_same_for_any_length_of_the_line(own_client, manager, login, queries_of):
    case = CaseFactory(client=own_client, first_responder=manager)
    CaseStepFactory(case=case)
    one = queries_of(login(manager), case.get_absolute_url())
    for number in range(2):
        CaseStepFactory(case=case, by=UserFactory(), at=datetime(2026, 7, 7, number, tzinfo=UTC))

    assert queries_of(login(manager), case.get_absolute_url()) == one


def test_the_page_as_a_fragment_is_its_body(own_client, manager, login):
    case = CaseFactory(client=own_client, first_responder=manager)

    body = login(manager).get(case.get_absolute_url(), headers=HTMX).content.decode()

    assert 'id="case-body"' in body
    assert "<html" not in body


# Steps ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("verb", STEPS)
def test_a_step_is_taken_in_the_dialog_or_on_its_page(verb, own_client, manager, supervisor, login):
    browser = login(manager)
    for headers, status in (({}, 302), (HTMX, 204)):
        case = CaseFactory(client=own_client, first_responder=manager)
        url = step_url(case, verb)

        assert ("<html" in browser.get(url, headers=headers).content.decode()) is not headers
        response = browser.post(url, STEPS[verb], headers=headers)

        assert response.status_code == status
        assert case.steps.get().by == manager


@pytest.mark.parametrize("verb", ["reply", "note", "resolve", "transfer"])
def test_an_empty_step_is_refused(verb, own_client, manager, login):
    case = CaseFactory(client=own_client, first_responder=manager)

    assert login(manager).post(step_url(case, verb), {"text": " "}).status_code == 422
    assert not case.steps.exists()


def test_a_case_is_handed_to_a_unit_and_taken_on(own_client, manager, units, login):
    clerk = UserFactory(role=Role.COMPLAINT_CLERK, unit=units.city_2)
    case = CaseFactory(client=own_client, first_responder=manager)
    fields = {"unit": units.city_2.pk, "reason": "Billing is there"}

    assert login(manager).post(step_url(case, "transfer"), fields).status_code == 302
    browser = login(clerk)
    assert "Take it on" in browser.get(case.get_absolute_url()).content.decode()
    browser.post(step_url(case, "take"))

    case.refresh_from_db()
    assert case.assignee == clerk


def test_people_far_away_are_reached_through_their_unit(own_client, manager, outsider, peer, login):
    case = CaseFactory(client=own_client, first_responder=manager)
    offered = login(manager).get(step_url(case, "transfer")).context_data["form"].fields["person"]

    assert peer in offered.queryset
    assert outsider not in offered.queryset


@pytest.mark.rule("STF-08")
def test_a_case_is_closed_with_summary_and_satisfaction(own_client, manager, login):
    case = CaseFactory(client=own_client, first_responder=manager, resolved=True)
    url, browser = step_url(case, "close"), login(manager)

    assert browser.post(url, {"summary": "s"}).status_code == 422
    fields = {"satisfaction": "satisfied", "summary": "Learned.", "is_lesson": "on"}
    assert browser.post(url, fields).status_code == 302

    case.refresh_from_db()
    assert (case.status, case.is_lesson) == (CaseStatus.CLOSED, True)
    assert "Learned." in browser.get(case.get_absolute_url()).content.decode()
    assert browser.post(step_url(case, "reopen"), {"text": "Came back"}).status_code == 302


@pytest.mark.parametrize("verb", ["reply", "transfer", "leader", "resolve"])
def test_a_solved_case_has_to_be_reopened_first(verb, own_client, manager, units, login):
    case = CaseFactory(client=own_client, first_responder=manager, resolved=True)
    fields = STEPS.get(verb, {"unit": units.city_2.pk, "reason": "r"})

    response = login(manager).post(step_url(case, verb), fields)

    assert response.status_code == 422
    assert "solved already" in response.content.decode()


@pytest.mark.rule("P1")
@pytest.mark.parametrize("verb", [*STEPS, "transfer", "take", "close", "reopen"])
def test_steps_on_a_case_out_of_sight_are_not_there(verb, own_client, manager, outsider, login):
    case = CaseFactory(client=own_client, first_responder=manager)

    assert login(outsider).post(step_url(case, verb), {}).status_code == 404


@pytest.mark.parametrize("verb", [*STEPS, "transfer", "take", "close", "reopen", "detail"])
def test_without_the_right_it_is_refused(verb, own_client, manager, login, no_rights):
    case = CaseFactory(client=own_client, first_responder=manager)

    assert login(manager).post(step_url(case, verb), {}).status_code == 403


@pytest.mark.parametrize("url", [QUEUE, NEW])
def test_without_the_right_there_is_no_queue(url, manager, login, no_rights):
    assert login(manager).get(url).status_code == 403


def test_closing_is_for_those_whose_work_it_is(own_client, manager, operations, login):
    case = CaseFactory(client=own_client, first_responder=manager, resolved=True)

    assert login(operations).get(case.get_absolute_url()).status_code == 200
    assert login(operations).get(step_url(case, "close")).status_code == 403


# On the client's page ---------------------------------------------------------------------------


def test_the_clients_tab_lists_its_cases_only(own_client, manager, login):
    case = CaseFactory(client=own_client, first_responder=manager)
    CaseFactory(client=ClientFactory(owner=manager), first_responder=manager)
    url = reverse("complaints:client_cases", args=[own_client.pk])

    assert numbers(login(manager).get(url)) == [case.number]


def test_the_client_page_leads_to_a_new_case(own_client, manager, login):
    page = login(manager).get(own_client.get_absolute_url()).content.decode()

    assert f"{NEW}?client={own_client.pk}" in page


def test_the_header_counts_open_and_overdue_cases(own_client, manager, login):
    CaseFactory(client=own_client, first_responder=manager)
    CaseFactory(client=own_client, first_responder=manager, closed=True)
    browser = login(manager)

    head = browser.get(own_client.get_absolute_url()).context_data["head"]

    figure = next(each for each in head.figures if "cases" in str(each.label))
    assert (figure.value, figure.hint) == ("1", "1 overdue")
    assert len(numbers(browser.get(figure.url))) == 1
    assert head.badges["cases"] == 1


def test_the_timeline_tells_of_cases(own_client, manager, login):
    CaseFactory(number="C2607-77777", client=own_client, first_responder=manager, closed=True)

    url = reverse("accounts:client_timeline", args=[own_client.pk])
    page = login(manager).get(f"{url}?kind=case").content.decode()

    assert "C2607-77777 · Complaint · Qian Lan" in page
    assert "The fee was given back." in page


def test_a_case_is_found_by_its_number(own_client, manager, outsider, login):
    case = CaseFactory(number="C2607-77777", client=own_client, first_responder=manager)
    url = reverse("staff:search")

    assert case.get_absolute_url() in login(manager).get(f"{url}?q=c2607-77777").content.decode()
    assert (
        case.get_absolute_url() not in login(outsider).get(f"{url}?q=c2607-77777").content.decode()
    )
