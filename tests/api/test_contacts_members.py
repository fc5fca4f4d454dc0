"""Contacts and members over REST."""

from datetime import date

import pytest

from accounts.choices import MemberStatus, Tier
from accounts.models import Contact
from staff.choices import Role
from tests.factories.accounts import ClientFactory, ContactFactory, MemberFactory


def names(response):
    return [row["name"] for row in response.json()["results"]]


def test_contacts_list_shows_own_rows_only(api, manager, own_client, foreign_client):
    ContactFactory(client=own_client, name="Li Na", kind="top_leader")
    ContactFactory(client=own_client, name="王芳", is_active=False)
    ContactFactory(client=foreign_client, name="Foreign")
    me = api(manager)

    assert names(me.get("contacts/")) == ["Li Na", "王芳"]
    assert names(me.get("contacts/", q="wf")) == ["王芳"]
    assert names(me.get("contacts/", kind="top_leader", client=own_client.pk)) == ["Li Na"]
    assert names(me.get("contacts/", is_active="false")) == ["王芳"]


def test_contact_out_of_scope_is_404_and_no_filter(api, manager, foreign_client, assert_problem):
    contact = ContactFactory(client=foreign_client)
    me = api(manager)

    assert_problem(me.get(f"contacts/{contact.pk}/"), 404, "not_found")
    assert_problem(me.patch(f"contacts/{contact.pk}/", {"name": "x"}), 404, "not_found")
    assert_problem(me.get("contacts/", client=foreign_client.pk), 400, "invalid_query")


def test_contact_is_created_and_changed(api, manager, own_client, foreign_client, assert_problem):
    body = {"client": own_client.pk, "name": "Li Na", "mobile": "13900000001"}
    me = api(manager)

    created = me.post("contacts/", body)
    again = me.post("contacts/", body)
    elsewhere = me.post("contacts/", {**body, "client": foreign_client.pk})
    unreachable = me.post("contacts/", {"client": own_client.pk, "name": "Wu"})

    assert created.status_code == 201, created.content
    assert_problem(again, 409, "already_exists")
    assert assert_problem(elsewhere, 400, "validation_failed")["errors"][0]["pointer"] == "#/client"
    assert_problem(unreachable, 400, "validation_failed")
    changed = me.patch(created.json()["id"].join(("contacts/", "/")), {"buying_roles": ["user"]})
    assert (changed.json()["buying_roles"], changed.json()["name"]) == (["user"], "Li Na")


def test_contact_of_a_whole_unit_needs_the_right(api, province, own_client, assert_problem):
    body = {"client": own_client.pk, "name": "Li Na", "mobile": "13900000001"}

    assert_problem(api(province).post("contacts/", body), 403, "permission_denied")
    assert not Contact.objects.exists()


def test_birthday_is_whole(api, manager, own_client, assert_problem):
    contact = ContactFactory(client=own_client)

    response = api(manager).patch(f"contacts/{contact.pk}/", {"birth_month": 8})

    body = assert_problem(response, 400, "validation_failed")
    assert [error["pointer"] for error in body["errors"]] == ["#/birth_day"]


def test_members_are_masked_and_own(api, manager, own_client, foreign_client, assert_problem):
    member = MemberFactory(
        client=own_client, msisdn=13812345678, status=MemberStatus.PRE_CHURN, tier=Tier.GOLD,
        joined_on=date(2020, 1, 2),
    )  # fmt: skip
    MemberFactory(client=own_client)
    foreign = MemberFactory(client=foreign_client)
    me = api(manager)

    row = me.get("members/", status="pre_churn", tier="gold", client=own_client.pk).json()

    assert len(row["results"]) == 1
    assert row["results"][0] == me.get(f"members/{member.pk}/").json()
    assert row["results"][0] | {"created_at": ""} == {
        "id": str(member.pk),
        "client": str(own_client.pk),
        "number": "138****5678",
        "status": "pre_churn",
        "tier": "gold",
        "joined_on": "2020-01-02",
        "effective_tier": "gold",
        "is_corporate_paid": False,
        "profile": {
            "registered_owner": "", "actual_user": "", "transfer_waiver": "",
            "is_key_member": False, "affection": "", "affection_note": "", "notes": "",
            "owner_differs": False, "needs_transfer": False,
        },
        "created_at": "",
    }  # fmt: skip
    assert len(me.get("members/").json()["results"]) == 2
    assert_problem(me.get(f"members/{foreign.pk}/"), 404, "not_found")


def test_what_bills_say_of_members_is_read_only(api, manager, own_client, assert_problem):
    member = MemberFactory(client=own_client)

    for name in ("status", "tier", "joined_on", "is_corporate_paid", "registered_owner"):
        answer = api(manager).patch(f"members/{member.pk}/", {name: "x"})
        assert_problem(answer, 400, "validation_failed")
    assert_problem(api(manager).post("members/", {}), 405, "method_not_allowed")


def test_members_pages_walk_every_row_once(api, manager, own_client):
    expected = {str(row.pk) for row in MemberFactory.create_batch(5, client=own_client)}
    me, seen, url = api(manager), [], "members/?limit=2"

    while url:
        body = me.get(url).json()
        seen += [row["id"] for row in body["results"]]
        url = body.get("next")

    assert sorted(seen) == sorted(expected)
    assert seen == sorted(seen)


def test_a_representative_sees_the_people_of_the_client(api, representative, manager):
    client = ClientFactory(owner=manager, chief_representative=representative)
    ContactFactory(client=client, name="Li Na")

    assert representative.role == Role.CHIEF_REPRESENTATIVE
    assert names(api(representative).get("contacts/")) == ["Li Na"]


@pytest.mark.rule("ARC-34")
def test_what_people_know_of_a_member_is_written(api, manager, own_client):
    member = MemberFactory(client=own_client)
    check = {"new_owner": "Wang", "document": "id_card", "document_tail": "123X", "note": "Seen"}

    patched = api(manager).patch(f"members/{member.pk}/", {"actual_user": "Li"}).json()
    changed = api(manager).post(f"members/{member.pk}/change-owner/", check).json()

    assert patched["profile"]["actual_user"] == "Li"
    assert changed["profile"] | {"notes": ""} == {
        "registered_owner": "Wang", "actual_user": "Li", "transfer_waiver": "",
        "is_key_member": False, "affection": "", "affection_note": "", "notes": "",
        "owner_differs": True, "needs_transfer": True,
    }  # fmt: skip


@pytest.mark.rule("SEC-11")
def test_a_new_owner_without_a_check_is_refused(api, manager, own_client, assert_problem):
    member = MemberFactory(client=own_client)
    check = {"new_owner": "Wang", "document": "id_card", "document_tail": "123X", "note": ""}

    answer = api(manager).post(f"members/{member.pk}/change-owner/", check)

    assert_problem(answer, 400, "validation_failed")
