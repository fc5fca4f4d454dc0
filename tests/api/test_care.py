"""Gifts and service records over REST."""

import uuid
from datetime import UTC, datetime

import pytest
import time_machine

from tests.factories.care import GiftFactory, ServiceRecordFactory


@pytest.fixture(autouse=True)
def _monday():
    with time_machine.travel(datetime(2026, 7, 6, 3, tzinfo=UTC), tick=False):
        yield


@pytest.fixture
def gift_body(own_client):
    return {
        "client": own_client.pk, "occasion": "birthday", "item": "Tea", "value": "900.00",
        "happened_on": "2026-07-06", "direction": "received",
    }  # fmt: skip


@pytest.mark.rule("P1")
@pytest.mark.parametrize("path", ["gifts", "service-records"])
def test_rows_in_sight_only(path, api, manager, outsider, own_client, assert_problem):
    make = {
        "gifts": lambda **who: GiftFactory(person=who.pop("by"), **who),
        "service-records": lambda **who: ServiceRecordFactory(served_by=who.pop("by"), **who),
    }[path]
    mine, theirs = make(client=own_client, by=manager), make(by=outsider)
    me = api(manager)

    assert [row["id"] for row in me.get(f"{path}/").json()["results"]] == [str(mine.pk)]
    assert_problem(me.get(f"{path}/{theirs.pk}/"), 404, "not_found")


@pytest.mark.rule("SEC-13")
def test_a_dear_gift_waits_and_is_decided_by_somebody_else(
    api, manager, supervisor, gift_body, assert_problem
):
    response = api(manager).post("gifts/", gift_body | {"id": (key := uuid.uuid4())})

    assert response.status_code == 201, response.content
    assert (response.json()["id"], response.json()["state"]) == (str(key), "waiting")
    path = f"gifts/{key}/decide/"
    assert_problem(api(manager).post(path, {"approves": True}), 403, "permission_denied")
    decided = api(supervisor).post(path, {"approves": True}).json()
    assert (decided["state"], decided["decided_by"]["username"]) == ("approved", "supervisor")
    assert_problem(api(supervisor).post(path, {"approves": True}), 409, "already_decided")


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"value": "-1"}, "#/value"),
        ({"state": "approved"}, "#/state"),
        ({"happened_on": "0026-07-06"}, "#/happened_on"),
        ({"item": ""}, "#/item"),
    ],
)
def test_a_wrong_gift_is_refused(change, pointer, api, manager, gift_body, assert_problem):
    body = assert_problem(api(manager).post("gifts/", gift_body | change), 400, "validation_failed")

    assert [error["pointer"] for error in body["errors"]] == [pointer]


@pytest.mark.rule("ARC-50")
def test_a_service_is_recorded(api, manager, own_client):
    body = {
        "client": own_client.pk, "service": "enquiry", "served_on": "2026-07-06", "done": "Told",
    }  # fmt: skip

    response = api(manager).post("service-records/", body)

    assert response.status_code == 201, response.content
    assert response.json()["served_by"]["username"] == "manager"


def test_recording_needs_its_right(api, operations, gift_body, own_client, assert_problem):
    assert_problem(api(operations).post("gifts/", gift_body), 403, "permission_denied")
