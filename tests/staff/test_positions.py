"""Positions as data: who holds which, and who may be chief representative."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from staff.exceptions import NotYourself, OutOfReach, PositionClosed
from staff.models import Position
from staff.selectors.positions import eligible_representatives
from staff.services import positions
from tests.factories.staff import AppointmentFactory, PositionFactory, UserFactory

pytestmark = pytest.mark.django_db
TODAY = date(2026, 7, 6)
FOUR = {
    "general-manager", "deputy-general-manager", "department-manager", "deputy-department-manager",
}  # fmt: skip


def appoint(person, position, by, day=TODAY):
    return positions.appoint(
        person=person, position=position, unit=person.unit, started_on=day, by=by
    )


@pytest.mark.rule("ORG-09", "ORG-32")
def test_the_named_positions_are_there_and_four_of_them_may_represent():
    assert set(Position.objects.filter(can_represent=True).values_list("code", flat=True)) == FOUR
    named = {
        "product-manager", "technician", "data-centre", "research", "hotline-agent",
        "complaint-clerk", "complaint-support", "maintenance-agent", "service-director",
        "back-office", "hall-manager", "industry-communications",
    }  # fmt: skip
    assert named <= set(Position.objects.values_list("code", flat=True))


@pytest.mark.rule("ORG-32")
def test_a_position_speaks_the_readers_language():
    position = PositionFactory(name_en="Clerk", name_zh="办事员")

    assert str(position) == "Clerk"
    with translation.override("zh-hans"):
        assert str(position) == "办事员"


@pytest.mark.rule("ORG-32")
def test_positions_are_changed_by_people(operations):
    made = positions.save_position(
        position=None, code="clerk", name_en="Clerk", name_zh="办事员", by=operations
    )
    changed = positions.save_position(position=made, can_represent=True, by=operations)

    assert Position.objects.get(code="clerk").can_represent
    assert changed.events.count() == 2
    with pytest.raises(ValidationError):
        positions.save_position(
            position=None, code="clerk", name_en="x", name_zh="x", by=operations
        )


@pytest.mark.rule("ORG-09")
@pytest.mark.parametrize(
    ("started_on", "ended_on", "is_eligible"),
    [
        (TODAY, None, True),
        (TODAY, TODAY, True),
        (date(2026, 7, 7), None, False),
        (date(2026, 1, 1), date(2026, 7, 5), False),
    ],
)
def test_eligible_while_holding_one_of_the_four(started_on, ended_on, is_eligible, manager):
    position = Position.objects.get(code="department-manager")
    AppointmentFactory(person=manager, position=position, started_on=started_on, ended_on=ended_on)

    assert (manager in eligible_representatives(TODAY)) is is_eligible


@pytest.mark.rule("ORG-09")
def test_other_positions_and_disabled_people_are_not_eligible(manager, units):
    AppointmentFactory(person=manager, position=Position.objects.get(code="technician"))
    gone = UserFactory(unit=units.team_1, is_active=False)
    AppointmentFactory(person=gone, position=Position.objects.get(code="general-manager"))

    assert not eligible_representatives(TODAY).exists()


def test_two_of_the_four_count_once(manager):
    for code in ("general-manager", "department-manager"):
        AppointmentFactory(person=manager, position=Position.objects.get(code=code))

    assert list(eligible_representatives(TODAY)) == [manager]


def test_somebody_takes_a_position_up_and_leaves_it(manager, supervisor):
    appointment = appoint(manager, PositionFactory(), supervisor)

    with pytest.raises(ValidationError):
        appoint(manager, appointment.position, supervisor)
    with pytest.raises(ValidationError):
        positions.end_appointment(appointment=appointment, ended_on=date(2026, 7, 5), by=supervisor)
    ended = positions.end_appointment(appointment=appointment, ended_on=TODAY, by=supervisor)
    assert ended.ended_on == TODAY
    assert ended.events.count() == 2


def test_positions_are_given_below_oneself_only(supervisor, outsider, manager):
    with pytest.raises(OutOfReach):
        appoint(outsider, PositionFactory(), supervisor)
    with pytest.raises(NotYourself):
        appoint(supervisor, PositionFactory(can_represent=True), supervisor)
    with pytest.raises(PositionClosed):
        appoint(manager, PositionFactory(is_active=False), supervisor)
