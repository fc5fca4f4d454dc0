"""Pages of major changes, chief representatives, instructions, escalations and promises."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Escalation, Instruction, MajorChange, Promise, Representation
from staff.models import Task
from tests.factories.accounts import (
    ClientFactory,
    EscalationFactory,
    InstructionFactory,
    MajorChangeFactory,
    PromiseFactory,
    RepresentationFactory,
)

pytestmark = pytest.mark.django_db
FACTORIES = {
    "change_detail": MajorChangeFactory,
    "instruction_detail": InstructionFactory,
    "escalation_detail": EscalationFactory,
    "promise_detail": PromiseFactory,
}


def page(name, row):
    return reverse(f"accounts:{name}", args=[row.pk])


@pytest.mark.parametrize("name", FACTORIES)
def test_a_record_is_for_who_sees_the_client(name, own_client, manager, peer, outsider, login):
    record = FACTORIES[name](client=own_client)

    assert "Own Client" in login(manager).get(page(name, record)).content.decode()
    for stranger in (peer, outsider):
        assert login(stranger).get(page(name, record)).status_code == 404
        answer = login(stranger).post(page(name, record), {"answer": "x"})
        assert answer.status_code == 404


@pytest.mark.parametrize("name", ["change_detail", "escalation_detail"])
def test_without_the_right_nobody_answers(name, own_client, manager, login):
    record = FACTORIES[name](client=own_client)

    shown = login(manager).get(page(name, record)).content.decode()

    assert "<textarea" not in shown
    assert login(manager).post(page(name, record), {"answer": "x"}).status_code == 403
    record.refresh_from_db()
    assert record.is_open


@pytest.mark.rule("ARC-21")
def test_a_major_change_is_reported_and_acknowledged(own_client, manager, supervisor, login):
    url = page("change_report", own_client)
    now = timezone.localtime()
    sent = {"kind": "market", "happened_on": f"{now.date() - timedelta(days=3)}",
            "learned_at": f"{now:%Y-%m-%dT%H:%M}", "text": "They export now"}  # fmt: skip

    assert login(manager).get(url).status_code == 200
    wrong = sent | {"happened_on": f"{now.date() + timedelta(days=1)}"}
    assert login(manager).post(url, wrong).status_code == 422
    response = login(manager).post(url, sent)

    change = MajorChange.objects.get()
    assert response.headers["Location"] == change.get_absolute_url()
    assert (change.days_to_report, change.hours_to_report) == (3, 0)
    browser = login(supervisor)
    assert browser.post(page("change_detail", change), {"answer": ""}).status_code == 422
    browser.post(page("change_detail", change), {"answer": "Good to know"})
    assert "Good to know" in login(manager).get(page("change_detail", change)).content.decode()


@pytest.mark.rule("ARC-21")
def test_medians_are_shown_to_supervisors_only(own_client, manager, supervisor, login):
    MajorChangeFactory(
        client=own_client,
        learned_at=timezone.now() - timedelta(hours=7),
        reported_at=timezone.now(),
    )
    url = reverse("accounts:change_list")

    assert "Hours since we knew (median)" in login(supervisor).get(url).content.decode()
    assert "(median)" not in login(manager).get(url).content.decode()


@pytest.mark.rule("ORG-09")
def test_ticked_clients_get_a_representative(
    own_client, foreign_client, representative, supervisor, login
):
    for client in (own_client, foreign_client):
        client.client_class = "A"
        client.save()
    browser = login(supervisor)
    url = reverse("accounts:representative_assign_picked")
    sent = {"picked": [own_client.pk, foreign_client.pk], "representative": representative.pk}

    browser.post(url, sent)
    assert not Representation.objects.exists()
    browser.post(url, sent | {"reason": "New year"})

    assert [row.client for row in Representation.objects.all()] == [own_client]
    shown = browser.get(reverse("accounts:unrepresented_list")).content.decode()
    assert "1 client has a chief representative now." in shown
    assert "Every class A and B client has a chief representative" in shown


@pytest.mark.rule("ORG-09")
def test_one_client_gets_another_representative(
    own_client, representative, manager, supervisor, login
):
    url = page("representative_assign", own_client)
    sent = {"representative": representative.pk, "reason": "Knows the director"}

    assert login(manager).post(url, sent).status_code == 403
    login(supervisor).post(url, sent)
    again = login(supervisor).post(url, sent)

    own_client.refresh_from_db()
    assert own_client.chief_representative == representative
    assert again.status_code == 422
    not_eligible = login(supervisor).post(url, sent | {"representative": manager.pk})
    assert not_eligible.status_code == 422
    team = login(manager).get(page("client_team", own_client)).content.decode()
    assert "Knows the director" in team


@pytest.mark.rule("ORG-11")
def test_overdue_visits_of_representatives(own_client, manager, representative, login):
    today = timezone.localdate()
    RepresentationFactory(
        client=own_client, representative=representative, visit_due_on=today - timedelta(days=1)
    )
    RepresentationFactory(client=ClientFactory(owner=manager, name="Later"), visit_due_on=today)
    url = f"{reverse('accounts:representation_list')}?overdue=true"

    html = login(manager).get(url).content.decode()

    assert "Own Client" in html
    assert "Later" not in html
    assert "visit overdue since" in login(manager).get(page("client_team", own_client)).text


@pytest.mark.rule("ORG-12")
def test_the_representative_asks_and_the_manager_answers(
    own_client, representative, manager, login
):
    own_client.chief_representative = representative
    own_client.save()
    url = page("instruction_give", own_client)
    sent = {"text": "Ask about the branch", "due_on": "2026-07-10"}

    assert login(manager).post(url, sent).status_code == 403
    assert login(representative).get(url).status_code == 200
    login(representative).post(url, sent)

    instruction = Instruction.objects.get()
    login(manager).post(page("instruction_detail", instruction), {"answer": "In May"})
    instruction.refresh_from_db()
    assert (instruction.answer, Task.objects.open().count()) == ("In May", 0)
    again = login(manager).post(page("instruction_detail", instruction), {"answer": "x"})
    assert again.status_code == 422


@pytest.mark.rule("ORG-12")
def test_a_client_without_manager_cannot_be_asked_about(units, supervisor, login):
    client = ClientFactory(unit=units.team_1)
    sent = {"text": "Ask", "due_on": "2026-07-10"}

    response = login(supervisor).post(page("instruction_give", client), sent)

    assert response.status_code == 422
    assert "no account manager" in response.content.decode()


@pytest.mark.rule("ORG-18")
def test_a_matter_is_escalated_and_carried_further(own_client, manager, supervisor, login):
    url = page("escalation_create", own_client)

    assert login(manager).get(url).status_code == 200
    login(manager).post(url, {"level": 1, "reason": "No engineer"})
    first = Escalation.objects.get()
    further = page("escalation_further", first)
    assert "Escalate further" in login(supervisor).get(page("escalation_detail", first)).text
    assert login(supervisor).post(further, {"level": 1, "reason": "x"}).status_code == 422
    login(supervisor).post(further, {"level": 3, "reason": "No engineer in the city"})

    second = Escalation.objects.get(earlier=first)
    assert (second.level, second.escalated_by) == (3, supervisor)
    first.refresh_from_db()
    assert not first.is_open
    again = login(supervisor).post(further, {"level": 3, "reason": "x"})
    assert again.status_code == 422


@pytest.mark.rule("ORG-13")
def test_the_representative_answers_a_call_for_help(own_client, manager, representative, login):
    own_client.chief_representative = representative
    own_client.save()
    escalation = EscalationFactory(client=own_client, escalated_by=manager)

    login(representative).post(page("escalation_detail", escalation), {"answer": "I move two"})

    escalation.refresh_from_db()
    assert (escalation.answered_by, escalation.answer) == (representative, "I move two")


@pytest.mark.rule("ORG-19")
def test_a_promise_beyond_authority_goes_to_the_supervisor(own_client, manager, supervisor, login):
    url = page("promise_make", own_client)
    sent = {"text": "Half price", "due_on": "2026-07-10", "needs_authority": "on"}

    assert login(manager).get(url).status_code == 200
    login(manager).post(url, sent)
    promise = Promise.objects.get()
    detail = page("promise_detail", promise)
    assert "<textarea" not in login(manager).get(detail).content.decode()
    assert login(manager).post(detail, {"answer": "Mine"}).status_code == 403

    login(supervisor).post(detail, {"answer": "Ten per cent", "decline": "1"})
    promise.refresh_from_db()
    assert (promise.state, promise.answer) == ("declined", "Ten per cent")


@pytest.mark.rule("ORG-19")
def test_a_promise_is_kept_on_its_page(own_client, manager, login):
    promise = PromiseFactory(client=own_client, made_by=manager)

    login(manager).post(page("promise_detail", promise), {"answer": "Sent today"})

    promise.refresh_from_db()
    assert (promise.state, promise.outcome) == ("kept", "Sent today")
    assert "Sent today" in login(manager).get(page("promise_detail", promise)).content.decode()


@pytest.mark.parametrize("tab", ["client_team", "client_value"])
def test_a_tab_takes_as_many_queries_for_three_rows(tab, own_client, manager, login, queries_of):
    def add():
        for factory in (MajorChangeFactory, InstructionFactory, EscalationFactory, PromiseFactory):
            factory(client=own_client)

    add()
    few = queries_of(login(manager), page(tab, own_client))
    add()
    add()

    assert queries_of(login(manager), page(tab, own_client)) == few
    part = login(manager).get(page(tab, own_client), headers={"HX-Request": "true"})
    assert "<html" not in part.content.decode()


def test_tabs_of_others_are_not_found(foreign_client, manager, login):
    for name in ("client_team", "client_value", "promise_make", "escalation_create",
                 "change_report"):  # fmt: skip
        assert login(manager).get(page(name, foreign_client)).status_code == 404
