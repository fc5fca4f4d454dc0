"""Pages and REST of voices of clients and improvements."""

import pytest
from django.urls import reverse

from accounts.models import ClientVoice, Improvement
from tests.factories.accounts import ContactFactory
from tests.factories.reports import ClientVoiceFactory, ImprovementFactory

pytestmark = [pytest.mark.django_db, pytest.mark.rule("ORG-15", "ORG-24")]
VOICES = reverse("accounts:voice_list")
LOG = reverse("accounts:improvement_list")


def page(name, row):
    return reverse(f"accounts:{name}", args=[row.pk])


def test_a_voice_is_recorded_on_the_clients_page(own_client, manager, outsider, login):
    contact = ContactFactory(client=own_client, name="Zhao Min")
    url = f"{reverse('accounts:voice_create')}?client={own_client.pk}"
    browser = login(manager)
    sent = {"text": "Too slow", "topic": "service", "heard_on": "2026-07-06"}

    assert url.replace("&", "&amp;") in browser.get(own_client.get_absolute_url()).text
    assert "Zhao Min" in browser.get(url).text
    assert browser.get(url, headers={"HX-Request": "true"}).text.count("<html") == 0
    assert browser.post(url, sent).status_code == 422
    assert login(outsider).post(url, sent).status_code == 404
    browser.post(url, sent | {"contact": contact.pk})

    voice = ClientVoice.objects.get()
    assert "Too slow" in browser.get(VOICES).text
    assert "Too slow" not in login(outsider).get(VOICES).text
    assert "Zhao Min" in browser.get(voice.get_absolute_url()).text
    assert login(outsider).get(voice.get_absolute_url()).status_code == 404


def test_a_voice_is_turned_into_an_improvement_and_answered(
    own_client, manager, peer, supervisor, login
):
    voice = ClientVoiceFactory(client=own_client, text="Too slow")
    browser = login(manager)

    assert "Too slow" in browser.get(page("voice_improve", voice)).text
    browser.post(page("voice_improve", voice), {"title": "Faster", "text": "Two more seats"})

    row = Improvement.objects.get()
    assert "Suggest an improvement" not in browser.get(voice.get_absolute_url()).text
    again = browser.post(page("voice_improve", voice), {"title": "Faster", "text": "x"})
    assert again.status_code == 422
    assert "What becomes of it" not in browser.get(row.get_absolute_url()).text
    sent = {"state": "done", "answer": "Two seats since May"}
    assert browser.post(row.get_absolute_url(), sent).status_code == 403
    assert login(peer).get(row.get_absolute_url()).status_code == 404
    boss = login(supervisor)
    assert boss.post(row.get_absolute_url(), sent | {"answer": ""}).status_code == 422
    boss.post(row.get_absolute_url(), sent)
    assert "Two seats since May" in browser.get(LOG).text
    assert "Faster" not in browser.get(f"{LOG}?state=open").text
    assert boss.post(row.get_absolute_url(), sent).status_code == 422


def test_anybody_of_the_field_suggests(manager, outsider, login):
    url = reverse("accounts:improvement_create")

    assert login(manager).get(url).status_code == 200
    login(manager).post(url, {"title": "Shorter forms", "text": "One page"})

    assert "Shorter forms" in login(manager).get(LOG).text
    assert "Shorter forms" not in login(outsider).get(LOG).text


@pytest.mark.parametrize("url", [VOICES, LOG])
def test_lists_cost_the_same_with_more_rows(url, manager, login, queries_of):
    def add():
        ClientVoiceFactory(recorded_by=manager, client__owner=manager)
        ImprovementFactory(suggested_by=manager)

    add()
    few = queries_of(login(manager), url)
    add()
    add()

    assert queries_of(login(manager), url) == few
