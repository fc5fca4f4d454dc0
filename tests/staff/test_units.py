"""The unit tree: adding, renaming, moving with undo, closing."""

from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import ValidationError
from django.db.models import ProtectedError

from accounts.models import Client
from staff.choices import PARENT_KINDS, Role, UnitKind
from staff.exceptions import ImpossiblePlace, MoveOutdated, OutOfReach, UnitInUse
from staff.models import Unit, UnitMove
from staff.selectors.units import move_preview, unit_tree
from staff.services import units as services
from tests.factories.accounts import ClientFactory
from tests.factories.staff import UnitFactory, UserFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 7, 6, 8, tzinfo=UTC)
TODAY = date(2026, 7, 6)


def add(parent, by, kind=UnitKind.TEAM, code="NEW"):
    return services.create_unit(code=code, name="New", kind=kind, parent=parent, by=by)


def move(unit, parent, by):
    return services.move_unit(unit=unit, parent=parent, now=NOW, by=by)


@pytest.mark.rule("ORG-01", "ORG-29")
def test_a_unit_is_added_below_another_one_and_audited(units, operations):
    unit = add(units.city_1, operations, UnitKind.DEPARTMENT)

    assert (unit.parent, unit.kind) == (units.city_1, "department")
    event = unit.events.get()
    assert event.pgh_context.metadata == {"verb": "staff.create_unit", "actor": operations.pk}


@pytest.mark.rule("ORG-01", "ORG-29")
@pytest.mark.parametrize("above", UnitKind.values)
@pytest.mark.parametrize("kind", UnitKind.values)
def test_only_possible_kinds_stand_below(kind, above, db):
    parent = UnitFactory(kind=above)

    if above in PARENT_KINDS[kind]:
        assert add(parent, None, kind).parent == parent
    else:
        with pytest.raises(ImpossiblePlace):
            add(parent, None, kind)


@pytest.mark.rule("ORG-29")
def test_departments_stand_in_cities_and_branches_in_cities_and_counties():
    assert PARENT_KINDS[UnitKind.DEPARTMENT] == {UnitKind.CITY}
    assert PARENT_KINDS[UnitKind.BRANCH] == {UnitKind.CITY, UnitKind.COUNTY}


def test_a_taken_code_is_refused(units, operations):
    with pytest.raises(ValidationError):
        add(units.city_1, operations, code="T1")


@pytest.mark.rule("P1")
def test_nobody_builds_outside_their_own_units(units, operations):
    for write in (
        lambda: add(units.city_2, operations),
        lambda: add(None, operations),
        lambda: services.rename_unit(unit=units.team_2, code="X", name="X", by=operations),
        lambda: move(units.team_2, units.city_1, operations),
        lambda: move(units.team_1, units.city_2, operations),
        lambda: move(units.city_1, units.province, operations),
        lambda: services.close_unit(unit=units.team_2, today=TODAY, by=operations),
        lambda: services.close_unit(unit=units.city_1, today=TODAY, by=operations),
        lambda: services.reopen_unit(unit=units.team_2, by=operations),
    ):
        with pytest.raises(OutOfReach):
            write()


def test_a_unit_is_renamed(units, operations):
    unit = services.rename_unit(unit=units.team_1, code="T9", name="Nine", by=operations)

    assert (unit.code, unit.name, unit.parent) == ("T9", "Nine", units.city_1)


@pytest.mark.rule("P3")
def test_a_moved_unit_takes_everything_below_along(units, province, supervisor, own_client):
    below = UnitFactory(parent=units.team_1, kind=UnitKind.TEAM)
    deep = ClientFactory(unit=below)

    move(units.team_1, units.city_2, province)

    assert not Client.objects.visible_to(type(supervisor).objects.get(pk=supervisor.pk)).exists()
    there = UserFactory(role=Role.SUPERVISOR, unit=units.city_2)
    assert set(Client.objects.visible_to(there)) == {own_client, deep}


