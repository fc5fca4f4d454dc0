"""Writes about contacts and what hangs on them."""

from datetime import UTC, date, datetime, time

import pytest

from accounts.exceptions import (
    ContactNotThere,
    ContactStillThere,
    ReasonMissing,
    RelationElsewhere,
    RelationExists,
    RelationInCircle,
    RelationToSelf,
    SameClient,
)
from accounts.models import (
    ConfidentialLook,
    ConfidentialProfile,
    Contact,
    ContactRelation,
    ContactWindow,
)
from accounts.selectors.contact_page import contact_page, relations_of
from accounts.selectors.history import contact_history
from accounts.services import confidential, contact_details, contact_moves, contacts
from crm.lib.masking import masked_phone
from tests.factories.accounts import (
    TODAY,
    ClientFactory,
    ConfidentialProfileFactory,
    ContactFactory,
    ContactNoteFactory,
    ContactWindowFactory,
)

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 7, 6, 4, tzinfo=UTC)


def last_step(record) -> tuple:
    event = record.events.order_by("-pgh_id").select_related("pgh_context").first()
    return event.pgh_label, event.pgh_context.metadata["verb"], event.pgh_context.metadata["actor"]


# The real decision maker ------------------------------------------------------------------------


@pytest.mark.rule("CON-06")
def test_the_mark_of_the_real_decision_maker_moves(own_client, manager):
    first = ContactFactory(client=own_client, is_decision_maker=True)
    second = ContactFactory(client=own_client)
    elsewhere = ContactFactory(is_decision_maker=True)

    contacts.update_contact(contact=second, is_decision_maker=True, today=TODAY, by=manager)

    marked = set(Contact.objects.filter(is_decision_maker=True))
    assert marked == {second, elsewhere}
    assert last_step(first)[1:] == ("accounts.update_contact", manager.pk)


@pytest.mark.rule("CON-04")
def test_an_organisation_makes_somebody_a_person_from_outside(own_client, manager):
    contact = contacts.create_contact(
        client=own_client, name="李伟", organisation="省设计院", today=TODAY, by=manager
    )

    assert contact.is_external


# Leaving, coming back, moving -------------------------------------------------------------------


def test_who_left_comes_back_as_they_were(own_client, manager):
    contact = ContactFactory(client=own_client, is_decision_maker=True)

    left = contact_moves.leave(
        contact=contact, left_on=date(2026, 7, 1), reason="Retired", today=TODAY, by=manager
    )
    assert (left.is_active, left.left_on, left.left_reason) == (False, date(2026, 7, 1), "Retired")
    assert last_step(contact)[1:] == ("accounts.leave", manager.pk)
    with pytest.raises(ContactNotThere):
        contact_moves.leave(contact=contact, left_on=TODAY, reason="", today=TODAY, by=manager)

    back = contact_moves.come_back(contact=contact, today=TODAY, by=manager)

    assert (back.is_active, back.left_on, back.left_reason) == (True, None, "")
    assert back.is_decision_maker
    with pytest.raises(ContactStillThere):
        contact_moves.come_back(contact=contact, today=TODAY, by=manager)


@pytest.mark.rule("CON-06")
def test_who_comes_back_does_not_take_the_mark_from_somebody_else(own_client, manager):
    gone = ContactFactory(client=own_client, is_decision_maker=True, is_active=False)
    now = ContactFactory(client=own_client, is_decision_maker=True)

    contact_moves.come_back(contact=gone, today=TODAY, by=manager)

    assert set(Contact.objects.filter(is_decision_maker=True)) == {now}


def test_a_move_takes_the_person_along_and_leaves_the_place_behind(own_client, manager):
    target = ClientFactory(owner=manager, name="New Client")
    contact = ContactFactory(
        client=own_client, kind="in_charge", buying_roles=["decider"], duties="Finance",
        personality="silent", birth_month=8, birth_day=15, hobbies="Go",
    )  # fmt: skip
    note = ContactNoteFactory(contact=contact)

    moved = contact_moves.move(
        contact=contact, client=target, title="CFO", left_on=TODAY, today=TODAY, by=manager
    )

    contact.refresh_from_db()
    assert (contact.is_active, contact.left_reason) == (False, "Went to New Client")
    assert (moved.client, moved.formerly, moved.title, moved.kind) == (
        target, contact, "CFO", "other",
    )  # fmt: skip
    assert (moved.personality, moved.birthday, moved.hobbies, moved.mobile) == (
        "silent", "08-15", "Go", contact.mobile,
    )  # fmt: skip
    assert (moved.buying_roles, moved.duties) == ([], "")
    assert (list(contact.notes.all()), list(moved.notes.all())) == ([note], [])

    contact_moves.come_back(contact=contact, today=TODAY, by=manager)  # the undo

    contact.refresh_from_db()
    moved.refresh_from_db()
    assert (contact.is_active, moved.is_active) == (True, False)


