"""What hangs on a client goes along when another account manager takes it over."""

import pytest
from django.utils import timezone

from accounts.services.clients import assign_owner
from analytics.models import Alert
from staff.models import Task
from tests.factories.accounts import ClientFactory
from tests.factories.analytics import AlertFactory
from tests.factories.staff import TaskFactory
from tests.factories.visits import VisitFactory

pytestmark = [pytest.mark.django_db, pytest.mark.rule("ORG-02")]


def test_open_tasks_and_planned_visits_follow_the_client(manager, peer, supervisor):
    client = ClientFactory(owner=manager, unit=manager.unit)
    task = TaskFactory(assignee=manager)
    AlertFactory(client=client, task=task)
    planned = VisitFactory(client=client, visitor=manager)
    elsewhere = VisitFactory(client=ClientFactory(owner=manager), visitor=manager)

    assign_owner(client=client, owner=peer, reason="leave", now=timezone.now(), by=supervisor)

    for row in (task, planned, elsewhere):
        row.refresh_from_db()
    assert (task.assignee, planned.visitor, elsewhere.visitor) == (peer, peer, manager)
    assert Task.objects.visible_to(peer).get() == task
    assert not Alert.objects.visible_to(manager).exists()


def test_what_is_done_stays_with_who_did_it(manager, peer, supervisor):
    client = ClientFactory(owner=manager, unit=manager.unit)
    task = TaskFactory(assignee=manager, done_at=timezone.now())
    AlertFactory(client=client, task=task)

    assign_owner(client=client, owner=peer, reason="leave", now=timezone.now(), by=supervisor)

    task.refresh_from_db()
    assert task.assignee == manager


def test_alert_that_nobody_answered_for_gets_its_task(manager, supervisor):
    client = ClientFactory(owner=None, unit=manager.unit)
    alert = AlertFactory(client=client, task=None)
    closed = AlertFactory(client=client, task=None, state="withdrawn", reading=None)

    assign_owner(client=client, owner=manager, reason="first", now=timezone.now(), by=supervisor)

    alert.refresh_from_db()
    closed.refresh_from_db()
    task = Task.objects.get()
    assert (alert.task, closed.task) == (task, None)
    assert (task.assignee, task.due_on, task.done_at) == (manager, alert.due_on, None)


def test_visits_of_representative_and_supervisor_stay_theirs(
    manager, peer, supervisor, representative
):
    client = ClientFactory(owner=manager, unit=manager.unit, chief_representative=representative)
    visits = [VisitFactory(client=client, visitor=p) for p in (manager, representative, supervisor)]

    assign_owner(client=client, owner=peer, reason="leave", now=timezone.now(), by=supervisor)

    for visit in visits:
        visit.refresh_from_db()
    assert [visit.visitor for visit in visits] == [peer, representative, supervisor]
