"""Pages of the contact diary and of notes."""

import json
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import ContactLog, Note
from staff.choices import Role
from tests.factories.accounts import ContactLogFactory, NoteFactory
from tests.factories.staff import UserFactory
from visits.models import Visit

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def new(name, client):
    return f"{reverse(f'accounts:{name}')}?client={client.pk}"


def entry(**changes):
    return {
        "content": "They are content.", "direction": "outgoing", "channel": "phone",
        "purpose": "liaison", "happened_at": f"{timezone.localtime():%Y-%m-%dT%H:%M}",
    } | changes  # fmt: skip


def test_a_contact_is_logged_on_a_page_of_its_own(own_client, manager, login):
    response = login(manager).post(new("contact_log_create", own_client), entry())

    log = ContactLog.objects.get()
    assert response.headers["Location"] == log.get_absolute_url()
    assert (log.client, log.logged_by) == (own_client, manager)


def test_in_the_dialog_the_page_below_stays_and_is_told(own_client, manager, login):
    browser, url = login(manager), new("contact_log_create", own_client)

    form = browser.get(url, headers=HTMX).content.decode()
    wrong = browser.post(url, entry(content=""), headers=HTMX)
    done = browser.post(url, entry(), headers=HTMX)

    assert "<html" not in form
    assert 'hx-target="#dialog-content"' in form
    assert (wrong.status_code, done.status_code) == (422, 204)
    events = json.loads(done.headers["HX-Trigger"])
    assert set(events) == {"dialog-close", "client-changed", "toast"}


def test_the_form_sent_twice_makes_one_entry(own_client, manager, login):
    browser, url = login(manager), new("contact_log_create", own_client)
    key = browser.get(url).context_data["form"]["id"].value()

    for _ in range(2):
        assert browser.post(url, entry(id=key)).status_code == 302

    assert str(ContactLog.objects.get().pk) == str(key)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"channel": "visit"}, "logs a visit"),
        ({"happened_at": "2090-01-01T10:00"}, "lies in the future"),
        ({"next_step_on": "2030-01-01"}, "Say what the next step is."),
        ({"next_step": "x", "next_step_on": "0026-01-01"}, "Check the year."),
    ],
)
def test_a_wrong_entry_says_why(wrong, sentence, own_client, manager, login):
    response = login(manager).post(new("contact_log_create", own_client), entry(**wrong))

    assert response.status_code == 422
    assert sentence in response.content.decode()


@pytest.mark.rule("P1")
@pytest.mark.parametrize("page", ["contact_log_create", "note_create"])
def test_without_a_client_in_reach_there_is_no_form(page, foreign_client, manager, login):
    browser = login(manager)

    assert browser.get(new(page, foreign_client)).status_code == 404
    assert browser.get(reverse(f"accounts:{page}")).status_code == 404
    assert browser.get(reverse(f"accounts:{page}") + "?client=x").status_code == 404


@pytest.mark.parametrize("page", ["contact_log_create", "note_create"])
def test_without_the_right_there_is_no_form(page, own_client, operations, login):
    assert login(operations).get(new(page, own_client)).status_code == 403


def test_the_entry_has_a_page_and_its_next_step_is_ticked_off(own_client, manager, login):
    browser = login(manager)
    browser.post(new("contact_log_create", own_client),
                 entry(next_step="Send an offer", next_step_on="2030-01-01"))  # fmt: skip
    log = ContactLog.objects.get()

    before = browser.get(log.get_absolute_url()).content.decode()
    browser.post(reverse("accounts:contact_log_step_done", args=[log.pk]))
    after = browser.get(log.get_absolute_url()).content.decode()

    assert "Next step done" in before
    assert "Next step done" not in after
    log.task.refresh_from_db()
    assert log.task.done_at


def test_the_entry_is_corrected_on_its_page(own_client, manager, peer, login):
    log = ContactLogFactory(client=own_client, logged_by=manager, created_at=timezone.now())
    url = reverse("accounts:contact_log_edit", args=[log.pk])

    login(manager).post(url, entry(content="Better words"))
    log.refresh_from_db()
    old = ContactLogFactory(client=own_client, logged_by=manager)
    late = login(manager).post(reverse("accounts:contact_log_edit", args=[old.pk]), entry())

    assert log.content == "Better words"
    assert late.status_code == 422


# The diary -------------------------------------------------------------------------------------


