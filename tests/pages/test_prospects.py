"""The quick form for prospects, steps of a client's life, success cases on its page."""

import pytest
from django.urls import reverse

from accounts.models import Client
from staff.choices import Role
from tests.factories.accounts import ClientFactory, ContactFactory
from tests.factories.archive import SuccessCaseFactory
from tests.factories.staff import UserFactory

pytestmark = pytest.mark.django_db


@pytest.mark.rule("ARC-01", "ARC-04")
def test_a_name_makes_a_prospect(manager, login):
    answer = login(manager).post(reverse("accounts:prospect_create"), {"name": "New School"})

    client = Client.objects.get()
    assert answer.url == client.get_absolute_url()
    assert (client.name, client.status, client.owner, client.unit) == (
        "New School", "potential", manager, manager.unit,
    )  # fmt: skip


@pytest.mark.rule("ARC-02", "ARC-05")
def test_the_form_takes_tests_sources_and_a_contact(manager, login):
    browser, url = login(manager), reverse("accounts:prospect_create")
    fields = {"name": "New School", "lead_source": "client", "info_source": "media",
              "can_pay": "on", "contact_name": "Wang"}  # fmt: skip

    refused = browser.post(url, fields)
    assert refused.status_code == 422
    ClientFactory(code="FRIEND", owner=manager)
    browser.post(url, {**fields, "referring_client": "FRIEND", "contact_mobile": "13900000000"})

    client = Client.objects.get(name="New School")
    assert (client.referring_client.code, client.info_source, client.tests_passed) == (
        "FRIEND", "media", 1,
    )  # fmt: skip
    assert client.contacts.get().name == "Wang"


def test_who_may_not_create_clients_makes_no_prospects(units, login):
    agent = UserFactory(role=Role.AGENT, unit=units.team_1)

    assert login(agent).get(reverse("accounts:prospect_create")).status_code == 403


@pytest.mark.rule("ARC-06")
def test_a_step_is_refused_with_what_is_missing(manager, login):
    client = ClientFactory(owner=manager, status="potential", nature="other", industry="教育",
                           address="中山路", employees=5)  # fmt: skip
    url = reverse("accounts:client_status", args=[client.pk])

    refused = login(manager).post(url, {"status": "target", "reason": "They want a quotation"})
    assert refused.status_code == 422
    assert "a contact" in refused.content.decode()

    ContactFactory(client=client)
    login(manager).post(url, {"status": "target", "reason": "They want a quotation"})
    client.refresh_from_db()
    assert client.status == "target"
    archive = login(manager).get(reverse("accounts:client_archive", args=[client.pk]))
    assert "They want a quotation" in archive.content.decode()


def test_the_status_is_on_no_form_of_an_existing_client(own_client, manager, login):
    url = reverse("accounts:client_edit", args=[own_client.pk])

    assert 'name="status"' not in login(manager).get(url).content.decode()


def test_a_prospects_code_gives_way_to_the_real_one(manager, login):
    login(manager).post(reverse("accounts:prospect_create"), {"name": "New School"})
    client = Client.objects.get()
    url = reverse("accounts:client_edit", args=[client.pk]) + "?group=identity"

    for code in ("0451000001", "0451000002"):
        login(manager).post(url, {"name": client.name, "unit": client.unit_id, "code": code})

    client.refresh_from_db()
    assert client.code == "0451000001", "a real code stays"


@pytest.mark.rule("ARC-07", "SEC-03")
def test_cases_of_the_industry_stand_on_the_prospects_page(foreign_client, manager, login):
    client = ClientFactory(owner=manager, status="potential", industry="教育")
    Client.objects.filter(pk=foreign_client.pk).update(industry="教育")
    SuccessCaseFactory(client=foreign_client, title="Campus lines", result="Foreign Client is glad")

    overview = login(manager).get(client.get_absolute_url()).content.decode()
    url = reverse("accounts:client_prospecting", args=[client.pk])
    card = login(manager).get(url).content.decode()

    assert f'hx-get="{url}"' in overview
    assert "Campus lines" in card
    assert "Foreign Client" not in card
    assert "Before it becomes a target:" in card


def test_the_card_asks_as_often_for_three_cases_as_for_one(manager, login, queries_of):
    client = ClientFactory(owner=manager, status="potential", industry="教育")
    browser, url = login(manager), reverse("accounts:client_prospecting", args=[client.pk])
    SuccessCaseFactory(client=ClientFactory(industry="教育"))
    one = queries_of(browser, url)
    for _ in range(2):
        SuccessCaseFactory(client=ClientFactory(industry="教育"))

    assert queries_of(browser, url) == one


def test_a_signed_client_has_no_prospecting_card(own_client, manager, login):
    assert "/prospecting/" not in login(manager).get(own_client.get_absolute_url()).content.decode()
