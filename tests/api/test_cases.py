"""Cases over REST."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from complaints.models import Case, ClientLookup
from staff.choices import Role
from tests.factories.accounts import ContactFactory
from tests.factories.complaints import CaseFactory, CaseStepFactory
from tests.factories.staff import DutyShiftFactory, UserFactory

NOW = datetime(2026, 7, 6, 3, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _monday():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def report(own_client):
    return {
        "client": own_client.pk, "kind": "complaint", "said": "Twice as high.",
        "caller_name": "Qian Lan", "caller_number": "13845670001", "window": "hotline",
    }  # fmt: skip


def ids(response):
    assert response.status_code == 200, response.content
    return [row["id"] for row in response.json()["results"]]


@pytest.mark.rule("P1")
def test_only_cases_in_sight_are_listed(api, manager, own_client, outsider):
    case = CaseFactory(client=own_client, first_responder=manager)
    CaseFactory(first_responder=outsider)

    assert ids(api(manager).get("cases/")) == [str(case.pk)]


@pytest.mark.rule("P1")
@pytest.mark.parametrize(
    "verb",
    ["", "reply/", "note/", "transfer/", "take/", "personality/", "leader/", "resolve/", "close/",
     "reopen/"],
)  # fmt: skip
def test_a_case_out_of_sight_is_404(verb, api, manager, outsider, assert_problem):
    path = f"cases/{CaseFactory(first_responder=outsider).pk}/{verb}"
    me = api(manager)

    assert_problem(me.post(path, {}) if verb else me.get(path), 404, "not_found")


@pytest.mark.rule("ORG-08", "ORG-16")
def test_anybody_takes_a_case_down(api, outsider, report):
    response = api(outsider).post("cases/", report | {"id": (key := uuid.uuid4())})

    assert response.status_code == 201, response.content
    body = response.json()
    assert (body["id"], body["status"]) == (str(key), "open")
    assert body["first_responder"]["username"] == "outsider"
    assert body["client"]["code"] == "OWN"
    assert body["first_reply_due_at"] == "2026-07-08T03:00:00Z"
    again = api(outsider).post("cases/", report | {"id": key})
    assert again.json()["number"] == body["number"]
    assert Case.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"said": ""}, "#/said"),
        ({"kind": "golf"}, "#/kind"),
        ({"client": str(uuid.uuid4())}, "#/client"),
        ({"status": "closed"}, "#/status"),
        ({"first_contact_at": "2026-07-06T10:00:00"}, "#/first_contact_at"),
    ],
)
def test_a_wrong_case_is_refused(change, pointer, api, manager, report, assert_problem):
    body = assert_problem(api(manager).post("cases/", report | change), 400, "validation_failed")

    assert [error["pointer"] for error in body["errors"]] == [pointer]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"caller_name": ""}, "caller_unknown"),
        ({"first_contact_at": "2026-07-07T10:00:00Z"}, "first_contact_ahead"),
    ],
)
def test_what_the_business_refuses(change, code, api, manager, report, assert_problem):
    assert_problem(api(manager).post("cases/", report | change), 409, code)


def test_contacts_of_clients_out_of_sight_cannot_be_named(
    api, outsider, own_client, report, assert_problem
):
    contact = ContactFactory(client=own_client)

    response = api(outsider).post("cases/", report | {"contact": contact.pk})

    assert_problem(response, 400, "validation_failed")


@pytest.mark.rule("ORG-08")
def test_names_of_clients_are_found_and_the_look_is_kept(api, outsider, own_client):
    response = api(outsider).post("cases/client-names/", {"q": "own cl"})

    assert response.json()["results"] == [
        {"id": str(own_client.pk), "code": "OWN", "name": "Own Client", "is_visible": False}
    ]
    assert ClientLookup.objects.get().person == outsider


def test_one_letter_finds_nobody(api, outsider, assert_problem):
    assert_problem(api(outsider).post("cases/client-names/", {"q": "o"}), 400, "validation_failed")


@pytest.mark.rule("ORG-16", "STF-08")
def test_a_case_goes_its_way(api, manager, own_client, supervisor, units):
    clerk = UserFactory(role=Role.COMPLAINT_CLERK, unit=units.city_2)
    DutyShiftFactory(person=supervisor, unit=units.city_1)
    path = f"cases/{CaseFactory(client=own_client, first_responder=manager).pk}/"
    me = api(manager)

    def step(verb, body):
        response = me.post(f"{path}{verb}/", body)
        assert response.status_code == 200, response.content
        return response.json()

    assert step("personality", {"personality": "driver"})["personality"] == "driver"
    assert step("leader", {})["leader"]["username"] == "supervisor"
    assert step("transfer", {"person": clerk.pk, "reason": "r"})["assignee"]["id"] == clerk.pk
    assert step("transfer", {"unit": units.city_2.pk, "reason": "r"})["assignee"] is None
    assert step("take", {})["assignee"]["username"] == "manager"
    assert step("note", {"text": "n"})["status"] == "open"
    assert step("reply", {"text": "We look into it."})["status"] == "replied"
    assert step("resolve", {"result": "Given back."})["status"] == "resolved"
    closed = step("close", {"satisfaction": "satisfied", "summary": "s", "is_lesson": True})
    assert (closed["status"], closed["is_lesson"]) == ("closed", True)
    assert step("reopen", {"reason": "Came back"})["status"] == "replied"
    steps = me.get("case-steps/", sort="at").json()["results"]
    assert len(steps) == 10


def test_who_hands_a_case_out_of_sight_sees_the_answer(api, outsider, own_client, manager):
    case = CaseFactory(client=own_client, first_responder=manager, assignee=outsider)
    me = api(outsider)

    response = me.post(f"cases/{case.pk}/transfer/", {"person": manager.pk, "reason": "Yours"})

    assert response.json()["assignee"]["username"] == "manager"
    assert me.get(f"cases/{case.pk}/").status_code == 404


def test_a_step_that_does_not_fit_is_409(api, manager, own_client, assert_problem):
    path = f"cases/{CaseFactory(client=own_client, first_responder=manager, closed=True).pk}/"

    assert_problem(api(manager).post(f"{path}reply/", {"text": "x"}), 409, "case_not_open")


def test_closing_needs_its_right(api, operations, own_client, manager, assert_problem):
    case = CaseFactory(client=own_client, first_responder=manager, resolved=True)
    body = {"satisfaction": "satisfied", "summary": "s"}

    response = api(operations).post(f"cases/{case.pk}/close/", body)

    assert_problem(response, 403, "permission_denied")


@pytest.mark.rule("SEC-10")
def test_the_callers_number_is_masked_without_the_right(api, operations, own_client, manager):
    case = CaseFactory(client=own_client, first_responder=manager)

    shown = [
        api(person).get(f"cases/{case.pk}/").json()["caller_number"]
        for person in (manager, operations)
    ]

    assert shown == ["13845670001", "138****0001"]


@pytest.mark.rule("ORG-17")
def test_overdue_is_judged_as_in_the_queue(api, manager, own_client):
    late = CaseFactory(
        client=own_client, first_responder=manager, due_at=NOW - timedelta(seconds=1)
    )
    CaseFactory(client=own_client, first_responder=manager)
    me = api(manager)

    assert me.get(f"cases/{late.pk}/").json()["is_overdue"] is True
    assert ids(me.get("cases/", overdue="true")) == [str(late.pk)]


def test_the_line_is_listed_for_a_case(api, manager, own_client, outsider):
    step = CaseStepFactory(case=CaseFactory(client=own_client, first_responder=manager))
    CaseStepFactory(case__first_responder=outsider)
    me = api(manager)

    assert ids(me.get("case-steps/")) == [str(step.pk)]
    assert ids(me.get("case-steps/", case=str(step.case_id))) == [str(step.pk)]
