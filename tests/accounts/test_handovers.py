"""Handing over clients in one step, and undoing it, with everything that hangs on them."""

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.choices import HandoverOutcome, MoveOutcome
from accounts.exceptions import (
    HandoverEmpty,
    HandoverOutdated,
    HandoverTooLarge,
    HandoverUndone,
    NotAnOwner,
    ReasonMissing,
)
from accounts.models import Client, Handover, HandoverItem, HandoverMove, Ownership
from accounts.selectors.handovers import clients_of, preview
from accounts.services import clients as client_services
from accounts.services import handovers
from analytics.models import Alert
from crm.lib.exceptions import DomainError
from crm.lib.models import uuid7
from staff.choices import Role
from staff.models import Notification, Task
from staff.services.people import set_active
from tests.factories.accounts import ClientFactory
from tests.factories.analytics import AlertFactory
from tests.factories.complaints import CaseFactory
from tests.factories.handovers import NOON, make_clients, make_handover
from tests.factories.staff import TaskFactory, UserFactory
from tests.factories.visits import VisitFactory
from visits import services as visit_services
from visits.models import Visit

pytestmark = [pytest.mark.django_db, pytest.mark.rule("ORG-02")]
LATER = NOON + timedelta(days=3)


def give(source, plan, by, **changes):
    fields = {"key": uuid7(), "reason": "leave", "now": NOON} | changes
    return handovers.hand_over(source=source, plan=plan, by=by, **fields)


def undo(handover, by, **changes):
    return handovers.undo_handover(
        handover=handover, by=by, **({"reason": "too early", "now": LATER} | changes)
    )


def owners(clients) -> list[str]:
    rows = Client.objects.filter(pk__in=[client.pk for client in clients]).order_by("code")
    return list(rows.values_list("owner__full_name", flat=True))


@pytest.fixture
def third(units):
    return UserFactory(full_name="Qi San", unit=units.team_1)


# Giving -----------------------------------------------------------------------------------------


def test_clients_go_to_several_people_in_one_step(manager, peer, third, supervisor):
    one, two, three = clients = make_clients(manager, 3, income=100, active_members=7)

    handover = give(manager, {one.pk: peer.pk, two.pk: third.pk, three.pk: third.pk}, supervisor)

    assert owners(clients) == ["Pan Wei", "Qi San", "Qi San"]
    shares = handover.shares.order_by("clients").values_list(
        "target", "clients", "members", "income"
    )
    assert list(shares) == [(peer.pk, 1, 7, 100), (third.pk, 2, 14, 200)]
    history = one.ownerships.order_by("started_at").values_list(
        "owner", "ended_at", "reason", "assigned_by"
    )
    assert list(history) == [
        (manager.pk, NOON, "", None),
        (peer.pk, None, "leave", supervisor.pk),
    ]


def test_each_changed_client_is_audited_with_the_verb_and_who_did_it(manager, peer, supervisor):
    (client,) = make_clients(manager, 1)

    give(manager, {client.pk: peer.pk}, supervisor)

    event = client.events.order_by("-pgh_id").select_related("pgh_context").first()
    assert (event.owner_id, event.pgh_context.metadata["verb"]) == (peer.pk, "accounts.hand_over")
    assert event.pgh_context.metadata["actor"] == supervisor.pk


def test_everybody_concerned_is_told(manager, peer, supervisor, representative):
    clients = make_clients(manager, 2, chief_representative=representative)

    handover = give(manager, {client.pk: peer.pk for client in clients}, supervisor)

    told = {
        note.recipient: (note.kind, note.params["clients"], note.link)
        for note in Notification.objects.all()
    }
    assert told == {
        peer: ("clients-received", 2, handover.shares.get().get_absolute_url()),
        manager: ("clients-given", 2, handover.get_absolute_url()),
        representative: ("clients-changed-manager", 2, "/clients/"),
    }
    assert "2 clients of Ma Li" in str(Notification.objects.get(recipient=peer))


