"""Records that may be on file already, pointed out before a new one is saved."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.choices import LeadSource
from accounts.models import Client, Contact
from accounts.selectors.duplicates import client_suspects, contact_suspects, core_of
from accounts.services.clients import client_keys
from accounts.services.contacts import contact_keys
from tests.factories.accounts import ClientFactory, ContactFactory

pytestmark = [pytest.mark.django_db, pytest.mark.rule("ARC-20")]
NEW = reverse("accounts:client_create")


def client_named(name, **fields):
    client = ClientFactory(name=name, **fields)
    client_keys(client)
    client.save()
    return client


def contact_of(client, **fields):
    contact = ContactFactory(client=client, **fields)
    contact_keys(contact, today=timezone.localdate())
    contact.save()
    return contact


def filled(**fields):
    return {"code": "N1", "unit": "", "status": "signed"} | fields


@pytest.mark.parametrize(
    ("name", "core"),
    [
        ("哈尔滨医院有限公司", "哈尔滨医院"),
        ("哈尔滨医院（集团）", "哈尔滨医院"),
        ("Harbour Co., Ltd.", "harbour"),
        ("有限公司", "有限公司"),
        ("ＡＢＣ－１２", "abc12"),
    ],
)
def test_what_tells_a_name_from_others(name, core):
    assert core_of(name) == core


@pytest.mark.parametrize(
    ("on_file", "entered", "why"),
    [
        ("哈尔滨医院有限公司", "哈尔滨医院", "same name"),
        ("哈尔滨市医院有限公司", "哈尔滨医院", "alike name"),
        ("Harbour Trading Co., Ltd.", "harbour trading", "same name"),
        ("Harbour Trading", "Harbor Trading", "alike name"),
        ("北京", "北京", "same name"),
        ("北京医院", "上海钢铁", None),
        ("北京银行", "北京", None),
    ],
)
def test_names_that_may_be_the_same(on_file, entered, why, manager):
    client_named(on_file, owner=manager)

    found = client_suspects(name=entered, address="", user=manager)

    assert [suspect.why for suspect in found] == ([why] if why else [])


def test_the_same_address(manager):
    client = client_named("Harbour", owner=manager, address="1 Quay")

    (found,) = client_suspects(name="Bridge", address=" 1 Quay ", user=manager)

    assert (found.why, found.name, found.url) == (
        "same address", "Harbour", client.get_absolute_url(),
    )  # fmt: skip
    assert client_suspects(name="Bridge", address="", user=manager) == []
    assert client_suspects(name="Bridge", address="1 Quay", user=manager, but=client.pk) == []


@pytest.mark.rule("P1")
def test_one_out_of_sight_says_only_where_and_whom_to_ask(manager, outsider):
    client_named("Harbour Trading", owner=outsider, address="1 Quay")

    (found,) = client_suspects(name="Harbour Trading Ltd", address="", user=manager)

    assert (found.name, found.url) == ("", "")
    assert (found.unit, found.person) == (outsider.unit.name, outsider.full_name)


def test_the_form_comes_back_once_with_links_and_goes_through_then(manager, units, login):
    old = client_named("Harbour Trading", owner=manager)
    browser = login(manager)
    fields = filled(name="Harbour Trading Ltd", unit=str(units.team_1.pk))

    first = browser.post(NEW, fields)

    assert first.status_code == 422
    html = first.content.decode()
    assert f'<a href="{old.get_absolute_url()}"' in html
    assert not Client.objects.filter(code="N1").exists()
    again = browser.post(NEW, fields | {"suspects_seen": "1"})
    assert again.status_code == 302, again.context_data["form"].errors
    assert Client.objects.filter(code="N1").exists()


@pytest.mark.rule("P1")
def test_the_form_tells_nothing_of_a_client_out_of_sight(manager, outsider, units, login):
    client_named("Harbour Trading Secret", owner=outsider)
    fields = filled(name="Harbour Trading", unit=str(units.team_1.pk))

    html = login(manager).post(NEW, fields).content.decode()

    assert f"Exists in {outsider.unit.name} (alike name): ask {outsider.full_name}" in html
    assert "Secret" not in html


def test_a_prospect_is_asked_about_too(manager, login):
    client_named("Harbour Trading", owner=manager)
    browser, url = login(manager), reverse("accounts:prospect_create")
    fields = {"name": "Harbour Trading Ltd", "lead_source": LeadSource.values[0]}

    assert "This may be on file already" in browser.post(url, fields).content.decode()
    assert Client.objects.count() == 1


def test_contacts_of_the_same_name_or_number(manager, outsider):
    mine, other = client_named("One", owner=manager), client_named("Two", owner=outsider)
    namesake = contact_of(mine, name="Zhao Min", mobile="13900000001")
    contact_of(other, name="Qian Er", mobile="139 1111 2222")
    contact_of(other, name="Zhao Min", mobile="13900000003")

    found = contact_suspects(client=mine, name="zhao min", mobile="139-1111-2222", user=manager)

    assert [(s.why, s.name, s.person) for s in found] == [
        ("same name", "Zhao Min, One", manager.full_name),
        ("same mobile", "", outsider.full_name),
    ]
    assert found[0].url == namesake.get_absolute_url()
    assert contact_suspects(client=mine, name="Sun San", mobile="", user=manager) == []


def test_a_contact_is_asked_about_before_it_is_saved(manager, own_client, login):
    contact_of(own_client, name="Zhao Min", mobile="13900000001")
    browser = login(manager)
    url = reverse("accounts:contact_create", args=[own_client.pk])
    fields = {"name": "Zhao Min", "mobile": "13900000009", "kind": "contact"}

    first = browser.post(url, fields)

    assert (first.status_code, Contact.objects.count()) == (422, 1)
    assert "This may be on file already" in first.content.decode()
    browser.post(url, fields | {"suspects_seen": "1"})
    assert Contact.objects.count() == 2


def test_as_many_queries_for_many_suspects_as_for_one(manager):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            client_suspects(name="Harbour Trading", address="1 Quay", user=manager)
        return len(captured)

    client_named("Harbour Trading", owner=manager, address="1 Quay")
    queries()  # what is cached from the first time on
    for_one = queries()
    for number in range(7):
        client_named(f"Harbour Trading {number}", owner=manager, address="1 Quay")

    assert queries() == for_one
    assert len(client_suspects(name="Harbour Trading", address="1 Quay", user=manager)) == 5
