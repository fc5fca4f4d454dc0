"""What hangs on a client goes along when another account manager takes it over."""

import pytest
from django.utils import timezone

from accounts.services import assign_owner
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
