"""Records that may be the same, over REST."""

import pytest

from tests.factories.pairs import SuspectedPairFactory, contact_pair

pytestmark = [pytest.mark.django_db, pytest.mark.rule("ARC-20")]


def test_pairs_are_read_judged_and_taken_back(api, manager, supervisor):
    pair, people = SuspectedPairFactory(owner=manager), contact_pair(manager)
    me = api(supervisor)

    listed = me.get("suspected-pairs/", kind="client").json()["results"]
    assert [row["id"] for row in listed] == [str(pair.pk)]
    assert listed[0]["first"]["name"] == pair.first.name
    read = me.get(f"suspected-pairs/{people.pk}/").json()
    assert read["second_contact"]["name"] == people.second_contact.name
    done = me.post(f"suspected-pairs/{pair.pk}/judge/", {"verdict": "later"}).json()
    assert (done["state"], done["decided_by"]["id"]) == ("later", supervisor.pk)
    assert me.post(f"suspected-pairs/{pair.pk}/reopen/").json()["state"] == "open"


def test_refusals(api, manager, supervisor, own_client, foreign_client, assert_problem):
    pair = SuspectedPairFactory(owner=manager)
    half = SuspectedPairFactory(first=own_client, second=foreign_client)
    path, same = f"suspected-pairs/{pair.pk}", {"verdict": "same"}

    assert_problem(api(manager).get("suspected-pairs/"), 403, "permission_denied")
    assert_problem(api(manager).post(f"{path}/judge/", same), 403, "permission_denied")
    assert_problem(api(supervisor).get(f"suspected-pairs/{half.pk}/"), 404, "not_found")
    assert_problem(
        api(supervisor).post(f"{path}/judge/", {"verdict": "open"}), 400, "validation_failed"
    )
    assert_problem(api(supervisor).post(f"{path}/reopen/"), 409, "pair_not_judged")
    assert api(supervisor).post(f"{path}/judge/", same).status_code == 200
    assert_problem(api(supervisor).post(f"{path}/judge/", same), 409, "pair_judged")
