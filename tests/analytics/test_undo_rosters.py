"""Undoing product bills and rosters gives the tables as they were before (P12)."""

from datetime import timedelta

import pytest

from accounts.models import Client, Contact
from accounts.services.clients import assign_owner
from accounts.services.completeness import refresh_completeness
from staff.models import Task
from tests.analytics.billing_files import NOW, load, load_month
from tests.analytics.undo_steps import PRODUCT, ROSTER, check, month, undone
from tests.factories.accounts import ContactFactory
from tests.factories.complaints import CaseFactory
from tests.factories.visits import VisitFactory

pytestmark = [pytest.mark.django_db, pytest.mark.rule("P12")]


def test_product_bills(may, operations):
    check(lambda: load_month([PRODUCT], kind="product_bill"), operations)


def test_product_bills_that_replaced_others(may, operations):
    first = [PRODUCT, PRODUCT | {"product_code": "L2"}, PRODUCT | {"client_code": "C2"}]
    load_month(first, kind="product_bill")

    gone = check(
        lambda: load([first[0] | {"amount": "1.00"}, first[1]], kind="product_bill"), operations
    )

    assert (gone.replaced, len(gone.replaced_imports)) == (3, 1)


def test_product_bills_that_made_a_client(operations):
    check(
        lambda: load([PRODUCT | {"client_code": "X"}], kind="product_bill", creates_clients=True),
        operations,
    )


def test_client_roster(clients, manager, operations):
    check(lambda: load(ROSTER, kind="clients"), operations)


def test_client_roster_that_takes_a_client_from_its_manager(clients, manager, peer, operations):
    load(ROSTER, kind="clients")

    check(
        lambda: load(
            [each | {"manager": "peer"} for each in ROSTER],
            kind="clients",
            now=NOW + timedelta(hours=1),
        ),
        operations,
    )

    assert Client.objects.get(code="N1").owner == manager


@pytest.mark.rule("P12", "ORG-02")
def test_cases_go_along_with_a_roster_and_come_back(clients, manager, peer, operations):
    load(ROSTER, kind="clients")
    case = CaseFactory(client=Client.objects.get(code="N1"), first_responder=manager)
    done = load(
        [each | {"manager": "peer"} for each in ROSTER],
        kind="clients",
        now=NOW + timedelta(hours=1),
    )
    case.refresh_from_db()
    given_to = case.assignee

    undone(done, operations)

    case.refresh_from_db()
    assert (given_to, case.assignee) == (peer, manager)


def test_what_somebody_changed_since_stays(clients, manager, peer, operations):
    load(ROSTER, kind="clients")
    done = load(
        [{"client_code": "C1", "name": "再改", "manager": "peer", "employees": "80"}],
        kind="clients",
        now=NOW + timedelta(hours=1),
    )
    Client.objects.filter(code="C1").update(employees=99)

    gone = undone(done, operations)

    client = Client.objects.get(code="C1")
    assert (client.name, client.employees, client.owner) == ("改名", 99, manager)
    assert [(each["field"], each["name"]) for each in gone.undo_report["conflicts"]] == [
        ("employees", "改名")
    ]


def test_a_hand_over_since_stays(clients, manager, peer, operations):
    done = load(ROSTER, kind="clients")
    client = Client.objects.get(code="C1")
    assign_owner(client=client, owner=peer, reason="", now=NOW + timedelta(days=1), by=operations)
    assign_owner(
        client=client, owner=manager, reason="", now=NOW + timedelta(days=2), by=operations
    )
    history = list(client.ownerships.order_by("started_at").values_list("owner", "ended_at"))

    gone = undone(done, operations)

    client.refresh_from_db()
    assert client.owner == manager
    assert (
        list(client.ownerships.order_by("started_at").values_list("owner", "ended_at")) == history
    )
    assert [each["field"] for each in gone.undo_report["conflicts"]] == ["owner"]


def doing() -> set[int]:
    """Who has the to-dos of C1."""
    tasks = Task.objects.open().filter(alerts__client__code="C1")
    return set(tasks.values_list("assignee", flat=True))


def test_to_dos_go_back_to_the_supervisor_when_nobody_owns_the_client(
    may, manager, supervisor, operations
):
    Client.objects.update(unit=manager.unit)
    load_month(month(0, 10))
    assert doing() == {supervisor.pk}

    def roster():
        done = load([{"client_code": "C1", "name": "C1", "manager": "manager"}], kind="clients")
        assert doing() == {manager.pk}
        return done

    check(roster, operations)

    assert doing() == {supervisor.pk}


CONTACT = {"client_code": "C1", "name": "王敏", "mobile": "13900000001", "birthday": "L08-15"}


def test_contact_roster(clients, operations):
    ContactFactory(client=clients[0], name="李雷", mobile="", title="经理")
    refresh_completeness(by=None)

    check(
        lambda: load(
            [CONTACT, {"client_code": "C1", "name": "李雷", "title": "总经理"}], kind="contacts"
        ),
        operations,
    )


def test_a_contact_somebody_visited_stays(clients, operations):
    done = load([CONTACT], kind="contacts")
    contact = Contact.objects.get()
    VisitFactory(client=contact.client, contact=contact)

    gone = undone(done, operations)

    assert gone.undo_report["in_use"] == ["王敏"]
    assert Contact.objects.get() == contact
