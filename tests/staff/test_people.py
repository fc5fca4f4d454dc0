"""People of ours: who may give which account to whom, and what ends with it."""

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from staff.choices import UNIT_ROLES, Role
from staff.exceptions import NotYourself, OutOfReach, RoleNotGrantable
from staff.models import User
from staff.roles import GRANTS, rights_of
from staff.selectors.authority import may_administer, people_to_administer
from staff.selectors.person_page import duties_of, person_history
from staff.services import people
from tests.factories.accounts import ClientFactory
from tests.factories.staff import UnitFactory, UserFactory

pytestmark = pytest.mark.django_db


def add(by, unit, role=Role.ACCOUNT_MANAGER, username="new"):
    return people.add_person(username=username, full_name="Ni Hao", role=role, unit=unit, by=by)


def change(person, by, **fields):
    wanted = {"full_name": person.full_name, "role": person.role, "unit": person.unit} | fields
    return people.change_person(person=person, by=by, **wanted)


@pytest.mark.rule("SEC-12", "ORG-20")
def test_no_role_gives_more_than_it_has():
    """Rows: only the province gives what sees everything. Rights to give never grow on the way."""
    for giver, given in GRANTS.items():
        assert "staff.edit_people" in rights_of(giver)
        assert (Role.PROVINCE in given) == (giver == Role.PROVINCE)
        for role in given:
            assert GRANTS.get(role, frozenset()) <= given
    assert not GRANTS[Role.SUPERVISOR] & (UNIT_ROLES | {Role.PROVINCE})
    supervisors = rights_of(Role.SUPERVISOR)
    assert all(rights_of(role) <= supervisors for role in GRANTS[Role.SUPERVISOR])


def test_who_may_administer_accounts_has_roles_to_give():
    assert {role for role in Role if "staff.edit_people" in rights_of(role)} == set(GRANTS)


@pytest.mark.rule("ORG-20", "SEC-12")
def test_a_person_is_added_with_a_password_to_be_changed(units, supervisor):
    person, password = add(supervisor, units.team_1, Role.AGENT)

    stored = User.objects.get(username="new")
    assert stored.check_password(password)
    assert stored.must_change_password
    assert (stored.role, stored.unit) == (Role.AGENT, units.team_1)
    assert person.events.get().pgh_context.metadata["actor"] == supervisor.pk


def test_passwords_are_never_the_same_and_long_enough():
    made = {people.generated_password() for _ in range(50)}

    assert len(made) == 50
    assert {len(password) for password in made} == {19}


def test_a_taken_name_is_refused(units, supervisor, manager):
    with pytest.raises(ValidationError):
        add(supervisor, units.team_1, username="manager")


@pytest.mark.rule("P1")
def test_nobody_adds_people_elsewhere_or_above(units, supervisor, operations, manager):
    with pytest.raises(OutOfReach):
        add(supervisor, units.team_2)
    with pytest.raises(OutOfReach):
        add(operations, units.province, Role.SUPERVISOR)
    with pytest.raises(OutOfReach):
        add(supervisor, UnitFactory(parent=units.team_1, closed_on=timezone.localdate()))
    for by, role in (
        (supervisor, Role.SUPERVISOR),
        (operations, Role.PROVINCE),
        (manager, Role.AGENT),
    ):
        with pytest.raises(RoleNotGrantable):
            add(by, units.team_1, role)


@pytest.mark.parametrize("role", Role.values)
def test_who_administers_whom(role, units, supervisor, operations, province, manager):
    person = UserFactory(role=role, unit=units.team_1)
    field = role not in {*UNIT_ROLES, Role.PROVINCE}

    assert may_administer(supervisor, person) is field
    assert may_administer(operations, person) is (role != Role.PROVINCE)
    assert may_administer(province, person) is True
    assert may_administer(manager, person) is False
    for by in (supervisor, operations, province, manager):
        assert (person in people_to_administer(by)) is may_administer(by, person)


def test_nobody_administers_themselves(province):
    for write in (
        lambda: people.set_active(user=province, is_active=False, by=province),
        lambda: people.reset_password(person=province, by=province),
        lambda: change(province, province, role=Role.SUPERVISOR),
    ):
        with pytest.raises(NotYourself):
            write()


def test_people_elsewhere_are_out_of_reach(supervisor, outsider):
    for write in (
        lambda: people.set_active(user=outsider, is_active=False, by=supervisor),
        lambda: people.reset_password(person=outsider, by=supervisor),
        lambda: people.restore_access(person=outsider, by=supervisor),
        lambda: change(outsider, supervisor, unit=supervisor.unit),
    ):
        with pytest.raises(OutOfReach):
            write()


def test_a_row_changed_by_a_form_does_not_fool_the_check(supervisor, outsider):
    """A form writes the wanted unit and role onto the row before the service sees it."""
    outsider.unit = supervisor.unit

    with pytest.raises(OutOfReach):
        change(outsider, supervisor)


@pytest.mark.rule("P3", "SEC-12")
def test_role_and_unit_change_with_history(units, manager, operations):
    change(manager, operations, role=Role.SUPERVISOR, unit=units.city_1, title="Lead")

    newest = person_history(manager)[0]
    assert newest.actor == operations.full_name
    assert newest.lines == [
        "Role: Account manager → Supervisor",
        "Unit: Team 1 → City 1",
        "Title: – → Lead",
    ]


def test_role_above_ones_own_is_not_given_by_a_change(units, manager, supervisor):
    with pytest.raises(RoleNotGrantable):
        change(manager, supervisor, role=Role.OPERATIONS)
    with pytest.raises(OutOfReach):
        change(manager, supervisor, unit=units.city_2)


def test_a_new_password_replaces_the_old_one(manager, supervisor):
    manager.set_password("old password of mine")
    manager.save()

    password = people.reset_password(person=manager, by=supervisor)

    manager.refresh_from_db()
    assert manager.check_password(password)
    assert manager.must_change_password


@pytest.mark.rule("P4")
def test_access_comes_back_with_a_new_password(manager, supervisor):
    people.set_active(user=manager, is_active=False, by=supervisor)

    password = people.restore_access(person=manager, by=supervisor)

    manager.refresh_from_db()
    assert manager.is_active
    assert manager.check_password(password)
    assert [change.lines for change in person_history(manager)[:2]] == [
        ["Access given back"],
        ["Access ended"],
    ]


def test_duties_are_what_has_to_be_handed_over(manager, peer, own_client):
    (duty,) = duties_of(manager, manager)

    assert (duty.label, duty.number, duty.url) == ("clients", 1, f"/clients/?owner={manager.pk}")
    assert duties_of(peer, manager) == []


@pytest.mark.rule("P2")
def test_the_number_of_duties_is_what_the_asker_finds(
    units, manager, own_client, supervisor, province
):
    ClientFactory(owner=manager, unit=units.team_2)
    clerk = UserFactory(role=Role.COMPLAINT_CLERK, unit=units.team_1)

    (seen,) = duties_of(manager, supervisor)
    (all_of_them,) = duties_of(manager, province)
    (unlisted,) = duties_of(manager, clerk)

    assert (seen.number, seen.hint) == (1, "and 1 out of your sight")
    assert (all_of_them.number, all_of_them.hint) == (2, "")
    assert (unlisted.number, unlisted.url) == (2, "")
