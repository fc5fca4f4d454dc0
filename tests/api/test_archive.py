"""The archive over REST: fields, lists, steps, reviews, checks."""

import pytest

from accounts.models import ArchiveCheck, Client
from tests.factories.accounts import ClientFactory, ContactFactory
from tests.factories.archive import (
    FACTORIES,
    DepartmentFactory,
    IndustryFactory,
    StatusChangeFactory,
)

slugs = pytest.mark.parametrize("slug", FACTORIES)
NEW = {
    "segments": {"factor": "size", "value": "large"},
    "anniversaries": {"kind": "school", "name": "校庆", "day": "1998-01-02"},
    "departments": {"name": "Office"},
    "collection-counts": {"month": "2026-05", "users": 12},
    "policies": {"name": "Half price"},
    "agreements": {"product": "VPMN", "short_numbers": "6000-6999"},
    "areas": {"name": "Village", "population": 300},
    "success-cases": {"title": "Campus lines"},
}


@slugs
def test_a_list_is_written_and_read(slug, api, manager, own_client, foreign_client):
    FACTORIES[slug](client=foreign_client)
    me = api(manager)

    made = me.post(f"{slug}/", {"client": own_client.pk, **NEW[slug]})

    assert made.status_code == 201, made.content
    body = made.json()
    assert {name: body[name] for name in NEW[slug]} == NEW[slug]
    assert [row["id"] for row in me.get(f"{slug}/").json()["results"]] == [body["id"]]

    path = f"{slug}/{body['id']}/"
    assert me.post(f"{path}remove/").json()["removed_at"] is not None
    assert me.get(f"{slug}/", is_removed="false").json()["results"] == []
    assert me.post(f"{path}restore/").json()["removed_at"] is None
    assert me.patch(path, NEW[slug]).status_code == 200


@slugs
def test_nothing_is_added_to_a_client_out_of_sight(slug, api, manager, foreign_client):
    response = api(manager).post(f"{slug}/", {"client": foreign_client.pk, **NEW[slug]})

    assert response.status_code == 400
    assert not FACTORIES[slug]._meta.model.objects.exists()


def test_the_same_row_twice_is_409(api, manager, own_client, assert_problem):
    body = {"client": own_client.pk, **NEW["segments"]}
    api(manager).post("segments/", body)

    assert_problem(api(manager).post("segments/", body), 409, "already_in_archive")


def test_a_department_of_another_client_is_409(api, manager, own_client, assert_problem):
    other = DepartmentFactory(client=ClientFactory(owner=manager))
    body = {"client": own_client.pk, "name": "Office", "part_of": other.pk}

    assert_problem(api(manager).post("departments/", body), 409, "department_elsewhere")


def test_validity_ends_after_it_began(api, manager, own_client, assert_problem):
    body = {"client": own_client.pk, "name": "x", "valid_from": "2026-06-02"}

    response = api(manager).post("policies/", {**body, "valid_until": "2026-06-01"})

    problem = assert_problem(response, 400, "validation_failed")
    assert [error["code"] for error in problem["errors"]] == ["ends_before_start"]


@pytest.mark.rule("ARC-33", "ARC-F25")
def test_fields_of_the_archive_are_read_and_written(api, manager, own_client):
    above = ClientFactory(owner=manager)
    fields = {"is_high_end": True, "points": 1200, "credit": -3, "payment_method": "collection",
              "superior": str(above.pk), "business_scope": "schools", "own_users": 3,
              "other_users": 1}  # fmt: skip

    body = api(manager).patch(f"clients/{own_client.pk}/", fields).json()

    assert {name: body[name] for name in fields} == fields
    assert (body["own_share"], body["completeness"] > 0, body["is_qualified"]) == (
        "0.7500", True, False,
    )  # fmt: skip