def test_nobody_moves_to_where_they_are(own_client, manager):
    contact = ContactFactory(client=own_client)

    with pytest.raises(SameClient):
        contact_moves.move(
            contact=contact, client=own_client, title="", left_on=TODAY, today=TODAY, by=manager
        )

    contact.refresh_from_db()
    assert contact.is_active


def test_the_former_place_is_shown_to_people_who_see_it_only(
    own_client, foreign_client, manager, province
):
    before = ContactFactory(client=foreign_client, is_active=False)
    contact = ContactFactory(client=own_client, formerly=before)

    assert contact_page(contact, manager, today=TODAY).formerly is None
    assert contact_page(contact, province, today=TODAY).formerly == before
    assert contact_page(before, manager, today=TODAY).later == [contact]


# Notes and times --------------------------------------------------------------------------------


@pytest.mark.rule("CON-17")
def test_notes_are_shown_newest_first_and_their_changes_audited(own_client, manager):
    contact = ContactFactory(client=own_client)
    old = contact_details.add_note(
        contact=contact, text="Son studies in Harbin", told_on=date(2026, 6, 1), by=manager
    )
    new = contact_details.add_note(contact=contact, text="New car", told_on=TODAY, by=manager)

    contact_details.change_note(
        note=old, text="Daughter studies in Harbin", told_on=old.told_on, by=manager
    )

    notes = contact_page(contact, manager, today=TODAY).brief.notes
    assert [note.text for note in notes] == ["New car", "Daughter studies in Harbin"]
    assert notes[0].written_by == manager
    assert last_step(old) == ("update", "accounts.change_note", manager.pk)
    assert new.pk != old.pk


@pytest.mark.rule("CON-21")
def test_good_times_replace_those_before_and_the_trail_keeps_them(own_client, manager):
    contact = ContactFactory(client=own_client)
    before = ContactWindowFactory(contact=contact)

    contact_details.set_windows(
        contact=contact,
        windows=[{"weekdays": [5, 1, 5], "starts": time(14), "ends": time(16)}],
        by=manager,
    )

    window = ContactWindow.objects.get()
    assert (window.weekdays, window.hours) == ([1, 5], "14:00-16:00")
    gone = ContactWindow.pgh_event_model.objects.get(pgh_label="delete")
    assert gone.pgh_obj_id == before.pk
    assert gone.pgh_context.metadata["verb"] == "accounts.set_windows"


@pytest.mark.rule("CON-21")
@pytest.mark.parametrize(
    ("instant", "holds"),
    [
        ("2026-07-06T01:00Z", True),  # Monday 9:00 in Beijing
        ("2026-07-06T00:59Z", False),
        ("2026-07-06T03:30Z", False),  # half past eleven is the end
        ("2026-07-05T01:00Z", False),  # Sunday
    ],
)
def test_a_time_lies_in_the_window_or_not(instant, holds):
    assert ContactWindowFactory.build(contact=None).holds(datetime.fromisoformat(instant)) is holds


@pytest.mark.parametrize(
    ("weekdays", "days"), [([1, 2, 3, 4, 5], "Mon - Fri"), ([1, 2], "Mon, Tue"), ([7], "Sun")]
)
def test_weekdays_are_named(weekdays, days):
    assert ContactWindowFactory.build(contact=None, weekdays=weekdays).days == days


# Relations --------------------------------------------------------------------------------------


def test_a_symmetric_relation_is_stored_once_whoever_is_named_first(own_client, manager):
    first, second = ContactFactory(client=own_client), ContactFactory(client=own_client)

    contact_details.relate(person=second, other=first, kind="kin", note="Cousins", by=manager)

    with pytest.raises(RelationExists):
        contact_details.relate(person=first, other=second, kind="kin", by=manager)
    for one, other in ((first, second), (second, first)):
        row = relations_of(one, manager)[0]
        assert (row.label, row.other, row.note) == ("Relative", other, "Cousins")


