"""Writing to clients, contacts and members through their pages."""

import pytest
from django.urls import reverse
from pghistory.models import Events

from accounts.archive_forms import ClientForm
from accounts.models import Client, Contact, NumberReveal
from staff.choices import Role
from tests.factories.accounts import ClientFactory, ContactFactory, MemberFactory
from tests.factories.staff import UserFactory

pytestmark = pytest.mark.django_db


def last_event(row):
    """Verb and actor of the newest audited write of a row."""
    event = Events.objects.tracks(row).order_by("pgh_id").last()
    return event.pgh_label, event.pgh_context


@pytest.fixture
def client_input(units):
    return {
        "code": "NEW1", "name": "New Client", "status": "signed", "unit": units.team_1.pk,
        "employees": "120", "notes": "Found at the fair.",
    }  # fmt: skip


def test_an_account_manager_creates_a_client_of_their_own(client_input, manager, login):
    response = login(manager).post(reverse("accounts:client_create"), client_input)

    client = Client.objects.get(code="NEW1")
    assert response.headers["Location"] == client.get_absolute_url()
    assert (client.name, client.owner, client.employees) == ("New Client", manager, 120)
    assert client.ownerships.get().owner == manager
    assert last_event(client)[1] == {"verb": "accounts.create_client", "actor": manager.pk}


def test_a_supervisor_creates_a_client_without_owner(client_input, supervisor, login):
    login(supervisor).post(reverse("accounts:client_create"), client_input)

    assert Client.objects.get(code="NEW1").owner is None


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"name": ""}, "This field is required."),
        ({"code": "OWN"}, "already exists"),
        ({"latitude": "31.2"}, "Latitude and longitude go together."),
        ({"employees": "-1"}, "greater than or equal to 0"),
    ],
)
def test_a_wrong_form_says_why_and_keeps_the_input(
    wrong, sentence, client_input, own_client, manager, login
):
    response = login(manager).post(reverse("accounts:client_create"), client_input | wrong)

    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert "Found at the fair." in response.content.decode()
    assert Client.objects.count() == 1


def test_a_client_sent_twice_at_once_is_refused_on_the_form(
    client_input, own_client, manager, login, monkeypatch
):
    monkeypatch.setattr(ClientForm, "validate_unique", lambda form: None)  # the other comes later

    response = login(manager).post(
        reverse("accounts:client_create"), client_input | {"code": own_client.code}
    )

    assert response.status_code == 422
    assert response.context_data["form"].errors["code"] == [
        "There is a client with this code already."
    ]
    assert Client.objects.count() == 1


def test_a_client_cannot_be_put_into_a_unit_out_of_reach(client_input, units, supervisor, login):
    client_input["unit"] = units.team_2.pk

    response = login(supervisor).post(reverse("accounts:client_create"), client_input)

    assert response.status_code == 422


def edit_input(client, **changes):
    return {"name": client.name, "status": client.status, "unit": client.unit_id} | changes


def test_a_client_is_edited_and_the_change_audited(own_client, manager, login):
    url = reverse("accounts:client_edit", args=[own_client.pk])

    response = login(manager).post(url, edit_input(own_client, name="Renamed", code="FORGED"))

    assert response.headers["Location"] == own_client.get_absolute_url()
    own_client.refresh_from_db()
    assert (own_client.name, own_client.code) == ("Renamed", "OWN")
    label, context = last_event(own_client)
    assert (label, context["actor"]) == ("update", manager.pk)


@pytest.mark.rule("ARC-14")
@pytest.mark.parametrize("person", ["manager", "supervisor"])
def test_nobody_edits_the_class(own_client, person, request, login):
    url = reverse("accounts:client_edit", args=[own_client.pk])

    login(request.getfixturevalue(person)).post(url, edit_input(own_client, client_class="A"))

    own_client.refresh_from_db()
    assert own_client.client_class == ""


def test_a_client_of_another_team_stays_editable_for_its_owner(units, peer, login):
    """Handing over changes the owner, not the unit."""
    units.team_3 = type(units.team_1).objects.create(
        code="T3", name="Team 3", kind="team", parent=units.city_1
    )
    client = ClientFactory(owner=peer, unit=units.team_3)
    url = reverse("accounts:client_edit", args=[client.pk])

    response = login(peer).post(url, edit_input(client, name="Renamed"))

    assert response.status_code == 302
    client.refresh_from_db()
    assert (client.name, client.unit) == ("Renamed", units.team_3)


def test_a_supervisor_hands_a_client_over(own_client, peer, manager, supervisor, login):
    url = reverse("accounts:client_assign", args=[own_client.pk])

    response = login(supervisor).post(url, {"owner": peer.pk, "reason": "Longer holiday"})

    assert response.headers["Location"] == own_client.get_absolute_url()
    own_client.refresh_from_db()
    assert own_client.owner == peer
    assert own_client.ownerships.current().get().reason == "Longer holiday"
    assert login(manager).get(own_client.get_absolute_url()).status_code == 404
    assert login(peer).get(own_client.get_absolute_url()).status_code == 200


def test_a_client_goes_to_nobody_out_of_reach(own_client, outsider, supervisor, login):
    url = reverse("accounts:client_assign", args=[own_client.pk])

    response = login(supervisor).post(url, {"owner": outsider.pk, "reason": "Kept input"})

    assert response.status_code == 422
    assert "Kept input" in response.content.decode()


