"""Two clients or contacts become one, and two again: what is chosen, told, refused (ADR 0052)."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from django.db.models import Q

from accounts.exceptions import (
    CannotPart,
    CircularSuperior,
    MergeUndone,
    NewerMerge,
    NotMergeable,
    OtherClient,
    OutOfReach,
    ReasonMissing,
    RelationInCircle,
)
from accounts.models import (
    Client,
    ClientFile,
    Contact,
    ContactRelation,
    Merge,
    Note,
    Ownership,
    SuspectedPair,
)
from accounts.selectors.merges import counted, suggested_survivor
from accounts.services.clients import assign_owner, create_client, update_client
from accounts.services.merges import merge_clients, merge_contacts, part
from accounts.services.pairs import judge_pair
from staff.models import Notification, Task
from tests.factories.accounts import (
    ClientFactory,
    ConfidentialProfileFactory,
    ContactFactory,
    ContactNoteFactory,
    ContactRelationFactory,
    NoteFactory,
    OwnershipFactory,
)
from tests.factories.archive import DepartmentFactory, SegmentFactory
from tests.factories.files import ClientFileFactory
from tests.factories.members import EntitlementUseFactory
from tests.factories.pairs import SuspectedPairFactory
from tests.factories.visits import VisitFactory

pytestmark = [pytest.mark.django_db, pytest.mark.rule("ARC-20")]
NOW = datetime(2026, 7, 6, 4, tzinfo=UTC)
TODAY = date(2026, 7, 6)
LATER = NOW + timedelta(days=2)


def merge(survivor, loser, by, *, take=(), now=NOW):
    return merge_clients(
        survivor=survivor, loser=loser, take=take, reason="One house.", now=now, by=by
    )


def merge_people(survivor, loser, by, *, take=(), now=NOW):
    return merge_contacts(
        survivor=survivor, loser=loser, take=take, reason="One man.", now=now, today=TODAY, by=by
    )


def undo(made, by, now=LATER):
    return part(merge=made, reason="Two houses.", now=now, by=by)


@pytest.fixture
def old(manager):
    return ClientFactory(code="OLD", name="Harbour", owner=manager, address="1 Quay", employees=10)


@pytest.fixture
def new(manager):
    return ClientFactory(code="NEW", name="Harbour Ltd", owner=manager, employees=20)


# Clients -----------------------------------------------------------------------------------------


def test_empty_fields_are_filled_and_chosen_ones_taken(old, new, supervisor):
    made = merge(new, old, supervisor, take=["name"])

    new.refresh_from_db()
    assert (new.name, new.address, new.employees, new.code) == ("Harbour", "1 Quay", 20, "NEW")
    assert "harbour" in new.search_text
    assert "ltd" not in new.search_text
    assert (made.old_id, made.old_code, made.old_name) == (old.pk, "OLD", "Harbour")


def test_parted_they_are_as_they_were_but_for_what_was_changed_since(old, new, manager, supervisor):
    NoteFactory(client=old, text="Moved")
    made = merge(new, old, supervisor, take=["name"])
    new.refresh_from_db()
    update_client(client=new, by=manager, address="2 Quay")
    later = NoteFactory(client=new, text="Came since")

    undo(made, supervisor)

    new.refresh_from_db()
    back = Client.objects.get(pk=old.pk)
    assert (new.name, new.address) == ("Harbour Ltd", "2 Quay")
    assert (back.name, back.code, back.address) == ("Harbour", "OLD", "1 Quay")
    assert [note.text for note in back.client_notes.all()] == ["Moved"]
    assert list(new.client_notes.all()) == [later]


def test_position_and_lead_come_whole(new, manager, supervisor):
    referrer = ClientFactory(owner=manager)
    old = ClientFactory(
        owner=manager, latitude=45, longitude=126, lead_source="client", referring_client=referrer
    )

    merge(new, old, supervisor)

    new.refresh_from_db()
    assert (new.latitude, new.longitude) == (45, 126)
    assert (new.lead_source, new.referring_client) == ("client", referrer)


def test_who_referred_the_other_is_nobody_any_more(old, manager, supervisor):
    new = ClientFactory(owner=manager, lead_source="client", referring_client=old)

    merge(new, old, supervisor)

    new.refresh_from_db()
    assert (new.lead_source, new.referring_client) == ("", None)


def test_one_that_was_above_the_other(old, manager, supervisor):
    new = ClientFactory(owner=manager, superior=old)
    below = ClientFactory(owner=manager, superior=old)

    made = merge(new, old, supervisor, take=["superior"])

    new.refresh_from_db()
    below.refresh_from_db()
    assert (new.superior, below.superior) == (None, new)
    undo(made, supervisor)
    new.refresh_from_db()
    assert new.superior == old


def test_a_circle_of_superiors_is_refused_and_nothing_happens(old, manager, supervisor):
    between = ClientFactory(owner=manager, superior=old)
    new = ClientFactory(owner=manager, superior=between)

    with pytest.raises(CircularSuperior):
        merge(new, old, supervisor)

    assert Client.objects.filter(pk=old.pk).exists()


def test_the_account_manager_of_the_survivor_stays_and_gets_the_work(
    old, new, manager, peer, supervisor
):
    OwnershipFactory(client=new, owner=manager)
    assign_owner(client=old, owner=peer, reason="", now=NOW - timedelta(days=9), by=None)
    visit = VisitFactory(client=old, visitor=peer, starts_at=NOW + timedelta(days=3))

    made = merge(new, old, supervisor)

    visit.refresh_from_db()
    assert (visit.client, visit.visitor) == (new, manager)
    assert [each.owner for each in Ownership.objects.current().filter(client=new)] == [manager]
    undo(made, supervisor)
    visit.refresh_from_db()
    assert (visit.client, visit.visitor) == (old, peer)
    assert Ownership.objects.current().get(client=old.pk).owner == peer


def test_a_client_without_one_takes_the_other_ones(old, peer, supervisor, units):
    new = ClientFactory(unit=units.team_1)
    assign_owner(client=old, owner=peer, reason="", now=NOW - timedelta(days=9), by=None)

    merge(new, old, supervisor)

    new.refresh_from_db()
    assert new.owner == peer
    assert Ownership.objects.current().get(client=new).owner == peer


def test_one_person_at_both_is_one_person(old, new, supervisor):
    there = ContactFactory(client=old, name="Zhao", mobile="13900000001", title="Director")
    here = ContactFactory(client=new, name="Zhao", mobile="13900000001", hobbies="Go")
    only = ContactFactory(client=old, name="Qian")
    visit = VisitFactory(client=old, contact=there)
    ContactNoteFactory(contact=there)

    made = merge(new, old, supervisor)

    here.refresh_from_db()
    visit.refresh_from_db()
    assert (here.title, here.hobbies, here.notes.count()) == ("Director", "Go", 1)
    assert visit.contact == here
    assert set(Contact.objects.filter(client=new)) == {here, only}
    undo(made, supervisor)
    here.refresh_from_db()
    visit.refresh_from_db()
    assert (here.title, visit.contact, visit.client) == ("", there, old)


@pytest.mark.rule("CON-06")
def test_one_real_decision_maker(old, new, supervisor):
    there = ContactFactory(client=old, is_decision_maker=True)
    here = ContactFactory(client=new, is_decision_maker=True)

    made = merge(new, old, supervisor)

    there.refresh_from_db()
    assert (there.client, there.is_decision_maker) == (new, False)
    undo(made, supervisor)
    for person in (there, here):
        person.refresh_from_db()
        assert person.is_decision_maker


def test_departments_of_one_name_are_one(old, new, supervisor):
    there, here = (DepartmentFactory(client=client, name="IT") for client in (old, new))
    part_of = DepartmentFactory(client=old, name="Networks", part_of=there)

    merge(new, old, supervisor)

    part_of.refresh_from_db()
    assert part_of.part_of == here


def test_of_two_equal_rows_of_a_list_one_is_taken_out_and_can_be_put_back(old, new, supervisor):
    there, here = (SegmentFactory(client=client, value="export") for client in (old, new))

    made = merge(new, old, supervisor)

    there.refresh_from_db()
    assert (there.client, there.removed_at, here.removed_at) == (new, NOW, None)
    undo(made, supervisor)
    there.refresh_from_db()
    assert (there.client, there.removed_at) == (old, None)


def test_the_audit_trail_says_who_merged(old, new, supervisor):
    note = NoteFactory(client=old)

    merge(new, old, supervisor)

    event = Note.pgh_event_model.objects.filter(pgh_obj_id=note.pk).latest("pgh_id")
    assert event.client_id == new.pk
    assert event.pgh_context.metadata["verb"] == "accounts.merge_clients"
    assert event.pgh_context.metadata["actor"] == supervisor.pk


def test_those_in_charge_are_told(new, peer, supervisor):
    old = ClientFactory(owner=peer, chief_representative=supervisor, name="Harbour")

    made = merge(new, old, supervisor)
    undo(made, supervisor)

    told = Notification.objects.values_list("recipient__username", "kind", "params__old")
    assert sorted(told) == [
        (person, kind, "Harbour")
        for person in ("manager", "peer")
        for kind in ("client-merged", "client-parted")
    ]


def test_the_pair_goes_and_its_to_do_is_done(old, new, supervisor):
    first, second = sorted((old, new), key=lambda client: client.pk)
    pair = SuspectedPairFactory(first=first, second=second)
    judge_pair(pair=pair, verdict="same", now=NOW, today=TODAY, by=supervisor)

    made = merge(new, old, supervisor)

    assert not SuspectedPair.objects.exists()
    assert Task.objects.get(kind="pair-same").done_at == NOW
    undo(made, supervisor)
    assert SuspectedPair.objects.get().state == "same"
    assert Task.objects.get(kind="pair-same").done_at is None


# Contacts ----------------------------------------------------------------------------------------


@pytest.fixture
def people(own_client):
    return (
        ContactFactory(client=own_client, name="Li Wei", mobile="13900000001", birth_month=3,
                       birth_day=8, birth_year=1970),
        ContactFactory(client=own_client, name="Li Wei", mobile="13900000002", email="li@x.cn",
                       birth_month=6, birth_day=15, is_lunar_birthday=True),
    )  # fmt: skip


def test_a_birthday_comes_whole(people, supervisor):
    stays, goes = people

    merge_people(stays, goes, supervisor, take=["birthday", "mobile"])

    stays.refresh_from_db()
    assert (stays.birthday, stays.mobile, stays.email) == ("L06-15", "13900000002", "li@x.cn")
    assert stays.line_number == 13900000002
    assert "13900000002" in stays.search_text
    assert stays.next_birthday is not None


def test_a_birthday_that_one_lacks_is_filled(own_client, people, supervisor):
    _stays, goes = people
    bare = ContactFactory(client=own_client)

    merge_people(bare, goes, supervisor)

    bare.refresh_from_db()
    assert bare.birthday == "L06-15"


def test_somebody_from_outside_stays_outside(own_client, supervisor):
    bare = ContactFactory(client=own_client)
    outside = ContactFactory(client=own_client, organisation="Bureau", is_external=True)

    made = merge_people(bare, outside, supervisor)

    bare.refresh_from_db()
    assert (bare.organisation, bare.is_external) == ("Bureau", True)
    undo(made, supervisor)
    bare.refresh_from_db()
    assert (bare.organisation, bare.is_external) == ("", False)


def test_name_and_number_of_a_third_are_refused_and_nothing_happens(people, supervisor):
    stays, goes = people
    ContactFactory(client=stays.client, name="Qian", mobile=stays.mobile)
    Contact.objects.filter(pk=goes.pk).update(name="Qian")

    with pytest.raises(NotMergeable):
        merge_people(stays, goes, supervisor, take=["name"])

    assert Contact.objects.filter(pk=goes.pk).exists()


def test_confidential_words_of_both_are_kept(people, supervisor):
    stays, goes = people
    ConfidentialProfileFactory(contact=stays, personal_information="", family="Two sons")
    ConfidentialProfileFactory(contact=goes, personal_information="Chess", family="A son")

    made = merge_people(stays, goes, supervisor)

    stays = Contact.objects.get(pk=stays.pk)
    assert stays.confidential.personal_information == "Chess"
    assert stays.confidential.family == "Two sons"
    undo(made, supervisor)
    assert Contact.objects.get(pk=goes.pk).confidential.family == "A son"
    assert Contact.objects.get(pk=stays.pk).confidential.personal_information == ""


@pytest.mark.rule("TIR-24")
def test_what_both_were_given_counts_twice(people, supervisor):
    stays, goes = people
    entitlement = EntitlementUseFactory(member=None, contact=stays, number=1).entitlement
    EntitlementUseFactory(member=None, contact=goes, number=1, entitlement=entitlement)

    merge_people(stays, goes, supervisor)

    assert sorted(stays.entitlement_uses.values_list("number", flat=True)) == [1, 2]


def test_the_decision_maker_stays_one(people, supervisor):
    stays, goes = people
    Contact.objects.filter(pk=goes.pk).update(is_decision_maker=True)

    made = merge_people(stays, goes, supervisor)

    stays.refresh_from_db()
    assert stays.is_decision_maker
    undo(made, supervisor)
    assert Contact.objects.get(pk=goes.pk).is_decision_maker
    stays.refresh_from_db()
    assert not stays.is_decision_maker


# Refusals ----------------------------------------------------------------------------------------


def test_needs_a_reason(old, new, supervisor):
    with pytest.raises(ReasonMissing):
        merge_clients(survivor=new, loser=old, take=(), reason=" ", now=NOW, by=supervisor)


def test_not_with_itself_nor_with_one_that_is_gone(old, new, supervisor):
    with pytest.raises(NotMergeable):
        merge(new, new, supervisor)
    merge(new, old, supervisor)
    with pytest.raises(NotMergeable):
        merge(new, old, supervisor)


def test_both_must_be_in_sight(old, foreign_client, supervisor):
    with pytest.raises(NotMergeable):
        merge(foreign_client, old, supervisor)
    people = ContactFactory(client=foreign_client), ContactFactory(client=foreign_client)
    with pytest.raises(OutOfReach):
        merge_people(*people, supervisor)


def test_people_of_two_clients_are_moved_not_merged(old, new, supervisor):
    with pytest.raises(OtherClient):
        merge_people(ContactFactory(client=old), ContactFactory(client=new), supervisor)


def test_friends_of_both_are_friends_once_and_in_order(people, supervisor):
    stays, goes = people
    for far in (UUID(int=1), UUID(int=2**128 - 1)):
        friend = ContactFactory(client=stays.client, pk=far)
        for person in (stays, goes):
            one, two = sorted((friend, person), key=lambda each: each.pk)
            ContactRelationFactory(person=one, other=two, kind="friend")
    only = ContactFactory(client=stays.client, pk=UUID(int=2))
    ContactRelationFactory(person=only, other=goes, kind="kin")

    made = merge_people(stays, goes, supervisor)

    ends = ContactRelation.objects.filter(Q(person=stays) | Q(other=stays))
    assert ends.count() == 3
    undo(made, supervisor)
    assert ContactRelation.objects.filter(Q(person=goes) | Q(other=goes)).count() == 3


def test_nobody_comes_to_report_to_themselves(people, supervisor):
    stays, goes = people
    between = ContactFactory(client=stays.client)
    ContactRelationFactory(person=stays, other=between, kind="reports_to")
    ContactRelationFactory(person=between, other=goes, kind="reports_to")

    with pytest.raises(RelationInCircle):
        merge_people(stays, goes, supervisor)

    assert Contact.objects.filter(pk=goes.pk).exists()


def test_parting_needs_a_reason_and_happens_once(old, new, supervisor):
    made = merge(new, old, supervisor)
    with pytest.raises(ReasonMissing):
        part(merge=made, reason="", now=LATER, by=supervisor)
    undo(made, supervisor)
    with pytest.raises(MergeUndone):
        undo(made, supervisor)


def test_the_last_one_is_parted_first(old, new, manager, supervisor):
    third = ClientFactory(owner=manager)
    first = merge(new, old, supervisor)
    second = merge(third, new, supervisor, now=NOW + timedelta(hours=1))
    first.refresh_from_db()
    assert first.client == third

    with pytest.raises(NewerMerge):
        undo(first, supervisor)
    undo(second, supervisor)
    first.refresh_from_db()
    assert first.client == new
    undo(first, supervisor)

    assert Client.objects.filter(pk__in=[old.pk, new.pk, third.pk]).count() == 3


def test_people_merged_before_their_clients(old, new, supervisor):
    stays, goes = ContactFactory(client=old), ContactFactory(client=old)
    people_made = merge_people(stays, goes, supervisor)
    clients_made = merge(new, old, supervisor, now=NOW + timedelta(hours=1))

    people_made.refresh_from_db()
    with pytest.raises(NewerMerge):
        undo(people_made, supervisor)
    undo(clients_made, supervisor)
    people_made.refresh_from_db()
    undo(people_made, supervisor)

    assert Contact.objects.get(pk=goes.pk).client == old


def test_what_stands_in_the_way_is_said_and_nothing_happens(old, new, supervisor):
    made = merge(new, old, supervisor)
    create_client(code="OLD", name="Squatter", owner=None, unit=new.unit, now=NOW, by=None)

    with pytest.raises(CannotPart):
        undo(made, supervisor)

    assert Merge.objects.get().undone_at is None
    assert not Client.objects.filter(pk=old.pk).exists()


# What a page says --------------------------------------------------------------------------------


def test_the_one_bills_know_is_suggested(manager):
    provisional = ClientFactory(code="P-1", owner=manager, income=900)
    poor, rich = ClientFactory(owner=manager, income=1), ClientFactory(owner=manager, income=2)
    assert suggested_survivor(provisional, poor) == "two"
    assert suggested_survivor(rich, poor) == "one"


def test_counts_what_hangs_on_both_in_one_query(old, new, django_assert_num_queries):
    VisitFactory(client=old)
    for _ in range(2):
        VisitFactory(client=new)
    NoteFactory(client=new)

    with django_assert_num_queries(1):
        rows = counted(old, new)

    assert {(row.label, row.first, row.second) for row in rows} == {
        ("Visits", 1, 2), ("Notes", 0, 1),
    }  # fmt: skip


def test_same_file_at_both(old, new, supervisor):
    there = ClientFileFactory(client=old)
    ClientFileFactory(client=new, sha256=there.sha256)

    merge(new, old, supervisor)

    assert ClientFile.objects.filter(client=new).count() == 2
