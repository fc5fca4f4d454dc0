"""What every list page owes: own rows only, fragment or page, constant queries, order, states."""

import base64
import json
import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.urls import resolve, reverse
from django.utils import timezone

from crm.lib.views import ScopedListView
from staff.choices import Role
from staff.models import User
from tests.factories.accounts import (
    ClassProposalFactory,
    ClientFactory,
    ContactFactory,
    EscalationFactory,
    InstructionFactory,
    MajorChangeFactory,
    MemberFactory,
    NumberRevealFactory,
    PromiseFactory,
    RepresentationFactory,
)
from tests.factories.analytics import (
    AlertFactory,
    BillingImportFactory,
    ClassSuggestionFactory,
)
from tests.factories.members import RecordLookFactory
from tests.factories.staff import ExportFactory, UserFactory
from tests.factories.visits import VisitFactory
from tests.routes import named_routes

pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class List:
    """A list page, who looks at it, a row by its visible name, a filter that nothing passes."""

    url_name: str
    make: Callable[[User, str], Any]
    role: Role = Role.ACCOUNT_MANAGER
    nothing: str = "q=zzz"

    def __str__(self) -> str:
        return self.url_name


LISTS = [
    List("accounts:client_list", lambda person, name: ClientFactory(owner=person, name=name)),
    List(
        "accounts:contact_list",
        lambda person, name: ContactFactory(client__owner=person, name=name),
    ),
    List(
        "accounts:proposal_list",
        lambda person, name: ClassProposalFactory(client__owner=person, client__name=name),
    ),
    List(
        "accounts:proposal_list",
        lambda person, name: ClassProposalFactory(client__owner=person, client__name=name),
        role=Role.SUPERVISOR,
        nothing="state=refused",
    ),
    List(
        "accounts:change_list",
        lambda person, name: MajorChangeFactory(client__owner=person, client__name=name),
        role=Role.SUPERVISOR,
    ),
    List(
        "accounts:instruction_list",
        lambda person, name: InstructionFactory(client__owner=person, client__name=name),
        nothing="answered=true",
    ),
    List(
        "accounts:escalation_list",
        lambda person, name: EscalationFactory(client__owner=person, client__name=name),
        nothing="level=3",
    ),
    List(
        "accounts:promise_list",
        lambda person, name: PromiseFactory(client__owner=person, client__name=name),
        nothing="overdue=false",
    ),
    List(
        "accounts:representation_list",
        lambda person, name: RepresentationFactory(client__owner=person, client__name=name),
        nothing="overdue=false",
    ),
    List(
        "accounts:unrepresented_list",
        lambda person, name: ClientFactory(owner=person, name=name, client_class="A"),
        role=Role.SUPERVISOR,
    ),
    List(
        "accounts:reveal_log",
        lambda person, name: NumberRevealFactory(
            member__client=ClientFactory(unit=person.unit), reason=name
        ),
        role=Role.SUPERVISOR,
        nothing="reason=zzz",
    ),
    List(
        "accounts:record_log",
        lambda person, name: RecordLookFactory(
            member__client=ClientFactory(unit=person.unit), reason=name
        ),
        role=Role.SUPERVISOR,
        nothing="way=print",
    ),
    List(
        "accounts:export_log",
        lambda person, name: ExportFactory(owner=person, list_name=name),
        role=Role.SUPERVISOR,
        nothing="state=failed",
    ),
    List(
        "staff:export_queue",
        lambda person, name: ExportFactory(
            owner__unit=person.unit,
            reason=name,
            state="approval",
            rows=999,
            expires_at=timezone.now() + timedelta(days=1),
        ),
        role=Role.SUPERVISOR,
        nothing="q=zzz",
    ),
    List(
        "accounts:member_list",
        lambda person, name: MemberFactory(client=ClientFactory(owner=person, name=name)),
        nothing="status=churned",
    ),
    List(
        "analytics:suggestion_list",
        lambda person, name: ClassSuggestionFactory(client__owner=person, client__name=name),
        role=Role.SUPERVISOR,
        nothing="state=dismissed",
    ),
    List(
        "visits:visit_list",
        lambda person, name: VisitFactory(
            visitor=person, client=ClientFactory(owner=person, name=name)
        ),
    ),
    List(
        "analytics:alert_list",
        lambda person, name: AlertFactory(client=ClientFactory(owner=person, name=name)),
    ),
    List(
        "analytics:import_list",
        lambda person, name: BillingImportFactory(created_by=person, file_name=name),
        role=Role.OPERATIONS,
        nothing="state=failed",
    ),
]
pages = pytest.mark.parametrize("page", LISTS, ids=str)