@pytest.mark.parametrize("place", ["itself", "below itself", "wrong kind", "closed"])
def test_impossible_places(units, province, place):
    below = UnitFactory(parent=units.city_1, kind=UnitKind.COUNTY)
    closed = UnitFactory(parent=units.province, kind=UnitKind.CITY, closed_on=TODAY)
    unit, parent = {
        "itself": (units.team_1, units.team_1),
        "below itself": (units.city_1, below),
        "wrong kind": (units.city_1, units.city_2),
        "closed": (units.team_1, closed),
    }[place]

    with pytest.raises(ImpossiblePlace):
        move(unit, parent, province)

    assert not UnitMove.objects.exists()


def test_the_top_stays_at_the_top(units):
    with pytest.raises(ImpossiblePlace):
        move(units.province, units.city_1, None)


def test_a_move_is_put_back_once(units, province):
    done = move(units.team_1, units.city_2, province)

    services.undo_move(move=done, now=NOW, by=province)

    units.team_1.refresh_from_db()
    assert units.team_1.parent == units.city_1
    with pytest.raises(MoveOutdated):
        services.undo_move(move=done, now=NOW, by=province)


def test_an_older_move_is_not_put_back(units, province):
    first = move(units.team_1, units.city_2, province)
    move(units.team_1, units.province, province)

    with pytest.raises(MoveOutdated):
        services.undo_move(move=first, now=NOW, by=province)


def test_an_empty_unit_is_closed_and_opened_again(units, operations):
    unit = services.close_unit(unit=units.team_1, today=TODAY, by=operations)
    again = services.close_unit(unit=unit, today=date(2026, 8, 1), by=operations)

    assert again.closed_on == TODAY
    with pytest.raises(ImpossiblePlace):
        add(unit, operations)
    assert services.reopen_unit(unit=unit, by=operations).closed_on is None


@pytest.mark.parametrize("content", ["person", "client", "unit"])
def test_a_unit_in_use_is_not_closed(units, operations, content):
    {
        "person": lambda: UserFactory(unit=units.team_1),
        "client": lambda: ClientFactory(unit=units.team_1),
        "unit": lambda: UnitFactory(parent=units.team_1),
    }[content]()

    with pytest.raises(UnitInUse, match=r"\(1\)"):
        services.close_unit(unit=units.team_1, today=TODAY, by=operations)


def test_people_who_left_and_closed_units_keep_nothing_open(units, operations):
    UserFactory(unit=units.team_1, is_active=False)
    UnitFactory(parent=units.team_1, closed_on=TODAY)

    assert services.close_unit(unit=units.team_1, today=TODAY, by=operations).closed_on == TODAY


def test_a_unit_below_a_closed_one_stays_closed(units, operations):
    below = UnitFactory(parent=units.team_1, closed_on=TODAY)
    services.close_unit(unit=units.team_1, today=TODAY, by=operations)

    with pytest.raises(ImpossiblePlace):
        services.reopen_unit(unit=below, by=operations)


def test_rows_in_a_unit_are_protected(own_client, units):
    with pytest.raises(ProtectedError):
        units.team_1.delete()


# What pages show --------------------------------------------------------------------------------


def test_the_tree_counts_everything_below(units, manager, supervisor, own_client, foreign_client):
    UserFactory(unit=units.team_1, is_active=False)

    rows = unit_tree(supervisor)

    found = {row.unit.code: (row.depth, row.people, row.counts) for row in rows}
    assert found == {"C1": (0, 2, [("clients", 1)]), "T1": (1, 1, [("clients", 1)])}


def test_the_preview_names_who_loses_and_gains_sight(units, manager, supervisor, own_client):
    there = UserFactory(role=Role.OPERATIONS, unit=units.city_2)
    UserFactory(role=Role.ACCOUNT_MANAGER, unit=units.city_2)
    UserFactory(role=Role.SUPERVISOR, unit=units.province)

    preview = move_preview(units.team_1, units.city_2)

    assert (preview.losing, preview.gaining) == ([supervisor], [there])
    assert (preview.units, preview.people, preview.holdings) == (1, 1, [("clients", 1)])
    assert Unit.objects.get(pk=units.team_1.pk).parent == units.city_1
