"""Value assessments over REST."""

import uuid

import pytest

from tests.factories.analytics import ValueAssessmentFactory, ValueDueFactory

pytestmark = pytest.mark.rule("ARC-22")


def test_a_value_is_judged_and_listed(api, manager, own_client, foreign_client):
    row_id = uuid.uuid4()
    body = {
        "id": row_id, "client": own_client.pk, "existing": 5, "potential": 5, "revenue": 5,
        "reason": "Grows",
    }  # fmt: skip
    ValueAssessmentFactory(client=foreign_client)

    made = api(manager).post("value-assessments/", body)

    assert made.status_code == 201, made.content
    assert (made.json()["score"], made.json()["grade"]) == (100, "top")
    listed = api(manager).get("value-assessments/", grade="top").json()["results"]
    assert [row["id"] for row in listed] == [str(row_id)]
    due = api(manager).get("values-due/", due="false").json()["results"]
    assert [row["newest"] for row in due] == [str(row_id)]


def test_refusals(api, manager, foreign_client, own_client, assert_problem):
    body = {"client": own_client.pk, "existing": 5, "potential": 5, "revenue": 5, "reason": "x"}
    theirs = ValueDueFactory(client=foreign_client)
    foreign = ValueAssessmentFactory(client=foreign_client)

    assert_problem(
        api(manager).post("value-assessments/", body | {"existing": 6}), 400, "validation_failed"
    )
    wrong = body | {"client": foreign_client.pk}
    assert api(manager).post("value-assessments/", wrong).status_code == 400
    assert api(manager).post("value-assessments/", body).status_code == 201
    assert_problem(api(manager).post("value-assessments/", body), 409, "judged_today")
    assert_problem(api(manager).get(f"values-due/{theirs.pk}/"), 404, "not_found")
    assert_problem(api(manager).get(f"value-assessments/{foreign.pk}/"), 404, "not_found")
