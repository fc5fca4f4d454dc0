"""What a visitor reads before going, and how the client received us."""

from datetime import UTC, date, datetime
from importlib import import_module
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.choices import ClientAttitude, Personality
from accounts.models import Tip
from tests.factories.accounts import (
    ContactFactory,
    ContactNoteFactory,
    ContactWindowFactory,
    TipFactory,
)
from tests.factories.visits import VisitFactory
from visits import services
from visits.preparation import preparation

pytestmark = pytest.mark.django_db
TODAY = date(2026, 7, 6)


@pytest.fixture
def contact(own_client):
    return ContactFactory(client=own_client, name="Zhao Min", personality="driver")


@pytest.fixture
def visit(contact, manager):
    return VisitFactory(client=contact.client, visitor=manager, contact=contact)


@pytest.mark.rule("CON-09", "CON-10", "CON-11", "CON-12", "CON-13", "CON-22", "CON-08")
def test_every_personality_and_attitude_has_its_tip_in_both_languages():
    Tip.objects.all().delete()
    folder = Path(settings.BASE_DIR, "accounts", "migrations")
    seeds = next(folder.glob("*_tips_of_the_handbooks.py")).stem
    import_module(f"accounts.migrations.{seeds}").create_tips(apps, None)

    known = set(Tip.objects.exclude(text_en="").exclude(text_zh="").values_list("subject", "value"))

    assert known == {("personality", value) for value in Personality.values} | {
        ("attitude", value) for value in ClientAttitude.values
    }


@pytest.mark.rule("CON-10", "CON-15", "CON-16", "CON-17", "CON-18", "VIS-11")
def test_the_visits_page_tells_how_to_meet_the_person_before_it_happens(
    visit, contact, manager, login
):
    contact.form_of_address, contact.hobbies = "Director Z", "Go"
    contact.save()
    tip = TipFactory(value="driver")
    ContactNoteFactory(contact=contact, text="Her son studies abroad")

    html = login(manager).get(visit.get_absolute_url()).content.decode()

    for text in (tip.text_en, "Director Z", "Go", "Her son studies abroad", "Meeting Zhao Min"):
        assert text in html, text
    done = VisitFactory(client=contact.client, visitor=manager, contact=contact, done=True)
    assert "Meeting Zhao Min" not in login(manager).get(done.get_absolute_url()).content.decode()


@pytest.mark.rule("CON-21")
def test_an_appointment_outside_the_good_times_is_pointed_out(visit, contact, manager):
    assert not preparation(visit, manager, today=TODAY).is_outside_good_times

    window = ContactWindowFactory(contact=contact)  # 9:00 to 11:30, the visit is at 10:00
    assert not preparation(visit, manager, today=TODAY).is_outside_good_times

    window.weekdays = [2]
    window.save()
    assert preparation(visit, manager, today=TODAY).is_outside_good_times


@pytest.mark.rule("CON-06")
def test_before_talking_of_a_contract_the_real_decision_maker_is_asked_for(visit, contact, manager):
    assert not preparation(visit, manager, today=TODAY).lacks_decision_maker

    visit.purpose = "contract"
    assert preparation(visit, manager, today=TODAY).lacks_decision_maker

    contact.is_decision_maker = True
    contact.save()
    assert not preparation(visit, manager, today=TODAY).lacks_decision_maker


@pytest.mark.rule("CON-22", "ARC-F29")
def test_how_the_client_received_us_is_recorded_and_told_before_the_next_visit(
    visit, contact, manager, login
):
    tip = TipFactory(subject="attitude", value="dissatisfied")
    browser = login(manager)
    url = reverse("visits:visit_record", args=[visit.pk])
    assert tip.text_en in browser.get(url).content.decode()

    browser.post(url, {"summary": "They complained.", "next_step": "Call back",
                       "client_attitude": "dissatisfied"})  # fmt: skip

    visit.refresh_from_db()
    assert visit.client_attitude == "dissatisfied"
    following = VisitFactory(client=contact.client, visitor=manager, contact=contact,
                             starts_at=datetime(2026, 8, 3, 2, tzinfo=UTC))  # fmt: skip
    before = preparation(following, manager, today=TODAY)
    assert (before.last_visit, before.last_tip) == (visit, tip)
    html = browser.get(following.get_absolute_url()).content.decode()
    for text in ("They complained.", "Dissatisfied, not welcoming", tip.text_en):
        assert text in html, text


def test_a_logged_contact_keeps_the_attitude(own_client, manager):
    logged = services.log_contact(
        client=own_client, mode="phone", purpose="liaison", summary="s", next_step="n",
        next_step_on=None, held_at=datetime(2026, 7, 6, 2, tzinfo=UTC),
        client_attitude="angry", now=datetime(2026, 7, 6, 3, tzinfo=UTC), by=manager,
    )  # fmt: skip

    assert logged.client_attitude == "angry"


def test_a_visit_without_a_person_looks_back_at_the_client(own_client, manager):
    before = VisitFactory(client=own_client, visitor=manager, done=True)
    visit = VisitFactory(client=own_client, visitor=manager)

    prepared = preparation(visit, manager, today=TODAY)

    assert (prepared.brief, prepared.last_visit) == (None, before)


def test_the_visits_page_takes_the_same_queries_for_three_notes(visit, contact, manager, login):
    browser = login(manager)

    def queries():
        browser.get(visit.get_absolute_url())
        with CaptureQueriesContext(connection) as captured:
            browser.get(visit.get_absolute_url())
        return len(captured)

    ContactNoteFactory(contact=contact)
    one = queries()
    ContactNoteFactory.create_batch(2, contact=contact)
    assert queries() == one
