"""Classes change by proposal and approval only (ARC-14, ARC-40)."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from pghistory.models import Events

from accounts.choices import ClassSource
from accounts.exceptions import (
    ClassUnchanged,
    NotTheProposer,
    OwnProposal,
    ProposalAlreadyOpen,
    ProposalNotOpen,
    ReasonMissing,
)
from accounts.models import ClassProposal
from accounts.selectors import concerned
from accounts.selectors.classes import class_view, open_proposal
from accounts.services import classes
from staff.choices import Role
from staff.models import Notification
from tests.factories.accounts import ClassProposalFactory, ClientFactory
from tests.factories.staff import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.rule("ARC-14")]
NOW = datetime(2026, 7, 6, 2, tzinfo=UTC)
LATER = datetime(2026, 7, 7, 2, tzinfo=UTC)


@pytest.fixture
def client(own_client):
    own_client.income, own_client.active_members = Decimal("52000.50"), 340
    own_client.figures_month = date(2026, 6, 1)
    own_client.save()
    return own_client


def propose(client, by, to_class="A", reason="Income doubled."):
    return classes.propose_class(client=client, to_class=to_class, reason=reason, now=NOW, by=by)


def told(person):
    rows = Notification.objects.filter(recipient=person).order_by("pk")
    return [(row.kind, str(row)) for row in rows]


def test_a_proposal_keeps_reason_and_figures_of_the_day(client, manager, supervisor):
    proposal = propose(client, manager)

    assert (proposal.from_class, proposal.to_class, proposal.reason) == ("", "A", "Income doubled.")
    assert (proposal.income, proposal.active_members, proposal.figures_month) == (
        Decimal("52000.50"), 340, date(2026, 6, 1),
    )  # fmt: skip
    assert (proposal.state, proposal.proposed_by, proposal.proposed_at) == ("open", manager, NOW)
    client.refresh_from_db()
    assert client.client_class == ""
    assert told(supervisor) == [("class-proposed", "Ma Li proposes class A for Own Client")]
    event = Events.objects.tracks(proposal).get()
    assert event.pgh_context["verb"] == "accounts.propose_class"
    assert event.pgh_context["actor"] == manager.pk


@pytest.mark.rule("ARC-40")
def test_an_approved_proposal_changes_the_class(client, manager, supervisor):
    proposal = propose(client, manager)

    classes.approve_class(proposal=proposal, word="Agreed.", now=LATER, by=supervisor)

    client.refresh_from_db()
    proposal.refresh_from_db()
    assert client.client_class == "A"
    assert (proposal.state, proposal.decided_by, proposal.decided_at, proposal.word) == (
        "approved", supervisor, LATER, "Agreed.",
    )  # fmt: skip
    assert told(manager) == [("class-approved", "Own Client is now of class A")]
    event = Events.objects.tracks(client).order_by("pgh_id").last()
    assert event.pgh_diff["client_class"] == ["", "A"]
    assert event.pgh_context["actor"] == supervisor.pk


def test_a_refused_proposal_changes_nothing_and_says_why(client, manager, supervisor):
    proposal = propose(client, manager)

    with pytest.raises(ReasonMissing):
        classes.refuse_class(proposal=proposal, word="  ", now=LATER, by=supervisor)
    classes.refuse_class(proposal=proposal, word="One good month.", now=LATER, by=supervisor)

    client.refresh_from_db()
    assert client.client_class == ""
    assert ClassProposal.objects.get().word == "One good month."
    assert told(manager) == [("class-refused", "Class A for Own Client was refused")]


def test_nobody_decides_about_a_proposal_of_their_own(client, supervisor):
    proposal = propose(client, supervisor)

    for decide in (classes.approve_class, classes.refuse_class):
        with pytest.raises(OwnProposal):
            decide(proposal=proposal, word="Mine.", now=LATER, by=supervisor)
    assert ClassProposal.objects.get().is_open


def test_a_proposal_of_the_supervisor_goes_to_the_one_above(client, units, supervisor):
    boss = UserFactory(role=Role.SUPERVISOR, unit=units.province)

    propose(client, supervisor)

    assert told(supervisor) == []
    assert [kind for kind, _ in told(boss)] == ["class-proposed"]
    assert concerned.supervisors_of(client) == [supervisor]


def test_only_the_proposer_withdraws(client, manager, peer, supervisor):
    proposal = propose(client, manager)

    with pytest.raises(NotTheProposer):
        classes.withdraw_class(proposal=proposal, now=LATER, by=peer)
    classes.withdraw_class(proposal=proposal, now=LATER, by=manager)

    assert ClassProposal.objects.get().state == "withdrawn"
    for decide in (classes.approve_class, classes.refuse_class):
        with pytest.raises(ProposalNotOpen):
            decide(proposal=proposal, word="Late.", now=LATER, by=supervisor)
    propose(client, manager, to_class="B")
    assert ClassProposal.objects.open().get().to_class == "B"


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [({"reason": " "}, ReasonMissing), ({"to_class": "C"}, ClassUnchanged)],
)
def test_a_proposal_needs_a_reason_and_a_change(fields, refusal, manager):
    client = ClientFactory(owner=manager, client_class="C")

    with pytest.raises(refusal):
        propose(client, manager, **fields)

    assert not ClassProposal.objects.exists()


def test_one_open_proposal_for_a_client(client, manager, peer):
    propose(client, manager)

    with pytest.raises(ProposalAlreadyOpen):
        propose(client, peer, to_class="B")


def test_recorded_changes_are_history_and_overtake_what_waits(client, manager, operations):
    other = ClientFactory(owner=manager, client_class="B")
    waiting = propose(client, manager)
    before = [client.client_class, other.client_class]
    client.client_class = other.client_class = "C"

    kept = classes.record_class_changes(
        clients=[client, other],
        classes_before=before,
        source=ClassSource.ROSTER,
        reason="Roster",
        now=LATER,
        by=operations,
    )

    assert [(row.client, str(row), row.state, row.decided_by) for row in kept] == [
        (client, "– → C", "approved", operations),
        (other, "B → C", "approved", operations),
    ]
    waiting.refresh_from_db()
    assert (waiting.state, waiting.word, waiting.decided_at) == ("overtaken", "Roster", LATER)


def test_the_history_of_a_class(client, manager, supervisor, peer):
    classes.approve_class(proposal=propose(client, manager), word="", now=NOW, by=supervisor)
    waiting = ClassProposalFactory(
        client=client, from_class="A", to_class="B", proposed_by=peer, proposed_at=LATER
    )

    seen = class_view(client, supervisor)

    assert (seen.open_proposal, seen.may_propose, seen.may_decide) == (waiting, False, True)
    assert [str(row) for row in seen.history] == ["– → A"]
    assert not class_view(client, manager).may_decide
    assert open_proposal(client) == waiting
    assert open_proposal(ClientFactory()) is None
