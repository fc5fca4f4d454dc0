"""Class proposals over REST."""

import uuid

import pytest

from tests.factories.accounts import ClassProposalFactory

pytestmark = pytest.mark.rule("ARC-14")


def test_a_proposal_is_made_approved_and_listed(api, manager, supervisor, own_client):
    row_id = uuid.uuid4()
    body = {"id": row_id, "client": own_client.pk, "to_class": "B", "reason": "Grown"}

    made = api(manager).post("class-proposals/", body)
    done = api(supervisor).post(f"class-proposals/{row_id}/approve/", {"word": "Yes"})

    assert made.status_code == 201, made.content
    assert made.json()["proposed_by"]["username"] == "manager"
    assert (done.json()["state"], done.json()["word"]) == ("approved", "Yes")
    own_client.refresh_from_db()
    assert own_client.client_class == "B"
    listed = api(manager).get("class-proposals/", state="approved", to_class="B")
    assert [row["id"] for row in listed.json()["results"]] == [str(row_id)]
    assert api(manager).get("class-proposals/", from_class="A").json()["results"] == []
    assert len(api(manager).get("class-proposals/", from_class="none").json()["results"]) == 1


def test_refusals(api, manager, supervisor, own_client, foreign_client, assert_problem):
    mine = ClassProposalFactory(client=own_client, proposed_by=manager)
    body = {"client": own_client.pk, "to_class": "B", "reason": "Grown"}
    foreign = ClassProposalFactory(client=foreign_client)
    path = f"class-proposals/{mine.pk}"

    assert_problem(api(manager).post("class-proposals/", body), 409, "proposal_already_open")
    assert_problem(api(manager).post(f"{path}/approve/"), 403, "permission_denied")
    assert_problem(api(supervisor).post(f"{path}/refuse/"), 409, "reason_missing")
    assert_problem(api(supervisor).post(f"{path}/withdraw/"), 409, "not_the_proposer")
    assert_problem(api(manager).get(f"class-proposals/{foreign.pk}/"), 404, "not_found")
    body["client"] = foreign_client.pk
    errors = assert_problem(api(manager).post("class-proposals/", body), 400, "validation_failed")
    assert errors["errors"][0]["pointer"] == "#/client"
    assert api(supervisor).post(f"{path}/refuse/", {"word": "No"}).json()["state"] == "refused"


def test_the_proposer_withdraws(api, manager, own_client):
    mine = ClassProposalFactory(client=own_client, proposed_by=manager)

    assert api(manager).post(f"class-proposals/{mine.pk}/withdraw/").json()["state"] == "withdrawn"
