"""Logged contacts and notes: what the services keep, refuse and tell."""

from datetime import UTC, date, datetime, timedelta

import pytest
from pghistory.models import Events

from accounts.choices import ContactChannel, ContactPurpose
from accounts.exceptions import IsAVisit, NotCorrectable, OtherClient, TextMissing
from accounts.models import ContactLog, Note
from accounts.selectors.notes import pinned_notes
from accounts.services import clients, contact_log, notes
from crm.lib.models import uuid7
from crm.lib.repeats import AlreadyThere
from staff.models import Notification, Task
from tests.factories.accounts import ClientFactory, ContactFactory, ContactLogFactory, NoteFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 7, 6, 4, tzinfo=UTC)
LATER = NOW + timedelta(hours=25)


def log(client, by, **fields):
    return contact_log.log_contact(
        client=client, now=NOW, by=by, **({"content": "They are content."} | fields)
    )


def test_a_contact_is_kept_and_audited(own_client, manager):
    person = ContactFactory(client=own_client)

    row = log(own_client, manager, contact=person, channel="email", purpose="bill")

    assert (row.logged_by, row.happened_at, row.who) == (manager, NOW, person.name)
    event = Events.objects.tracks(row).get()
    assert event.pgh_context == {"verb": "accounts.log_contact", "actor": manager.pk}


@pytest.mark.rule("ARC-31")
def test_individual_information_comes_by_seven_channels():
    assert {*ContactChannel.values} == {
        "phone", "sms", "letter", "visit", "email", "social", "community",
    }  # fmt: skip


@pytest.mark.rule("ARC-50")
def test_a_contact_names_one_of_the_eight_main_services(own_client, manager):
    services = {"enquiry", "business", "bill", "complaint", "demonstration", "boarding",
                "activity", "personal"}  # fmt: skip

    assert services < {*ContactPurpose.values}
    for purpose in services:
        assert log(own_client, manager, purpose=purpose).purpose == purpose


@pytest.mark.rule("ORG-05", "VIS-73")
def test_who_walks_in_is_in_the_diary_by_name(own_client, manager):
    row = log(own_client, manager, direction="walk_in", channel="phone", spoke_with="A Mr Qian")

    assert (row.direction, row.channel, row.who) == ("walk_in", "visit", "A Mr Qian")


@pytest.mark.parametrize("direction", ["outgoing", "incoming"])
def test_a_meeting_at_the_clients_is_a_visit(direction, own_client, manager):
    with pytest.raises(IsAVisit):
        log(own_client, manager, direction=direction, channel="visit")


@pytest.mark.parametrize("wrong", [{"content": " "}, {"next_step_on": date(2026, 7, 9)}])
def test_texts_are_needed(wrong, own_client, manager):
    with pytest.raises(TextMissing):
        log(own_client, manager, **wrong)


def test_a_person_of_another_client_is_refused(own_client, manager):
    with pytest.raises(OtherClient):
        log(own_client, manager, contact=ContactFactory())


def test_a_next_step_with_a_day_becomes_a_task(own_client, manager):
    row = log(own_client, manager, next_step="Send the offer", next_step_on=date(2026, 7, 9))

    task = Task.objects.get()
    assert (row.task, task.assignee, task.due_on) == (task, manager, date(2026, 7, 9))
    assert str(task) == "Own Client: Send the offer"
    assert task.link == row.get_absolute_url()


def test_a_next_step_without_a_day_is_no_task(own_client, manager):
    log(own_client, manager, next_step="Some day")

    assert not Task.objects.exists()


def test_sent_twice_it_is_one_entry_one_task_one_message(own_client, manager, supervisor):
    fields = {"id": uuid7(), "next_step": "Call", "next_step_on": date(2026, 7, 9),
              "is_major": True}  # fmt: skip

    first, second = (log(own_client, manager, **fields) for _ in range(2))

    assert first == second
    assert [ContactLog.objects.count(), Task.objects.count(), Notification.objects.count()] == [
        1
    ] * 3


def test_the_key_of_somebody_elses_entry_is_refused(own_client, manager, peer):
    theirs = ContactLogFactory(logged_by=peer)

    with pytest.raises(AlreadyThere):
        log(own_client, manager, id=theirs.pk)


@pytest.mark.rule("ORG-05")
def test_a_major_issue_is_reported_to_the_supervisor(own_client, manager, supervisor):
    row = log(own_client, manager, is_major=True)

    told = Notification.objects.get()
    assert (told.recipient, told.link) == (supervisor, row.get_absolute_url())
    assert str(told) == "Ma Li reports a major issue of Own Client"


