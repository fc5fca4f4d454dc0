"""Finding the client of a case: names and codes of all, and who looked is kept."""

from dataclasses import fields
from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, transaction

from complaints.exceptions import TooManyLooks
from complaints.models import ClientLookup
from complaints.selectors.client_names import SHOWN, ClientName, client_names
from complaints.services.lookups import look_for_clients, name_client
from tests.factories.accounts import ClientFactory
from tests.factories.complaints import ClientLookupFactory

pytestmark = [pytest.mark.django_db, pytest.mark.rule("ORG-08")]
NOW = datetime(2026, 7, 6, 2, tzinfo=UTC)


@pytest.fixture
def foreign(outsider):
    return ClientFactory(owner=outsider, name="江北水务", code="JB1", client_class="A")


def test_a_client_out_of_sight_is_found_by_name_and_code(foreign, manager):
    own = ClientFactory(owner=manager, name="江南水务", code="JN1")

    assert client_names(manager, "shuiwu") == [
        ClientName(own.pk, "JN1", "江南水务", is_visible=True),
        ClientName(foreign.pk, "JB1", "江北水务", is_visible=False),
    ]
    assert client_names(manager, "jb1")[0].name == "江北水务"


def test_nothing_but_name_and_code_is_given_away():
    assert {field.name for field in fields(ClientName)} == {"id", "code", "name", "is_visible"}


@pytest.mark.parametrize("text", ["", " ", "j", "江"])
def test_a_single_letter_finds_nothing(text, foreign, manager):
    assert client_names(manager, text) == []


def test_there_is_no_list_to_page_through(outsider, manager):
    for number in range(SHOWN + 3):
        ClientFactory(owner=outsider, name=f"水务{number}")

    assert len(client_names(manager, "水务")) == SHOWN


def test_the_number_of_queries_is_the_same(outsider, manager, django_assert_num_queries):
    client_names(manager, "水务")  # for whom they stand in is asked once a request
    for _round in range(2):
        ClientFactory(owner=outsider, name="水务")
        with django_assert_num_queries(2):
            client_names(manager, "水务")


def test_a_look_at_foreign_names_is_kept(foreign, manager):
    look_for_clients(text="江北", now=NOW, by=manager)

    look = ClientLookup.objects.get()
    assert (look.person, look.text, look.shown, look.looked_at) == (manager, "江北", 1, NOW)
    with pytest.raises(DatabaseError, match="append_only"), transaction.atomic():
        look.delete()


def test_opening_a_form_by_a_key_is_kept_too(foreign, own_client, manager):
    name_client(client=own_client, now=NOW, by=manager)
    assert not ClientLookup.objects.exists()

    assert name_client(client=foreign, now=NOW, by=manager).name == "江北水务"
    assert ClientLookup.objects.get().text == "JB1"


def test_looks_at_own_clients_are_nobodys_business(own_client, manager):
    look_for_clients(text="own client", now=NOW, by=manager)

    assert not ClientLookup.objects.exists()


def test_there_are_so_many_looks_an_hour(foreign, manager, settings):
    settings.CLIENT_LOOKS_PER_HOUR = 2
    ClientLookupFactory(person=manager, looked_at=NOW - timedelta(minutes=61))
    for _look in range(2):
        look_for_clients(text="江北", now=NOW, by=manager)

    with pytest.raises(TooManyLooks):
        look_for_clients(text="江北", now=NOW, by=manager)
    assert look_for_clients(text="nobody", now=NOW, by=manager) == []


def test_who_answers_for_the_person_sees_the_looks(manager, supervisor, outsider, province):
    look = ClientLookupFactory(person=manager)

    for person in (manager, supervisor, province):
        assert ClientLookup.objects.visible_to(person).get() == look
    assert not ClientLookup.objects.visible_to(outsider).exists()