def test_visits_and_tasks_go_along_and_are_remembered(manager, peer, supervisor):
    (client,) = make_clients(manager, 1)
    task = TaskFactory(assignee=manager)
    alert = AlertFactory(client=client, task=task)
    visit = VisitFactory(client=client, visitor=manager)

    handover = give(manager, {client.pk: peer.pk}, supervisor)

    task.refresh_from_db()
    visit.refresh_from_db()
    assert (task.assignee, visit.visitor) == (peer, peer)
    assert Alert.objects.visible_to(peer).get() == alert
    moves = handover.moves.order_by("kind").values_list(
        "kind", "object_id", "former", "receiver", "day"
    )
    assert list(moves) == [
        ("task", task.pk, manager.pk, peer.pk, task.due_on),
        ("visit", visit.pk, manager.pk, peer.pk, visit.starts_at.date()),
    ]


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"reason": " "}, ReasonMissing),
        ({"plan": {}}, HandoverEmpty),
        ({"plan": {uuid7(): 1}}, HandoverOutdated),
    ],
)
def test_what_is_not_whole_is_refused(change, error, manager, peer, supervisor):
    (client,) = make_clients(manager, 1)
    plan = change.pop("plan", {client.pk: peer.pk})

    with pytest.raises(error):
        give(manager, plan, supervisor, **change)

    assert owners([client]) == ["Ma Li"]
    assert not Handover.objects.exists()


def test_one_step_takes_so_many_clients_only(manager, peer, supervisor, settings):
    settings.HANDOVER_CLIENTS = 1
    clients = make_clients(manager, 2)

    with pytest.raises(HandoverTooLarge):
        give(manager, {client.pk: peer.pk for client in clients}, supervisor)


def test_who_was_disabled_meanwhile_gets_nothing(manager, peer, supervisor):
    (client,) = make_clients(manager, 1)
    set_active(user=peer, is_active=False, by=supervisor)

    with pytest.raises(NotAnOwner, match="Pan Wei"):
        give(manager, {client.pk: peer.pk}, supervisor)

    assert owners([client]) == ["Ma Li"]


def test_nobody_gets_clients_who_may_not_have_any_or_works_elsewhere(
    manager, outsider, supervisor, units
):
    (client,) = make_clients(manager, 1)
    clerk = UserFactory(role=Role.COMPLAINT_CLERK, unit=units.team_1)

    for person in (clerk, outsider, manager):
        with pytest.raises(NotAnOwner):
            give(manager, {client.pk: person.pk}, supervisor)
    with pytest.raises(NotAnOwner):
        give(manager, {client.pk: 0}, supervisor)


@pytest.mark.rule("P1")
def test_clients_out_of_sight_are_not_touched(manager, peer, supervisor, units):
    (mine,) = make_clients(manager, 1)
    far = ClientFactory(owner=manager, unit=units.team_2)

    with pytest.raises(HandoverOutdated):
        give(manager, {mine.pk: peer.pk, far.pk: peer.pk}, supervisor)

    assert owners([mine, far]) == ["Ma Li", "Ma Li"]
    assert list(clients_of(manager, supervisor)) == [mine]


def test_a_client_that_somebody_else_got_meanwhile_stops_the_whole_step(
    manager, peer, third, supervisor
):
    one, two = make_clients(manager, 2)
    client_services.assign_owner(client=two, owner=third, reason="x", now=NOON, by=supervisor)

    with pytest.raises(HandoverOutdated, match=two.name):
        give(manager, {one.pk: peer.pk, two.pk: peer.pk}, supervisor)

    assert owners([one, two]) == ["Ma Li", "Qi San"]


def test_the_same_form_sent_twice_is_one_handover(manager, peer, supervisor):
    (client,) = make_clients(manager, 1)
    key = uuid7()

    first = give(manager, {client.pk: peer.pk}, supervisor, key=key)
    second = give(manager, {client.pk: peer.pk}, supervisor, key=key)

    assert first == second == Handover.objects.get()
    assert client.ownerships.count() == 2


@pytest.mark.rule("ORG-22")
def test_the_number_of_queries_does_not_grow_with_the_clients(manager, peer, supervisor):
    def queries(number):
        clients = make_clients(manager, number)
        for client in clients:
            AlertFactory(client=client, task=TaskFactory(assignee=manager))
            VisitFactory(client=client, visitor=manager)
        with CaptureQueriesContext(connection) as captured:
            handover = give(manager, {client.pk: peer.pk for client in clients}, supervisor)
        with CaptureQueriesContext(connection) as undoing:
            undo(handover, supervisor)
        Client.objects.filter(owner=manager).update(owner=None)
        return len(captured), len(undoing)

    queries(1)  # the first asks for the tree of units

    assert queries(1) == queries(5)


