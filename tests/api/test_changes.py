"""Major changes and representatives over REST."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Representation
from tests.factories.accounts import MajorChangeFactory


@pytest.mark.rule("ARC-21")
def test_a_change_is_reported_and_acknowledged(api, manager, supervisor, own_client):
    now = timezone.now()
    body = {
        "client": own_client.pk,
        "kind": "leadership",
        "happened_on": (timezone.localdate() - timedelta(days=2)).isoformat(),
        "learned_at": (now - timedelta(hours=1, minutes=5)).isoformat(),
        "text": "A new director",
    }

    made = api(manager).post("major-changes/", body)
    path = f"major-changes/{made.json()['id']}"
    seen = api(supervisor).post(f"{path}/acknowledge/", {"answer": "Seen"})

    assert made.status_code == 201, made.content
    assert (made.json()["days_to_report"], made.json()["hours_to_report"]) == (2, 1)
    assert (seen.json()["answer"], seen.json()["answered_by"]["username"]) == (
        "Seen", "supervisor",
    )  # fmt: skip
    assert len(api(manager).get("major-changes/", answered="true").json()["results"]) == 1
    assert api(manager).get("major-changes/", kind="market").json()["results"] == []


@pytest.mark.rule("ARC-21")
def test_refusals(api, manager, outsider, own_client, assert_problem):
    change = MajorChangeFactory(client=own_client)
    path = f"major-changes/{change.pk}/acknowledge/"

    assert_problem(api(manager).post(path, {"answer": "x"}), 403, "permission_denied")
    assert_problem(api(outsider).get(f"major-changes/{change.pk}/"), 404, "not_found")
    body = {"client": own_client.pk, "kind": "market", "happened_on": "2999-01-01",
            "learned_at": "2026-07-01T00:00:00Z", "text": "x"}  # fmt: skip
    assert_problem(api(manager).post("major-changes/", body), 409, "impossible_time")


@pytest.mark.rule("ORG-09")
def test_a_representative_is_assigned_and_taken_away(
    api, supervisor, manager, representative, own_client, assert_problem
):
    path = f"clients/{own_client.pk}/represent/"
    body = {"representative": representative.pk, "reason": "Knows them"}

    assert_problem(api(manager).post(path, body), 403, "permission_denied")
    given = api(supervisor).post(path, body)
    wrong = api(supervisor).post(path, body | {"representative": manager.pk})
    taken = api(supervisor).post(path, {"representative": None, "reason": "Left"})

    assert given.json()["chief_representative"]["username"] == "representative"
    assert_problem(wrong, 400, "validation_failed")
    assert taken.json()["chief_representative"] is None
    assert Representation.objects.get().ended_at is not None
