"""Pages of the unit tree."""

import pytest
from django.urls import reverse

from staff.choices import UnitKind
from staff.models import Unit, UnitMove
from tests.factories.accounts import ClientFactory
from tests.factories.staff import UnitFactory, UserFactory

pytestmark = pytest.mark.django_db
TREE = "/people/units/"


def url(name, unit):
    return reverse(f"staff:unit_{name}", args=[unit.pk])


def test_the_tree_shows_own_units_only(units, operations, login):
    html = login(operations).get(TREE).content.decode()

    assert "City 1" in html
    assert "Team 1" in html
    assert "City 2" not in html


def test_field_workers_have_no_tree(manager, login):
    assert login(manager).get(TREE).status_code == 403


def test_supervisors_look_but_build_nothing(units, supervisor, login):
    browser = login(supervisor)

    assert browser.get(url("detail", units.team_1)).status_code == 200
    for name in ("create", "edit", "move", "close"):
        assert browser.get(url(name, units.team_1)).status_code == 403


def test_other_units_are_not_found(units, operations, login):
    for name in ("detail", "create", "edit", "move", "close"):
        assert login(operations).get(url(name, units.team_2)).status_code == 404


def test_the_tree_takes_the_same_queries_for_three_units(
    units, operations, own_client, login, queries_of
):
    browser = login(operations)
    for_two = queries_of(browser, TREE)
    for _ in range(3):
        unit = UnitFactory(parent=units.city_1)
        ClientFactory(owner=UserFactory(unit=unit))

    assert queries_of(browser, TREE) == for_two


def test_a_units_page_takes_the_same_queries_for_three_people(units, operations, login, queries_of):
    browser = login(operations)
    UserFactory(unit=units.team_1)
    for_one = queries_of(browser, url("detail", units.team_1))
    UserFactory.create_batch(2, unit=units.team_1)

    assert queries_of(browser, url("detail", units.team_1)) == for_one


@pytest.mark.rule("ORG-29")
def test_a_unit_is_added(units, operations, login):
    browser = login(operations)
    wrong = browser.post(url("create", units.city_1), {"code": "N", "name": "N", "kind": "city"})
    done = browser.post(
        url("create", units.city_1), {"code": "N", "name": "New dept", "kind": UnitKind.DEPARTMENT}
    )

    assert wrong.status_code == 422
    unit = Unit.objects.get(code="N")
    assert done.headers["Location"] == unit.get_absolute_url()
    assert "New dept" in browser.get(TREE).content.decode()


def test_a_unit_is_renamed(units, operations, login):
    login(operations).post(url("edit", units.team_1), {"code": "T1", "name": "Renamed"})

    assert Unit.objects.get(code="T1").name == "Renamed"


@pytest.mark.rule("P3")
def test_a_move_is_previewed_done_and_put_back(units, province, supervisor, own_client, login):
    browser, watching = login(province), login(supervisor)
    page = url("move", units.team_1)

    preview = browser.post(page, {"parent": units.city_2.pk}).content.decode()

    assert supervisor.full_name in preview
    assert 'name="confirm"' in preview
    assert watching.get(own_client.get_absolute_url()).status_code == 200

    browser.post(page, {"parent": units.city_2.pk, "confirm": "1"})

    assert watching.get(own_client.get_absolute_url()).status_code == 404
    assert "Own Client" not in watching.get("/clients/").content.decode()

    browser.post(reverse("staff:unit_move_undo", args=[UnitMove.objects.get().pk]))

    assert watching.get(own_client.get_absolute_url()).status_code == 200
    assert "put back" in browser.get(url("detail", units.team_1)).content.decode()


def test_an_impossible_move_says_why(units, province, login):
    response = login(province).post(url("move", units.city_1), {"parent": units.city_2.pk})

    assert response.status_code == 422
    assert "cannot stand below" in response.content.decode()
    assert 'name="confirm"' not in response.content.decode()


def test_a_unit_in_use_is_not_closed(units, operations, own_client, login):
    browser = login(operations)
    page = url("close", units.team_1)

    assert "clients (1)" in browser.get(page).content.decode()
    assert browser.post(page).status_code == 409


def test_an_empty_unit_is_closed_and_opened_again(units, operations, login):
    empty = UnitFactory(parent=units.city_1, name="Empty")
    browser = login(operations)

    browser.post(url("close", empty))
    assert "closed" in browser.get(url("detail", empty)).content.decode()
    assert "Empty" not in browser.get("/people/new/").content.decode()
    browser.post(url("reopen", empty))

    empty.refresh_from_db()
    assert empty.closed_on is None
