"""Changes that agents hand in: before and after, deciding field by field, conflicts."""

from datetime import date

import pytest

from accounts.exceptions import (
    ChangeDecided,
    ChangeOpen,
    FieldChanged,
    NothingChanged,
    NotRequestable,
    NotTheRequester,
    OwnChange,
    ReasonMissing,
)
from accounts.models import ChangeRequest, Client
from accounts.selectors.change_requests import REQUESTABLE, as_json, field_changes, from_json
from accounts.services import change_requests
from staff.choices import Role
from staff.models import Notification
from tests.factories.accounts import ClientFactory
from tests.factories.reports import NOON
from tests.factories.staff import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.rule("ORG-20", "ORG-21")]
VALUES = {"address": "1 Quay", "employees": 40, "founded_on": date(2001, 5, 1)}


@pytest.fixture
def agent(units):
    return UserFactory(role=Role.AGENT, unit=units.team_1, full_name="Ai Gen")


@pytest.fixture
def village(agent):
    return ClientFactory(owner=agent, name="Village Works", employees=30)


def hand_in(village, agent, **values):
    return change_requests.request_change(
        client=village, values=values or VALUES, reason=" Seen ", now=NOON, by=agent
    )


def decide(request, by, *accept, **more):
    wanted = {"accept": accept, "now": NOON, "by": by}
    return change_requests.decide_change(request=request, **wanted | more)


def test_an_agent_hands_in_what_differs(village, agent, supervisor):
    request = hand_in(village, agent, address="1 Quay", employees=30)

    assert request.changes == [
        {"name": "address", "before": "", "after": "1 Quay", "accepted": None},
    ]
    assert (request.state, request.reason, request.requested_by) == ("open", "Seen", agent)
    village.refresh_from_db()
    assert village.address == ""
    assert Notification.objects.get(kind="change-requested").recipient == supervisor


def test_the_area_manager_takes_over_the_whole(village, agent, supervisor):
    request = decide(hand_in(village, agent), supervisor, *VALUES)

    village.refresh_from_db()
    assert {name: getattr(village, name) for name in VALUES} == VALUES
    assert request.state == "approved"
    assert [change["accepted"] for change in request.changes] == [True] * 3
    assert Notification.objects.get(kind="change-decided").recipient == agent
    event = Client.pgh_event_model.objects.filter(pgh_obj=village).latest("pgh_id")
    assert event.pgh_context.metadata == {
        "verb": "accounts.decide_change", "actor": supervisor.pk,
    }  # fmt: skip


def test_or_field_by_field(village, agent, supervisor):
    request = hand_in(village, agent)
    with pytest.raises(ReasonMissing):
        decide(request, supervisor, "address")

    request = decide(request, supervisor, "address", word=" Others unlikely ")

    village.refresh_from_db()
    assert (village.address, village.employees, village.founded_on) == ("1 Quay", 30, None)
    assert (request.state, request.word) == ("partly", "Others unlikely")
    assert {change["name"]: change["accepted"] for change in request.changes} == {
        "address": True, "employees": False, "founded_on": False,
    }  # fmt: skip


def test_or_refuses_with_a_reason(village, agent, supervisor):
    request = hand_in(village, agent)
    with pytest.raises(ReasonMissing):
        decide(request, supervisor)

    assert decide(request, supervisor, word="No").state == "refused"
    village.refresh_from_db()
    assert village.address == ""
    with pytest.raises(ChangeDecided):
        decide(request, supervisor, "address")


def test_a_field_that_changed_meanwhile_conflicts(village, agent, supervisor):
    request = hand_in(village, agent)
    Client.objects.filter(pk=village.pk).update(address="2 Quay", employees=40)
    request.client.refresh_from_db()

    assert {change.name: change.conflicts for change in field_changes(request)} == {
        "address": True, "employees": False, "founded_on": False,
    }  # fmt: skip
    with pytest.raises(FieldChanged) as refused:
        decide(request, supervisor, *VALUES)
    assert "address" in refused.value.message
    village.refresh_from_db()
    assert (village.address, village.founded_on) == ("2 Quay", None)

    decide(request, supervisor, *VALUES, override=["address"])
    village.refresh_from_db()
    assert village.address == "1 Quay"


def test_a_conflict_may_be_left_out(village, agent, supervisor):
    request = hand_in(village, agent)
    Client.objects.filter(pk=village.pk).update(address="2 Quay")

    decide(request, supervisor, "employees", "founded_on", word="Moved since")

    village.refresh_from_db()
    assert (village.address, village.employees) == ("2 Quay", 40)


def test_refusals(village, agent, supervisor, manager):
    with pytest.raises(NothingChanged):
        hand_in(village, agent, employees=30)
    with pytest.raises(NotRequestable):
        hand_in(village, agent, owner=manager)
    request = hand_in(village, agent)
    with pytest.raises(ChangeOpen):
        hand_in(village, agent, notes="x")
    with pytest.raises(OwnChange):
        decide(request, agent, "address")
    with pytest.raises(NotTheRequester):
        change_requests.withdraw_change(request=request, now=NOON, by=supervisor)

    assert change_requests.withdraw_change(request=request, now=NOON, by=agent).state == "withdrawn"
    hand_in(village, agent)
    assert ChangeRequest.objects.count() == 2


def test_every_field_survives_the_way_through_json():
    client = Client(
        name="Works", nature="other", industry="教育", employees=3, founded_on=date(2001, 5, 1),
        latitude="31.230416", longitude="121.473701", can_pay=True, notes="a\nb",
    )  # fmt: skip
    for name in REQUESTABLE:
        value = Client._meta.get_field(name).to_python(getattr(client, name))
        assert from_json(name, as_json(value)) == value, name


def test_agents_edit_no_client_themselves(agent):
    assert not agent.has_perm("accounts.edit_client")
    assert not agent.has_perm("accounts.decide_change")
    assert agent.has_perm("accounts.request_change")
