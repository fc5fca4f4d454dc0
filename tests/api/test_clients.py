"""Clients over REST."""

import uuid

import pytest

from accounts.models import Client
from staff.choices import Role
from tests.factories.accounts import ClientFactory
from tests.factories.archive import IndustryFactory
from tests.factories.staff import UnitFactory, UserFactory


def codes(response):
    assert response.status_code == 200, response.content
    return [row["code"] for row in response.json()["results"]]


def test_clients_list_shows_own_rows_only(api, manager, own_client, foreign_client):
    response = api(manager).get("clients/")

    assert codes(response) == ["OWN"]
    assert "next" not in response.json()


def test_client_reads_as_documented(api, manager, own_client):
    body = api(manager).get(f"clients/{own_client.pk}/").json()

    assert body["id"] == str(own_client.pk)
    assert body["unit"] == {"code": "T1", "name": "Team 1"}
    assert body["owner"] == {"id": manager.pk, "username": "manager", "full_name": "Ma Li"}
    assert (body["income"], body["figures_month"]) == ("0.00", None)
    assert body["created_at"].endswith("Z")


def test_client_out_of_scope_is_404(api, manager, foreign_client, assert_problem):
    path = f"clients/{foreign_client.pk}/"

    assert_problem(api(manager).get(path), 404, "not_found")
    assert_problem(api(manager).patch(path, {"name": "Mine"}), 404, "not_found")
    foreign_client.refresh_from_db()
    assert foreign_client.name == "Foreign Client"


def test_anonymous_is_401(api, own_client, assert_problem):
    for path in ("clients/", f"clients/{own_client.pk}/"):
        response = api().get(path)

        assert_problem(response, 401, "not_authenticated")
        assert response.headers["WWW-Authenticate"] == 'Bearer realm="api"'


def test_missing_right_is_403_in_scope_and_404_outside(
    api, representative, own_client, foreign_client, assert_problem
):
    own_client.chief_representative = representative
    own_client.save()
    body = {"owner": representative.pk, "reason": "Mine"}

    visible = api(representative).post(f"clients/{own_client.pk}/assign/", body)
    hidden = api(representative).post(f"clients/{foreign_client.pk}/assign/", body)

    assert_problem(visible, 403, "permission_denied")
    assert_problem(hidden, 404, "not_found")


def test_session_without_view_right_is_403(login, units, assert_problem):
    clerk = UserFactory(role=Role.COMPLAINT_CLERK, unit=units.team_1)

    response = login(clerk).get("/api/v1/clients/")

    assert_problem(response, 403, "permission_denied")


def test_manager_creates_own_client_with_own_id(api, manager):
    row_id = uuid.uuid4()

    response = api(manager).post("clients/", {"id": row_id, "code": "N1", "name": "新客户"})

    assert response.status_code == 201, response.content
    assert response.headers["Location"] == f"http://testserver/api/v1/clients/{row_id}/"
    client = Client.objects.get(pk=row_id)
    assert (client.owner, client.unit, client.name) == (manager, manager.unit, "新客户")
    assert client.ownerships.current().get().owner == manager


def test_same_id_or_code_again_is_refused(api, manager, own_client, assert_problem):
    code_taken = api(manager).post("clients/", {"code": "OWN", "name": "Twin"})
    id_taken = api(manager).post("clients/", {"id": own_client.pk, "code": "X", "name": "Twin"})

    body = assert_problem(code_taken, 400, "validation_failed")
    assert [(error["pointer"], error["code"]) for error in body["errors"]] == [("#/code", "unique")]
    assert_problem(id_taken, 409, "duplicate_client")