@pytest.fixture
def viewer(page, units):
    return UserFactory(role=page.role, unit=units.team_1)


@pytest.fixture
def browser(viewer, login):
    return login(viewer)


@pytest.fixture
def stranger(page, units):
    return UserFactory(role=page.role, unit=units.team_2)


@pytest.mark.rule("P1")
@pages
def test_own_rows_are_shown_and_strangers_are_not(page, viewer, stranger, browser):
    page.make(viewer, "Ours")
    page.make(stranger, "Theirs")

    html = browser.get(reverse(page.url_name)).content.decode()

    assert "Ours" in html
    assert "Theirs" not in html


@pages
def test_htmx_gets_the_table_only(page, viewer, browser):
    page.make(viewer, "Ours")
    url = reverse(page.url_name)

    whole = browser.get(url).content.decode()
    part = browser.get(url, headers={"HX-Request": "true"}).content.decode()
    boosted = browser.get(url, headers={"HX-Request": "true", "HX-Boosted": "true"})

    assert "<html" in whole
    assert "<html" not in part
    assert part.strip().startswith('<div id="list-table"')
    assert "Ours" in part
    assert "<html" in boosted.content.decode()
    assert "HX-Request" in boosted.headers["Vary"]


@pages
def test_the_number_of_queries_is_the_same_for_three_rows(page, viewer, browser, queries_of):
    url = reverse(page.url_name)
    page.make(viewer, "First")
    for_one = queries_of(browser, url)
    page.make(viewer, "Second")
    page.make(viewer, "Third")

    assert queries_of(browser, url) == for_one


@pages
def test_an_empty_list_says_what_to_do(page, browser):
    view = resolve(reverse(page.url_name)).func.view_class

    html = browser.get(reverse(page.url_name)).content.decode()

    assert str(view.empty_title) in html


@pages
def test_filters_that_nothing_passes_can_be_cleared(page, viewer, browser):
    page.make(viewer, "Ours")

    html = browser.get(f"{reverse(page.url_name)}?{page.nothing}").content.decode()

    assert "Nothing matches these filters" in html
    assert "Ours" not in html


@pages
def test_every_order_sorts(page, viewer, browser):
    for name in ("Bbb", "Aaa", "Ccc"):
        page.make(viewer, name)
    filterset = resolve(reverse(page.url_name)).func.view_class.filterset_class

    for name, order in filterset.ORDERS.items():
        response = browser.get(f"{reverse(page.url_name)}?sort={name}")
        values = [
            (getattr(row, order.column), row.pk) for row in response.context_data["page"].rows
        ]
        assert values == sorted(values, reverse=order.descending), name


@pytest.mark.rule("P32")
@pytest.mark.parametrize("query", ["sort=password", "sort=owner__password", "cursor=x"])
@pages
def test_nonsense_in_the_address_is_ignored(page, query, viewer, browser):
    page.make(viewer, "Ours")

    response = browser.get(f"{reverse(page.url_name)}?{query}")

    assert response.status_code == 200
    assert "Ours" in response.content.decode()


def list_views() -> dict[str, type[ScopedListView]]:
    """Every list page there is, by its name."""
    names = [name for name, arguments in named_routes() if not arguments]
    views = {name: getattr(resolve(reverse(name)).func, "view_class", None) for name in names}
    return {name: v for name, v in views.items() if v and issubclass(v, ScopedListView)}


