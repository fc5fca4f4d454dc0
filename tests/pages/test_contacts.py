"""Contacts' pages: detail, steps of their life, notes, relations, times, what is confidential."""

from datetime import date, time

import pytest
from django.urls import reverse

from accounts.models import ConfidentialLook, ConfidentialProfile, Contact, Tip
from staff.choices import Role
from tests.factories.accounts import (
    ClientFactory,
    ConfidentialLookFactory,
    ConfidentialProfileFactory,
    ContactFactory,
    ContactNoteFactory,
    ContactRelationFactory,
    ContactWindowFactory,
    TipFactory,
)
from tests.factories.staff import UserFactory
from tests.factories.visits import VisitFactory

pytestmark = pytest.mark.django_db
NUMBER = "13812345678"


def at(name: str, *args) -> str:
    return reverse(name, args=args)


@pytest.fixture
def contact(own_client):
    return ContactFactory(client=own_client, name="Zhao Min", mobile=NUMBER)


def html_of(browser, url: str) -> str:
    response = browser.get(url)
    assert response.status_code == 200
    return response.content.decode()


# The page ---------------------------------------------------------------------------------------


@pytest.mark.rule(
    "CON-15", "CON-16", "CON-18", "CON-19", "CON-23", "ARC-F16", "ARC-F17", "ARC-F28", "ARC-41"
)
def test_the_page_shows_everything_known(own_client, manager, login):
    own_client.client_class = "A"
    own_client.save()
    tip = TipFactory(value="silent", text_en="Keep asking.")
    contact = ContactFactory(
        client=own_client, name="Zhao Min", title="Director", department="Communications",
        expertise="Exchange systems", duties="Answers for IT", decision_level="managing",
        attachment="friendly", gender="female", personality="silent", form_of_address="Director Z",
        nickname="Old Zhao", hobbies="Go", preferences="Green tea", favourite_words="To be frank",
        buying_roles=["decider"], birth_month=8, birth_day=15, birth_year=1975, email="z@x.cn",
    )  # fmt: skip
    ContactNoteFactory(contact=contact, text="Her son studies abroad")
    ContactWindowFactory(contact=contact, starts=time(9), ends=time(10))

    html = html_of(login(manager), contact.get_absolute_url())

    for text in (
        "Zhao Min", "Director", "Communications", "Exchange systems", "Answers for IT",
        "Management level", "Friendly", "Female", "Silent", tip.text_en, "Director Z",
        "Old Zhao", "Go", "Green tea", "To be frank", "Decider", "1975-08-15", "mailto:z@x.cn",
        "Her son studies abroad", "09:00-10:00", "Diamond card",
        "at least this for key persons of the client",
    ):  # fmt: skip
        assert text in html, text


@pytest.mark.rule("P1")
def test_a_contact_of_somebody_else_is_not_found(contact, outsider, login):
    assert login(outsider).get(contact.get_absolute_url()).status_code == 404


def test_the_page_takes_as_many_queries_for_three_of_each_as_for_one(
    contact, manager, login, queries_of
):
    browser, url = login(manager), contact.get_absolute_url()

    def fill():
        ContactNoteFactory(contact=contact, written_by=manager)
        ContactWindowFactory(contact=contact)
        ContactRelationFactory(person__client=contact.client, other=contact)

    fill()
    for_one = queries_of(browser, url)
    fill()
    fill()

    assert queries_of(browser, url) == for_one


@pytest.mark.rule("SEC-10", "P35")
def test_numbers_are_whole_for_those_who_call_and_masked_for_others(
    contact, manager, province, login
):
    url = contact.get_absolute_url()

    for_manager, for_province = html_of(login(manager), url), html_of(login(province), url)

    assert f'href="tel:{NUMBER}"' in for_manager
    assert NUMBER not in for_province
    assert "138****5678" in for_province
    people = at("accounts:client_people", contact.client_id)
    assert NUMBER not in html_of(login(province), people)


@pytest.mark.rule("SEC-10", "P35")
def test_lists_mask_numbers_for_everybody(contact, manager, login):
    html = html_of(login(manager), at("accounts:contact_list"))

    assert NUMBER not in html
    assert "138****5678" in html


