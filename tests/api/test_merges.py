"""Two records that become one, over REST."""

import uuid

import pytest

from accounts.models import Client, Merge
from tests.factories.accounts import ClientFactory, ContactFactory
from tests.factories.merges import make_merge

pytestmark = [pytest.mark.django_db, pytest.mark.rule("ARC-20")]


def test_merge_clients_read_by_the_old_id_and_part(api, manager, supervisor):
    stays = ClientFactory(owner=manager, name="Harbour")
    goes = ClientFactory(owner=manager, name="Harbour Ltd", code="GOES")
    me = api(supervisor)
    body = {
        "client": stays.pk, "other_client": goes.pk, "take": ["name"], "reason": "One house.",
    }  # fmt: skip

    made = me.post("merges/", body)

    assert made.status_code == 201
    merge = made.json()
    assert (merge["kind"], merge["old_id"], merge["old_code"]) == ("client", str(goes.pk), "GOES")
    assert merge["client"]["name"] == "Harbour Ltd"
    moved = me.get(f"clients/{goes.pk}/")
    assert (moved.status_code, moved.headers["Location"]) == (302, f"/api/v1/clients/{stays.pk}/")
    assert [each["id"] for each in me.get("merges/?state=standing").json()["results"]] == [
        merge["id"]
    ]

    parted = me.post(f"merges/{merge['id']}/part/", {"reason": "Two houses."}).json()

    assert parted["undo_reason"] == "Two houses."
    assert me.get(f"clients/{goes.pk}/").json()["name"] == "Harbour Ltd"


def test_merge_contacts(api, own_client, supervisor):
    stays, goes = ContactFactory(client=own_client), ContactFactory(client=own_client)

    made = api(supervisor).post(
        "merges/", {"contact": stays.pk, "other_contact": goes.pk, "reason": "One man."}
    )

    assert (made.status_code, made.json()["contact"]["id"]) == (201, str(stays.pk))


def test_two_of_one_kind_are_named(api, manager, supervisor, assert_problem):
    client, contact = ClientFactory(owner=manager), ContactFactory(client__owner=manager)
    for body in (
        {"client": client.pk},
        {"client": client.pk, "other_contact": contact.pk},
        {},
    ):
        answer = api(supervisor).post("merges/", body | {"reason": "x"})
        assert_problem(answer, 400, "validation_failed")


@pytest.mark.rule("P1")
def test_outsiders_and_those_without_the_right(
    api, manager, outsider, supervisor, operations, own_client, foreign_client, assert_problem
):
    theirs = make_merge(outsider)
    body = {"client": own_client.pk, "other_client": foreign_client.pk, "reason": "x"}
    assert_problem(api(manager).get("merges/"), 403, "permission_denied")
    assert_problem(api(manager).post("merges/", body), 403, "permission_denied")
    assert_problem(api(supervisor).post("merges/", body), 400, "validation_failed")
    assert_problem(api(operations).get(f"merges/{theirs.pk}/"), 404, "not_found")
    assert_problem(
        api(operations).post(f"merges/{theirs.pk}/part/", {"reason": "x"}), 404, "not_found"
    )
    assert_problem(api(supervisor).get(f"clients/{theirs.old_id}/"), 404, "not_found")
    assert_problem(api(supervisor).get(f"clients/{uuid.uuid4()}/"), 404, "not_found")
    assert Client.objects.filter(pk=foreign_client.pk).exists()


def test_refusals_have_codes(api, manager, supervisor, assert_problem):
    merge = make_merge(manager)
    me = api(supervisor)
    own = {"client": merge.client.pk, "other_client": merge.client.pk, "reason": "x"}

    assert_problem(me.post("merges/", own), 409, "not_mergeable")
    me.post(f"merges/{merge.pk}/part/", {"reason": "Two houses."})
    assert_problem(me.post(f"merges/{merge.pk}/part/", {"reason": "x"}), 409, "merge_undone")
    assert Merge.objects.get().undone_at is not None
