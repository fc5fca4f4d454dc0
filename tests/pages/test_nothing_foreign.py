"""No page, list, search, endpoint or file shows a row that its reader may not see (P1).

Generated over routes and models: what `visible_to` keeps from somebody must not be in anything that
they can open, as an address, an id or a name. Routes about a single row: `test_every_route`.
"""

import re
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
import time_machine
from django.test import Client as Browser
from django.urls import reverse

from accounts.models import Client, Contact
from crm.lib import search
from crm.lib.pinyin import search_text
from crm.lib.scoping import ScopedQuerySet
from staff.choices import Role
from staff.models import Export, User
from staff.tasks import run_export_task
from tests.architecture.our_models import our_models
from tests.factories.staff import ExportFactory, UserFactory
from tests.pages.page_walks import NOW, home_of, make_company, pages_of
from tests.pages.route_table import OBJECTS
from tests.pages.route_walks import ROUTES, address
from tests.pages.test_lists import list_views

pytestmark = [pytest.mark.django_db, pytest.mark.rule("P1")]
ROLES = [role for role in Role if role != Role.PROVINCE]  # who sees everything
WORD = "zzforeign"  # in the name of everything that the viewer does not see
ID = re.compile("[0-9a-f]{8}-[0-9a-f-]{27}")


def hide(viewer: User) -> set[str]:
    """Ids of all rows out of sight; those clients and contacts are called by them."""
    hidden = {}
    for model in our_models():
        rows = model._default_manager.all()
        if isinstance(rows, ScopedQuerySet):
            unseen = rows.exclude(pk__in=rows.visible_to(viewer).values("pk"))
            hidden[model] = list(unseen.values_list("pk", flat=True))
    for model in (Client, Contact):
        for pk in hidden[model]:
            name = f"{WORD} {pk}"
            model.objects.filter(pk=pk).update(name=name, search_text=search_text(name))
    ids = {str(pk) for keys in hidden.values() for pk in keys if isinstance(pk, UUID)}
    assert len(ids) > 100
    return ids


def endpoints_of(browser: Browser, objects: dict[Any, Any]) -> Iterator[tuple[str, str]]:
    for route, arguments in ROUTES.items():
        if not route.startswith("api:") or route in {"api:schema", "api:docs"}:
            continue
        if arguments and OBJECTS.get(route) not in objects:
            continue
        url = address(route, objects[OBJECTS[route]].pk) if arguments else reverse(route)
        response = browser.get(url)
        if response.streaming:  # a download closes its file at the end
            list(response.streaming_content)
        elif response.status_code == 200:
            yield url, response.content.decode()


def searches_of(browser: Browser, viewer: User) -> Iterator[tuple[str, str]]:
    for kind in ["", *(kind.name for kind in search.kinds_for(viewer))]:
        for text in (WORD, "vpmn", "photo", "0001"):
            sent = {"q": text, "kind": kind}
            response = browser.post(reverse("staff:search"), sent, headers={"HX-Request": "true"})
            yield f"search for {text} in {kind or 'everything'}", response.content.decode()


def files_of(viewer: User) -> Iterator[tuple[str, str]]:
    """Every list as a file, for those who may have one."""
    for name, view in list_views().items():
        may = view.export_right and viewer.has_perm(view.right)
        if may and viewer.has_perm(view.export_right):
            export = ExportFactory(owner=viewer, list_name=name)
            run_export_task(str(export.pk))
            export = Export.objects.get(pk=export.pk)
            with export.file.open() as file:
                yield f"file of {name}", file.read().decode()


@pytest.mark.parametrize("role", ROLES)
def test_nothing_out_of_sight_is_in_anything_a_person_can_open(role, units, outsider, login):
    viewer = UserFactory(role=role, unit=home_of(role, units))
    browser = login(viewer)
    with time_machine.travel(NOW, tick=False):
        objects = make_company(viewer, [outsider])
        hidden = hide(viewer)
        shown = [
            *pages_of(browser, objects),
            *endpoints_of(browser, objects),
            *searches_of(browser, viewer),
            *files_of(viewer),
        ]

    leaks = {place: found for place, text in shown if (found := hidden & set(ID.findall(text)))}
    assert leaks == {}
    assert len(shown) > (40 if role == Role.COMPLAINT_CLERK else 100)
