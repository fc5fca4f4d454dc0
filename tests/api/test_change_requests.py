"""Changes of agents over REST."""

import uuid

import pytest

from staff.choices import Role
from tests.factories.accounts import ClientFactory
from tests.factories.reports import ChangeRequestFactory
from tests.factories.staff import UserFactory

pytestmark = pytest.mark.rule("ORG-20", "ORG-21")


@pytest.fixture
def agent(units):
    return UserFactory(role=Role.AGENT, unit=units.team_1)


def test_a_change_is_handed_in_and_decided(api, agent, supervisor):
    village = ClientFactory(owner=agent)
    row_id = uuid.uuid4()
    values = {"address": "1 Quay", "employees": 12}
    body = {"id": row_id, "client": village.pk, "values": values, "reason": "Seen"}

    made = api(agent).post("change-requests/", body)
    assert made.status_code == 201, made.content
    done = api(supervisor).post(
        f"change-requests/{row_id}/decide/", {"accept": ["employees"], "word": "Moved"}
    )

    assert done.json()["state"] == "partly"
    assert [row["accepted"] for row in done.json()["changes"]] == [False, True]
    village.refresh_from_db()
    assert (village.address, village.employees) == ("", 12)
    listed = api(agent).get("change-requests/", state="partly").json()["results"]
    assert [row["id"] for row in listed] == [str(row_id)]


def test_refusals(api, agent, manager, supervisor, foreign_client, assert_problem):
    village = ClientFactory(owner=agent)
    body = {"client": village.pk, "values": {"address": "x"}, "reason": "Seen"}
    mine = ChangeRequestFactory(requested_by=agent)
    foreign = ChangeRequestFactory(client=foreign_client)
    path = f"change-requests/{mine.pk}"

    wrong = body | {"values": {"employees": "many"}}
    assert_problem(api(agent).post("change-requests/", wrong), 400, "validation_failed")
    wrong = body | {"values": {"owner": 1}}
    assert_problem(api(agent).post("change-requests/", wrong), 409, "not_requestable")
    assert_problem(api(agent).post(f"{path}/decide/", {"accept": []}), 403, "permission_denied")
    assert_problem(api(supervisor).post(f"{path}/decide/", {"accept": []}), 409, "reason_missing")
    assert_problem(api(supervisor).post(f"{path}/withdraw/"), 409, "not_the_requester")
    assert_problem(api(agent).get(f"change-requests/{foreign.pk}/"), 404, "not_found")
    assert api(agent).patch(f"clients/{village.pk}/", {"address": "x"}).status_code == 403