@pytest.mark.rule("ARC-F18")
def test_an_industry_is_one_of_the_list(api, manager, own_client, assert_problem):
    path = f"clients/{own_client.pk}/"
    Client.objects.filter(pk=own_client.pk).update(industry="老行业")

    problem = assert_problem(
        api(manager).patch(path, {"industry": "unheard of"}), 400, "validation_failed"
    )
    assert [error["code"] for error in problem["errors"]] == ["unknown_industry"]
    assert api(manager).patch(path, {"industry": "老行业"}).status_code == 200
    IndustryFactory(name="新行业")
    assert api(manager).patch(path, {"industry": "新行业"}).json()["industry"] == "新行业"


@pytest.mark.rule("ARC-F01")
def test_a_name_that_is_taken_is_409_unless_insisted_on(api, manager, own_client, assert_problem):
    body = {"code": "N1", "name": own_client.name}

    assert_problem(api(manager).post("clients/", body), 409, "same_name")
    assert api(manager).post("clients/", {**body, "allow_same_name": True}).status_code == 201


@pytest.mark.rule("ARC-01")
def test_the_status_changes_by_steps_only(api, manager, own_client, assert_problem):
    path = f"clients/{own_client.pk}/"

    patched = assert_problem(
        api(manager).patch(path, {"status": "churned"}), 400, "validation_failed"
    )
    assert patched["errors"][0]["code"] == "unknown_field"
    step = {"status": "pre_churn", "reason": "Wants to leave"}
    assert api(manager).post(f"{path}status/", step).json()["status"] == "pre_churn"
    assert_problem(
        api(manager).post(f"{path}status/", {**step, "status": "target"}),
        409, "status_step_not_allowed",
    )  # fmt: skip
    rows = api(manager).get("status-changes/", client=own_client.pk).json()["results"]
    assert [(row["old"], row["new"], row["reason"]) for row in rows] == [
        ("signed", "pre_churn", "Wants to leave"),
    ]  # fmt: skip


@pytest.mark.rule("ARC-06")
def test_a_target_needs_its_basic_profile(api, manager, assert_problem):
    client = ClientFactory(owner=manager, status="potential")
    ContactFactory(client=client)
    step = {"status": "target", "reason": "Asked for a quotation"}

    assert_problem(
        api(manager).post(f"clients/{client.pk}/status/", step), 409, "basic_profile_incomplete"
    )


def test_steps_of_others_are_not_listed(api, manager, foreign_client):
    StatusChangeFactory(client=foreign_client)

    assert api(manager).get("status-changes/").json()["results"] == []


def test_a_review_is_noted(api, manager, own_client):
    body = api(manager).post(f"clients/{own_client.pk}/review/").json()

    assert body["reviewed_by"]["username"] == "manager"


@pytest.mark.rule("ARC-30")
def test_a_check_is_noted_and_settled(api, manager, own_client, assert_problem):
    body = {"client": own_client.pk, "address_matches": False, "found": "Moved"}

    made = api(manager).post("archive-checks/", body)
    assert made.status_code == 201, made.content
    assert len(api(manager).get("archive-checks/", is_open="true").json()["results"]) == 1
    path = f"archive-checks/{made.json()['id']}/resolve/"
    assert api(manager).post(path, {"cause": "Old roster"}).json()["cause"] == "Old roster"
    assert_problem(api(manager).post(path, {"cause": "again"}), 409, "check_not_open")
    assert not ArchiveCheck.objects.open().exists()


def test_only_a_provisional_code_may_change(api, manager, own_client, assert_problem):
    prospect = ClientFactory(code="P-1", owner=manager)
    path = f"clients/{prospect.pk}/"

    taken = assert_problem(api(manager).patch(path, {"code": "OWN"}), 400, "validation_failed")
    assert taken["errors"][0]["code"] == "unique"
    assert api(manager).patch(path, {"code": "0451000009"}).json()["code"] == "0451000009"
    stays = assert_problem(api(manager).patch(path, {"code": "X"}), 400, "validation_failed")
    assert stays["errors"][0]["code"] == "code_stays"