@pytest.mark.parametrize(
    ("person", "url_name"),
    [
        ("manager", "accounts:client_assign"),
        ("representative", "accounts:client_assign"),
        ("province", "accounts:client_edit"),
        ("province", "accounts:contact_create"),
    ],
)
def test_who_sees_a_client_may_not_do_everything(
    person, url_name, own_client, representative, request, login
):
    own_client.chief_representative = representative
    own_client.save()

    browser = login(request.getfixturevalue(person))

    assert browser.get(own_client.get_absolute_url()).status_code == 200
    assert browser.get(reverse(url_name, args=[own_client.pk])).status_code == 403
    assert browser.post(reverse(url_name, args=[own_client.pk])).status_code == 403


def test_buttons_that_would_be_refused_are_not_offered(own_client, manager, province, login):
    for_manager = login(manager).get(own_client.get_absolute_url()).content.decode()
    for_province = login(province).get(own_client.get_absolute_url()).content.decode()

    assert "Plan a visit" in for_manager
    assert "Hand over" not in for_manager
    assert "Plan a visit" not in for_province
    assert "Edit" not in for_province


# Contacts ---------------------------------------------------------------------------------------


CONTACT = {"name": "Zhao Min", "kind": "contact", "mobile": "13912345678", "is_active": "on"}


def test_a_contact_is_added(own_client, manager, login):
    url = reverse("accounts:contact_create", args=[own_client.pk])

    response = login(manager).post(url, CONTACT | {"buying_roles": ["decider", "user"]})

    contact = own_client.contacts.get()
    assert response.headers["Location"] == reverse("accounts:client_people", args=[own_client.pk])
    assert (contact.name, contact.buying_roles) == ("Zhao Min", ["decider", "user"])
    assert last_event(contact)[1] == {"verb": "accounts.create_contact", "actor": manager.pk}


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"mobile": ""}, "at least one way to reach"),
        ({"birth_month": "2"}, "Month and day of birth go together."),
        ({"email": "nobody"}, "valid email"),
        ({"name": ""}, "This field is required."),
        ({"birth_month": "13", "birth_day": "1"}, ""),
        ({"buying_roles": ["king"]}, "Select a valid choice"),
    ],
)
def test_a_wrong_contact_is_refused(wrong, sentence, own_client, manager, login):
    url = reverse("accounts:contact_create", args=[own_client.pk])

    response = login(manager).post(url, CONTACT | {"title": "Head of IT"} | wrong)

    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert "Head of IT" in response.content.decode()
    assert not Contact.objects.exists()


def test_the_same_contact_twice_is_refused(own_client, manager, login):
    ContactFactory(client=own_client, name="Zhao Min", mobile="13912345678")
    url = reverse("accounts:contact_create", args=[own_client.pk])

    response = login(manager).post(url, CONTACT)

    assert response.status_code == 422
    assert "already in the archive" in response.content.decode()


def test_a_contact_is_edited(own_client, manager, login):
    contact = ContactFactory(client=own_client)
    url = reverse("accounts:contact_edit", args=[contact.pk])

    response = login(manager).post(url, CONTACT | {"title": "Director"})

    assert response.status_code == 302
    contact.refresh_from_db()
    assert (contact.name, contact.title) == ("Zhao Min", "Director")


def test_a_contact_may_not_become_another_one(own_client, manager, login):
    ContactFactory(client=own_client, name="Zhao Min", mobile="13912345678")
    other = ContactFactory(client=own_client)

    response = login(manager).post(reverse("accounts:contact_edit", args=[other.pk]), CONTACT)

    assert response.status_code == 422


# Numbers ----------------------------------------------------------------------------------------


@pytest.mark.rule("P35")
def test_a_number_is_shown_once_a_reason_is_logged(own_client, manager, login):
    member = MemberFactory(client=own_client, msisdn=13_812_345_678)
    url = reverse("accounts:member_reveal", args=[member.pk])
    browser = login(manager)

    asked = browser.get(url).content.decode()
    shown = browser.post(url, {"reason": "Asked about roaming"})

    assert "13812345678" not in asked
    assert "13812345678" in shown.content.decode()
    assert "no-store" in shown.headers["Cache-Control"]
    reveal = NumberReveal.objects.get()
    assert (reveal.member, reveal.revealed_by, reveal.reason) == (
        member, manager, "Asked about roaming"
    )  # fmt: skip


@pytest.mark.rule("P35")
def test_no_number_without_a_reason(own_client, manager, login):
    member = MemberFactory(client=own_client, msisdn=13_812_345_678)

    response = login(manager).post(reverse("accounts:member_reveal", args=[member.pk]))

    assert response.status_code == 422
    assert "13812345678" not in response.content.decode()
    assert not NumberReveal.objects.exists()


@pytest.mark.rule("P35")
def test_an_agent_sees_members_but_no_numbers(units, login):
    agent = UserFactory(role=Role.AGENT, unit=units.team_1)
    member = MemberFactory(client__owner=agent)
    browser = login(agent)

    html = browser.get(reverse("accounts:client_members", args=[member.client_id])).content.decode()

    assert member.masked_number in html
    assert "Show number" not in html
    assert browser.get(reverse("accounts:member_reveal", args=[member.pk])).status_code == 403