@pytest.mark.rule("CON-20")
def test_the_form_refuses_days_that_do_not_exist(contact, manager, login):
    url = at("accounts:contact_edit", contact.pk)
    sent = {"name": "Zhao Min", "kind": "contact", "mobile": NUMBER, "birth_month": 4}

    solar = login(manager).post(url, sent | {"birth_day": 31})
    lunar = login(manager).post(url, sent | {"birth_day": 31, "is_lunar_birthday": "on"})
    leap = login(manager).post(url, sent | {"birth_day": 3, "is_leap_month_birthday": "on"})

    assert "There is no such day." in solar.content.decode()
    assert "There is no such day." in lunar.content.decode()
    assert "Only the lunar calendar has leap months." in leap.content.decode()
    assert {solar.status_code, lunar.status_code, leap.status_code} == {422}
    contact.refresh_from_db()
    assert contact.birth_month is None


def test_the_history_of_a_contact_is_shown(contact, manager, login):
    browser = login(manager)
    sent = {"name": "Zhao Min", "kind": "top_leader", "mobile": NUMBER}
    browser.post(at("accounts:contact_edit", contact.pk), sent)

    html = html_of(browser, at("accounts:contact_history", contact.pk))

    assert "Top leader" in html
    assert manager.full_name in html


# The list ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "fields"),
    [
        ("buying_role=decider", {"buying_roles": ["user", "decider"]}),
        ("personality=driver", {"personality": "driver"}),
        ("kind=top_leader", {"kind": "top_leader"}),
        ("client_class=A", {"client__client_class": "A"}),
        ("is_decision_maker=true", {"is_decision_maker": True}),
        ("is_external=true", {"is_external": True}),
        ("without=mobile", {"mobile": ""}),
        ("is_active=false", {"is_active": False}),
    ],
)
@pytest.mark.rule("CON-03", "CON-04", "CON-08")
def test_filters_find_who_is_asked_for(query, fields, manager, login):
    ContactFactory(client__owner=manager, name="Asked for", **fields)
    ContactFactory(client__owner=manager, name="Another", buying_roles=["initiator"])

    html = html_of(login(manager), f"{at('accounts:contact_list')}?{query}")

    assert "Asked for" in html
    assert "Another" not in html


@pytest.mark.parametrize("what", ["birthday", "buying_roles", "personality"])
def test_what_is_missing_is_found(what, manager, login):
    full = {"birth_month": 1, "birth_day": 2, "buying_roles": ["user"], "personality": "driver"}
    empty = {"birth_month": None, "birth_day": None, "buying_roles": [], "personality": ""}
    kept = {"birthday": ("birth_month", "birth_day")}.get(what, (what,))
    ContactFactory(client__owner=manager, name="Asked for",
                   **full | {name: empty[name] for name in kept})  # fmt: skip
    ContactFactory(client__owner=manager, name="Another", **full)

    html = html_of(login(manager), f"{at('accounts:contact_list')}?without={what}")

    assert ("Asked for" in html, "Another" in html) == (True, False)


# People tab of the client -----------------------------------------------------------------------


@pytest.mark.rule("CON-01", "CON-05")
def test_the_people_tab_says_who_is_missing(own_client, manager, login):
    ContactFactory(client=own_client, kind="contact", buying_roles=["user"])

    html = html_of(login(manager), at("accounts:client_people", own_client.pk))

    assert "missing here: Person in charge" in html
    assert "At most one buying role is known here" in html
    assert "1 of 5 buying roles known" in html


@pytest.mark.rule("CON-20", "CAR-03")
def test_the_people_tab_shows_birthdays_ahead_and_the_tree(
    own_client, manager, login, time_machine
):
    time_machine.move_to("2026-07-06T04:00Z")
    boss = ContactFactory(client=own_client, name="Boss", birth_month=7, birth_day=8)
    ContactRelationFactory(person=ContactFactory(client=own_client, name="Clerk"), other=boss)

    page = login(manager).get(at("accounts:client_people", own_client.pk))
    html = page.content.decode()

    assert list(page.context_data["people"].birthdays) == [boss]
    assert html.index("reporting-tree reporting-root") < html.rindex("Clerk")


# Leaving, coming back, moving -------------------------------------------------------------------


def test_somebody_leaves_and_comes_back(contact, manager, login):
    browser = login(manager)

    left = browser.post(
        at("accounts:contact_leave", contact.pk), {"left_on": "2026-07-01", "reason": "Retired"}
    )

    assert left.headers["Location"] == contact.get_absolute_url()
    html = html_of(browser, contact.get_absolute_url())
    assert "No longer there since 2026-07-01." in html
    assert f"tel:{NUMBER}" not in html.split("card-grid")[0]
    again = browser.post(at("accounts:contact_leave", contact.pk), {"left_on": "2026-07-01"})
    assert again.status_code == 409
    browser.post(at("accounts:contact_return", contact.pk))
    contact.refresh_from_db()
    assert (contact.is_active, contact.left_on) == (True, None)


