"""Contacts and members over REST."""

from datetime import date

import pytest

from accounts.choices import MemberStatus, Tier
from accounts.models import ConfidentialLook, Contact
from staff.choices import Role
from tests.factories.accounts import (
    ClientFactory,
    ContactFactory,
    ContactNoteFactory,
    ContactRelationFactory,
    MemberFactory,
)
from tests.factories.visits import VisitFactory


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
        "is_high_end": False,
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


@pytest.mark.rule("CON-03", "CON-04", "CON-06", "CON-08", "CON-15")
def test_every_field_of_a_contact_goes_in_and_comes_out(api, manager, own_client):
    fields = {
        "name": "Li Na", "gender": "female", "title": "CIO", "department": "IT",
        "expertise": "Exchange", "duties": "IT and energy", "kind": "top_leader",
        "decision_level": "deciding", "is_external": True, "organisation": "Institute",
        "mobile": "13900000001", "phone": "0451-88881234", "email": "li@example.com",
        "buying_roles": ["decider", "user"], "is_decision_maker": True,
        "attachment": "supporter", "personality": "amiable", "birth_year": 1975,
        "birth_month": 6, "birth_day": 30, "is_lunar_birthday": True,
        "is_leap_month_birthday": True, "nickname": "Na", "form_of_address": "Director Li",
        "preferences": "Tea", "hobbies": "Go", "favourite_words": "Frankly",
        "own_line": "13900000002", "own_tier": "gold", "is_active": True,
    }  # fmt: skip

    created = api(manager).post("contacts/", {"client": own_client.pk, **fields})

    assert created.status_code == 201, created.content
    body = created.json()
    assert {name: body[name] for name in fields} == fields
    assert (body["service_tier"], body["is_key_person"], body["windows"]) == ("gold", False, [])
    assert body["next_birthday"] == str(Contact.objects.get().next_birthday)


@pytest.mark.rule("SEC-10", "P35")
def test_numbers_are_masked_for_tokens_of_people_who_call_nobody(
    api, manager, province, own_client
):
    contact = ContactFactory(client=own_client, mobile="13812345678", phone="0451-88881234")

    mine = api(manager).get(f"contacts/{contact.pk}/").json()
    theirs = api(province).get(f"contacts/{contact.pk}/").json()

    assert (mine["mobile"], mine["phone"]) == ("13812345678", "0451-88881234")
    assert (theirs["mobile"], theirs["phone"]) == ("138****5678", "045*-****1234")


@pytest.mark.rule("CON-20")
@pytest.mark.parametrize(
    ("birthday", "pointer"),
    [
        ({"birth_month": 4, "birth_day": 31}, "#/birth_day"),
        ({"birth_month": 4, "birth_day": 3, "is_leap_month_birthday": True},
         "#/is_leap_month_birthday"),
    ],
)  # fmt: skip
def test_impossible_birthdays_are_refused(
    birthday, pointer, api, manager, own_client, assert_problem
):
    contact = ContactFactory(client=own_client)

    response = api(manager).patch(f"contacts/{contact.pk}/", birthday)

    body = assert_problem(response, 400, "validation_failed")
    assert [error["pointer"] for error in body["errors"]] == [pointer]


def test_a_contact_leaves_comes_back_and_moves(api, manager, own_client, foreign_client):
    contact = ContactFactory(client=own_client)
    target = ClientFactory(owner=manager)
    me, path = api(manager), f"contacts/{contact.pk}"

    left = me.post(f"{path}/leave/", {"left_on": "2026-07-01", "reason": "Retired"}).json()
    back = me.post(f"{path}/come_back/").json()
    foreign = me.post(f"{path}/move/", {"client": foreign_client.pk, "left_on": "2026-07-01"})
    moved = me.post(f"{path}/move/", {"client": target.pk, "left_on": "2026-07-01"}).json()

    assert (left["is_active"], left["left_on"], left["left_reason"]) == (
        False, "2026-07-01", "Retired",
    )  # fmt: skip
    assert (back["is_active"], back["left_on"]) == (True, None)
    assert foreign.status_code == 400
    assert (moved["client"]["id"], moved["formerly"]) == (str(target.pk), str(contact.pk))


