"""Visits over REST."""

import uuid
from datetime import UTC, datetime

import pytest
import time_machine

from tests.factories.accounts import ContactFactory
from tests.factories.staff import TaskFactory
from tests.factories.visits import VisitFactory
from visits.models import Visit

NOW = datetime(2026, 7, 6, 1, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _monday():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def plan(own_client):
    return {
        "client": own_client.pk,
        "purpose": "retention",
        "outline": "Ask about the bill.",
        "starts_at": "2026-07-08T10:00:00+08:00",
        "place": "Their office",
    }


def ids(response):
    assert response.status_code == 200, response.content
    return [row["id"] for row in response.json()["results"]]


def test_visits_list_shows_own_clients_only(api, manager, own_client, foreign_client):
    visit = VisitFactory(client=own_client, visitor=manager)
    VisitFactory(client=foreign_client)

    assert ids(api(manager).get("visits/")) == [str(visit.pk)]


def test_visit_out_of_scope_is_404(api, manager, foreign_client, assert_problem):
    path = f"visits/{VisitFactory(client=foreign_client).pk}/"
    me = api(manager)

    for response in (
        me.get(path),
        me.patch(path, {"place": "x"}),
        me.post(f"{path}record/", {"summary": "s", "next_step": "n"}),
        me.post(f"{path}cancel/", {"reason": "r"}),
    ):
        assert_problem(response, 404, "not_found")


def test_missing_right_is_403(api, operations, own_client, plan, assert_problem):
    path = f"visits/{VisitFactory(client=own_client).pk}/"
    me = api(operations)

    assert me.get(path).status_code == 200
    assert_problem(me.post("visits/", plan), 403, "permission_denied")
    assert_problem(me.patch(path, {"place": "x"}), 403, "permission_denied")
    assert_problem(me.post(f"{path}cancel/", {"reason": "r"}), 403, "permission_denied")


def test_plan_uses_own_id_and_sets_the_deadline(api, manager, own_client, plan):
    task = TaskFactory(assignee=manager)
    row_id = uuid.uuid4()

    response = api(manager).post("visits/", {**plan, "id": row_id, "task": task.pk})

    assert response.status_code == 201, response.content
    body = response.json()
    assert (body["id"], body["starts_at"]) == (str(row_id), "2026-07-08T02:00:00Z")
    assert (body["record_due_on"], body["task"]) == ("2026-07-13", str(task.pk))
    assert Visit.objects.get().visitor == manager


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"starts_at": "2026-07-05T10:00:00Z"}, "#/starts_at"),
        ({"starts_at": "2026-07-08T10:00:00"}, "#/starts_at"),
        ({"starts_at": "9999-12-31T23:59:59Z"}, "#/starts_at"),
        ({"starts_at": "2026-07-06T10:00:00Z"}, "#/short_notice_reason"),
        ({"outline": " "}, "#/outline"),
        ({"place": ""}, "#/place"),
        ({"purpose": "fun"}, "#/purpose"),
        ({"record_due_on": "2026-07-10"}, "#/record_due_on"),
        ({"client": "not-a-uuid"}, "#/client"),
        ({"visitor": 10**30}, "#/visitor"),
    ],
)
def test_plan_refuses(api, manager, plan, change, pointer, assert_problem):
    body = assert_problem(api(manager).post("visits/", plan | change), 400, "validation_failed")

    assert [error["pointer"] for error in body["errors"]] == [pointer]
    assert not Visit.objects.exists()


def test_contact_must_belong_to_the_client(api, supervisor, peer, plan, assert_problem):
    stranger = ContactFactory(client__owner=peer)

    response = api(supervisor).post("visits/", {**plan, "contact": stranger.pk})

    body = assert_problem(response, 400, "validation_failed")
    assert [(e["pointer"], e["code"]) for e in body["errors"]] == [("#/contact", "other_client")]


def test_patch_moves_the_visit_and_its_deadline(api, manager, own_client):
    visit = VisitFactory(client=own_client, visitor=manager, place="There")

    response = api(manager).patch(
        f"visits/{visit.pk}/", {"starts_at": "2026-07-09T02:00:00Z", "mode": "phone"}
    )

    assert response.status_code == 200, response.content
    assert response.json()["record_due_on"] == "2026-07-13"


def test_record_completes_once(api, manager, own_client, assert_problem):
    path = f"visits/{VisitFactory(client=own_client, visitor=manager).pk}/record/"
    body = {"summary": "Talked.", "next_step": "Offer", "next_step_on": "2026-07-20"}

    response = api(manager).post(path, body)

    assert response.status_code == 200, response.content
    assert (response.json()["state"], response.json()["recorded_at"]) == (
        "done", "2026-07-06T01:00:00Z",
    )  # fmt: skip
    assert_problem(api(manager).post(path, body), 409, "visit_not_open")


def test_cancel_keeps_the_reason(api, manager, own_client, assert_problem):
    path = f"visits/{VisitFactory(client=own_client, visitor=manager).pk}/cancel/"

    assert_problem(api(manager).post(path), 400, "validation_failed")
    assert api(manager).post(path, {"reason": "Flood"}).json()["cancelled_reason"] == "Flood"


def test_filters_narrow(api, supervisor, manager, peer, own_client):
    old = VisitFactory(
        client=own_client, visitor=manager, starts_at=datetime(2026, 6, 1, 1, tzinfo=UTC),
        record_due_on="2026-06-04",
    )  # fmt: skip
    done = VisitFactory(
        client__name="中国移动", client__owner=peer, visitor=peer, done=True, mode="phone",
        purpose="care", starts_at=datetime(2026, 7, 3, 17, tzinfo=UTC),
    )  # fmt: skip
    find = api(supervisor)

    for query, expected in [
        ({}, [done, old]),
        ({"overdue": "true"}, [old]),
        ({"overdue": "false"}, [done]),
        ({"without_record": "true"}, [old]),
        ({"without_record": "false"}, [done]),
        ({"q": "zgyd"}, [done]),
        ({"visitor": manager.pk}, [old]),
        ({"state": "done", "mode": "phone", "purpose": "care"}, [done]),
        ({"client": own_client.pk}, [old]),
        # 17:00 UTC is the next day in Beijing, where the supervisor sits.
        ({"starts_on__gte": "2026-07-04", "starts_on__lte": "2026-07-04"}, [done]),
        ({"starts_on__lte": "2026-07-03"}, [old]),
        ({"unit": "C1", "sort": "starts_at"}, [old, done]),
    ]:
        assert ids(find.get("visits/", **query)) == [str(visit.pk) for visit in expected], query