def test_nobody_leaves_in_the_future(contact, manager, login):
    url = at("accounts:contact_leave", contact.pk)

    response = login(manager).post(url, {"left_on": "2099-01-01"})

    assert response.status_code == 422
    assert Contact.objects.active().filter(pk=contact.pk).exists()


def test_somebody_goes_to_another_client_of_mine(contact, manager, login):
    target = ClientFactory(owner=manager, code="NEW")
    browser = login(manager)

    response = browser.post(
        at("accounts:contact_move", contact.pk),
        {"code": "NEW", "title": "CFO", "left_on": "2026-07-01"},
    )

    moved = target.contacts.get()
    assert response.headers["Location"] == moved.get_absolute_url()
    html = html_of(browser, moved.get_absolute_url())
    assert f'href="{at("accounts:contact_return", contact.pk)}"' in html  # the undo
    assert contact.get_absolute_url() in html


@pytest.mark.rule("P1")
@pytest.mark.parametrize("code", ["FOREIGN", "NOBODY", "OWN"])
def test_nobody_goes_to_a_client_out_of_sight(code, contact, foreign_client, manager, login):
    response = login(manager).post(
        at("accounts:contact_move", contact.pk), {"code": code, "left_on": "2026-07-01"}
    )

    assert response.status_code == 422
    assert list(Contact.objects.all()) == [contact]


@pytest.mark.parametrize(
    "name",
    ["contact_edit", "contact_leave", "contact_return", "contact_move", "contact_note_create",
     "contact_relation_create", "contact_windows"],
)  # fmt: skip
def test_who_only_oversees_changes_nothing(name, contact, province, login):
    assert login(province).post(at(f"accounts:{name}", contact.pk)).status_code == 403


# Notes, relations, times ------------------------------------------------------------------------


@pytest.mark.rule("CON-17")
def test_a_note_is_written_and_changed(contact, manager, login):
    browser = login(manager)
    browser.post(
        at("accounts:contact_note_create", contact.pk),
        {"text": "Moves house in May", "told_on": "2026-07-01"},
    )
    note = contact.notes.get()

    browser.post(
        at("accounts:contact_note_edit", note.pk),
        {"text": "Moves house in June", "told_on": "2026-07-01"},
    )

    assert "Moves house in June" in html_of(browser, contact.get_absolute_url())
    assert (contact.notes.get().written_by, contact.notes.get().told_on) == (
        manager, date(2026, 7, 1)
    )  # fmt: skip


def test_a_relation_is_noted_and_taken_away(contact, manager, login):
    other = ContactFactory(client=contact.client, name="Boss")
    browser, url = login(manager), at("accounts:contact_relation_create", contact.pk)

    browser.post(url, {"kind": "reports_to", "other": other.pk})
    circle = browser.post(
        at("accounts:contact_relation_create", other.pk),
        {"kind": "reports_to", "other": contact.pk},
    )

    relation = contact.relations.get()
    assert circle.status_code == 422
    assert "is below Boss already" in circle.content.decode()
    browser.post(at("accounts:contact_relation_delete", relation.pk))
    assert not contact.relations.exists()


@pytest.mark.rule("P1")
def test_a_relation_reaches_people_in_sight_only(contact, foreign_client, manager, login):
    elsewhere = ContactFactory(client=ClientFactory(owner=manager), name="Qian Hua")
    foreign = ContactFactory(client=foreign_client, name="Qian Fang")
    browser = login(manager)
    url = f"{at('accounts:contact_relation_create', contact.pk)}?q=qian"

    html = html_of(browser, url)
    refused = browser.post(url, {"kind": "alumni", "other": foreign.pk})
    taken = browser.post(url, {"kind": "alumni", "other": elsewhere.pk})

    assert ("Qian Hua" in html, "Qian Fang" in html) == (True, False)
    assert (refused.status_code, taken.status_code) == (422, 302)


@pytest.mark.rule("CON-21")
def test_good_times_are_set_and_taken_away(contact, manager, login):
    browser, url = login(manager), at("accounts:contact_windows", contact.pk)

    browser.post(url, {"weekdays_0": [1, 2], "starts_0": "09:00", "ends_0": "10:30"})
    wrong = browser.post(url, {"weekdays_0": [1], "starts_0": "09:00", "ends_0": "08:00"})
    half = browser.post(url, {"weekdays_0": [1], "starts_0": "09:00"})

    assert [window.hours for window in contact.windows.all()] == ["09:00-10:30"]
    assert "This is before it begins." in wrong.content.decode()
    assert "Give the days, from when and to when." in half.content.decode()
    browser.post(url, {})
    assert not contact.windows.exists()


