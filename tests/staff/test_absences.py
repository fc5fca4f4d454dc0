"""Absences: asked for, decided, taken back; the register; news for deputies (ORG-30)."""

from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import ValidationError

from staff.choices import AbsenceState, Role
from staff.exceptions import (
    AbsenceDecided,
    AbsenceOverlaps,
    DeputyNotPossible,
    OutOfReach,
    OwnDecision,
)
from staff.models import Absence, Notification
from staff.selectors.absences import overseers_of, possible_deputies
from staff.services import absences, work
from tests.factories.staff import AbsenceFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.rule("ORG-30")]
NOW = datetime(2026, 7, 6, 8, tzinfo=UTC)
FIRST, LAST = date(2026, 7, 13), date(2026, 7, 17)


def enter(person, by, deputy=None, first=FIRST, last=LAST):
    return absences.enter_absence(
        person=person, starts_on=first, ends_on=last, kind="leave", deputy=deputy, note="", now=NOW,
        by=by,
    )  # fmt: skip


def told(person):
    return set(Notification.objects.filter(recipient=person).values_list("kind", flat=True))


def test_leave_is_asked_for_and_the_supervisor_told(manager, peer, supervisor):
    absence = enter(manager, manager, peer)

    assert absence.state == AbsenceState.REQUESTED
    assert told(supervisor) == {"absence-requested"}
    assert told(peer) == set()
    assert absence.events.get().pgh_context.metadata["verb"] == "staff.enter_absence"


def test_approval_tells_the_person_and_the_deputy(manager, peer, supervisor):
    absence = absences.approve_absence(
        absence=enter(manager, manager, peer), now=NOW, by=supervisor
    )

    assert (absence.state, absence.decided_by, absence.decided_at) == ("approved", supervisor, NOW)
    assert told(manager) == {"absence-approved"}
    assert told(peer) == {"absence-deputy"}


def test_what_the_supervisor_enters_is_approved(manager, peer, supervisor):
    assert enter(manager, supervisor, peer).state == AbsenceState.APPROVED


def test_refusal_is_told_and_final(manager, supervisor):
    absence = absences.refuse_absence(absence=enter(manager, manager), now=NOW, by=supervisor)

    assert told(manager) == {"absence-refused"}
    for write in (absences.approve_absence, absences.refuse_absence):
        with pytest.raises(AbsenceDecided):
            write(absence=absence, now=NOW, by=supervisor)
    with pytest.raises(AbsenceDecided):
        absences.take_back_absence(absence=absence, by=manager)


def test_nobody_decides_about_themselves(supervisor):
    absence = enter(supervisor, supervisor)

    assert absence.state == AbsenceState.REQUESTED
    with pytest.raises(OwnDecision):
        absences.approve_absence(absence=absence, now=NOW, by=supervisor)


def test_nobody_decides_about_others_elsewhere(manager, peer, outsider, supervisor):
    with pytest.raises(OutOfReach):
        enter(outsider, supervisor)
    with pytest.raises(OutOfReach):
        enter(peer, manager)
    absence = enter(outsider, outsider)
    with pytest.raises(OutOfReach):
        absences.approve_absence(absence=absence, now=NOW, by=supervisor)
    with pytest.raises(OutOfReach):
        absences.take_back_absence(absence=absence, by=supervisor)


def test_one_absence_at_a_time(manager, supervisor):
    first = enter(manager, manager)

    with pytest.raises(AbsenceOverlaps):
        enter(manager, manager, first=LAST, last=date(2026, 7, 20))
    absences.take_back_absence(absence=first, by=manager)
    assert enter(manager, manager, first=LAST).is_standing


def test_days_in_the_wrong_order_are_refused(manager):
    with pytest.raises(ValidationError):
        enter(manager, manager, first=LAST, last=FIRST)


def test_a_deputy_may_and_is_there(manager, peer, outsider, supervisor, units):
    clerk = UserFactory(role=Role.COMPLAINT_CLERK, unit=units.team_1)
    AbsenceFactory(person=peer, starts_on=LAST, ends_on=LAST)

    for deputy in (outsider, clerk, peer):
        with pytest.raises(DeputyNotPossible):
            enter(manager, manager, deputy)
    assert enter(manager, manager, supervisor).deputy == supervisor


def test_a_deputy_who_left_meanwhile_is_not_approved(manager, peer, supervisor):
    absence = enter(manager, manager, peer)
    type(peer).objects.filter(pk=peer.pk).update(is_active=False)

    with pytest.raises(DeputyNotPossible):
        absences.approve_absence(absence=absence, now=NOW, by=supervisor)


def test_who_may_stand_in(units, manager, peer, representative, supervisor, operations, outsider):
    agent = UserFactory(role=Role.AGENT, unit=units.team_1)
    UserFactory(unit=units.team_1, is_active=False)
    other_agent = UserFactory(role=Role.AGENT, unit=units.city_1)

    assert set(possible_deputies(manager)) == {peer, representative, supervisor}
    assert set(possible_deputies(agent)) == {
        other_agent, manager, peer, representative, supervisor
    }  # fmt: skip
    assert not possible_deputies(operations).exists()


def test_who_is_asked(units, manager, supervisor):
    boss = UserFactory(role=Role.SUPERVISOR, unit=units.province)

    assert overseers_of(manager) == [supervisor]
    assert overseers_of(supervisor) == [boss]
    assert overseers_of(boss) == []


# News -------------------------------------------------------------------------------------------


def tell(*recipients):
    work.notify(recipients=recipients, kind="record-overdue", key="k", params={}, link="/", by=None)


def test_news_goes_to_the_deputy_too(manager, peer):
    AbsenceFactory(person=manager, deputy=peer, on=True)

    tell(manager)

    copy = Notification.objects.get(recipient=peer)
    assert (copy.meant_for, copy.key) == (manager, "k")
    assert Notification.objects.get(recipient=manager).meant_for is None


def test_whoever_is_told_anyway_is_told_once(manager, peer):
    AbsenceFactory(person=manager, deputy=peer, on=True)

    tell(manager, peer)

    assert Notification.objects.get(recipient=peer).meant_for is None


@pytest.mark.parametrize("state", ["requested", "refused", "cancelled"])
def test_without_an_approved_absence_nobody_else_is_told(manager, peer, state):
    AbsenceFactory(person=manager, deputy=peer, on=True, state=state)

    tell(manager)

    assert not Notification.objects.filter(recipient=peer).exists()


@pytest.mark.rule("P4")
def test_a_disabled_deputy_is_not_told(manager, peer):
    AbsenceFactory(person=manager, deputy=peer, on=True)
    type(peer).objects.filter(pk=peer.pk).update(is_active=False)

    tell(manager)

    assert not Notification.objects.filter(recipient=peer).exists()


def test_the_register_is_scoped(manager, peer, supervisor, outsider, representative):
    absence = AbsenceFactory(person=manager, deputy=peer)

    for person in (manager, peer, supervisor):
        assert list(Absence.objects.visible_to(person)) == [absence]
    for person in (outsider, representative):
        assert not Absence.objects.visible_to(person).exists()
