"""The people of one client put together."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.filters import ClientFilter
from accounts.models import Client
from accounts.selectors.client_people import (
    client_people,
    lacking_key_people,
    missing_kinds,
    reporting_tree,
)
from tests.factories.accounts import TODAY, ClientFactory, ContactFactory, ContactRelationFactory

pytestmark = pytest.mark.django_db
BOTH = ["Contact person", "Person in charge"]


@pytest.mark.rule("CON-01")
@pytest.mark.parametrize(
    ("status", "people", "missing"),
    [
        ("signed", [], BOTH),
        ("signed", [{"kind": "contact"}], BOTH[1:]),
        ("signed", [{"kind": "in_charge"}], BOTH[:1]),
        ("signed", [{"kind": "contact"}, {"kind": "in_charge"}], []),
        ("signed", [{"kind": "contact"}, {"kind": "in_charge", "is_active": False}], BOTH[1:]),
        ("signed", [{"kind": "contact"}, {"kind": "in_charge", "is_external": True}], BOTH[1:]),
        ("signed", [{"kind": "top_leader"}, {"kind": "other"}], BOTH),
        ("potential", [], []),
    ],
)
def test_signed_clients_need_a_contact_person_and_a_person_in_charge(status, people, missing):
    client = ClientFactory(status=status)
    contacts = [ContactFactory(client=client, **person) for person in people]

    assert missing_kinds(client, contacts) == missing
    assert lacking_key_people(Client.objects.all()).exists() is bool(missing)


@pytest.mark.rule("CON-01")
def test_clients_that_lack_somebody_are_listed(manager):
    whole, lacking = ClientFactory(owner=manager), ClientFactory(owner=manager)
    for kind in ("contact", "in_charge"):
        ContactFactory(client=whole, kind=kind)

    def found(wanted):
        return set(ClientFilter({"lacking_key_people": wanted}, Client.objects.all()).qs)

    assert (found("true"), found("false")) == ({lacking}, {whole})


@pytest.mark.rule("CON-03", "CON-05")
def test_the_five_roles_and_who_plays_them(own_client, manager):
    both = ContactFactory(client=own_client, buying_roles=["decider", "user"], sort_key="a")
    ContactFactory(client=own_client, buying_roles=["initiator"], is_active=False)

    coverage = client_people(own_client, manager, today=TODAY).coverage

    assert [(role.label, list(role.contacts)) for role in coverage.roles] == [
        ("Initiator", []), ("Influencer", []), ("Decider", [both]), ("Executor", []),
        ("User", [both]),
    ]  # fmt: skip
    assert (coverage.known, coverage.total, coverage.is_thin) == (2, 5, False)


@pytest.mark.rule("CON-05")
@pytest.mark.parametrize(
    ("roles", "thin"), [([], True), (["user"], True), (["user", "decider"], False)]
)
def test_one_known_role_is_not_enough(own_client, manager, roles, thin):
    ContactFactory(client=own_client, buying_roles=roles)

    assert client_people(own_client, manager, today=TODAY).coverage.is_thin is thin


def test_the_tree_shows_who_reports_to_whom(own_client, manager):
    top, middle, low, alone = (ContactFactory(client=own_client) for _ in range(4))
    ContactRelationFactory(person=middle, other=top)
    ContactRelationFactory(person=low, other=middle)

    tree = client_people(own_client, manager, today=TODAY).tree

    assert [post.contact for post in tree] == [top]
    assert [post.contact for post in tree[0].below] == [middle]
    assert [post.contact for post in tree[0].below[0].below] == [low]
    assert alone not in [post.contact for post in tree]


def test_somebody_whose_superior_left_stands_at_the_top(own_client):
    low, below = ContactFactory(client=own_client), ContactFactory(client=own_client)
    gone = ContactFactory(client=own_client, is_active=False)

    tree = reporting_tree([low, below], {low.pk: gone.pk, below.pk: low.pk})

    assert [post.contact for post in tree] == [low]


def test_the_people_take_the_same_queries_whatever_their_number(own_client, manager):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            people = client_people(own_client, manager, today=TODAY)
        return len(captured), len(people.here)

    ContactFactory(client=own_client, buying_roles=["user"])
    queries()  # whom the person stands in for is remembered
    one = queries()
    ContactFactory.create_batch(2, client=own_client, buying_roles=["user"])

    assert (one, queries()) == ((2, 1), (2, 3))
