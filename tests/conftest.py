"""Test people on a small unit tree, and what every test needs around a database.

    province ── city_1 ── team_1     manager, peer, representative; supervisor, operations: city_1
           └─── city_2 ── team_2     outsider
    province, who sees everything, belongs to the root.

`own_client` is the manager's, `foreign_client` the outsider's: the second is out of reach for
everybody here but `province`.
"""

from collections.abc import Callable, Iterator
from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.core.cache import cache
from django.db import connection
from django.test import Client as Browser

from accounts.models import Client
from analytics.models import CriteriaVersion, RuleVersion
from staff.choices import Role, UnitKind
from staff.models import Position, User
from tests.factories.accounts import ClientFactory
from tests.factories.staff import AppointmentFactory, UnitFactory, UserFactory

# Its comparisons of whole tables tell what differs, as those in the tests themselves do.
pytest.register_assert_rewrite("tests.analytics.undo_steps")


@pytest.fixture
def units(db: None) -> SimpleNamespace:
    province = UnitFactory(code="P", name="Province", kind=UnitKind.PROVINCE)
    city_1 = UnitFactory(code="C1", name="City 1", kind=UnitKind.CITY, parent=province)
    city_2 = UnitFactory(code="C2", name="City 2", kind=UnitKind.CITY, parent=province)
    return SimpleNamespace(
        province=province,
        city_1=city_1,
        city_2=city_2,
        team_1=UnitFactory(code="T1", name="Team 1", parent=city_1),
        team_2=UnitFactory(code="T2", name="Team 2", parent=city_2),
    )


@pytest.fixture
def manager(units: SimpleNamespace) -> User:
    """An account manager; most tests are told from this chair."""
    return UserFactory(username="manager", full_name="Ma Li", unit=units.team_1)


@pytest.fixture
def peer(units: SimpleNamespace) -> User:
    """Another account manager of the same team."""
    return UserFactory(username="peer", full_name="Pan Wei", unit=units.team_1)


@pytest.fixture
def representative(units: SimpleNamespace) -> User:
    """A manager of a department, who may represent clients (ORG-09)."""
    person = UserFactory(
        username="representative",
        full_name="Ren Tao",
        role=Role.CHIEF_REPRESENTATIVE,
        unit=units.team_1,
    )
    position, _is_new = Position.objects.get_or_create(  # browser tests empty the tables
        code="department-manager",
        defaults={"name_en": "Manager", "name_zh": "经理", "can_represent": True},
    )
    AppointmentFactory(person=person, position=position)
    return person


@pytest.fixture
def supervisor(units: SimpleNamespace) -> User:
    return UserFactory(
        username="supervisor", full_name="Su Min", role=Role.SUPERVISOR, unit=units.city_1
    )


@pytest.fixture
def operations(units: SimpleNamespace) -> User:
    """The one who hands in bills of city 1."""
    return UserFactory(
        username="operations", full_name="Ou Jie", role=Role.OPERATIONS, unit=units.city_1
    )


@pytest.fixture
def province(units: SimpleNamespace) -> User:
    return UserFactory(
        username="province", full_name="Pu Rong", role=Role.PROVINCE, unit=units.province
    )


@pytest.fixture
def outsider(units: SimpleNamespace) -> User:
    """An account manager of the other city."""
    return UserFactory(username="outsider", full_name="Ouyang Fei", unit=units.team_2)


@pytest.fixture
def own_client(manager: User) -> Client:
    return ClientFactory(code="OWN", name="Own Client", owner=manager)


@pytest.fixture
def foreign_client(outsider: User) -> Client:
    return ClientFactory(code="FOREIGN", name="Foreign Client", owner=outsider)


@pytest.fixture
def login() -> Callable[[User], Browser]:
    """`login(person).get(url)`: a Django test client in which the person is logged in."""

    def log_in(person: User) -> Browser:
        browser = Browser()
        browser.force_login(person)
        return browser

    return log_in


@pytest.fixture(autouse=True)
def _empty_cache() -> Iterator[None]:
    """Progress, counts and throttles of one test are not the next one's."""
    yield
    cache.clear()


@pytest.fixture(autouse=True)
def _leave_no_commits(request: pytest.FixtureRequest) -> Iterator[None]:
    """What Django's flush after a committing test forgets.

    The default rules come from a migration and are flushed with everything else; the partitions
    of the bills are no models and stay.
    """
    mark = request.node.get_closest_marker("django_db")
    commits = "transactional_db" in request.fixturenames or (
        mark is not None and mark.kwargs.get("transaction")
    )
    if not commits:
        yield
        return
    request.getfixturevalue("transactional_db")
    if not RuleVersion.objects.exists():
        import_module("analytics.migrations.0003_default_rules").create_defaults(apps, None)
    if not CriteriaVersion.objects.exists():
        import_module("analytics.migrations.0016_default_class_criteria").create_defaults(
            apps, None
        )
    yield
    drop_bill_tables()


def drop_bill_tables() -> None:
    """Every month of member bills, and what a killed import may have left beside them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE tablename ~ '^analytics_memberbill_'")
        for (name,) in cursor.fetchall():
            cursor.execute(f"DROP TABLE {name}")
