"""Instructions (ORG-12), escalations (ORG-13, ORG-18) and promises (ORG-19)."""

from datetime import UTC, date, datetime

import pytest

from accounts.choices import EscalationLevel
from accounts.exceptions import (
    AlreadyAnswered,
    NobodyResponsible,
    NotHigher,
    NotWaiting,
    OwnReport,
    ReasonMissing,
)
from accounts.models import Escalation, Instruction, Promise
from accounts.selectors.teamwork import open_promises
from accounts.services import clients, escalations, instructions, promises
from staff.choices import Role
from staff.models import Notification, Task
from tests.factories.accounts import ClientFactory
from tests.factories.staff import UserFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 7, 6, 4, tzinfo=UTC)
FRIDAY = date(2026, 7, 10)


@pytest.fixture
def client(own_client, representative):
    own_client.client_class, own_client.chief_representative = "A", representative
    own_client.save()
    return own_client


def told(kind):
    return {row.recipient for row in Notification.objects.filter(kind=kind)}


def open_tasks():
    return {(task.kind, task.assignee, task.due_on) for task in Task.objects.open()}


# Instructions -------------------------------------------------------------------------------------


def instruct(client, by, text="Ask about the new branch."):
    return instructions.give_instruction(client=client, text=text, due_on=FRIDAY, now=NOW, by=by)


@pytest.mark.rule("ORG-12")
def test_an_instruction_is_a_task_of_the_manager_until_it_is_answered(
    client, representative, manager
):
    instruction = instruct(client, representative)
    assert open_tasks() == {("instruction", manager, FRIDAY)}
    assert told("instruction-given") == {manager}

    instructions.answer_instruction(
        instruction=instruction, answer="They open in May.", now=NOW, by=manager
    )

    assert open_tasks() == set()
    assert told("instruction-done") == {representative}
    with pytest.raises(AlreadyAnswered):
        instructions.answer_instruction(instruction=instruction, answer="x", now=NOW, by=manager)


@pytest.mark.rule("ORG-12")
def test_an_instruction_needs_a_manager_and_a_text(client, representative):
    with pytest.raises(NobodyResponsible):
        instruct(ClientFactory(), representative)
    with pytest.raises(ReasonMissing):
        instruct(client, representative, text=" ")
    assert not Instruction.objects.exists()


@pytest.mark.rule("ORG-12")
def test_open_instructions_go_with_the_client(client, representative, peer, manager):
    done, waiting = instruct(client, representative), instruct(client, representative)
    instructions.answer_instruction(instruction=done, answer="Done.", now=NOW, by=manager)

    clients.assign_owner(client=client, owner=peer, reason="", now=NOW, by=None)

    done.refresh_from_db()
    waiting.refresh_from_db()
    assert (done.given_to, waiting.given_to) == (manager, peer)
    assert open_tasks() == {("instruction", peer, FRIDAY)}


# Escalations --------------------------------------------------------------------------------------


@pytest.mark.rule("ORG-18")
def test_each_level_reaches_its_people(client, units, manager, supervisor, province):
    centre = UserFactory(role=Role.SUPERVISOR, unit=units.team_1)
    reached = {}
    client.client_class = "C"
    client.save()

    for level in EscalationLevel:
        Notification.objects.all().delete()
        escalations.escalate(client=client, level=level, reason="Help", now=NOW, by=manager)
        reached[level.name] = told("escalated")

    assert reached == {"CENTRE": {centre}, "CITY": {supervisor}, "PROVINCE": {province}}


@pytest.mark.rule("ORG-13")
def test_of_a_and_b_clients_the_representative_is_reached_on_every_level(
    client, manager, supervisor, representative
):
    escalations.escalate(client=client, level=1, reason="Help", now=NOW, by=manager)

    assert told("escalated") == {supervisor, representative}


@pytest.mark.rule("ORG-18")
def test_a_matter_is_carried_further_up_only(client, manager, supervisor, province):
    first = escalations.escalate(client=client, level=2, reason="Help", now=NOW, by=manager)

    with pytest.raises(NotHigher):
        escalations.escalate(
            client=client, level=2, reason="Help", earlier=first, now=NOW, by=supervisor
        )
    second = escalations.escalate(
        client=client, level=3, reason="Money", earlier=first, now=NOW, by=supervisor
    )

    first.refresh_from_db()
    assert (first.is_open, second.earlier, second.escalated_at) == (False, first, NOW)
    with pytest.raises(AlreadyAnswered):
        escalations.escalate(
            client=client, level=3, reason="Again", earlier=first, now=NOW, by=supervisor
        )


@pytest.mark.rule("ORG-18")
def test_the_answer_goes_to_who_escalated_and_to_the_manager(client, manager, supervisor):
    escalation = escalations.escalate(client=client, level=1, reason="x", now=NOW, by=manager)

    with pytest.raises(ReasonMissing):
        escalations.answer_escalation(escalation=escalation, answer="", now=NOW, by=supervisor)
    escalations.answer_escalation(
        escalation=escalation, answer="Two engineers come.", now=NOW, by=supervisor
    )

    assert told("escalation-answered") == {manager}
    assert Escalation.objects.get().answered_by == supervisor


# Promises -----------------------------------------------------------------------------------------


def promise(client, by, **fields):
    values = {"text": "A quotation", "due_on": FRIDAY, "needs_authority": False, "now": NOW}
    return promises.make_promise(client=client, by=by, **(values | fields))


@pytest.mark.rule("ORG-19")
def test_a_promise_is_a_task_until_it_is_kept(client, manager):
    made = promise(client, manager)
    assert open_tasks() == {("promise", manager, FRIDAY)}
    assert open_promises(client, manager) == [made]

    promises.keep_promise(promise=made, outcome="Sent by mail", now=NOW, by=manager)

    made.refresh_from_db()
    assert (made.state, made.kept_at, made.outcome) == ("kept", NOW, "Sent by mail")
    assert open_tasks() == set()
    assert open_promises(client, manager) == []
    with pytest.raises(NotWaiting):
        promises.keep_promise(promise=made, outcome="Again", now=NOW, by=manager)


@pytest.mark.rule("ORG-19")
@pytest.mark.parametrize(("allow", "state"), [(True, "open"), (False, "declined")])
def test_beyond_ones_authority_the_supervisor_decides(client, manager, supervisor, allow, state):
    made = promise(client, manager, needs_authority=True)
    assert open_tasks() == {("promise-authority", supervisor, FRIDAY)}
    assert told("promise-authority") == {supervisor}

    with pytest.raises(NotWaiting):
        promises.keep_promise(promise=made, outcome="x", now=NOW, by=manager)
    with pytest.raises(OwnReport):
        promises.decide_promise(promise=made, allow=True, answer="Me", now=NOW, by=manager)
    promises.decide_promise(promise=made, allow=allow, answer="So be it", now=NOW, by=supervisor)

    made.refresh_from_db()
    assert (made.state, made.answer) == (state, "So be it")
    assert open_tasks() == ({("promise", manager, FRIDAY)} if allow else set())
    assert told("promise-allowed" if allow else "promise-declined") == {manager}


@pytest.mark.rule("ORG-19")
def test_what_needs_no_authority_is_not_decided(client, manager, supervisor):
    made = promise(client, manager)

    with pytest.raises(NotWaiting):
        promises.decide_promise(promise=made, allow=True, answer="x", now=NOW, by=supervisor)
    assert Promise.objects.overdue(date(2026, 7, 11)).get() == made
    assert not Promise.objects.overdue(FRIDAY).exists()
    assert made.is_overdue(date(2026, 7, 11))
