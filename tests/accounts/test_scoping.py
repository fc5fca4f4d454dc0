"""Who sees which rows: every role, over every path, and nobody without an account."""

import pytest
from django.contrib.auth.models import AnonymousUser

from accounts.models import Client, Contact, Member, NumberReveal, Ownership
from analytics.models import (
    Alert,
    AlertReading,
    BillingImport,
    ClientMonth,
    ImportProblem,
    MemberBill,
    ProductBill,
)
from staff.choices import Role
from staff.models import Notification, Task, User
from tests.factories.accounts import (
    ClientFactory,
    ContactFactory,
    MemberFactory,
    NumberRevealFactory,
    OwnershipFactory,
)
from tests.factories.analytics import (
    AlertFactory,
    BillingImportFactory,
    ClientMonthFactory,
    ProductBillFactory,
    add_member_bill,
)
from tests.factories.staff import NotificationFactory, TaskFactory, UserFactory
from tests.factories.visits import VisitFactory
from visits.models import Visit

pytestmark = [pytest.mark.django_db, pytest.mark.rule("P1")]
PEOPLE = ["manager", "peer", "representative", "supervisor", "operations", "province", "outsider"]


def seen_by(model, people: dict[str, User]) -> dict[str, set]:
    return {name: set(model.objects.visible_to(person)) for name, person in people.items()}


@pytest.fixture
def people(request) -> dict[str, User]:
    return {name: request.getfixturevalue(name) for name in PEOPLE}


def test_clients_by_role(people, own_client, foreign_client, representative):
    represented = ClientFactory(owner=people["peer"], chief_representative=representative)
    nobodys = ClientFactory(unit=people["supervisor"].unit)

    assert seen_by(Client, people) == {
        "manager": {own_client},
        "peer": {represented},
        "representative": {represented},
        "supervisor": {own_client, represented, nobodys},
        "operations": {own_client, represented, nobodys},
        "province": {own_client, represented, nobodys, foreign_client},
        "outsider": {foreign_client},
    }


@pytest.mark.parametrize("role", [Role.AGENT, Role.COMPLAINT_CLERK])
def test_clients_of_people_without_a_unit_of_their_own(units, own_client, role):
    person = UserFactory(role=role, unit=units.city_1)
    mine = ClientFactory(owner=person)

    assert set(Client.objects.visible_to(person)) == {mine}


HANGING = {
    Contact: ContactFactory,
    Member: MemberFactory,
    Ownership: OwnershipFactory,
    Visit: VisitFactory,
    Alert: AlertFactory,
    ClientMonth: ClientMonthFactory,
    ProductBill: ProductBillFactory,
}


@pytest.mark.parametrize("model", HANGING, ids=lambda model: model.__name__)
def test_what_hangs_on_a_client_is_seen_with_it(people, own_client, foreign_client, model):
    own, foreign = HANGING[model](client=own_client), HANGING[model](client=foreign_client)

    assert seen_by(model, people) == {
        "manager": {own},
        "peer": set(),
        "representative": set(),
        "supervisor": {own},
        "operations": {own},
        "province": {own, foreign},
        "outsider": {foreign},
    }


def test_what_hangs_one_step_further_is_seen_with_the_client(people, own_client, foreign_client):
    for n, client in enumerate((own_client, foreign_client)):
        NumberRevealFactory(member__client=client)
        AlertFactory(client=client)
        add_member_bill(client=client, msisdn=13_800_000_000 + n)

    for model in (NumberReveal, AlertReading, MemberBill):
        counts = {name: len(rows) for name, rows in seen_by(model, people).items()}
        assert counts == {
            "manager": 1, "peer": 0, "representative": 0, "supervisor": 1, "operations": 1,
            "province": 2, "outsider": 1,
        }  # fmt: skip


def test_a_visitor_does_not_see_the_client_by_the_visit(own_client, peer):
    visit = VisitFactory(client=own_client, visitor=peer)

    assert visit not in Visit.objects.visible_to(peer)


def test_imports_are_seen_by_their_author_and_the_units_above(people, units):
    own = BillingImportFactory(created_by=people["operations"])
    problem = ImportProblem.objects.create(billing_import=own, code="missing", column="total")
    BillingImportFactory(created_by=UserFactory(role=Role.OPERATIONS, unit=units.city_2))

    seen = seen_by(BillingImport, people)

    assert {name: len(rows) for name, rows in seen.items()} == {
        "manager": 0, "peer": 0, "representative": 0, "supervisor": 1, "operations": 1,
        "province": 2, "outsider": 0,
    }  # fmt: skip
    assert set(ImportProblem.objects.visible_to(people["operations"])) == {problem}
    assert not ImportProblem.objects.visible_to(people["manager"]).exists()


def test_tasks_are_seen_by_the_assignee_and_the_units_above(people):
    task = TaskFactory(assignee=people["manager"])

    assert seen_by(Task, people) == {
        name: {task} if name in {"manager", "supervisor", "operations", "province"} else set()
        for name in PEOPLE
    }


def test_notifications_are_personal_even_for_the_province(people):
    notification = NotificationFactory(recipient=people["manager"])

    assert seen_by(Notification, people) == {
        name: {notification} if name == "manager" else set() for name in PEOPLE
    }


@pytest.mark.rule("P4")
@pytest.mark.parametrize("name", PEOPLE)
def test_disabled_account_sees_nothing(people, name, own_client, foreign_client):
    person = people[name]
    person.is_active = False

    assert not Client.objects.visible_to(person).exists()


def test_stranger_sees_nothing(own_client):
    assert not Client.objects.visible_to(AnonymousUser()).exists()


@pytest.mark.rule("P3")
def test_moving_a_unit_in_the_tree_moves_what_is_seen(units, supervisor, outsider, foreign_client):
    units.team_2.parent = units.city_1
    units.team_2.save()

    assert foreign_client in Client.objects.visible_to(User.objects.get(pk=supervisor.pk))


@pytest.mark.rule("P3")
def test_moving_a_person_in_the_tree_moves_what_they_see(
    units, supervisor, own_client, foreign_client
):
    supervisor.unit = units.city_2
    supervisor.save()

    assert set(Client.objects.visible_to(User.objects.get(pk=supervisor.pk))) == {foreign_client}


def test_scope_narrows_what_was_already_filtered(own_client, manager):
    assert not Client.objects.filter(code="OTHER").visible_to(manager).exists()
    assert Client.objects.visible_to(manager).filter(code="OWN").get() == own_client


def test_client_seen_by_two_paths_comes_once(manager, own_client):
    own_client.chief_representative = manager
    own_client.save()

    assert list(Client.objects.visible_to(manager)) == [own_client]