# Confidential -----------------------------------------------------------------------------------


@pytest.fixture
def secret(contact):
    return ConfidentialProfileFactory(contact=contact, family="Two children")


@pytest.mark.rule("CON-07")
def test_confidential_fields_ask_for_a_reason_and_note_the_look(secret, contact, manager, login):
    browser, url = login(manager), at("accounts:contact_confidential", contact.pk)

    asked = html_of(browser, url)
    silent = browser.post(url, {"reason": ""})
    shown = browser.post(url, {"reason": "Talks on Thursday"})

    assert "Two children" not in asked
    assert "Two children" not in silent.content.decode()
    assert silent.status_code == 422
    assert "Two children" in shown.content.decode()
    assert "no-store" in shown.headers["Cache-Control"]
    look = ConfidentialLook.objects.get()
    assert (look.contact, look.looked_by, look.reason) == (contact, manager, "Talks on Thursday")
    assert "Talks on Thursday" in html_of(browser, url)


@pytest.mark.rule("CON-07")
def test_confidential_fields_are_changed(secret, contact, manager, login):
    url = at("accounts:contact_confidential_edit", contact.pk)

    response = login(manager).post(url, {"family": "Three children", "relations": "The mayor"})

    assert response.headers["Location"] == contact.get_absolute_url()
    profile = ConfidentialProfile.objects.get()
    assert (profile.family, profile.relations) == ("Three children", "The mayor")


@pytest.mark.rule("CON-07")
@pytest.mark.parametrize("role", [Role.AGENT, Role.OPERATIONS, Role.PROVINCE])
def test_without_the_right_nothing_confidential_is_read_or_written(role, units, login):
    person = UserFactory(role=role, unit=units.city_1)
    contact = ContactFactory(client__owner=person)
    ConfidentialProfileFactory(contact=contact, family="Two children")
    browser = login(person)

    read = browser.post(at("accounts:contact_confidential", contact.pk), {"reason": "x"})
    written = browser.post(at("accounts:contact_confidential_edit", contact.pk), {"family": "x"})
    html = html_of(browser, contact.get_absolute_url())

    assert (read.status_code, written.status_code) == (403, 403)
    assert "Who reads them is noted" not in html
    assert not ConfidentialLook.objects.exists()
    assert ConfidentialProfile.objects.get().family == "Two children"


@pytest.mark.rule("CON-07")
def test_confidential_fields_are_in_no_page_list_or_history(secret, contact, manager, login):
    browser = login(manager)
    ConfidentialLookFactory(contact=contact)

    for url in (
        contact.get_absolute_url(),
        at("accounts:contact_history", contact.pk),
        at("accounts:contact_list"),
        at("accounts:client_people", contact.client_id),
        at("accounts:client_detail", contact.client_id),
    ):
        assert "Two children" not in html_of(browser, url)


# Tips -------------------------------------------------------------------------------------------


@pytest.mark.rule("CON-09", "CON-10", "CON-11", "CON-12", "CON-13", "CON-22")
def test_tips_are_shown_in_the_readers_language_and_changed(manager, supervisor, login):
    tip = TipFactory(text_en="Calculate.", text_zh="算账。")
    Tip.objects.filter(pk=tip.pk).update(text_en="Calculate.", text_zh="算账。")
    url = at("accounts:tip_list")

    assert "Calculate." in html_of(login(manager), url)
    manager.language = "zh-hans"
    manager.save()
    assert "算账。" in html_of(login(manager), url)
    assert login(manager).get(at("accounts:tip_edit", tip.pk)).status_code == 403
    login(supervisor).post(
        at("accounts:tip_edit", tip.pk), {"text_en": "Add up.", "text_zh": "算。"}
    )
    tip.refresh_from_db()
    assert (tip.text_en, tip.text_zh) == ("Add up.", "算。")
    metadata = tip.events.order_by("-pgh_id").first().pgh_context.metadata
    assert metadata == {"verb": "accounts.change_tip", "actor": supervisor.pk}


# Visits where they were met ---------------------------------------------------------------------


def test_visits_with_the_person_are_listed(contact, manager, peer, login):
    VisitFactory(client=contact.client, visitor=manager, contact=contact, place="Tower A")
    VisitFactory(client=contact.client, visitor=manager, place="Tower B")

    html = html_of(login(manager), at("visits:contact_visits", contact.pk))

    assert ("Tower A" in html, "Tower B" in html) == (True, False)
    assert login(peer).get(at("visits:contact_visits", contact.pk)).status_code == 404
