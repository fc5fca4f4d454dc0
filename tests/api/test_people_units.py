"""People and units over REST: read only, in sight only, dead with the account."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from staff.services import people
from staff.services import units as units_service
from tests.factories.staff import UserFactory

pytestmark = pytest.mark.django_db


def names(response, field):
    return {row[field] for row in response.json()["results"]}


@pytest.mark.rule("P1")
def test_people_in_sight(api, manager, peer, supervisor, province, outsider):
    assert names(api(manager).get("people/"), "username") == {"manager"}
    assert names(api(supervisor).get("people/"), "username") == {"manager", "peer", "supervisor"}
    assert "outsider" in names(api(province).get("people/"), "username")
    assert api(supervisor).get(f"people/{outsider.pk}/").status_code == 404


def test_a_person_as_json(api, manager, supervisor):
    assert api(supervisor).get(f"people/{manager.pk}/").json() == {
        "id": manager.pk, "username": "manager", "full_name": "Ma Li", "role": "account_manager",
        "unit": "T1", "title": "", "is_active": True,
    }  # fmt: skip


@pytest.mark.rule("P1", "ORG-01")
def test_units_in_sight(api, manager, supervisor, province, units):
    assert names(api(manager).get("units/"), "code") == {"T1"}
    assert names(api(supervisor).get("units/"), "code") == {"C1", "T1"}
    assert names(api(province).get("units/"), "code") == {"P", "C1", "C2", "T1", "T2"}
    assert api(supervisor).get(f"units/{units.team_1.pk}/").json() == {
        "id": units.team_1.pk, "code": "T1", "name": "Team 1", "kind": "team",
        "parent": units.city_1.pk, "closed_on": None,
    }  # fmt: skip


def test_nothing_is_written(api, supervisor, manager, units):
    for path in (f"people/{manager.pk}/", f"units/{units.team_1.pk}/"):
        assert api(supervisor).patch(path, {}).status_code == 405
    assert api(supervisor).post("people/", {}).status_code == 405


@pytest.mark.rule("P3")
def test_a_move_acts_on_a_token_with_the_next_request(api, supervisor, province, units, own_client):
    program = api(supervisor)
    assert names(program.get("clients/"), "code") == {"OWN"}

    move(units, province)

    assert names(program.get("clients/"), "code") == set()
    assert names(program.get("units/"), "code") == {"C1"}


def move(tree, by):
    units_service.move_unit(unit=tree.team_1, parent=tree.city_2, now=timezone.now(), by=by)


@pytest.mark.rule("P3")
def test_a_persons_move_acts_with_the_next_request(api, supervisor, province, units, own_client):
    program = api(supervisor)

    people.change_person(
        person=supervisor, full_name="Su Min", role="supervisor", unit=units.city_2, by=province
    )

    assert names(program.get("clients/"), "code") == set()


@pytest.mark.rule("P4")
def test_tokens_end_with_the_account_and_stay_ended(api, manager, supervisor, own_client):
    program = api(manager)
    assert program.get("clients/").status_code == 200

    people.set_active(user=manager, is_active=False, by=supervisor)
    assert program.get("clients/").status_code == 401
    people.restore_access(person=manager, by=supervisor)

    assert program.get("clients/").status_code == 401


def test_lists_take_the_same_queries_for_three_rows(api, supervisor, manager, units):
    program = api(supervisor)
    program.get("people/")
    with CaptureQueriesContext(connection) as for_two:
        program.get("people/")
    UserFactory.create_batch(3, unit=units.team_1)
    with CaptureQueriesContext(connection) as for_five:
        program.get("people/")

    assert len(for_five) == len(for_two)