def paths_of(model: Any, depth: int = 3) -> list[str]:
    """Names of columns and of what relations lead to, passwords among them."""
    fields = model._meta.get_fields()
    found = [field.name for field in fields]
    if depth:
        for field in fields:
            if field.is_relation and field.related_model:
                found += [
                    f"{field.name}__{rest}"
                    for rest in paths_of(field.related_model, depth - 1)[:40]
                ]
    return found


@pytest.mark.rule("P32")
@pytest.mark.parametrize("name", sorted(list_views()))
def test_made_up_orders_filters_and_columns_change_nothing(name, units, login, time_machine):
    """Whatever an address asks for, the database is asked for what the list offers only."""
    time_machine.move_to(timezone.now(), tick=False)  # overdue rows are asked for by the clock
    view = list_views()[name]
    luck = random.Random(f"{name} 32")  # noqa: S311 -- no secret
    filters = view.filterset_class
    known = {"sort", "cursor", *filters.base_filters, *filters.ORDERS}
    paths = [path for path in paths_of(view.model) if path not in known]
    lookups = ("", "__in", "__regex", "__startswith", "__isnull", "__gte")
    browser = login(UserFactory(role=Role.SUPERVISOR, unit=units.city_1))
    if browser.get(reverse(name)).status_code == 403:
        browser = login(UserFactory(role=Role.OPERATIONS, unit=units.city_1))
    plain = asked_for(browser.get(reverse(name), {"view": "all"}))

    for _ in range(25):
        path = luck.choice(paths)
        nasty = luck.choice(["1", "pbkdf2", "^a", "'; --", "\0", "True", "9" * 40, "🙂"])
        sent = {
            "sort": luck.choice(["", "-"]) + path, path + luck.choice(lookups): nasty,
            "columns": path, f"{path}__password": nasty,
        }  # fmt: skip
        if known & sent.keys() != {"sort"}:
            continue  # by luck one that there is
        response = browser.get(reverse(name), sent)
        assert response.status_code == 200, sent
        assert asked_for(response) == plain, sent


def asked_for(response: Any) -> tuple[str, str, list[str]]:
    """Rows, order and columns that a list asked the database for."""
    table = response.context_data["table"]
    columns = [column.name for column in table.columns]
    return str(response.context_data["filter"].qs.query), str(table.order_by), columns


@pytest.mark.rule("P32")
def test_a_filter_that_cannot_be_used_says_so_and_shows_nothing(own_client, manager, login):
    url = f"{reverse('accounts:client_list')}?unit=NO&income__gte=much"

    for headers in ({}, {"HX-Request": "true"}):
        html = login(manager).get(url, headers=headers).content.decode()
        assert "This filter cannot be used" in html
        assert "Income from: Enter a number." in html
        assert "Own Client" not in html


@pytest.mark.rule("P32")
@pytest.mark.parametrize("value", ["\0", "1e200000", "2026-01-01", 1e308, "NaN"])
@pages
def test_a_forged_cursor_is_ignored(page, value, viewer, browser):
    page.make(viewer, "Ours")

    for order in resolve(reverse(page.url_name)).func.view_class.filterset_class.ORDERS:
        text = json.dumps([order, 0, value, "0198f0a0-0000-7000-8000-000000000000"])
        cursor = base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")
        response = browser.get(reverse(page.url_name), {"sort": order, "cursor": cursor})
        assert "Ours" in response.content.decode(), order


@pages
def test_a_long_list_has_pages(page, viewer, browser):
    for number in range(51):
        page.make(viewer, f"Row {number}")
    url = reverse(page.url_name)

    first = browser.get(url).context_data["page"]
    second = browser.get(url + first.next_url).context_data["page"]
    back = browser.get(url + second.previous_url).context_data["page"]

    assert (len(first.rows), len(second.rows)) == (50, 1)
    assert (first.previous_url, second.next_url) == (None, None)
    assert back.rows == first.rows
    assert second.rows[0] not in first.rows


@pages
def test_lists_are_read_only(page, browser):
    assert browser.post(reverse(page.url_name)).status_code == 405
