"""A small company with rows of every sort, and ways over all pages that a person may open."""

from collections.abc import Iterator
from typing import Any

from django.db import connection
from django.test import Client as Browser
from django.urls import reverse

from accounts.models import Client
from staff.choices import Role
from staff.models import User
from tests.factories.accounts import ClientFactory, ContactFactory
from tests.factories.analytics import AlertFactory
from tests.factories.complaints import CaseFactory
from tests.factories.files import PhotoFactory
from tests.factories.visits import VisitFactory
from tests.pages.route_objects import client as make_client
from tests.pages.route_objects import unit_move, upload
from tests.pages.route_table import OBJECTS
from tests.pages.route_walks import OPEN_TO_ANYBODY, ROUTES, address
from tests.pages.test_dashboard_numbers import MOMENTS, fill
from tests.pages.test_nine_steps import fill as fill_steps

NOW = MOMENTS[0]
# Opening it reads it, and the number of unread ones would change under our hands.
NOT_OPENED = OPEN_TO_ANYBODY | {"staff:notification_open"}
# Builders that make no row of just anybody: the first changes the person's role, the second needs
# a unit above theirs.
NOT_OF_EVERYBODY = {upload, unit_move}


def home_of(role: str, units: Any) -> Any:
    """Where somebody of that role works, so that the others of team 1 are theirs to see."""
    if role in {Role.SUPERVISOR, Role.OPERATIONS}:
        return units.city_1
    return units.province if role == Role.PROVINCE else units.team_1


def make_company(viewer: User, others: list[User]) -> dict[Any, Any]:
    """Rows of every sort that a route names, of each of them; the viewer's by their builders."""
    fill([viewer, *others], NOW)
    ClientFactory(owner=viewer, unit=others[-1].unit)  # not in sight of the viewer's supervisors
    for person in (*others, viewer):
        fill_steps(person, 2)
        objects = {build: build(person) for build in set(OBJECTS.values()) - NOT_OF_EVERYBODY}
    fill_tabs(objects[make_client])
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # without figures of the tables some pages take seconds
    return objects


def fill_tabs(client: Client) -> None:
    """Something for every badge on the client's page, and beside it what the badge leaves out."""
    Client.objects.filter(pk=client.pk).update(active_members=3)
    ContactFactory.create_batch(2, client=client)
    ContactFactory(client=client, is_active=False)
    PhotoFactory.create_batch(2, client=client, kind="photo")
    PhotoFactory(client=client, kind="photo", removed_at=NOW)
    VisitFactory.create_batch(3, client=client, visitor=client.owner)
    AlertFactory(client=client)
    AlertFactory(client=client, rule="arrears", state="withdrawn", reading=None)
    CaseFactory(client=client, first_responder=client.owner)
    CaseFactory(client=client, first_responder=client.owner, closed=True)


def pages_of(browser: Browser, objects: dict[Any, Any]) -> Iterator[tuple[str, str]]:
    """Address and text of every page that the person may open, those about the objects included."""
    for route, arguments in ROUTES.items():
        if route.startswith("api:") or route in NOT_OPENED or (
            arguments and OBJECTS.get(route) not in objects
        ):  # fmt: skip
            continue
        url = address(route, objects[OBJECTS[route]].pk) if arguments else reverse(route)
        response = browser.get(url, follow=True)
        if response.streaming:  # a download closes its file at the end
            list(response.streaming_content)
        elif response.status_code == 200 and "text/html" in response.headers["Content-Type"]:
            yield response.request["PATH_INFO"], response.content.decode()
