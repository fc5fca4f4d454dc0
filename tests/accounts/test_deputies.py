"""A deputy sees the work of somebody away: those days, that work, and nothing personal (ORG-30)."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine

from accounts.models import Client, Contact, Member
from analytics.models import Alert, ClientMonth
from staff.choices import Role
from staff.models import Export, Notification, Task, User
from sync.models import Token
from tests.factories.accounts import ClientFactory, ContactFactory, MemberFactory
from tests.factories.analytics import AlertFactory, ClientMonthFactory
from tests.factories.staff import (
    AbsenceFactory,
    ExportFactory,
    NotificationFactory,
    TaskFactory,
    UserFactory,
)
from tests.factories.visits import VisitFactory
from visits.models import Visit

pytestmark = [pytest.mark.django_db, pytest.mark.rule("P1", "ORG-30")]
FIRST, LAST = date(2026, 7, 13), date(2026, 7, 17)
HANGING = {
    Contact: ContactFactory,
    Member: MemberFactory,
    Visit: VisitFactory,
    Alert: AlertFactory,
    ClientMonth: ClientMonthFactory,
}


def fresh(person):
    """As the next request loads them: what a person sees is kept for one request."""
    return User.objects.get(pk=person.pk)


@pytest.mark.parametrize(
    ("day", "sees"),
    [
        (FIRST - timedelta(days=1), False),
        (FIRST, True),
        (LAST, True),
        (LAST + timedelta(days=1), False),
    ],
)
def test_only_on_the_days_of_the_absence(manager, peer, own_client, day, sees):
    AbsenceFactory(person=manager, deputy=peer, starts_on=FIRST, ends_on=LAST)

    with time_machine.travel(datetime(day.year, day.month, day.day, 4, tzinfo=UTC), tick=False):
        assert Client.objects.visible_to(fresh(peer)).exists() is sees


@pytest.mark.rule("P22")
def test_the_day_is_the_deputys_own(manager, peer, own_client):
    AbsenceFactory(person=manager, deputy=peer, starts_on=FIRST, ends_on=LAST)
    early = datetime(2026, 7, 13, 0, 30, tzinfo=ZoneInfo("Asia/Shanghai"))

    with time_machine.travel(early, tick=False):
        assert Client.objects.visible_to(fresh(peer)).exists()
        User.objects.filter(pk=peer.pk).update(time_zone="Europe/London")
        assert not Client.objects.visible_to(fresh(peer)).exists()


@pytest.mark.parametrize("state", ["requested", "refused", "cancelled"])
def test_only_when_approved(manager, peer, own_client, state):
    AbsenceFactory(person=manager, deputy=peer, on=True, state=state)

    assert not Client.objects.visible_to(fresh(peer)).exists()


@pytest.mark.parametrize("model", HANGING, ids=lambda model: model.__name__)
def test_what_hangs_on_the_clients_is_seen_too(manager, peer, own_client, foreign_client, model):
    own = HANGING[model](client=own_client)
    HANGING[model](client=foreign_client)
    AbsenceFactory(person=manager, deputy=peer, on=True)

    assert set(model.objects.visible_to(fresh(peer))) == {own}


def test_clients_of_an_absent_representative_are_seen(representative, peer, outsider):
    represented = ClientFactory(owner=outsider, chief_representative=representative)
    AbsenceFactory(person=representative, deputy=peer, on=True)

    assert set(Client.objects.visible_to(fresh(peer))) == {represented}


def test_tasks_are_seen_but_nothing_personal(manager, peer):
    task = TaskFactory(assignee=manager)
    NotificationFactory(recipient=manager)
    ExportFactory(owner=manager)
    Token.objects.create(
        owner=manager, name="t", digest="0" * 64, expires_at=datetime(2099, 1, 1, tzinfo=UTC)
    )
    AbsenceFactory(person=manager, deputy=peer, on=True)
    deputy = fresh(peer)

    assert list(Task.objects.visible_to(deputy)) == [task]
    for model in (Notification, Export, Token):
        assert not model.objects.visible_to(deputy).exists()
    assert list(User.objects.visible_to(deputy)) == [peer]


def test_a_deputy_of_a_supervisor_sees_no_unit(supervisor, units, own_client, manager):
    """Somebody stands in for a person's own clients, not for the office."""
    deputy = UserFactory(role=Role.SUPERVISOR, unit=units.team_2)
    mine = ClientFactory(owner=supervisor)
    AbsenceFactory(person=supervisor, deputy=deputy, on=True)

    assert set(Client.objects.visible_to(fresh(deputy))) == {mine}


def test_deputies_of_deputies_see_nothing(manager, peer, representative, own_client):
    AbsenceFactory(person=manager, deputy=peer, on=True)
    AbsenceFactory(person=peer, deputy=representative, on=True)

    assert not Client.objects.visible_to(fresh(representative)).exists()


def test_two_absences_at_once_are_both_seen(manager, peer, representative, own_client):
    represented = ClientFactory(chief_representative=representative)
    for person in (manager, representative):
        AbsenceFactory(person=person, deputy=peer, on=True)

    assert set(Client.objects.visible_to(fresh(peer))) == {own_client, represented}


def test_rows_come_once(manager, peer):
    """Owner and chief representative both away, the same deputy: still one row."""
    boss = UserFactory(role=Role.CHIEF_REPRESENTATIVE, unit=manager.unit)
    client = ClientFactory(owner=manager, chief_representative=boss)
    for person in (manager, boss):
        AbsenceFactory(person=person, deputy=peer, on=True)

    assert list(Client.objects.visible_to(fresh(peer))) == [client]


@pytest.mark.rule("P4")
def test_a_disabled_deputy_sees_nothing(manager, peer, own_client):
    AbsenceFactory(person=manager, deputy=peer, on=True)
    User.objects.filter(pk=peer.pk).update(is_active=False)

    assert not Client.objects.visible_to(fresh(peer)).exists()
