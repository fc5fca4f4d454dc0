"""Voices of clients and improvements over REST."""

import pytest

from tests.factories.reports import ClientVoiceFactory, ImprovementFactory

pytestmark = pytest.mark.rule("ORG-15", "ORG-24")


def test_a_voice_becomes_an_answered_improvement(api, manager, supervisor, own_client):
    body = {"client": own_client.pk, "said_by": "The guard", "topic": "network",
            "text": "No signal", "heard_on": "2026-07-06"}  # fmt: skip
    voice = api(manager).post("voices/", body)
    assert voice.status_code == 201, voice.content

    body = {"voice": voice.json()["id"], "title": "Signal", "text": "A repeater"}
    made = api(manager).post("improvements/", body)
    assert made.status_code == 201, made.content
    path = f"improvements/{made.json()['id']}/answer/"
    done = api(supervisor).post(path, {"state": "declined", "answer": "Too dear"})

    assert (done.json()["state"], done.json()["answer"]) == ("declined", "Too dear")
    rows = api(manager).get("improvements/", state="declined").json()["results"]
    assert [row["title"] for row in rows] == ["Signal"]


def test_refusals(api, manager, supervisor, foreign_client, own_client, assert_problem):
    theirs = ClientVoiceFactory(client=foreign_client)
    row = ImprovementFactory(suggested_by=manager)
    body = {"client": own_client.pk, "topic": "other", "text": "x", "heard_on": "2026-07-06"}

    assert_problem(api(manager).post("voices/", body), 409, "reason_missing")
    assert_problem(api(manager).get(f"voices/{theirs.pk}/"), 404, "not_found")
    path = f"improvements/{row.pk}/answer/"
    assert_problem(api(manager).post(path, {"state": "done"}), 403, "permission_denied")
    assert_problem(api(supervisor).post(path, {"state": "open"}), 409, "nothing_changed")