def test_manager_cannot_create_for_somebody_else(api, manager, peer, assert_problem):
    body = {"code": "N1", "name": "New", "owner": manager.pk}
    assert api(manager).post("clients/", body).status_code == 201

    # A colleague's id is not even offered; nobody at all needs the right to assign.
    foreign = api(manager).post("clients/", {"code": "N2", "name": "New", "owner": peer.pk})
    nobody = api(manager).post("clients/", {"code": "N2", "name": "New", "owner": None})

    assert assert_problem(foreign, 400, "validation_failed")["errors"][0]["pointer"] == "#/owner"
    assert_problem(nobody, 403, "permission_denied")


def test_unknown_fields_are_refused(api, manager, own_client, assert_problem):
    response = api(manager).patch(f"clients/{own_client.pk}/", {"nmae": "x", "income": "1"})

    body = assert_problem(response, 400, "validation_failed")
    assert [(error["pointer"], error["code"]) for error in body["errors"]] == [
        ("#/income", "unknown_field"),
        ("#/nmae", "unknown_field"),
    ]


def test_patch_changes_only_what_is_sent(api, manager, own_client):
    IndustryFactory(name="steel")

    response = api(manager).patch(f"clients/{own_client.pk}/", {"industry": "steel"})

    assert response.status_code == 200, response.content
    own_client.refresh_from_db()
    assert (own_client.industry, own_client.name, own_client.owner) == (
        "steel", "Own Client", manager,
    )  # fmt: skip


@pytest.mark.rule("ARC-14")
def test_class_is_read_and_never_written(api, supervisor, own_client, assert_problem):
    body = {"client_class": "A"}

    changed = api(supervisor).patch(f"clients/{own_client.pk}/", body)
    made = api(supervisor).post("clients/", {"code": "N1", "name": "New"} | body)

    for response in (changed, made):
        errors = assert_problem(response, 400, "validation_failed")["errors"]
        assert [error["code"] for error in errors] == ["unknown_field"]
    assert api(supervisor).get(f"clients/{own_client.pk}/").json()["client_class"] == ""


def test_position_is_whole(api, manager, own_client, assert_problem):
    response = api(manager).patch(f"clients/{own_client.pk}/", {"latitude": "30"})

    body = assert_problem(response, 400, "validation_failed")
    assert [error["pointer"] for error in body["errors"]] == ["#/longitude"]


def test_a_client_may_not_be_moved_out_of_sight(api, supervisor, own_client, units, assert_problem):
    own = api(supervisor).patch(f"clients/{own_client.pk}/", {"unit": "C1"})
    foreign = api(supervisor).patch(f"clients/{own_client.pk}/", {"unit": "T2"})

    assert own.json()["unit"]["code"] == "C1"
    assert assert_problem(foreign, 400, "validation_failed")["errors"][0]["pointer"] == "#/unit"


def test_assign_hands_over(api, supervisor, manager, peer, own_client, assert_problem):
    path, body = f"clients/{own_client.pk}/assign/", {"owner": peer.pk, "reason": "Leave"}

    assert_problem(api(manager).post(path, body), 403, "permission_denied")
    response = api(supervisor).post(path, body)

    assert response.json()["owner"]["username"] == "peer"
    assert own_client.ownerships.current().get().reason == "Leave"


def test_who_cannot_own_clients_is_not_offered(api, supervisor, own_client, assert_problem, units):
    clerk = UserFactory(role=Role.COMPLAINT_CLERK, unit=units.team_1)

    response = api(supervisor).post(
        f"clients/{own_client.pk}/assign/", {"owner": clerk.pk, "reason": "x"}
    )

    assert assert_problem(response, 400, "validation_failed")["errors"][0]["pointer"] == "#/owner"