def test_a_directed_relation_reads_from_both_sides(own_client, manager):
    clerk, boss = ContactFactory(client=own_client), ContactFactory(client=own_client)

    relation = contact_details.relate(person=clerk, other=boss, kind="reports_to", by=manager)

    assert [row.label for row in relations_of(clerk, manager)] == ["Reports to"]
    assert [row.label for row in relations_of(boss, manager)] == ["Superior of"]
    contact_details.unrelate(relation=relation, by=manager)
    assert relations_of(boss, manager) == []
    gone = ContactRelation.pgh_event_model.objects.get(pgh_label="delete")
    assert gone.pgh_context.metadata == {"verb": "accounts.unrelate", "actor": manager.pk}


def test_nobody_is_above_themselves(own_client, manager):
    first, second, third = (ContactFactory(client=own_client) for _ in range(3))
    contact_details.relate(person=first, other=second, kind="reports_to", by=manager)
    contact_details.relate(person=second, other=third, kind="reports_to", by=manager)

    with pytest.raises(RelationInCircle):
        contact_details.relate(person=third, other=first, kind="reports_to", by=manager)
    with pytest.raises(RelationToSelf):
        contact_details.relate(person=first, other=first, kind="friend", by=manager)
    with pytest.raises(RelationExists):  # one superior only
        contact_details.relate(person=first, other=third, kind="reports_to", by=manager)


def test_a_superior_works_at_the_same_client(own_client, manager):
    other = ContactFactory(client=ClientFactory(owner=manager))

    with pytest.raises(RelationElsewhere):
        contact_details.relate(
            person=ContactFactory(client=own_client), other=other, kind="reports_to", by=manager
        )


def test_a_relation_to_somebody_out_of_sight_is_not_told(
    own_client, foreign_client, manager, province
):
    mine, theirs = ContactFactory(client=own_client), ContactFactory(client=foreign_client)
    contact_details.relate(person=mine, other=theirs, kind="alumni", by=province)

    assert relations_of(mine, manager) == []
    assert [row.other for row in relations_of(mine, province)] == [theirs]


# Confidential -----------------------------------------------------------------------------------


@pytest.mark.rule("CON-07")
def test_each_look_is_noted_with_who_when_and_why(own_client, manager):
    profile = ConfidentialProfileFactory(contact__client=own_client)

    shown = confidential.look_at_profile(
        contact=profile.contact, reason="Talks on Thursday", now=NOW, by=manager
    )

    assert shown.negotiation_style == "Waits for the third offer."
    looks = ConfidentialLook.objects.values_list("contact", "looked_by", "looked_at", "reason")
    assert list(looks) == [(profile.contact.pk, manager.pk, NOW, "Talks on Thursday")]


@pytest.mark.rule("CON-07")
def test_no_look_without_a_reason(own_client, manager):
    contact = ContactFactory(client=own_client)

    with pytest.raises(ReasonMissing):
        confidential.look_at_profile(contact=contact, reason="  ", now=NOW, by=manager)

    assert not ConfidentialLook.objects.exists()


@pytest.mark.rule("CON-07")
def test_a_confidential_profile_is_made_changed_and_audited(own_client, manager):
    contact = ContactFactory(client=own_client)

    confidential.update_profile(contact=contact, family="Two children", by=manager)
    confidential.update_profile(contact=contact, relations="Knows the mayor", by=manager)

    profile = ConfidentialProfile.objects.get()
    assert (profile.family, profile.relations) == ("Two children", "Knows the mayor")
    assert last_step(profile) == ("update", "accounts.update_profile", manager.pk)


@pytest.mark.rule("CON-07")
def test_confidential_words_are_not_searched(own_client, manager):
    contact = ContactFactory(client=own_client)
    confidential.update_profile(contact=contact, family="Zebra", by=manager)
    contacts.update_contact(contact=contact, title="Director", today=TODAY, by=manager)

    assert not Contact.objects.matching("zebra").exists()
    assert Contact.objects.matching("director").exists()


# Numbers ----------------------------------------------------------------------------------------


@pytest.mark.rule("SEC-10")
@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("13812345678", "138****5678"),
        ("0451-88881234", "045*-****1234"),
        ("8888123", "*****23"),
        ("", ""),
    ],
)
def test_numbers_hide_their_middle(number, shown):
    assert masked_phone(number) == shown


@pytest.mark.rule("SEC-10")
def test_the_history_of_a_contact_masks_numbers(own_client, manager):
    contact = ContactFactory(client=own_client, mobile="13812345678")

    contacts.update_contact(
        contact=contact, mobile="13987654321", buying_roles=["user"], today=TODAY, by=manager
    )

    changes = {
        change.label: (change.old, change.new) for change in contact_history(contact)[0].changes
    }
    assert changes == {"mobile": ("138****5678", "139****4321"), "buying roles": ("–", "User")}