# Two at once ------------------------------------------------------------------------------------


def at_once(*jobs):
    """Each job in a thread with a connection of its own; what each gives or raises."""
    ready = threading.Barrier(len(jobs))
    ended = {}

    def run(number, job):
        ready.wait()
        try:
            ended[number] = job()
        except DomainError as error:
            ended[number] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=each) for each in enumerate(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return [ended[number] for number in range(len(jobs))]


@pytest.mark.django_db(transaction=True)
def test_two_people_at_once_one_wins_the_other_is_told(manager, peer, third, supervisor):
    clients = make_clients(manager, 20)
    plans = [{client.pk: person.pk for client in clients} for person in (peer, third)]

    answers = at_once(*(lambda plan=plan: give(manager, plan, supervisor) for plan in plans))

    assert {type(answer) for answer in answers} == {Handover, HandoverOutdated}
    assert len({*owners(clients)}) == 1
    assert Ownership.objects.current().count() == 20


@pytest.mark.django_db(transaction=True)
def test_a_double_click_at_once_is_one_handover(manager, peer, supervisor):
    clients, key = make_clients(manager, 20), uuid7()
    plan = {client.pk: peer.pk for client in clients}

    answers = at_once(*[lambda: give(manager, plan, supervisor, key=key)] * 2)

    assert answers[0] == answers[1] == Handover.objects.get()
    assert HandoverItem.objects.count() == 20


@pytest.mark.django_db(transaction=True)
def test_two_undos_at_once_are_one(manager, peer, supervisor):
    handover = make_handover(manager, peer, clients=make_clients(manager, 5))

    answers = at_once(*[lambda: undo(handover, supervisor)] * 2)

    assert {type(answer) for answer in answers} == {Handover, HandoverUndone}
    assert Ownership.objects.count() == 15


# Undoing ----------------------------------------------------------------------------------------


@pytest.mark.rule("P12")
def test_an_undo_brings_clients_visits_and_tasks_back(manager, peer, third, supervisor):
    (client,) = make_clients(manager, 1)
    alert = AlertFactory(client=client, task=TaskFactory(assignee=manager))
    helped = VisitFactory(client=client, visitor=third)  # by a colleague, not by the owner
    own = VisitFactory(client=client, visitor=manager)
    handover = give(manager, {client.pk: peer.pk}, supervisor)

    undo(handover, supervisor)

    for row in (alert.task, helped, own, handover):
        row.refresh_from_db()
    assert owners([client]) == ["Ma Li"]
    assert (alert.task.assignee, helped.visitor, own.visitor) == (manager, third, manager)
    assert (handover.undone_by, handover.undone_at, handover.undo_reason) == (
        supervisor, LATER, "too early"
    )  # fmt: skip
    assert [o.owner for o in client.ownerships.order_by("started_at")] == [manager, peer, manager]
    assert set(HandoverMove.objects.values_list("outcome", flat=True)) == {MoveOutcome.RETURNED}
    assert Notification.objects.filter(kind="handover-undone").count() == 2


@pytest.mark.rule("P12")
def test_what_was_changed_since_stays_and_is_named(manager, peer, third, supervisor):
    kept, back = make_clients(manager, 2)
    done, off, given, gone = (VisitFactory(client=back, visitor=manager) for _ in range(4))
    finished, passed = TaskFactory(assignee=manager), TaskFactory(assignee=manager)
    AlertFactory(client=back, task=finished)
    AlertFactory(client=back, task=passed, rule="arrears")
    handover = give(manager, {kept.pk: peer.pk, back.pk: peer.pk}, supervisor)
    client_services.assign_owner(client=kept, owner=third, reason="x", now=NOON, by=supervisor)
    visit_services.record_visit(
        visit=done, summary="s", next_step="n", next_step_on=None, now=NOON, by=peer
    )
    visit_services.cancel_visit(visit=off, reason="snow", by=peer)
    Visit.objects.filter(pk=given.pk).update(visitor=third)
    Visit.objects.filter(pk=gone.pk).delete()
    Task.objects.filter(pk=finished.pk).update(done_at=NOON)
    Task.objects.filter(pk=passed.pk).update(assignee=third)
    since = VisitFactory(client=back, visitor=peer)

    undo(handover, supervisor)

    for row in (done, off, given, since, finished, passed):
        row.refresh_from_db()
    assert owners([kept, back]) == ["Qi San", "Ma Li"]
    assert dict(HandoverItem.objects.values_list("client", "outcome")) == {
        kept.pk: HandoverOutcome.HANDED_ON, back.pk: HandoverOutcome.RETURNED,
    }  # fmt: skip
    assert [v.visitor for v in (done, off, given, since)] == [peer, peer, third, manager]
    assert [t.assignee for t in (finished, passed)] == [peer, third]
    assert dict(HandoverMove.objects.values_list("object_id", "outcome")) == {
        done.pk: "finished", off.pk: "cancelled", given.pk: "reassigned", gone.pk: "gone",
        finished.pk: "finished", passed.pk: "reassigned",
    }  # fmt: skip


def test_a_client_that_left_the_sight_meanwhile_stays(manager, peer, supervisor, units):
    near, far = make_clients(manager, 2)
    handover = give(manager, {near.pk: peer.pk, far.pk: peer.pk}, supervisor)
    Client.objects.filter(pk=far.pk).update(unit=units.team_2)

    undo(handover, supervisor)

    assert owners([near, far]) == ["Ma Li", "Pan Wei"]
    assert far.handover_items.get().outcome == HandoverOutcome.OUT_OF_SIGHT


def test_an_undo_is_refused_without_reason_twice_and_when_nothing_is_left(
    manager, peer, third, supervisor
):
    (client,) = make_clients(manager, 1)
    handover = give(manager, {client.pk: peer.pk}, supervisor)
    with pytest.raises(ReasonMissing):
        undo(handover, supervisor, reason=" ")
    undo(handover, supervisor)
    with pytest.raises(HandoverUndone):
        undo(handover, supervisor)
    again = give(manager, {client.pk: peer.pk}, supervisor, now=LATER)
    client_services.assign_owner(client=client, owner=third, reason="x", now=LATER, by=supervisor)

    with pytest.raises(HandoverOutdated):
        undo(again, supervisor)

    assert owners([client]) == ["Qi San"]


def test_clients_do_not_go_back_to_who_left(manager, peer, supervisor):
    (client,) = make_clients(manager, 1)
    handover = give(manager, {client.pk: peer.pk}, supervisor)
    set_active(user=manager, is_active=False, by=supervisor)

    with pytest.raises(NotAnOwner):
        undo(handover, supervisor)

    assert owners([client]) == ["Pan Wei"]


# Preview ----------------------------------------------------------------------------------------


@pytest.mark.rule("ORG-22")
def test_the_preview_counts_what_each_gets_and_warns_of_large_portfolios(
    manager, peer, third, supervisor, settings
):
    settings.PORTFOLIO_CLIENTS = 2
    one, two, three = make_clients(manager, 3, income=100, active_members=10)
    make_clients(peer, 1)
    AlertFactory(client=one, task=TaskFactory(assignee=manager))
    AlertFactory(client=one, rule="arrears")
    VisitFactory(client=two, visitor=manager)
    CaseFactory(client=two)

    seen = preview(
        clients_of(manager, supervisor), [peer, third], {one.pk: peer.pk, two.pk: peer.pk}, manager
    )

    first, second = seen.shares
    assert seen.labels == ["Planned visits", "Open cases", "Open alerts", "Open tasks"]
    assert (first.clients, first.members, first.income, first.work, first.after) == (
        2, 20, 200, [1, 1, 2, 1], 3
    )  # fmt: skip
    assert (second.clients, second.work, second.after) == (0, [0, 0, 0, 0], 0)
    assert [first.is_too_many, second.is_too_many] == [True, False]
    assert (seen.staying.clients, seen.total.clients, seen.total.after) == (1, 3, 1)
    assert [row.client for row in seen.rows if row.target_id is None] == [three]
