"""Client and contact rosters."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from accounts.models import ClassProposal, Client, Contact, Ownership
from analytics.importing import rosters
from staff.choices import Role
from staff.roles import ROLE_RIGHTS
from tests.analytics.billing_files import (
    NOW,
    load,
    problems,
    warnings,
)
from tests.factories.accounts import ClassProposalFactory, ClientFactory
from tests.factories.staff import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def roster(manager, representative):
    """One full row."""
    return {
        "client_code": "N1",
        "name": "新集团",
        "nature": "政府",
        "industry": "教育",
        "class": "A类",
        "unit_code": "T1",
        "manager": "manager",
        "chief_representative": "representative",
        "address": "中山路1号",
        "latitude": "45.75",
        "longitude": "126.65",
        "employees": "1,200",
        "own_users": "800",
        "other_users": "100",
        "founded_on": "1998-01-02",
        "status": "签约",
    }


def test_client_roster_makes_clients(roster, manager, representative, units, operations):
    done = load([roster], kind="clients", by=operations)

    assert (done.state, done.loaded, done.warnings) == ("loaded", 1, 0)
    client = Client.objects.get()
    assert (client.code, client.name, client.nature, client.industry) == (
        "N1", "新集团", "government", "教育",
    )  # fmt: skip
    assert (client.client_class, client.unit, client.owner, client.chief_representative) == (
        "A", units.team_1, manager, representative,
    )  # fmt: skip
    assert (client.latitude, client.longitude, client.founded_on, client.status) == (
        Decimal("45.75"), Decimal("126.65"), date(1998, 1, 2), "signed",
    )  # fmt: skip
    assert (client.employees, client.own_users, client.other_users) == (1200, 800, 100)
    assert Client.objects.matching("xjt").exists()


@pytest.mark.rule("ORG-02")
def test_client_roster_keeps_the_history_of_ownership(roster, manager, peer, operations):
    load([roster], kind="clients", by=operations)
    load([roster], kind="clients", by=operations)

    done = load(
        [{"client_code": "N1", "name": "新集团", "manager": "peer"}], kind="clients", by=operations
    )

    history = Ownership.objects.order_by("pk").values_list(
        "owner", "ended_at", "assigned_by", "reason"
    )
    assert [(owner, by) for owner, _, by, _ in history] == [
        (manager.pk, operations.pk),
        (peer.pk, operations.pk),
    ]
    assert [ended for _, ended, _, _ in history] == [NOW, None]
    assert history[1][3] == f"Client roster, import #{done.number}"
    assert Client.objects.get().owner == peer


def save_before_the_end(monkeypatch, loader, save):
    """Somebody else saves when the whole roster has been read."""
    finish = loader.finish

    def save_and_finish(self):
        save()
        finish(self)

    monkeypatch.setattr(loader, "finish", save_and_finish)


def test_client_roster_keeps_what_others_saved_meanwhile(
    roster, manager, peer, operations, monkeypatch
):
    load([roster], kind="clients", by=operations)
    later = NOW + timedelta(days=1)

    def save():
        client = Client.objects.get()
        client.ownerships.update(ended_at=later)
        client.ownerships.create(owner=peer, started_at=later)
        Client.objects.update(owner=peer, address="新址", employees=7)

    save_before_the_end(monkeypatch, rosters.ClientRosterLoader, save)

    done = load(
        [{"client_code": "N1", "name": "改名", "manager": "manager", "employees": "9"}],
        kind="clients",
    )

    assert done.state == "loaded"
    client = Client.objects.get()
    assert (client.name, client.address, client.employees) == ("改名", "新址", 9)
    assert client.owner == manager
    assert list(
        client.ownerships.order_by("pk").values_list("owner", "started_at", "ended_at")
    ) == [(manager.pk, NOW, later), (peer.pk, later, later), (manager.pk, later, None)]


def test_contact_roster_keeps_what_others_saved_meanwhile(clients, monkeypatch):
    contact = {"client_code": "C1", "name": "王敏", "title": "总经理"}
    load([contact | {"department": "A"}], kind="contacts")
    before = Contact.objects.get().updated_at
    save_before_the_end(
        monkeypatch,
        rosters.ContactRosterLoader,
        lambda: Contact.objects.update(department="B", is_active=False, title="x"),
    )

    load([contact], kind="contacts")

    stored = Contact.objects.get()
    assert (stored.department, stored.is_active, stored.title) == ("B", False, "总经理")
    assert stored.updated_at > before


def test_client_roster_leaves_stored_values_where_cells_are_empty(roster, manager):
    load([roster], kind="clients")

    load(
        [{"client_code": "N1", "name": "新名字", "industry": "", "manager": "", "class": ""}],
        kind="clients",
    )

    client = Client.objects.get()
    assert (client.name, client.industry, client.owner, client.client_class) == (
        "新名字", "教育", manager, "A",
    )  # fmt: skip
    assert Client.objects.matching("xinmingzi").exists()


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"manager": "ghost"}, ("unknown_person", "manager")),
        ({"manager": "clerk"}, ("unknown_person", "manager")),
        ({"manager": "gone"}, ("unknown_person", "manager")),
        ({"chief_representative": "manager"}, ("unknown_person", "chief_representative")),
        ({"unit_code": "XX"}, ("unknown_unit", "unit_code")),
        (
            {"employees": "10", "own_users": "15", "other_users": "6"},
            ("users_unlikely", "own_users"),
        ),
    ],
)
def test_client_roster_warns_and_loads(roster, operations, units, change, problem):
    UserFactory(username="clerk", role=Role.COMPLAINT_CLERK, unit=units.city_1)
    UserFactory(username="gone", is_active=False, unit=units.city_1)

    done = load([roster | change], kind="clients", by=operations)

    assert (done.loaded, done.quarantined, done.warnings) == (1, 0, 1)
    assert warnings(done) == {problem: [2]}
    if problem[0] == "unknown_unit":
        assert Client.objects.get().unit == operations.unit


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"client_code": ""}, ("missing", "client_code")),
        ({"name": ""}, ("missing", "name")),
        ({"class": "D"}, ("bad_choice", "class")),
        ({"latitude": "91"}, ("too_large", "latitude")),
        ({"longitude": ""}, ("position_incomplete", "latitude")),
        ({"employees": "-1"}, ("negative", "employees")),
        ({"founded_on": "1998"}, ("bad_date", "founded_on")),
    ],
)
def test_client_roster_refuses_bad_rows(roster, change, problem):
    done = load([roster | {"client_code": "OK"}, roster | change], kind="clients")

    assert (done.loaded, problems(done)) == (1, {problem: [3]})


def test_client_roster_takes_a_code_once(roster):
    done = load([roster, roster | {"name": "另一个"}], kind="clients")

    assert (done.loaded, problems(done)) == (1, {("duplicate", "client_code"): [3]})
    assert Client.objects.get().name == "新集团"


def test_client_without_unit_goes_to_its_managers(roster, manager, units, operations):
    load([roster | {"unit_code": ""}], kind="clients", by=operations)

    assert Client.objects.get().unit == units.team_1


def test_old_client_stays_in_its_unit(roster, outsider, units, province):
    client = ClientFactory(code="N1", unit=units.team_2)

    load([roster | {"unit_code": ""}], kind="clients", by=province)

    client.refresh_from_db()
    assert client.unit == units.team_2


CONTACT = {
    "client_code": "C1",
    "name": "王芳",
    "title": "办公室主任",
    "department": "办公室",
    "mobile": "139 0000 0001".replace(" ", ""),
    "phone": "0451-8888888",
    "email": "wang@example.com",
    "buying_roles": "决策者、使用者",
    "kind": "单位负责人",
    "birthday": "L08-15",
    "personality": "分析型",
}


@pytest.mark.rule("CON-20")
def test_contact_roster_makes_contacts_with_lunar_birthdays(clients):
    done = load([CONTACT], kind="contacts")

    assert (done.state, done.loaded) == ("loaded", 1)
    contact = Contact.objects.get()
    assert (contact.client, contact.name, contact.title, contact.department) == (
        clients[0], "王芳", "办公室主任", "办公室",
    )  # fmt: skip
    assert (contact.kind, contact.buying_roles, contact.personality) == (
        "in_charge", ["decider", "user"], "analytical",
    )  # fmt: skip
    assert (contact.mobile, contact.phone, contact.email) == (
        "13900000001", "0451-8888888", "wang@example.com",
    )  # fmt: skip
    assert (contact.birthday, contact.is_lunar_birthday) == ("L08-15", True)
    assert Contact.objects.matching("wf").exists()


def test_contact_roster_changes_the_contact_of_that_name_and_mobile(clients):
    load([CONTACT], kind="contacts")

    load([CONTACT | {"title": "主任", "department": "", "birthday": "1975-08-15"}], kind="contacts")

    contact = Contact.objects.get()
    assert (contact.title, contact.department, contact.birthday) == ("主任", "办公室", "1975-08-15")


def test_contact_roster_without_year_forgets_the_old_year(clients):
    load([CONTACT | {"birthday": "1975-08-15"}], kind="contacts")

    load([CONTACT | {"birthday": "L09-01"}], kind="contacts")

    assert Contact.objects.get().birthday == "L09-01"


@pytest.mark.rule("CON-16", "ARC-F16", "ARC-F17", "ARC-F28", "CON-04", "CON-23")
def test_contact_roster_takes_every_field_of_a_person(clients):
    more = {
        "gender": "女", "nickname": "老王", "form_of_address": "王主任", "preferences": "喝茶",
        "hobbies": "围棋", "duties": "分管通信", "decision_level": "决策层", "expertise": "交换机",
        "organisation": "省设计院", "birthday": "LL06-15", "kind": "其他",
    }  # fmt: skip

    load([CONTACT | more], kind="contacts")

    contact = Contact.objects.get()
    stored = {name: getattr(contact, name) for name in more}
    assert stored == more | {"gender": "female", "decision_level": "deciding", "kind": "other"}
    assert (contact.is_external, contact.is_leap_month_birthday) == (True, True)
    assert contact.next_birthday is not None
    assert contact.line_number == 13_900_000_001


def test_contact_roster_refuses_bad_rows(clients):
    done = load(
        [
            CONTACT,
            CONTACT,
            CONTACT | {"client_code": "NOBODY"},
            CONTACT | {"name": ""},
            CONTACT | {"name": "李", "birthday": "02-30"},
            CONTACT | {"name": "李", "email": "x"},
            CONTACT | {"name": "李", "buying_roles": "决策者、?"},
        ],
        kind="contacts",
    )

    assert done.loaded == 1
    assert problems(done) == {
        ("duplicate", "name"): [3],
        ("unknown_client", "client_code"): [4],
        ("missing", "name"): [5],
        ("bad_birthday", "birthday"): [6],
        ("bad_email", "email"): [7],
        ("bad_choice", "buying_roles"): [8],
    }


def test_rosters_are_audited(roster, operations):
    client = ClientFactory(code="N1", name="旧名", unit=operations.unit)

    load([roster], kind="clients", by=operations)

    events = client.events.order_by("pgh_id")
    assert list(events.values_list("name", flat=True)) == ["旧名", "新集团"]
    assert events.last().pgh_context.metadata == {
        "verb": "analytics.run_import",
        "actor": operations.pk,
    }


# Classes ----------------------------------------------------------------------------------------


def class_row(letter):
    return [{"client_code": "K1", "name": "Known", "class": letter}]


@pytest.mark.rule("ARC-14")
def test_the_class_of_a_new_client_is_kept_as_a_change(roster, operations):
    done = load([roster], kind="clients", by=operations)

    kept = ClassProposal.objects.get()
    assert (kept.client.code, str(kept), kept.source, kept.state) == (
        "N1", "– → A", "roster", "approved",
    )  # fmt: skip
    assert (kept.proposed_by, kept.decided_by, kept.decided_at) == (None, operations, NOW)
    assert kept.reason == f"Client roster, import #{done.number}"


@pytest.mark.rule("ARC-14")
def test_who_decides_about_classes_changes_them_by_roster(units, operations):
    client = ClientFactory(code="K1", unit=units.team_1, client_class="C")
    waiting = ClassProposalFactory(client=client, from_class="C")

    load(class_row("B"), kind="clients", by=operations)
    load(class_row("B"), kind="clients", by=operations)

    client.refresh_from_db()
    waiting.refresh_from_db()
    assert (client.client_class, waiting.state) == ("B", "overtaken")
    assert [str(row) for row in client.class_proposals.approved()] == ["C → B"]


@pytest.mark.rule("ARC-14")
def test_without_that_right_a_roster_leaves_known_classes_alone(units, operations, monkeypatch):
    client = ClientFactory(code="K1", unit=units.team_1, client_class="C")
    rights = ROLE_RIGHTS[Role.OPERATIONS] - {"accounts.change_class"}
    monkeypatch.setitem(ROLE_RIGHTS, Role.OPERATIONS, rights)

    done = load(class_row("A"), kind="clients", by=operations)

    client.refresh_from_db()
    assert (client.client_class, client.name) == ("C", "Known")
    assert warnings(done) == {("class_not_changed", "class"): [2]}
    assert not ClassProposal.objects.exists()
