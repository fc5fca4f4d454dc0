"""Voices of clients and the improvements that come of them."""

from datetime import date

import pytest

from accounts.exceptions import (
    ImpossibleTime,
    ImprovementThere,
    NothingChanged,
    NotImprovable,
    OtherClient,
    ReasonMissing,
)
from accounts.models import Improvement
from accounts.services import voices
from staff.models import Notification
from tests.factories.accounts import ContactFactory
from tests.factories.reports import NOON, ClientVoiceFactory, ImprovementFactory

pytestmark = pytest.mark.django_db
TODAY = date(2026, 7, 6)


def record(client, by, **values):
    wanted = {"topic": "service", "text": " Slow ", "heard_on": TODAY, "now": NOON}
    return voices.record_voice(client=client, by=by, **wanted | values)


@pytest.mark.rule("ORG-24")
def test_a_voice_keeps_who_said_what_about_what(own_client, manager):
    contact = ContactFactory(client=own_client, name="Zhao Min")

    known = record(own_client, manager, contact=contact)
    other = record(own_client, manager, said_by=" The guard ")

    assert (known.said_by, known.contact, known.text) == ("Zhao Min", contact, "Slow")
    assert (other.said_by, other.contact, other.recorded_by) == ("The guard", None, manager)
    contact.delete()
    known.refresh_from_db()
    assert (known.contact, known.said_by) == (None, "Zhao Min")


@pytest.mark.rule("ORG-24")
def test_voices_that_cannot_be(own_client, manager):
    with pytest.raises(ReasonMissing):
        record(own_client, manager)
    with pytest.raises(OtherClient):
        record(own_client, manager, contact=ContactFactory())
    with pytest.raises(ImpossibleTime):
        record(own_client, manager, said_by="x", heard_on=date(2026, 7, 7))


@pytest.mark.rule("ORG-24", "ORG-15")
def test_a_voice_becomes_an_improvement_once(own_client, manager, supervisor):
    voice = ClientVoiceFactory(client=own_client)

    row = voices.suggest_improvement(title="T", text="x", voice=voice, now=NOON, by=manager)

    assert (row.voice, row.unit, row.state) == (voice, own_client.unit, "open")
    news = Notification.objects.get(kind="improvement-suggested")
    assert news.recipient == supervisor
    with pytest.raises(ImprovementThere):
        voices.suggest_improvement(title="T", text="x", voice=voice, now=NOON, by=manager)


@pytest.mark.rule("ORG-15")
def test_an_improvement_is_taken_up_and_done(manager, supervisor):
    row = ImprovementFactory(suggested_by=manager)

    def answer(state, word=""):
        return voices.answer_improvement(
            improvement=row, state=state, answer=word, now=NOON, by=supervisor
        )

    assert answer("taken_up").state == "taken_up"
    with pytest.raises(NothingChanged):
        answer("taken_up")
    with pytest.raises(ReasonMissing):
        answer("done")
    done = answer("done", "Two more seats")
    assert (done.answer, done.answered_by) == ("Two more seats", supervisor)
    with pytest.raises(NotImprovable):
        answer("declined", "x")
    kinds = Notification.objects.filter(recipient=manager).values_list("kind", flat=True)
    assert set(kinds) == {"improvement-taken-up", "improvement-done"}
    assert Improvement.pgh_event_model.objects.filter(pgh_obj=row).count() == 3


@pytest.mark.rule("ORG-15")
def test_an_improvement_is_declined_with_a_word(manager, supervisor):
    row = ImprovementFactory(suggested_by=manager)

    row = voices.answer_improvement(
        improvement=row, state="declined", answer="Too dear", now=NOON, by=supervisor
    )

    assert (row.state, row.is_open) == ("declined", False)
    assert not Improvement.objects.open().exists()
