"""Walks every named route: a new one without an entry fails (P1)."""

import pytest
from django.test import Client as Browser
from django.urls import reverse

from staff.choices import Role
from tests.factories.staff import UserFactory
from tests.pages.route_table import OBJECTS, PERSONAL
from tests.pages.route_walks import (
    COMMON_ARGUMENTS,
    OPEN_TO_ANYBODY,
    OPEN_TO_STAFF,
    REFUSED,
    ROUTES,
    address,
    colleagues,
    statuses,
)

pytestmark = [pytest.mark.django_db, pytest.mark.rule("P1")]


def test_every_route_says_what_its_argument_names():
    without = {
        route for route, arguments in ROUTES.items()
        if arguments and route not in OBJECTS and route not in COMMON_ARGUMENTS
    }  # fmt: skip

    assert without == set()
    assert set(OBJECTS) | set(COMMON_ARGUMENTS) <= set(ROUTES), "an entry for a route that is gone"


@pytest.mark.parametrize("route", sorted(OBJECTS))
def test_an_object_of_somebody_else_is_not_found(route, units, manager):
    url = address(route, OBJECTS[route](manager).pk)

    answers = statuses(colleagues(unit=units.team_2), url)

    assert answers <= REFUSED
    assert 404 in answers


@pytest.mark.parametrize(
    "route", sorted(route for route, build in OBJECTS.items() if build in PERSONAL)
)
def test_a_personal_object_is_its_owners_only(route, units, manager, province, login):
    url = address(route, OBJECTS[route](manager).pk)

    answers = statuses([login(province), *colleagues(unit=units.city_1)], url)

    assert answers <= REFUSED


@pytest.mark.parametrize("route", sorted(OBJECTS))
def test_the_object_is_there_for_somebody(route, units, manager, login):
    """Without this the tests above would hold for a route that answers 404 to everybody."""
    url = address(route, OBJECTS[route](manager).pk)
    insiders = [login(manager), *colleagues(unit=units.city_1)]

    assert statuses(insiders, url) - REFUSED


@pytest.mark.parametrize("route", sorted(set(ROUTES) - OPEN_TO_ANYBODY))
def test_a_stranger_is_sent_to_the_login(route):
    response = Browser().get(address(route))

    if route.startswith("api:") and route != "api:docs":
        assert response.status_code == 401
    else:
        assert response.status_code == 302
        assert response.headers["Location"].startswith(reverse("staff:login"))


@pytest.mark.parametrize("route", sorted(set(ROUTES) - OPEN_TO_STAFF))
def test_a_role_without_rights_is_refused(route, units, login):
    clerk = login(UserFactory(role=Role.COMPLAINT_CLERK, unit=units.province))

    answers = statuses([clerk], address(route))

    assert answers <= REFUSED
    # REST looks for the row first, and there is none.
    assert answers & ({403, 404} if route.startswith("api:") else {403})
