"""Clients, contacts, ownership and number reveals."""

from datetime import UTC, datetime

import pytest

from accounts.exceptions import NotAnOwner, ReasonMissing
from accounts.models import Client, Contact, NumberReveal
from accounts.services import clients, contacts, members
from staff.choices import Role
from tests.factories.accounts import ClientFactory, ContactFactory, MemberFactory
from tests.factories.staff import UserFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 7, 6, 8, tzinfo=UTC)
LATER = datetime(2026, 8, 6, 8, tzinfo=UTC)


def trail(record, field: str) -> list[tuple]:
    """Value, verb and actor of each step in the audit trail."""
    return [
        (
            getattr(event, field),
            event.pgh_context.metadata["verb"] if event.pgh_context else "",
            event.pgh_context.metadata["actor"] if event.pgh_context else None,
        )
        for event in record.events.order_by("pgh_id").select_related("pgh_context")
    ]


# Clients ----------------------------------------------------------------------------------------


def test_new_client_can_be_found_and_has_no_history_without_owner(units, manager):
    client = clients.create_client(
        owner=None, now=NOW, by=manager, code="N1", name="中国移动", unit=units.team_1
    )

    assert Client.objects.matching("zgyd").get() == client
    assert not client.ownerships.exists()
    assert trail(client, "name") == [("中国移动", "accounts.create_client", manager.pk)]


@pytest.mark.rule("ORG-02")
def test_new_client_with_owner_begins_its_history(units, manager, supervisor):
    client = clients.create_client(
        owner=manager, now=NOW, by=supervisor, code="N1", name="Acme", unit=units.team_1
    )

    client.refresh_from_db()
    history = client.ownerships.values_list("owner", "started_at", "ended_at", "assigned_by")
    assert (client.owner, list(history)) == (manager, [(manager.pk, NOW, None, supervisor.pk)])


def test_changed_client_is_found_by_its_new_name_only(own_client, manager):
    clients.update_client(client=own_client, name="龙江水泥", industry="建材", by=manager)

    own_client.refresh_from_db()
    assert (own_client.name, own_client.industry) == ("龙江水泥", "建材")
    assert Client.objects.matching("longjiang").get() == own_client
    assert not Client.objects.matching("own client").exists()
    assert trail(own_client, "name") == [
        ("Own Client", "", None),
        ("龙江水泥", "accounts.update_client", manager.pk),
    ]


def test_update_does_not_bring_back_what_somebody_else_changed(own_client, manager):
    stale = Client.objects.get(pk=own_client.pk)
    clients.update_client(client=own_client, industry="建材", by=manager)

    clients.update_client(client=stale, address="中山路", by=manager)

    own_client.refresh_from_db()
    assert (own_client.industry, own_client.address) == ("建材", "中山路")


def test_update_without_change_leaves_no_trace(own_client, manager):
    clients.update_client(client=own_client, industry=own_client.industry, by=manager)

    assert len(trail(own_client, "name")) == 1


# Ownership --------------------------------------------------------------------------------------


@pytest.mark.rule("ORG-02")
def test_hand_over_keeps_who_had_the_client_before(own_client, manager, peer, supervisor):
    clients.assign_owner(client=own_client, owner=peer, reason="Leave", now=NOW, by=supervisor)
    clients.assign_owner(client=own_client, owner=manager, reason="Back", now=LATER, by=supervisor)

    own_client.refresh_from_db()
    history = own_client.ownerships.order_by("started_at").values_list(
        "owner", "started_at", "ended_at", "reason", "assigned_by"
    )
    assert own_client.owner == manager
    assert list(history) == [
        (peer.pk, NOW, LATER, "Leave", supervisor.pk),
        (manager.pk, LATER, None, "Back", supervisor.pk),
    ]
    assert trail(own_client, "owner_id")[1:] == [
        (peer.pk, "accounts.assign_owner", supervisor.pk),
        (manager.pk, "accounts.assign_owner", supervisor.pk),
    ]


def test_hand_over_to_the_same_person_is_nothing(own_client, peer, supervisor):
    for _ in range(2):
        clients.assign_owner(client=own_client, owner=peer, reason="", now=NOW, by=supervisor)

    assert own_client.ownerships.count() == 1


