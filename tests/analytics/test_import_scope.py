"""Whoever hands a file in loads it for the clients they may see, and for no others (P1)."""

import pytest

from accounts.models import Client, Contact
from analytics.models import MemberBill, ProductBill
from tests.analytics.billing_files import load, problems, row, warnings
from tests.factories.accounts import ClientFactory, ContactFactory
from tests.factories.staff import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.rule("P1")]


@pytest.fixture(autouse=True)
def clients(units):
    """One client of each city."""
    return [
        ClientFactory(code="C1", name="Mine", unit=units.team_1),
        ClientFactory(code="C2", name="Theirs", unit=units.team_2),
    ]


def test_bill_of_a_client_elsewhere_is_quarantined(operations):
    done = load([row(1, "C1"), row(2, "C2"), row(3, " c2 ".upper())], by=operations)

    assert problems(done) == {("unknown_client", "client_code"): [3, 4]}
    assert list(MemberBill.objects.values_list("client__code", flat=True)) == ["C1"]


def test_creating_unknown_clients_does_not_reach_elsewhere(operations):
    lines = [row(1, "C2"), row(2, "C2 "), row(3, "C3")]

    done = load(lines, by=operations, creates_clients=True)

    assert problems(done) == {("unknown_client", "client_code"): [2, 3]}
    assert set(Client.objects.values_list("code", "name")) == {
        ("C1", "Mine"), ("C2", "Theirs"), ("C3", "C3"),
    }  # fmt: skip


def test_the_province_loads_for_everybody(province):
    done = load([row(1, "C1"), row(2, "C2")], by=province)

    assert (done.loaded, done.quarantined) == (2, 0)


def test_product_bill_of_a_client_elsewhere_is_quarantined(operations):
    lines = [
        {"period": "2026-06", "client_code": code, "product_code": "P", "amount": "1.00"}
        for code in ("C1", "C2")
    ]

    done = load(lines, kind="product_bill", by=operations)

    assert problems(done) == {("unknown_client", "client_code"): [3]}
    assert list(ProductBill.objects.values_list("client__code", flat=True)) == ["C1"]


def test_roster_does_not_change_clients_elsewhere(operations):
    lines = [{"client_code": code, "name": "New name"} for code in ("C1", "C2")]

    done = load(lines, kind="clients", by=operations)

    assert problems(done) == {("foreign_client", "client_code"): [3]}
    assert dict(Client.objects.values_list("code", "name")) == {"C1": "New name", "C2": "Theirs"}


def test_roster_gives_clients_to_units_and_people_of_ones_own_only(operations, outsider, units):
    peer = UserFactory(username="near", unit=units.team_1)
    lines = [
        {"client_code": "N1", "name": "A", "unit_code": "T2", "manager": "outsider"},
        {"client_code": "N2", "name": "B", "unit_code": "T1", "manager": "near"},
    ]

    done = load(lines, kind="clients", by=operations)

    assert warnings(done) == {
        ("unknown_unit", "unit_code"): [2],
        ("unknown_person", "manager"): [2],
    }
    first, second = Client.objects.filter(code__startswith="N").order_by("code")
    assert (first.unit, first.owner) == (operations.unit, None)
    assert (second.unit, second.owner) == (units.team_1, peer)


def test_contact_roster_leaves_people_elsewhere_alone(operations, clients):
    ContactFactory(client=clients[1], name="Li", mobile="", title="Old")
    lines = [{"client_code": code, "name": "Li", "title": "New"} for code in ("C1", "C2")]

    done = load(lines, kind="contacts", by=operations)

    assert problems(done) == {("unknown_client", "client_code"): [3]}
    assert set(Contact.objects.values_list("client__code", "title")) == {
        ("C1", "New"), ("C2", "Old"),
    }  # fmt: skip