def diary(browser, **query):
    page = browser.get(reverse("accounts:contact_log_list"), query)
    assert page.status_code == 200
    return [row.record for row in page.context_data["table"].rows]


@pytest.mark.rule("ORG-05", "P1")
def test_the_diary_by_day_person_and_unit(
    own_client, foreign_client, manager, supervisor, units, login
):
    mine = ContactLogFactory(client=own_client, logged_by=manager)
    theirs = ContactLogFactory(client=own_client, logged_by=supervisor, direction="walk_in",
                               channel="visit", happened_at=mine.happened_at - timedelta(days=1))  # fmt: skip
    ContactLogFactory(client=foreign_client)
    browser, boss = login(manager), login(supervisor)

    assert diary(browser) == [mine, theirs]
    assert diary(browser, day="2026-07-06") == [mine]
    assert diary(browser, person=manager.pk) == [mine]
    assert diary(boss, unit=units.team_1.code, direction="walk_in") == [theirs]


def test_the_diary_walks_by_days(own_client, manager, login):
    page = login(manager).get(reverse("accounts:contact_log_list"), {"day": "2026-07-06"})

    assert page.context_data["day"] == date(2026, 7, 6)
    assert page.context_data["before_url"].endswith("day=2026-07-05")
    for nonsense in ("2026-99-99", "x", "9999-12-31"):
        assert login(manager).get(reverse("accounts:contact_log_list"), {"day": nonsense})


def test_the_diary_takes_the_same_queries_for_three(own_client, manager, login, queries_of):
    url, browser = reverse("accounts:contact_log_list"), login(manager)
    ContactLogFactory(client=own_client, logged_by=manager)
    for_one = queries_of(browser, url)
    for _ in range(2):
        ContactLogFactory(client=own_client, logged_by=manager)

    assert queries_of(browser, url) == for_one


def test_the_diary_needs_its_right(login, units):

    clerk = UserFactory(role=Role.COMPLAINT_CLERK, unit=units.city_1)

    assert login(clerk).get(reverse("accounts:contact_log_list")).status_code == 403


# Notes -----------------------------------------------------------------------------------------


def test_a_note_is_written_pinned_deleted_and_restored(own_client, manager, login):
    browser = login(manager)
    browser.post(new("note_create", own_client), {"text": "Opens in May.", "is_pinned": "on"})
    note = Note.objects.get()
    overview = own_client.get_absolute_url()

    def shown():
        return "Opens in May." in browser.get(overview).content.decode()

    assert shown()
    browser.post(reverse("accounts:note_pin", args=[note.pk]), {"pinned": "0"})
    assert not shown()
    browser.post(reverse("accounts:note_pin", args=[note.pk]), {"pinned": "1"})
    gone = browser.post(reverse("accounts:note_delete", args=[note.pk]), follow=True)
    assert "This note was deleted." in gone.content.decode()
    assert "Opens in May." not in gone.content.decode()
    assert not shown()
    browser.post(reverse("accounts:note_restore", args=[note.pk]))
    assert shown()


def test_a_note_is_corrected_by_its_writer(own_client, manager, login):
    note = NoteFactory(client=own_client, author=manager, created_at=timezone.now())

    login(manager).post(reverse("accounts:note_edit", args=[note.pk]), {"text": "In June."})

    note.refresh_from_db()
    assert note.text == "In June."


def test_the_form_names_whom_one_can_tell(own_client, manager, supervisor, login):
    html = login(manager).get(new("note_create", own_client)).content.decode()

    assert "@Su Min" in html


def test_both_are_in_the_timeline(own_client, manager, login):
    ContactLogFactory(client=own_client, logged_by=manager, content="Called about roaming")
    NoteFactory(client=own_client, author=manager, text="Opens in May.")
    NoteFactory(client=own_client, author=manager, text="Gone", deleted_at=timezone.now())

    url = reverse("accounts:client_timeline", args=[own_client.pk])
    html = login(manager).get(url).content.decode()

    assert "Called about roaming" in html
    assert "Opens in May." in html
    assert "Gone" not in html


def test_the_newest_contact_of_any_kind_is_the_last(own_client, manager, login):
    log = ContactLogFactory(client=own_client, logged_by=manager)

    touch = login(manager).get(own_client.get_absolute_url()).context_data["head"].last_contact

    assert (touch.at, touch.url) == (log.happened_at, log.get_absolute_url())
    assert not Visit.objects.exists()
