"""A shown number equals the rows it opens, for every number, role and unit (P2)."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.urls import reverse
from django.utils.html import escape

from accounts.choices import ClientClass
from analytics.choices import AlertState, RuleCode
from analytics.selectors.dashboard import Cell, Dashboard
from staff.choices import Role
from staff.models import Unit, User
from tests.factories.accounts import ClientFactory
from tests.factories.analytics import AlertFactory, BillingPeriodFactory, ClientMonthFactory
from tests.factories.staff import UserFactory
from tests.factories.visits import VisitFactory
from visits.choices import VisitState

pytestmark = [pytest.mark.django_db, pytest.mark.rule("P2")]
BEIJING = ZoneInfo("Asia/Shanghai")
# Half past midnight: in UTC it is still yesterday, and last month on the first.
MOMENTS = [
    datetime(2026, 7, 15, 10, 0, tzinfo=BEIJING),
    datetime(2026, 7, 15, 0, 30, tzinfo=BEIJING),
    datetime(2026, 7, 1, 0, 30, tzinfo=BEIJING),
]
VIEWS = [
    ("supervisor", ""),
    ("supervisor", "T1"),
    ("province", ""),
    ("province", "C1"),
    ("province", "T2"),
    ("operations", ""),
    ("operations", "T1"),
]


def at(now: datetime, *, days: int, hour: int = 10) -> datetime:
    """That hour in Beijing, so many days from today."""
    day = date.fromordinal(now.date().toordinal() + days)
    return datetime(day.year, day.month, day.day, hour, tzinfo=BEIJING)


def fill(people: list[User], now: datetime) -> None:
    """Everybody gets clients, alerts of every state, rule and age, and visits of every kind."""
    ages = (0, 1, 2, 3, 7, 8, 30, 31, 90)
    states = [*AlertState]
    for seed, person in enumerate(people):
        clients = [
            ClientFactory(owner=person, client_class=[*ClientClass, ""][number % 4])
            for number in range(5)
        ]
        ClientFactory(owner=None, unit=person.unit, client_class=ClientClass.A)
        for number in range(5 * len(RuleCode)):
            state = states[(number + seed) % len(states)]
            closed = (
                {"survey": "s", "cause": "other", "action": "a", "closed_at": now}
                if state == AlertState.CLOSED
                else {}
            )
            AlertFactory(
                client=clients[number // len(RuleCode)],
                rule=RuleCode.values[number % len(RuleCode)],
                state=state,
                due_on=at(now, days=number % 5 - 2).date(),
                created_at=at(now, days=-ages[number % len(ages)], hour=(number * 5) % 24),
                reading=None,
                **closed,
            )
        for number, days in enumerate((-40, -16, -15, -14, -1, 0, 1, 15, 16, 17, 40)):
            starts_at = at(now, days=days, hour=0 if number % 2 else 23)
            VisitFactory(
                client=clients[number % 5],
                visitor=people[(seed + number % 2) % len(people)],
                starts_at=starts_at,
                record_due_on=at(now, days=days + number % 3 - 1).date(),
                done=number % 3 == 0,
            )
        VisitFactory(
            client=clients[0], visitor=person, starts_at=now,
            state=VisitState.CANCELLED, cancelled_reason="Snow",
        )  # fmt: skip
        for month in (date(2026, 5, 1), date(2026, 6, 1)):
            ClientMonthFactory(client=clients[0], period=month)


@pytest.fixture
def company(units, manager, peer, outsider, supervisor, representative):
    """Two cities; one client of a third unit that the manager took over; people who have left."""
    team_3 = Unit.objects.create(code="T3", name="Team 3", kind="team", parent=units.city_2)
    gone = UserFactory(unit=units.team_1, is_active=False, full_name="Gone")
    for month in (date(2026, 5, 1), date(2026, 6, 1)):
        BillingPeriodFactory(month=month, complete=True)
    ClientFactory(owner=manager, unit=team_3)
    ClientFactory(owner=supervisor, unit=units.team_2, chief_representative=representative)
    return [manager, peer, outsider, supervisor, gone, UserFactory(unit=team_3)]


def cells(part: Any, path: str = "") -> Iterator[tuple[str, Cell]]:
    """Every number with an address, wherever it stands on the dashboard."""
    if isinstance(part, Cell):
        yield path, part
    elif is_dataclass(part):
        for each in fields(part):
            yield from cells(getattr(part, each.name), f"{path}.{each.name}")
    elif isinstance(part, list | tuple):
        for number, each in enumerate(part):
            yield from cells(each, f"{path}[{number}]")


def rows_behind(browser: Any, url: str) -> int:
    """What the list at that address holds, on all its pages."""
    response = browser.get(url, headers={"HX-Request": "true"})
    assert response.status_code == 200
    assert response.context_data["filter"].form.errors == {}
    return response.context_data["filter"].qs.count()


@pytest.mark.rule("ORG-22")
@pytest.mark.parametrize("now", MOMENTS, ids=str)
@pytest.mark.parametrize(("person", "unit"), VIEWS)
def test_every_number_opens_to_its_rows(person, unit, now, company, request, login, settings):
    settings.PORTFOLIO_CLIENTS = 5
    user = request.getfixturevalue(person)
    with time_machine.travel(now, tick=False):
        fill(company, now)
        browser = login(user)
        response = browser.get(reverse("analytics:dashboard"), {"unit": unit})
        board: Dashboard = response.context_data["board"]
        shown = dict(cells(board))

        opened = {path: rows_behind(browser, cell.url) for path, cell in shown.items()}

    assert opened == {path: cell.value for path, cell in shown.items()}
    assert sum(map(bool, opened.values())) > 20, "a company of zeros would prove nothing"


@pytest.mark.parametrize("person", ["supervisor", "province"])
def test_parts_make_the_whole(person, company, request, login):
    with time_machine.travel(MOMENTS[0], tick=False):
        fill(company, MOMENTS[0])
        browser = login(request.getfixturevalue(person))
        board = browser.get(reverse("analytics:dashboard")).context_data["board"]

    assert sum(row.total.value for row in board.alerts_by_state) == board.open_alerts.value
    assert sum(cell.value for cell in board.alerts_by_rule) == board.open_alerts.value


def test_the_numbers_of_my_day_open_to_their_rows(company, manager, login):
    with time_machine.travel(MOMENTS[0], tick=False):
        fill(company, MOMENTS[0])
        browser = login(manager)
        day = browser.get("/").context_data["day"]
        alerts, visits = reverse("analytics:alert_list"), reverse("visits:visit_list")

        assert rows_behind(browser, f"{alerts}?open=true") == day.open_alerts
        assert rows_behind(browser, f"{alerts}?overdue=true") == day.overdue_alerts
        late = f"{visits}?overdue=true&visitor={manager.pk}"
        assert rows_behind(browser, late) == day.overdue_records
        assert f'href="{escape(late)}"' in browser.get("/").content.decode()


@pytest.mark.rule("P1")
@pytest.mark.parametrize("unit", ["C2", "T2", "P", "NO-SUCH"])
def test_a_unit_out_of_reach_is_no_filter(unit, supervisor, login):
    browser = login(supervisor)

    response = browser.get(reverse("analytics:dashboard"), {"unit": unit})

    assert response.context_data["unit"] is None
    assert "Team 2" not in response.content.decode()


def test_the_number_of_queries_does_not_grow_with_the_team(
    units, supervisor, login, queries_of, manager
):
    browser, url = login(supervisor), reverse("analytics:dashboard")
    fill([manager], MOMENTS[0])
    for_one = queries_of(browser, url)
    fill([UserFactory(unit=units.team_1, role=Role.AGENT) for _ in range(2)], MOMENTS[0])

    assert queries_of(browser, url) == for_one


def test_the_month_before_is_the_neighbour_in_the_calendar(own_client, manager, supervisor, login):
    for month in (date(2026, 3, 1), date(2026, 6, 1)):
        BillingPeriodFactory(month=month, complete=True)
    ClientMonthFactory(client=own_client, period=date(2026, 3, 1), income=1, active=1)
    newest = ClientMonthFactory(
        client=own_client, period=date(2026, 6, 1), previous_income=800, previous_active=8
    )
    browser, url = login(supervisor), reverse("analytics:dashboard")

    board = browser.get(url).context_data["board"]
    assert (board.previous_income, board.previous_active) == (800, 8)

    newest.previous_income = newest.previous_active = None
    newest.save()
    board = browser.get(url).context_data["board"]
    assert (board.previous_income, board.previous_active) == (None, None)


@pytest.mark.rule("ORG-22")
def test_people_with_too_many_clients_are_counted_and_marked(
    manager, peer, supervisor, representative, login, settings
):
    settings.PORTFOLIO_CLIENTS = 2
    for person, number in ((manager, 3), (peer, 2)):
        ClientFactory.create_batch(number, owner=person, chief_representative=representative)
    url = reverse("analytics:dashboard")

    response = login(supervisor).get(url)

    board = response.context_data["board"]
    assert board.overloaded == Cell(1, f"{reverse('staff:person_list')}?overloaded=true")
    assert {row.person: row.is_overloaded for row in board.team} == {manager: True, peer: False}
    assert "More than 2 clients each" in response.content.decode()
    # Who may not list people gets no number that leads there.
    assert login(representative).get(url).context_data["board"].overloaded is None
