"""Open cases of the account manager go along with the client, and come back with an undo."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from accounts.choices import MoveOutcome
from accounts.models import HandoverMove
from accounts.services.clients import assign_owner
from accounts.services.handovers import hand_over, undo_handover
from accounts.services.merges import merge_clients, part
from complaints.models import Case
from complaints.services.handling import transfer_case
from crm.lib.models import uuid7
from staff.choices import Role
from staff.services.work import raise_task
from tests.factories.complaints import CaseFactory
from tests.factories.handovers import make_clients
from tests.factories.staff import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.rule("ORG-02", "ORG-07")]
NOON = datetime(2026, 7, 6, 4, tzinfo=UTC)
LATER = NOON + timedelta(days=1)


@pytest.fixture
def client_of_his(manager):
    (client,) = make_clients(manager, 1)
    return client


@pytest.fixture
def clerk(units):
    return UserFactory(role=Role.COMPLAINT_CLERK, unit=units.city_1, full_name="Clerk")


@pytest.fixture
def newcomer(units):
    """Of the other city, so that units change too."""
    return UserFactory(unit=units.team_2, full_name="New Ma")


def give(client, source, target, by):
    return hand_over(
        key=uuid7(), source=source, plan={client.pk: target.pk}, reason="leave", now=NOON, by=by
    )


def work_on(case, person, kind="case-work"):
    return raise_task(
        kind=kind, subject_id=case.pk, params={}, link="/", assignee=person,
        due_on=NOON.date(), by=person,
    )  # fmt: skip


def handlers(*cases):
    found = Case.objects.in_bulk([case.pk for case in cases])
    return [found[case.pk].assignee for case in cases]


def test_open_cases_of_the_account_manager_go_along(
    client_of_his, manager, newcomer, clerk, peer, province
):
    running = CaseFactory(client=client_of_his, first_responder=manager)
    solved = CaseFactory(client=client_of_his, first_responder=manager, resolved=True)
    closed = CaseFactory(client=client_of_his, first_responder=manager, closed=True)
    clerks = CaseFactory(client=client_of_his, first_responder=clerk)
    peers = CaseFactory(client=client_of_his, first_responder=manager, assignee=peer)
    in_unit = CaseFactory(
        client=client_of_his, first_responder=manager, assignee=None, handed_unit=manager.unit
    )
    elsewhere = CaseFactory(first_responder=manager)
    work, ask = work_on(running, manager), work_on(solved, manager, "case-confirm")

    give(client_of_his, manager, newcomer, province)

    assert handlers(running, solved, closed, clerks, peers, in_unit, elsewhere) == [
        newcomer, newcomer, manager, clerk, peer, None, manager
    ]  # fmt: skip
    running.refresh_from_db()
    assert (running.first_responder, running.responsible_unit, running.receiving_unit) == (
        manager, newcomer.unit, manager.unit,
    )  # fmt: skip
    step = running.steps.get()
    assert (step.kind, step.by, step.to_person, step.at) == ("transfer", province, newcomer, NOON)
    for task in (work, ask):
        task.refresh_from_db()
        assert task.assignee == newcomer
    assert set(HandoverMove.objects.values_list("kind", "object_id")) == {
        ("case", running.pk), ("case", solved.pk)
    }  # fmt: skip
    assert Case.objects.visible_to(newcomer).filter(pk=running.pk).exists()


@pytest.mark.rule("ORG-16")
def test_the_first_reply_stays_with_who_took_it_down(client_of_his, manager, peer, supervisor):
    case = CaseFactory(client=client_of_his, first_responder=manager)
    owed = work_on(case, manager, "case-first-reply")

    give(client_of_his, manager, peer, supervisor)

    owed.refresh_from_db()
    assert owed.assignee == manager
    assert Case.objects.of_person(manager).get() == case
    assert Case.objects.visible_to(manager).get() == case


@pytest.mark.rule("P12")
def test_an_undo_takes_back_what_nobody_changed_since(
    client_of_his, manager, newcomer, clerk, province
):
    back, given_on, done = (
        CaseFactory(client=client_of_his, first_responder=manager) for _ in range(3)
    )
    work = work_on(back, manager)
    handover = give(client_of_his, manager, newcomer, province)
    transfer_case(case=given_on, person=clerk, reason="knows it", now=LATER, by=newcomer)
    Case.objects.filter(pk=done.pk).update(
        status="closed", resolved_at=LATER, closed_at=LATER, first_replied_at=LATER,
        result="r", satisfaction="satisfied", summary="s",
    )  # fmt: skip
    new = CaseFactory(client=client_of_his, first_responder=newcomer)

    undo_handover(handover=handover, reason="too early", now=LATER, by=province)

    assert handlers(back, given_on, done, new) == [manager, clerk, newcomer, manager]
    back.refresh_from_db()
    work.refresh_from_db()
    assert (back.responsible_unit, work.assignee) == (manager.unit, manager)
    assert [step.to_person for step in back.steps.order_by("at")] == [newcomer, manager]
    outcomes = dict(HandoverMove.objects.values_list("object_id", "outcome"))
    assert outcomes == {
        back.pk: MoveOutcome.RETURNED,
        given_on.pk: MoveOutcome.REASSIGNED,
        done.pk: MoveOutcome.FINISHED,
    }


def test_the_page_of_an_undone_handover_names_cases_that_stayed(
    client_of_his, manager, peer, clerk, supervisor, login
):
    case = CaseFactory(client=client_of_his, first_responder=manager)
    handover = give(client_of_his, manager, peer, supervisor)
    transfer_case(case=case, person=clerk, reason="knows it", now=LATER, by=peer)
    undo_handover(handover=handover, reason="too early", now=LATER, by=supervisor)

    html = login(supervisor).get(reverse("accounts:handover_detail", args=[handover.pk])).text

    assert "Case 2026-07-06" in html
    assert "meanwhile somebody else&#x27;s (Pan Wei)" in html


def test_a_single_client_takes_its_cases_along_whoever_assigns_it(client_of_his, manager, peer):
    case = CaseFactory(client=client_of_his, first_responder=manager)

    assign_owner(client=client_of_his, owner=peer, reason="roster", now=NOON, by=None)

    assert handlers(case) == [peer]
    assert case.steps.get().by == peer


def test_cases_go_along_when_clients_are_merged_and_come_back(
    client_of_his, manager, peer, supervisor
):
    (survivor,) = make_clients(peer, 1)
    his = CaseFactory(client=client_of_his, first_responder=manager)
    theirs = CaseFactory(client=survivor, first_responder=manager)

    merge = merge_clients(
        survivor=survivor, loser=client_of_his, take=(), reason="the same", now=NOON, by=supervisor
    )
    merged = handlers(his, theirs)
    part(merge=merge, reason="not the same", now=LATER, by=supervisor)

    assert merged[0] == peer
    assert handlers(his) == [manager]


def test_the_number_of_queries_does_not_grow_with_cases(
    manager, peer, supervisor, django_assert_num_queries, django_assert_max_num_queries
):
    first_ever, one, many = make_clients(manager, 3)
    give(first_ever, manager, peer, supervisor)  # the first asks for the tree of units
    CaseFactory(client=one, first_responder=manager)
    CaseFactory.create_batch(4, client=many, first_responder=manager)
    with django_assert_max_num_queries(200) as first:
        give(one, manager, peer, supervisor)

    with django_assert_num_queries(len(first)):
        give(many, manager, peer, supervisor)
