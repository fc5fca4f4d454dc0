"""Logged contacts and notes over REST."""

import uuid
from datetime import UTC, datetime

import pytest
import time_machine

from accounts.models import ContactLog
from tests.factories.accounts import ContactFactory, ContactLogFactory, NoteFactory

NOW = datetime(2026, 7, 6, 4, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _monday():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.mark.parametrize(
    ("path", "factory", "who"),
    [("contact-logs/", ContactLogFactory, "logged_by"), ("notes/", NoteFactory, "author")],
)
def test_lists_show_own_clients_only(
    path, factory, who, api, manager, own_client, foreign_client, assert_problem
):
    mine = factory(client=own_client, **{who: manager})
    other = factory(client=foreign_client)

    rows = api(manager).get(path).json()["results"]

    assert [row["id"] for row in rows] == [str(mine.pk)]
    assert_problem(api(manager).get(f"{path}{other.pk}/"), 404, "not_found")


@pytest.mark.parametrize(
    ("path", "body"), [("contact-logs/", {"content": "x"}), ("notes/", {"text": "x"})]
)
def test_writing_needs_the_right(path, body, api, operations, own_client, assert_problem):
    response = api(operations).post(path, body | {"client": own_client.pk})

    assert_problem(response, 403, "permission_denied")


def test_a_contact_is_logged_once_however_often_it_is_sent(api, manager, own_client):
    person = ContactFactory(client=own_client)
    body = {"id": uuid.uuid4(), "client": own_client.pk, "contact": person.pk, "content": "Called",
            "channel": "sms", "next_step": "Write", "next_step_on": "2026-07-09"}  # fmt: skip

    first, second = (api(manager).post("contact-logs/", body) for _ in range(2))

    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()
    assert first.json()["happened_at"] == "2026-07-06T04:00:00Z"
    assert ContactLog.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"content": ""}, "#/content"),
        ({"channel": "pigeon"}, "#/channel"),
        ({"happened_at": "2026-07-07T00:00:00Z"}, "#/happened_at"),
        ({"logged_by": 1}, "#/logged_by"),
    ],
)
def test_a_wrong_contact_is_refused(change, pointer, api, manager, own_client, assert_problem):
    body = {"client": own_client.pk, "content": "Called"} | change

    problem = assert_problem(api(manager).post("contact-logs/", body), 400, "validation_failed")

    assert [error["pointer"] for error in problem["errors"]] == [pointer]


def test_a_meeting_outside_is_a_visit(api, manager, own_client, assert_problem):
    body = {"client": own_client.pk, "content": "Met", "channel": "visit"}

    assert_problem(api(manager).post("contact-logs/", body), 409, "is_a_visit")


def test_a_contact_is_corrected_and_its_step_finished(api, manager, own_client):
    row = api(manager).post(
        "contact-logs/",
        {"client": own_client.pk, "content": "a", "next_step": "b", "next_step_on": "2026-07-09"},
    ).json()  # fmt: skip

    changed = api(manager).patch(f"contact-logs/{row['id']}/", {"content": "c"})
    done = api(manager).post(f"contact-logs/{row['id']}/finish-step/", {})

    assert changed.json()["content"] == "c"
    assert done.json()["next_step_done_at"] == "2026-07-06T04:00:00Z"


def test_a_note_is_written_pinned_removed_and_restored(api, manager, own_client):
    me = api(manager)
    row = me.post("notes/", {"client": own_client.pk, "text": "Opens in May."}).json()
    path = f"notes/{row['id']}/"

    assert me.post(f"{path}pin/", {}).json()["is_pinned"] is True
    assert me.post(f"{path}unpin/", {}).json()["is_pinned"] is False
    assert me.patch(path, {"text": "Opens in June."}).json()["text"] == "Opens in June."
    assert me.post(f"{path}remove/", {}).json()["deleted_at"] == "2026-07-06T04:00:00Z"
    assert me.get("notes/").json()["results"] == []
    assert me.post(f"{path}restore/", {}).json()["deleted_at"] is None