@pytest.mark.rule("ORG-02")
@pytest.mark.parametrize("role", [Role.COMPLAINT_CLERK, Role.PROVINCE])
def test_some_roles_cannot_be_responsible(own_client, units, supervisor, role):
    person = UserFactory(role=role, unit=units.city_1)

    with pytest.raises(NotAnOwner):
        clients.assign_owner(client=own_client, owner=person, reason="", now=NOW, by=supervisor)


def test_inactive_person_cannot_be_responsible(own_client, peer, manager, supervisor):
    peer.is_active = False

    with pytest.raises(NotAnOwner):
        clients.assign_owner(client=own_client, owner=peer, reason="", now=NOW, by=supervisor)

    own_client.refresh_from_db()
    assert own_client.owner == manager


@pytest.mark.rule("P3")
def test_hand_over_changes_who_sees_the_client_at_once(own_client, manager, outsider, supervisor):
    clients.assign_owner(client=own_client, owner=outsider, reason="", now=NOW, by=supervisor)

    assert own_client in Client.objects.visible_to(outsider)
    assert own_client not in Client.objects.visible_to(manager)


# Contacts ---------------------------------------------------------------------------------------


def test_contact_is_made_changed_and_audited(own_client, manager):
    contact = contacts.create_contact(
        client=own_client, name="王芳", mobile="13900000001", today=NOW.date(), by=manager
    )

    contacts.update_contact(
        contact=contact, name="李伟", birth_month=8, birth_day=15, today=NOW.date(), by=manager
    )

    contact.refresh_from_db()
    assert (contact.name, contact.birthday) == ("李伟", "08-15")
    assert Contact.objects.matching("lw").get() == contact
    assert trail(contact, "name") == [
        ("王芳", "accounts.create_contact", manager.pk),
        ("李伟", "accounts.update_contact", manager.pk),
    ]


@pytest.mark.rule("CON-20")
@pytest.mark.parametrize(
    ("fields", "birthday"),
    [
        ({}, ""),
        ({"birth_month": 8, "birth_day": 5}, "08-05"),
        ({"birth_month": 8, "birth_day": 5, "birth_year": 1975}, "1975-08-05"),
        ({"birth_month": 8, "birth_day": 5, "is_lunar_birthday": True}, "L08-05"),
    ],
)
def test_birthday_is_shown_as_people_write_it(fields, birthday):
    assert ContactFactory.build(client=None, **fields).birthday == birthday


# Members ----------------------------------------------------------------------------------------


@pytest.mark.rule("P35")
def test_number_is_masked_and_its_reveal_logged(own_client, manager):
    member = MemberFactory(client=own_client, msisdn=13_812_345_678)

    shown = members.reveal_number(member=member, reason="Call back", now=NOW, by=manager)

    assert (str(member), shown) == ("138****5678", "13812345678")
    log = NumberReveal.objects.values_list("member", "revealed_by", "revealed_at", "reason")
    assert list(log) == [(member.pk, manager.pk, NOW, "Call back")]


@pytest.mark.rule("P35")
@pytest.mark.parametrize("reason", ["", "  "])
def test_number_is_not_revealed_without_a_reason(own_client, manager, reason):
    member = MemberFactory(client=own_client)

    with pytest.raises(ReasonMissing):
        members.reveal_number(member=member, reason=reason, now=NOW, by=manager)

    assert not NumberReveal.objects.exists()


# Warnings on the archive ------------------------------------------------------------------------


@pytest.mark.rule("ARC-F07")
@pytest.mark.parametrize(
    ("employees", "own", "other", "unlikely"),
    [
        (10, 15, 6, True),
        (10, 15, 5, False),
        (None, 99, 0, False),
        (0, 1, None, True),
        (0, 0, 0, False),
    ],
)
def test_more_users_than_twice_the_employees_are_unlikely(employees, own, other, unlikely):
    client = ClientFactory.build(unit=None, employees=employees, own_users=own, other_users=other)

    assert client.users_unlikely is unlikely


@pytest.mark.rule("ORG-09")
def test_a_and_b_clients_need_a_representative(representative):
    lacking = {ClientFactory(client_class=letter) for letter in "AB"}
    ClientFactory(client_class="C")
    ClientFactory(client_class="A", chief_representative=representative)

    assert set(Client.objects.without_representative()) == lacking
    assert all(client.needs_representative for client in lacking)