def test_filters_narrow(api, supervisor, manager, units, own_client):
    ClientFactory(code="B1", name="中国移动", unit=units.city_1, client_class="B", income=500)
    ClientFactory(code="C9", name="Other", owner=manager, nature="enterprise", income=100)
    find = api(supervisor)

    assert codes(find.get("clients/", q="zgyd")) == ["B1"]
    assert codes(find.get("clients/", unit="T1")) == ["C9", "OWN"]
    assert codes(find.get("clients/", unit="C1", sort="-income")) == ["B1", "C9", "OWN"]
    assert codes(find.get("clients/", owner=manager.pk, nature="enterprise")) == ["C9"]
    assert codes(find.get("clients/", unassigned="true")) == ["B1"]
    assert codes(find.get("clients/", unassigned="false")) == ["C9", "OWN"]
    assert codes(find.get("clients/", without_representative="true")) == ["B1"]
    assert codes(find.get("clients/", without_representative="false")) == ["C9", "OWN"]
    assert codes(find.get("clients/", income__gte="100", income__lte="499.99")) == ["C9"]


@pytest.mark.parametrize(
    "query",
    [
        {"colour": "red"},
        {"sort": "notes"},
        {"limit": "0"},
        {"limit": "201"},
        {"limit": "x"},
        {"count": "yes"},
        {"unassigned": "perhaps"},
        {"income__gte": "NaN"},
        {"income__gte": "9" * 40},
        {"unit": "T2"},
        {"unit": "\0"},
        {"owner": "9" * 30},
    ],
)
def test_unknown_or_impossible_parameters_are_400(api, manager, query, assert_problem):
    body = assert_problem(api(manager).get("clients/", **query), 400, "invalid_query")

    assert [error["pointer"] for error in body["errors"]] == [f"#/{name}" for name in query]


@pytest.mark.parametrize("sort", ["name", "-name", "income", "-created_at", "created_at"])
def test_pages_walk_every_row_once(api, manager, sort):
    expected = {
        ClientFactory(owner=manager, income=n // 3, name=f"N{n % 2}").code for n in range(7)
    }
    me, seen, url = api(manager), [], f"clients/?limit=2&sort={sort}"

    while url:
        response = me.get(url)
        seen += codes(response)
        url = response.json().get("next")

    assert len(seen) == 7
    assert set(seen) == expected


def test_a_cursor_belongs_to_its_order(api, manager, assert_problem):
    ClientFactory.create_batch(2, owner=manager)
    following = api(manager).get("clients/", limit=1).json()["next"]

    assert following.startswith("http://testserver/api/v1/clients/?")
    assert_problem(api(manager).get(following + "&sort=-income"), 400, "invalid_cursor")
    assert_problem(
        api(manager).get(following.replace("cursor=", "cursor=x")), 400, "invalid_cursor"
    )


def test_count_on_demand(api, manager, own_client, monkeypatch):
    ClientFactory.create_batch(3, owner=manager)

    exact = api(manager).get("clients/", count="exact", limit=1).json()
    monkeypatch.setattr("crm.lib.api.COUNT_MAX", 2)
    capped = api(manager).get("clients/", count="exact", limit=1).json()

    assert (exact["count"], exact["count_capped"]) == (4, False)
    assert (capped["count"], capped["count_capped"]) == (2, True)


def test_a_manager_moves_no_client_between_units(api, manager, own_client, units, assert_problem):
    team = UnitFactory(code="T9", parent=units.team_1)
    own_client.unit = units.team_2
    own_client.save()
    path = f"clients/{own_client.pk}/"

    for code in ("T1", team.code):
        moved = assert_problem(api(manager).patch(path, {"unit": code}), 400, "validation_failed")
        assert moved["errors"][0]["pointer"] == "#/unit"
    assert api(manager).patch(path, {"unit": "T2", "name": "Same"}).status_code == 200
    assert (
        api(manager).post("clients/", {"code": "N", "name": "N", "unit": "T2"}).status_code == 400
    )


def test_owners_come_from_the_units_below(api, supervisor, outsider, own_client, assert_problem):
    ClientFactory(owner=outsider, unit=supervisor.unit)  # in sight, but not one of theirs
    path = f"clients/{own_client.pk}/assign/"

    response = api(supervisor).post(path, {"owner": outsider.pk, "reason": "Ill"})

    assert assert_problem(response, 400, "validation_failed")["errors"][0]["pointer"] == "#/owner"
