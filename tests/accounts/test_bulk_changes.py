"""Changing many clients in one step, and taking it back."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.choices import BulkOutcome, ClientStatus
from accounts.exceptions import (
    BulkChangeEmpty,
    BulkChangeNotDone,
    BulkChangeOutdated,
    BulkChangeTooLarge,
    BulkChangeUndone,
    NotAnOwner,
    OutOfReach,
    ReasonMissing,
)
from accounts.models import BulkChange, BulkItem, Client, StatusChange
from accounts.selectors.bulk_changes import bulk_preview
from accounts.services import clients as client_services
from accounts.services.bulk_changes import order_bulk_change, undo_bulk_change
from accounts.tasks import run_bulk_change_task
from crm.lib.models import uuid7
from staff.models import User
from tests.factories.accounts import ClientFactory
from tests.factories.handovers import NOON, make_clients
from tests.factories.staff import UserFactory
from tests.factories.visits import VisitFactory

pytestmark = [pytest.mark.django_db, pytest.mark.rule("ARC-15", "ARC-20")]
LATER = NOON + timedelta(days=3)


def seen(clients):
    rows = Client.objects.filter(pk__in=[client.pk for client in clients])
    return dict(rows.values_list("pk", "updated_at"))


def change(clients, by, /, *, rows=None, **values):
    return order_bulk_change(
        key=uuid7(), rows=rows or seen(clients), values=values, reason="tidying", now=NOON, by=by
    )


def undo(done, by, reason="too early"):
    return undo_bulk_change(change=done, reason=reason, now=LATER, by=by)


def outcomes(done):
    rows = BulkItem.objects.filter(change=done).order_by("client__code")
    return list(rows.values_list("outcome", flat=True))


def values_of(clients, name):
    rows = Client.objects.filter(pk__in=[c.pk for c in clients]).order_by("code")
    return list(rows.values_list(name, flat=True))


def test_fields_of_many_clients_change_and_come_back(manager, supervisor, units):
    one, two = clients = make_clients(manager, 2, industry="retail")
    Client.objects.filter(pk=two.pk).update(industry="banking")

    done = change(
        clients, supervisor, industry="school", unit=units.city_1.pk, is_high_end=True,
        payment_method="transfer",
    )  # fmt: skip

    assert outcomes(done) == [BulkOutcome.CHANGED] * 2
    assert values_of(clients, "industry") == ["school"] * 2
    assert values_of(clients, "unit") == [units.city_1.pk] * 2
    assert values_of(clients, "is_high_end") == [True] * 2
    undo(done, supervisor)
    assert values_of(clients, "industry") == ["retail", "banking"]
    assert values_of(clients, "unit") == [units.team_1.pk] * 2
    assert values_of(clients, "is_high_end") == [False] * 2
    assert values_of(clients, "payment_method") == [one.payment_method] * 2


def test_each_changed_client_is_audited(manager, supervisor):
    (client,) = make_clients(manager, 1)

    done = change([client], supervisor, industry="school")

    event = client.events.order_by("-pgh_id").select_related("pgh_context").first()
    assert event.industry == "school"
    assert event.pgh_context.metadata["verb"] == "accounts.order_bulk_change"
    assert event.pgh_context.metadata["actor"] == supervisor.pk
    assert (done.made_by, done.clients, done.done_at) == (supervisor, 1, NOON)


@pytest.mark.rule("ORG-02")
def test_a_new_manager_takes_the_visits_along_and_gives_them_back(manager, peer, supervisor):
    one, _two = clients = make_clients(manager, 2)
    free = ClientFactory(owner=None, unit=manager.unit)
    visit = VisitFactory(client=one, visitor=manager)

    done = change([*clients, free], supervisor, owner=peer.pk)

    assert set(values_of([*clients, free], "owner")) == {peer.pk}
    visit.refresh_from_db()
    assert visit.visitor == peer
    assert one.ownerships.current().get().reason == "tidying"
    undo(done, supervisor)
    visit.refresh_from_db()
    assert visit.visitor == manager
    assert values_of(clients, "owner") == [manager.pk] * 2
    free.refresh_from_db()
    assert free.owner is None
    assert not free.ownerships.current().exists()
    (item,) = BulkItem.objects.filter(client=one)
    assert [move["outcome"] for move in item.moves] == ["returned"]


def test_rows_that_cannot_change_are_left_with_their_reason(manager, supervisor, units):
    stale, _same, _skips, _bare = clients = [
        ClientFactory(owner=manager, code=f"B{n}", status=status, industry="", nature="")
        for n, status in enumerate(
            [ClientStatus.POTENTIAL, ClientStatus.TARGET, ClientStatus.SIGNED,
             ClientStatus.POTENTIAL]
        )
    ]  # fmt: skip
    rows = seen(clients)
    client_services.update_client(client=stale, industry="school", by=manager)

    done = change(clients, supervisor, rows=rows, status=ClientStatus.TARGET)

    assert outcomes(done) == [
        BulkOutcome.STALE, BulkOutcome.SAME, BulkOutcome.STEP, BulkOutcome.BASICS,
    ]  # fmt: skip
    assert values_of(clients, "status") == ["potential", "target", "signed", "potential"]


@pytest.mark.rule("ARC-01")
def test_steps_of_the_status_are_kept_there_and_back(manager, supervisor):
    (client,) = make_clients(manager, 1, status=ClientStatus.SIGNED)

    done = change([client], supervisor, status=ClientStatus.PRE_CHURN)
    undo(done, supervisor)

    steps = StatusChange.objects.order_by("changed_at").values_list("old", "new", "reason")
    assert list(steps) == [
        ("signed", "pre_churn", "tidying"), ("pre_churn", "signed", "too early"),
    ]  # fmt: skip


@pytest.mark.rule("ARC-F01")
def test_a_unit_never_gets_a_name_twice(manager, supervisor, units):
    ClientFactory(name="Harbour", unit=units.city_1)
    taken = ClientFactory(name="harbour", owner=manager, code="N1")
    first = ClientFactory(name="Bridge", owner=manager, code="N2")
    twin_unit = ClientFactory(name="Bridge", owner=manager, code="N3", unit=units.team_1)

    done = change([taken, first, twin_unit], supervisor, unit=units.city_1.pk)

    assert sorted(outcomes(done)) == sorted(
        [BulkOutcome.SAME_NAME, BulkOutcome.CHANGED, BulkOutcome.SAME_NAME]
    )


@pytest.mark.rule("P1")
def test_clients_out_of_sight_stay(manager, supervisor, foreign_client):
    (mine,) = make_clients(manager, 1)
    before = foreign_client.industry

    done = change([mine, foreign_client], supervisor, industry="school")

    assert done.clients == 1
    assert values_of([foreign_client], "industry") == [before]
    with pytest.raises(BulkChangeEmpty):
        change([foreign_client], supervisor, industry="school")


def test_what_was_changed_since_stays_and_is_named(manager, supervisor):
    one, two = clients = make_clients(manager, 2)
    done = change(clients, supervisor, industry="school")
    client_services.update_client(client=two, industry="bank", by=manager)

    undo(done, supervisor)

    assert outcomes(done) == [BulkOutcome.RETURNED, BulkOutcome.CHANGED_SINCE]
    assert values_of(clients, "industry") == [one.industry, "bank"]


def test_a_client_given_on_since_keeps_its_manager(manager, peer, supervisor):
    third = UserFactory(unit=manager.unit)
    clients = make_clients(manager, 2)
    done = change(clients, supervisor, owner=peer.pk)
    for person in (third, peer):  # given on and back again is a change, too
        client_services.assign_owner(
            client=clients[0], owner=person, reason="x", now=LATER, by=supervisor
        )

    undo(done, supervisor)

    assert values_of(clients, "owner") == [peer.pk, manager.pk]


def test_refusals(manager, supervisor, outsider, units, settings):
    clients = make_clients(manager, 2)
    rows = seen(clients)

    def order(**fields):
        wanted = {"key": uuid7(), "rows": rows, "values": {"industry": "x"}, "reason": "r"}
        return order_bulk_change(**(wanted | fields), now=NOON, by=supervisor)

    for error, fields in (
        (ReasonMissing, {"reason": " "}),
        (BulkChangeEmpty, {"rows": {}}),
        (BulkChangeEmpty, {"values": {}}),
        (BulkChangeEmpty, {"values": {"client_class": "A"}}),
        (NotAnOwner, {"values": {"owner": outsider.pk}}),
        (OutOfReach, {"values": {"unit": units.team_2.pk}}),
    ):
        with pytest.raises(error):
            order(**fields)
    settings.BULK_CLIENTS = 1
    with pytest.raises(BulkChangeTooLarge):
        order()
    assert not BulkChange.objects.exists()


def test_undo_is_refused_twice_and_without_a_reason(manager, supervisor):
    clients = make_clients(manager, 1)
    done = change(clients, supervisor, industry="school")
    with pytest.raises(ReasonMissing):
        undo(done, supervisor, reason=" ")
    undo(done, supervisor)
    with pytest.raises(BulkChangeUndone):
        undo(done, supervisor)

    again = change(clients, supervisor, industry="hall")
    client_services.update_client(client=clients[0], industry="bank", by=manager)
    with pytest.raises(BulkChangeOutdated):
        undo(again, supervisor)


def test_many_clients_are_changed_by_a_job_once(manager, supervisor, settings):
    settings.BULK_AT_ONCE = 1
    clients = make_clients(manager, 2)

    waiting = change(clients, supervisor, industry="school")

    assert waiting.done_at is None
    with pytest.raises(BulkChangeNotDone):
        undo(waiting, supervisor)
    run_bulk_change_task(str(waiting.pk))
    assert values_of(clients, "industry") == ["school"] * 2
    client_services.update_client(client=clients[0], industry="bank", by=manager)
    run_bulk_change_task(str(waiting.pk))  # delivered twice
    assert values_of(clients, "industry") == ["bank", "school"]


def test_a_job_after_the_new_manager_left_changes_nothing(manager, peer, supervisor, settings):
    settings.BULK_AT_ONCE = 0
    clients = make_clients(manager, 1)
    waiting = change(clients, supervisor, owner=peer.pk)
    User.objects.filter(pk=peer.pk).update(is_active=False)

    run_bulk_change_task(str(waiting.pk))

    assert outcomes(waiting) == [BulkOutcome.TARGET]
    assert values_of(clients, "owner") == [manager.pk]


def test_the_same_key_is_one_change(manager, supervisor):
    clients = make_clients(manager, 1)
    wanted = {"key": uuid7(), "values": {"industry": "x"}, "reason": "r", "now": NOON}

    for _ in range(2):
        order_bulk_change(rows=seen(clients), by=supervisor, **wanted)

    assert BulkChange.objects.count() == 1


@pytest.mark.rule("ORG-22")
def test_the_preview_tells_what_would_happen(manager, peer, supervisor, settings):
    settings.PORTFOLIO_CLIENTS = 2
    make_clients(peer, 2)
    _one, two = clients = make_clients(manager, 2)
    client_services.assign_owner(client=two, owner=peer, reason="x", now=NOON, by=supervisor)

    shown = bulk_preview(
        list(Client.objects.filter(pk__in=[c.pk for c in clients]).order_by("code")),
        {"owner": peer.pk},
    )

    assert (shown.changing, shown.same, shown.refused, shown.is_too_many) == (1, 1, 0, True)
    assert [(c.old, c.new) for c in shown.rows[0].changes] == [("Ma Li", "Pan Wei")]


def test_the_number_of_queries_does_not_grow(manager, peer, supervisor):
    def queries(number):
        clients = make_clients(manager, number, industry="retail")
        rows = seen(clients)
        with CaptureQueriesContext(connection) as captured:
            done = change(clients, supervisor, rows=rows, owner=peer.pk, industry="x")
        with CaptureQueriesContext(connection) as back:
            undo(done, supervisor)
        return len(captured), len(back)

    queries(1)  # what is cached from the first time on
    for_one = queries(1)

    assert queries(3) == for_one


@pytest.mark.parametrize(
    "wrong",
    [
        {"reason": ""},
        {"clients": 0},
        {"undone_at": LATER},
        {"undone_at": LATER, "undo_reason": "x", "done_at": None},
    ],
)
def test_constraints_of_a_change(supervisor, manager, wrong):
    done = change(make_clients(manager, 1), supervisor, industry="x")
    with pytest.raises(IntegrityError), transaction.atomic():
        BulkChange.objects.filter(pk=done.pk).update(**wrong)


def test_a_client_stands_once_in_a_change(supervisor, manager):
    done = change(make_clients(manager, 1), supervisor, industry="x")
    item = done.items.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        BulkItem.objects.create(change=done, client=item.client, seen_at=NOON)
