"""Chief representatives: eligibility, history, visits (ORG-09, ORG-11)."""

from datetime import UTC, date, datetime

import pytest

from accounts.exceptions import NotEligible, NothingChanged
from accounts.models import Representation
from accounts.selectors.rhythms import rhythms
from accounts.services import classes, representations
from crm.lib.months import months_later
from staff.choices import Role
from staff.models import Notification, Position
from staff.roles import ROLE_RIGHTS
from staff.selectors.positions import eligible_representatives
from tests.factories.accounts import (
    ClassProposalFactory,
    ClientFactory,
    RepresentationFactory,
    RhythmVersionFactory,
)
from tests.factories.staff import AppointmentFactory, UserFactory
from tests.factories.visits import VisitFactory
from visits import services as visits

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 7, 6, 4, tzinfo=UTC)
LATER = datetime(2026, 8, 6, 4, tzinfo=UTC)


@pytest.fixture
def client(manager):
    return ClientFactory(owner=manager, client_class="A", name="Harbour")


def assign(client, person, now=NOW, by=None):
    return representations.assign_representative(
        client=client, representative=person, reason="New year", now=now, by=by
    )


@pytest.mark.rule("ORG-09")
def test_the_history_keeps_who_represented_the_client(client, representative, units, supervisor):
    other = UserFactory(role=Role.CHIEF_REPRESENTATIVE, unit=units.city_1)
    AppointmentFactory(person=other, position=Position.objects.get(code="general-manager"))

    assign(client, representative, by=supervisor)
    assign(client, other, now=LATER, by=supervisor)
    assign(client, None, now=LATER, by=supervisor)

    client.refresh_from_db()
    assert client.chief_representative is None
    rows = Representation.objects.order_by("started_at", "pk")
    assert [(row.representative, row.started_at, row.ended_at) for row in rows] == [
        (representative, NOW, LATER),
        (other, LATER, LATER),
    ]
    assert {row.assigned_by for row in rows} == {supervisor}


@pytest.mark.rule("ORG-09")
def test_those_concerned_are_told(client, representative, manager, supervisor):
    assign(client, representative, by=supervisor)

    rows = Notification.objects.all()
    assert {(row.recipient, str(row)) for row in rows} == {
        (representative, "Ren Tao now represents Harbour"),
        (manager, "Ren Tao now represents Harbour"),
    }


@pytest.mark.rule("ORG-09")
def test_only_holders_of_the_positions_are_assigned(client, representative, manager, units):
    by_role_only = UserFactory(role=Role.CHIEF_REPRESENTATIVE, unit=units.city_1)
    gone = UserFactory(role=Role.CHIEF_REPRESENTATIVE, unit=units.city_1, is_active=False)
    AppointmentFactory(person=gone, position=Position.objects.get(code="general-manager"))

    assert list(eligible_representatives(NOW.date())) == [representative]
    for person in (manager, by_role_only, gone):
        with pytest.raises(NotEligible):
            assign(client, person)
    assert not Representation.objects.exists()


def test_the_same_person_again_changes_nothing(client, representative):
    assign(client, representative)

    with pytest.raises(NothingChanged):
        assign(client, representative)


@pytest.mark.rule("ORG-09")
def test_several_clients_at_once(client, representative, manager, supervisor):
    done = ClientFactory(owner=manager, chief_representative=representative)

    count = representations.assign_representatives(
        clients=[client, done], representative=representative, reason="x", now=NOW, by=supervisor
    )

    assert count == 1
    assert [row.client for row in Representation.objects.all()] == [client]


@pytest.mark.rule("ORG-11")
def test_visits_are_due_quarterly_and_half_yearly():
    assert rhythms()["representative", "A"] == 3
    assert rhythms()["representative", "B"] == 6
    assert rhythms()["representative", "C"] is None


@pytest.mark.rule("ORG-11")
def test_a_set_rhythm_wins_over_the_default(client, representative):
    RhythmVersionFactory(version=1, months=2)
    RhythmVersionFactory(version=2, months=1)
    RhythmVersionFactory(client_class="B", months=None)

    assign(client, representative)

    assert Representation.objects.get().visit_due_on == date(2026, 8, 6)
    assert rhythms()["representative", "B"] is None


@pytest.mark.rule("ORG-11")
def test_a_visit_of_the_representative_moves_the_due_date(client, representative, manager):
    assign(client, representative)
    assert Representation.objects.get().visit_due_on == date(2026, 10, 6)

    for visitor in (manager, representative):
        visit = VisitFactory(client=client, visitor=visitor, starts_at=LATER)
        visits.record_visit(
            visit=visit, summary="Met", next_step="Call", next_step_on=None, now=LATER, by=visitor
        )
        row = Representation.objects.get()
        is_own = visitor == representative
        assert row.last_visit_on == (date(2026, 8, 6) if is_own else None)
        assert row.visit_due_on == (date(2026, 11, 6) if is_own else date(2026, 10, 6))


@pytest.mark.rule("ORG-11")
def test_an_older_visit_recorded_late_moves_nothing(client, representative):
    RepresentationFactory(
        client=client, representative=representative, last_visit_on=date(2026, 8, 1),
        visit_due_on=date(2026, 11, 1),
    )  # fmt: skip

    representations.note_visit(client=client, visitor=representative, day=date(2026, 7, 1), by=None)

    assert Representation.objects.get().visit_due_on == date(2026, 11, 1)


@pytest.mark.rule("ORG-11")
def test_the_due_date_follows_the_class(client, representative, supervisor):
    assign(client, representative)
    proposal = ClassProposalFactory(client=client, from_class="A", to_class="B")

    classes.approve_class(proposal=proposal, now=LATER, by=supervisor)

    assert Representation.objects.get().visit_due_on == date(2027, 1, 6)


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2027, 11, 30), 3, date(2028, 2, 29)),
        (date(2026, 7, 6), 12, date(2027, 7, 6)),
    ],
)
def test_months_later(day, months, later):
    assert months_later(day, months) == later


@pytest.mark.rule("ORG-10")
def test_a_chief_representative_works_like_a_manager_and_reads_like_a_supervisor():
    rights = ROLE_RIGHTS[Role.CHIEF_REPRESENTATIVE]

    assert ROLE_RIGHTS[Role.ACCOUNT_MANAGER] - rights == {"accounts.create_client"}
    assert "analytics.view_dashboard" in rights
    assert "accounts.assign_owner" not in rights


@pytest.mark.rule("ORG-10")
def test_a_chief_representative_sees_the_clients_they_represent(client, representative, login):
    assign(client, representative)
    other = ClientFactory(unit=client.unit, client_class="A")
    browser = login(representative)

    assert browser.get(client.get_absolute_url()).status_code == 200
    assert browser.get(f"{client.get_absolute_url()}edit/").status_code == 200
    assert browser.get(other.get_absolute_url()).status_code == 404