def test_an_entry_is_corrected_with_its_task(own_client, manager):
    row = log(own_client, manager, next_step="Call", next_step_on=date(2026, 7, 9))

    contact_log.correct_contact_log(
        log=row, content="Said something else", next_step="Write", next_step_on=date(2026, 7, 10),
        now=NOW, by=manager,
    )  # fmt: skip
    (task,) = Task.objects.all()
    assert (str(task), task.due_on) == ("Own Client: Write", date(2026, 7, 10))
    contact_log.correct_contact_log(log=row, next_step_on=None, now=NOW, by=manager)

    assert not Task.objects.exists()
    row.refresh_from_db()
    assert (row.content, row.task) == ("Said something else", None)


@pytest.mark.parametrize(("who", "when"), [("peer", NOW), ("manager", LATER)])
def test_only_the_writer_corrects_and_only_for_a_day(who, when, own_client, request, manager):
    row = log(own_client, manager)

    with pytest.raises(NotCorrectable):
        contact_log.correct_contact_log(
            log=row, content="x", now=when, by=request.getfixturevalue(who)
        )


def test_the_next_step_is_done_once(own_client, manager):
    row = log(own_client, manager, next_step="Call", next_step_on=date(2026, 7, 9))

    for moment in (NOW, LATER):
        contact_log.finish_next_step(log=row, now=moment, by=manager)

    assert Task.objects.get().done_at == NOW
    contact_log.correct_contact_log(log=row, next_step="Call twice", now=NOW, by=manager)
    assert Task.objects.count() == 1  # what is done is not asked for again


def test_a_promised_next_step_follows_the_client(own_client, manager, peer, supervisor):
    log(own_client, manager, next_step="Call", next_step_on=date(2026, 7, 9))
    log(own_client, supervisor, next_step="Look", next_step_on=date(2026, 7, 9))

    clients.assign_owner(client=own_client, owner=peer, reason="Moves", now=NOW, by=supervisor)

    assert {str(task): task.assignee for task in Task.objects.all()} == {
        "Own Client: Call": peer, "Own Client: Look": supervisor,
    }  # fmt: skip


# Notes -----------------------------------------------------------------------------------------


def write(client, by, text="The new building opens in May.", **fields):
    return notes.write_note(client=client, text=text, now=NOW, by=by, **fields)


def test_a_note_is_kept_and_audited(own_client, manager):
    note = write(own_client, manager)

    assert Events.objects.tracks(note).get().pgh_context == {
        "verb": "accounts.write_note", "actor": manager.pk,
    }  # fmt: skip


def test_an_empty_note_is_refused(own_client, manager):
    with pytest.raises(TextMissing):
        write(own_client, manager, text="  ")


def test_a_note_sent_twice_is_one(own_client, manager):
    key = uuid7()

    assert write(own_client, manager, id=key) == write(own_client, manager, id=key)
    assert Note.objects.count() == 1


def test_who_is_named_is_told_once(own_client, manager, peer, supervisor, operations):
    text = "@Su Min请看一下 and @operations too, not @Pan Wei, who cannot see it, nor @Ma Li"

    note = write(own_client, manager, text=text)
    notes.correct_note(note=note, text=text + " please", now=NOW, by=manager)

    assert {each.recipient for each in Notification.objects.all()} == {supervisor, operations}
    assert Notification.objects.count() == 2
    assert str(Notification.objects.first()) == "Ma Li mentions you in a note on Own Client"


def test_the_longest_name_counts(supervisor, operations):
    supervisor.full_name, operations.full_name = "王芳", "王芳芳"

    assert notes.mentioned("@王芳芳请跟进", [supervisor, operations]) == [operations]
    assert notes.mentioned("@王芳请跟进", [supervisor, operations]) == [supervisor]


@pytest.mark.parametrize(("who", "when"), [("peer", NOW), ("manager", LATER)])
def test_only_the_writer_changes_a_note_and_only_for_a_day(who, when, own_client, request, manager):
    note = write(own_client, manager)

    with pytest.raises(NotCorrectable):
        notes.correct_note(note=note, text="x", now=when, by=request.getfixturevalue(who))


def test_a_deleted_note_comes_back(own_client, manager):
    note = write(own_client, manager, is_pinned=True)

    notes.delete_note(note=note, now=NOW, by=manager)
    assert pinned_notes(own_client, manager) == []
    notes.restore_note(note=note, by=manager)

    assert pinned_notes(own_client, manager) == [note]


def test_a_colleague_deletes_no_note_a_supervisor_does(own_client, manager, peer, supervisor):
    note = write(own_client, manager)

    with pytest.raises(NotCorrectable):
        notes.delete_note(note=note, now=NOW, by=peer)
    assert notes.delete_note(note=note, now=NOW, by=supervisor).deleted_at == NOW


@pytest.mark.rule("P1")
def test_pinned_notes_of_other_clients_are_absent(own_client, foreign_client, manager):
    NoteFactory(client=foreign_client, is_pinned=True)
    NoteFactory(client=ClientFactory(owner=manager), is_pinned=True)
    own = NoteFactory(client=own_client, is_pinned=True)

    assert pinned_notes(own_client, manager) == [own]
