"""Registering gifts, approving dear ones, recording services."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from pghistory.models import Events

from accounts.choices import MAIN_SERVICES
from care.choices import GiftState
from care.exceptions import AlreadyDecided, InTheFuture, OtherClient, OwnGift, TextMissing
from care.models import Gift, ServiceRecord
from care.models.services import SERVICE_CHOICES
from care.services import gifts, service_records
from crm.lib.models import uuid7
from crm.lib.repeats import AlreadyThere
from staff.choices import Role
from staff.models import Notification, Task
from tests.factories.accounts import ContactFactory, MemberFactory
from tests.factories.care import GiftFactory
from tests.factories.staff import UserFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 7, 6, 2, tzinfo=UTC)
TODAY = date(2026, 7, 6)


def register(client, by, **changes):
    fields = {
        "item": "Tea", "value": Decimal("80.00"), "occasion": "festival", "happened_on": TODAY,
        "now": NOW,
    } | changes  # fmt: skip
    return gifts.register_gift(client=client, by=by, **fields)


def record(client, by, **changes):
    fields = {"service": "bill", "done": "Explained it.", "served_on": TODAY, "now": NOW} | changes
    return service_records.record_service(client=client, by=by, **fields)


def told(kind):
    return {each.recipient for each in Notification.objects.filter(kind=kind)}


@pytest.mark.rule("ARC-17", "SEC-13")
def test_a_gift_is_registered_with_value_and_occasion(own_client, manager):
    contact = ContactFactory(client=own_client)

    gift = register(own_client, manager, contact=contact)

    assert (gift.client, gift.contact, gift.person) == (own_client, contact, manager)
    assert gift.state == GiftState.REGISTERED
    event = Events.objects.tracks(gift).get()
    assert event.pgh_context == {"verb": "care.register_gift", "actor": manager.pk}


@pytest.mark.rule("SEC-13")
@pytest.mark.parametrize("direction", ["given", "received"])
@pytest.mark.parametrize(
    ("value", "state"), [("200.00", GiftState.REGISTERED), ("200.01", GiftState.WAITING)]
)
def test_above_the_set_value_somebody_else_approves(
    direction, value, state, own_client, manager, supervisor
):
    gift = register(own_client, manager, value=Decimal(value), direction=direction)

    assert gift.state == state
    tasks = Task.objects.open().filter(kind="gift-approval", subject_id=gift.pk)
    assert [task.assignee for task in tasks] == ([supervisor] if state == "waiting" else [])


@pytest.mark.rule("SEC-13")
def test_the_value_is_a_setting(own_client, manager, settings):
    settings.GIFT_APPROVAL_VALUE = 50

    assert register(own_client, manager).state == GiftState.WAITING


@pytest.mark.rule("SEC-13")
def test_every_received_gift_is_reported(own_client, manager, supervisor):
    register(own_client, manager)
    assert told("gift-received") == set()

    register(own_client, manager, direction="received")
    assert told("gift-received") == {supervisor}


@pytest.mark.rule("SEC-13")
def test_a_supervisor_of_another_unit_decides_on_a_supervisors_gift(own_client, supervisor, units):
    above = UserFactory(role=Role.SUPERVISOR, unit=units.province)

    gift = register(own_client, supervisor, value=Decimal(900))

    assert Task.objects.get(subject_id=gift.pk).assignee == above
    assert not gift.may_be_decided_by(supervisor)
    assert gift.may_be_decided_by(above)


@pytest.mark.rule("SEC-13")
@pytest.mark.parametrize(("approves", "state"), [(True, "approved"), (False, "refused")])
def test_a_dear_gift_is_decided_once(approves, state, own_client, manager, supervisor):
    gift = register(own_client, manager, value=Decimal(900))

    gift = gifts.decide_gift(gift=gift, approves=approves, decision="r", now=NOW, by=supervisor)

    assert (gift.state, gift.decided_by, gift.decided_at) == (state, supervisor, NOW)
    assert told(f"gift-{state}") == {manager}
    assert not Task.objects.open().filter(subject_id=gift.pk).exists()
    with pytest.raises(AlreadyDecided):
        gifts.decide_gift(gift=gift, approves=True, now=NOW, by=supervisor)


@pytest.mark.rule("SEC-13")
@pytest.mark.parametrize("role", ["person", "registered_by"])
def test_nobody_decides_on_their_own_gift(role, own_client, manager, supervisor):
    gift = GiftFactory(client=own_client, person=manager, waiting=True)
    Gift.objects.update(**{role: supervisor})

    with pytest.raises(OwnGift):
        gifts.decide_gift(gift=gift, approves=True, now=NOW, by=supervisor)


def test_a_refusal_says_why(own_client, manager, supervisor):
    gift = GiftFactory(client=own_client, person=manager, waiting=True)

    with pytest.raises(TextMissing):
        gifts.decide_gift(gift=gift, approves=False, now=NOW, by=supervisor)


@pytest.mark.parametrize(
    ("wrong", "error"),
    [({"item": " "}, TextMissing), ({"happened_on": date(2026, 7, 7)}, InTheFuture)],
)
def test_a_wrong_gift_is_refused(wrong, error, own_client, manager):
    with pytest.raises(error):
        register(own_client, manager, **wrong)


def test_people_and_lines_of_other_clients_are_refused(own_client, foreign_client, manager):
    contact = ContactFactory(client=foreign_client)

    with pytest.raises(OtherClient):
        register(own_client, manager, contact=contact)
    for whom in ({"contact": contact}, {"member": MemberFactory(client=foreign_client)}):
        with pytest.raises(OtherClient):
            record(own_client, manager, **whom)


def test_sent_twice_it_is_one(own_client, manager, peer):
    key = uuid7()
    gift = register(own_client, manager, id=key)

    assert register(own_client, manager, id=key) == gift
    with pytest.raises(AlreadyThere):
        register(own_client, peer, id=key)
    assert record(own_client, manager, id=key) == record(own_client, manager, id=key)
    assert ServiceRecord.objects.count() == 1


@pytest.mark.rule("ARC-50")
def test_services_are_the_eight_of_the_handbook(own_client, manager):
    assert [value for value, _label in SERVICE_CHOICES] == [each.value for each in MAIN_SERVICES]
    for value, _label in SERVICE_CHOICES:
        record(own_client, manager, service=value)

    assert ServiceRecord.objects.count() == 8


@pytest.mark.rule("ARC-17", "ARC-50")
def test_a_service_says_for_whom_what_and_by_whom(own_client, manager):
    contact, member = ContactFactory(client=own_client), MemberFactory(client=own_client)

    for_person = record(own_client, manager, contact=contact, result="Understood")
    for_line = record(own_client, manager, member=member)

    assert (for_person.whom, for_person.served_by) == (contact.name, manager)
    assert for_line.whom == member.masked_number
    event = Events.objects.tracks(for_person).get()
    assert event.pgh_context == {"verb": "care.record_service", "actor": manager.pk}


@pytest.mark.parametrize(
    ("wrong", "error"),
    [({"done": " "}, TextMissing), ({"served_on": date(2026, 7, 7)}, InTheFuture)],
)
def test_a_wrong_service_is_refused(wrong, error, own_client, manager):
    with pytest.raises(error):
        record(own_client, manager, **wrong)