@pytest.mark.rule("CON-21")
def test_good_times_are_sent_whole(api, manager, own_client, assert_problem):
    contact = ContactFactory(client=own_client)
    path = f"contacts/{contact.pk}/windows/"
    window = {"weekdays": [1, 3], "starts": "09:00:00", "ends": "10:30:00"}

    changed = api(manager).post(path, {"windows": [window]})
    wrong = api(manager).post(path, {"windows": [window | {"ends": "08:00"}]})
    many = api(manager).post(path, {"windows": [window] * 4})

    assert changed.json()["windows"] == [window]
    assert_problem(wrong, 400, "validation_failed")
    assert_problem(many, 400, "validation_failed")
    assert api(manager).get(f"contacts/{contact.pk}/").json()["windows"] == [window]


@pytest.mark.rule("CON-07")
def test_confidential_fields_need_the_right_and_a_reason(
    api, manager, province, own_client, assert_problem
):
    contact = ContactFactory(client=own_client)
    path = f"contacts/{contact.pk}"
    api(manager).post(f"{path}/write_confidential/", {"family": "Two children"})

    assert_problem(
        api(province).post(f"{path}/read_confidential/", {"reason": "x"}), 403, "permission_denied"
    )
    assert_problem(api(manager).post(f"{path}/read_confidential/", {}), 400, "validation_failed")
    assert not ConfidentialLook.objects.exists()
    read = api(manager).post(f"{path}/read_confidential/", {"reason": "Talks"}).json()
    assert (read["contact"], read["family"]) == (str(contact.pk), "Two children")
    assert ConfidentialLook.objects.get().looked_by == manager
    assert "Two children" not in api(manager).get(f"{path}/").content.decode()


@pytest.mark.rule("CON-17")
def test_notes_about_contacts(api, manager, own_client, foreign_client, assert_problem):
    contact, foreign = ContactFactory(client=own_client), ContactFactory(client=foreign_client)
    ContactNoteFactory(contact=foreign)
    body = {"contact": contact.pk, "text": "New car", "told_on": "2026-07-01"}
    me = api(manager)

    created = me.post("contact-notes/", body)
    elsewhere = me.post("contact-notes/", {**body, "contact": foreign.pk})

    assert created.status_code == 201, created.content
    assert_problem(elsewhere, 400, "validation_failed")
    changed = me.patch(f"contact-notes/{created.json()['id']}/", {"text": "New house"}).json()
    assert (changed["text"], changed["told_on"]) == ("New house", "2026-07-01")
    assert [row["text"] for row in me.get("contact-notes/").json()["results"]] == ["New house"]


def test_relations_between_contacts(api, manager, province, own_client, foreign_client):
    clerk, boss = ContactFactory(client=own_client), ContactFactory(client=own_client)
    hidden = ContactFactory(client=foreign_client)
    ContactRelationFactory(person=clerk, other=hidden, kind="introduced_by")
    body = {"person": clerk.pk, "other": boss.pk, "kind": "reports_to"}
    me = api(manager)

    created = me.post("contact-relations/", body)
    again = me.post("contact-relations/", body)

    assert created.status_code == 201, created.content
    assert (again.status_code, again.json()["code"]) == (409, "relation_exists")
    rows = me.get("contact-relations/", person=clerk.pk).json()["results"]
    assert [row["other"]["id"] for row in rows] == [str(boss.pk)]
    assert len(api(province).get("contact-relations/").json()["results"]) == 2
    me.post(f"contact-relations/{created.json()['id']}/remove/")
    assert me.get("contact-relations/").json()["results"] == []


@pytest.mark.rule("CON-22")
def test_the_attitude_is_part_of_a_visits_record(api, manager, own_client):
    visit = VisitFactory(client=own_client, visitor=manager)

    answer = api(manager).post(
        f"visits/{visit.pk}/record/",
        {"summary": "s", "next_step": "n", "client_attitude": "reticent"},
    )

    assert answer.json()["client_attitude"] == "reticent"


@pytest.mark.rule("ARC-33")
def test_members_of_high_end_clients_are_marked(api, manager, own_client):
    own_client.is_high_end = True
    own_client.save()
    marked = MemberFactory(client=own_client)
    MemberFactory(client=ClientFactory(owner=manager))

    rows = api(manager).get("members/", high_end="true").json()["results"]

    assert [(row["id"], row["is_high_end"]) for row in rows] == [(str(marked.pk), True)]
