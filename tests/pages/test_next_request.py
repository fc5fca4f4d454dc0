"""What changes takes effect with the next request of an open session, on every route."""

from collections import defaultdict
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from accounts.models import Client
from staff.models import User
from sync import services as tokens
from sync.models import TokenScope
from tests.pages.route_table import OBJECTS
from tests.pages.route_walks import OPEN_TO_ANYBODY, REFUSED, ROUTES, address, colleagues, statuses

pytestmark = pytest.mark.django_db
CLIENT_SCOPE = Client.scope.via("client")


def client_of(found) -> Client | None:
    """The client whose sight decides about the object; None when something else does."""
    if isinstance(found, Client):
        return found
    return found.client if getattr(found, "scope", None) == CLIENT_SCOPE else None


@pytest.mark.rule("P4")
def test_a_disabled_account_gets_nothing_more(manager, login):
    """Its open session is sent to the login by every page, its token refused by every endpoint."""
    now = timezone.now()
    _token, secret = tokens.create_token(
        name="x", access=TokenScope.WRITE, expires_at=now + timedelta(days=1), now=now, by=manager
    )
    by_token = Browser(headers={"Authorization": f"Bearer {secret}"})
    working = login(manager)
    assert working.get(reverse("staff:task_list")).status_code == 200
    assert by_token.get("/api/v1/clients/").status_code == 200

    User.objects.filter(pk=manager.pk).update(is_active=False)

    let_in = {
        route: (working.get(address(route)).status_code, by_token.get(address(route)).status_code)
        for route in sorted(set(ROUTES) - OPEN_TO_ANYBODY)
        if not _is_turned_away(working, address(route))
        or (route.startswith("api:") and not _is_turned_away(by_token, address(route)))
    }
    assert let_in == {}


def _is_turned_away(browser: Browser, url: str) -> bool:
    answer = browser.get(url)
    if answer.status_code == 302:
        return answer.headers["Location"].startswith(reverse("staff:login"))
    return answer.status_code == 401


BUILDERS: dict[Callable[[User], Any], list[str]] = defaultdict(list)
for name, builder in sorted(OBJECTS.items(), key=lambda item: item[0]):
    BUILDERS[builder].append(name)


@pytest.mark.rule("P3")
@pytest.mark.parametrize("build", BUILDERS, ids=lambda build: build.__name__)
def test_a_client_that_moved_is_there_for_its_new_people_only(
    build, units, manager, outsider, login
):
    found = build(manager)
    client = client_of(found)
    if client is None:
        return  # its sight does not hang on a client
    old = [login(manager), *colleagues(unit=units.city_1)]
    new = [login(outsider), *colleagues(unit=units.city_2)]
    for browser in (*old, *new):
        assert browser.get(reverse("staff:task_list")).status_code == 200

    Client.objects.filter(pk=client.pk).update(
        owner=outsider, unit=units.team_2, chief_representative=None
    )

    addresses = [address(route, found.pk) for route in BUILDERS[build]]
    for url in addresses:
        answers = statuses(old, url)
        assert answers <= REFUSED, url
        assert 404 in answers, url
    assert any(statuses(new, url) - REFUSED for url in addresses)
