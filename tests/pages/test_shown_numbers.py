"""Every number that stands in a link equals the rows behind the link, on every page (P2).

Routes are walked, so a new page is looked at by itself; a new number that leads to something else
than a list needs an entry below.
"""

import re
from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin

import pytest
import time_machine
from django.test import Client as Browser
from django.urls import resolve

from complaints.choices import RUNNING
from crm.lib.keyset import PAGE_SIZE
from crm.lib.views import ScopedListView
from staff.choices import Role
from tests.factories.staff import UserFactory
from tests.pages.page_walks import NOW, home_of, make_company, pages_of

pytestmark = [pytest.mark.django_db, pytest.mark.rule("P2")]
# A text that is a number, or a sentence that begins with one: "12", "99+", "2 reports are overdue".
NUMBER = re.compile(r"([0-9][0-9,]*)(\+?)(?= |$)")
Number = tuple[str, int, bool]  # the link's address, the number, whether it is capped ("99+")
# Pages with rows that are no `ScopedListView`: how many they show.
ROWS: dict[str, Callable[[Any], int]] = {
    "staff:task_list": lambda context: len(context["tasks"]),
    "staff:notification_list": lambda context: sum(
        not each.read_at for each in context["notifications"]
    ),
    # Tabs of a client: some badges speak of what is open among the rows.
    "accounts:client_people": lambda context: len(context["people"].here),
    "accounts:client_files": lambda context: len(context["page"].rows),
    "visits:client_visits": lambda context: len(context["table"].data),
    "analytics:client_alerts": lambda context: sum(each.is_open for each in context["table"].data),
    "complaints:client_cases": lambda context: sum(
        each.status in RUNNING for each in context["table"].data
    ),
}
# Numbers that lead to no rows, with the reason.
NO_ROWS = {
    "staff:notification_open": "the sentence of a notification, of the moment when it was written",
    "analytics:import_detail": "the number of the import, its name",
    "accounts:client_members": "active members of the newest complete month, as the bills say",
}
# Who shows each of them; the test of that role fails when it does so no more.
SHOWN_BY = dict.fromkeys({*ROWS, *NO_ROWS}, Role.ACCOUNT_MANAGER) | {
    "analytics:import_detail": Role.OPERATIONS
}


class NumbersInLinks(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.href = ""
        self.found: set[Number] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self.href = dict(attrs).get("href") or ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "a":
            self.href = ""

    def handle_data(self, data: str) -> None:
        number = NUMBER.match(data.strip())
        if number and self.href[:1] in {"/", "?"}:
            self.found.add((self.href, int(number[1].replace(",", "")), bool(number[2])))


def numbers_on(html: str) -> set[Number]:
    parser = NumbersInLinks()
    parser.feed(html)
    return parser.found


def route_of(url: str) -> str:
    return resolve(re.split("[?#]", url)[0]).view_name


def rows_behind(browser: Browser, url: str) -> int | str:
    """How many rows are shown there, on a list with pages on all of them; else what is wrong."""
    route = route_of(url)
    response = browser.get(url)
    if response.status_code != 200:
        return f"answers {response.status_code}"
    if route in ROWS:
        return ROWS[route](response.context)
    view = getattr(resolve(re.split("[?#]", url)[0]).func, "view_class", None)
    if not (view and issubclass(view, ScopedListView)):
        return f"{route} needs an entry in this file"
    context = response.context_data
    rows = context["filter"].qs.count()
    assert context["filter"].form.errors == {}, url
    assert len(context["page"].rows) == min(rows, PAGE_SIZE), url
    assert context["result_text"].split()[0] == f"{rows:,}", url
    return rows


@pytest.mark.parametrize("role", Role)
def test_every_number_in_a_link_equals_the_rows_behind_it(role, units, manager, outsider, login):
    viewer = UserFactory(role=role, unit=home_of(role, units))
    browser, wrong, routes = login(viewer), {}, set()
    with time_machine.travel(NOW, tick=False):
        objects = make_company(viewer, [manager, outsider])
        numbers = {
            (urljoin(place, href), number, is_capped)
            for place, html in pages_of(browser, objects)
            for href, number, is_capped in numbers_on(html)
        }
        for url, number, is_capped in sorted(numbers):
            routes.add(route_of(url))
            if route_of(url) not in NO_ROWS:
                rows = rows_behind(browser, url)
                if isinstance(rows, str) or not (rows > number if is_capped else rows == number):
                    wrong[url] = f"shown {number}, behind it {rows}"

    assert wrong == {}
    assert {route for route, shown_by in SHOWN_BY.items() if shown_by == role} <= routes
    assert len(numbers) > (2 if role == Role.COMPLAINT_CLERK else 20), "zeros would prove nothing"
