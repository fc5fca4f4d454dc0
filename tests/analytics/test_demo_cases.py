"""The cases, gifts and services of the demo company."""

from datetime import UTC, datetime

import pytest

from analytics.demo.cases import STORIES, make_cases
from care.models import Gift, ServiceRecord
from complaints.choices import CaseKind, CaseStatus
from complaints.models import Case
from staff.choices import Role
from tests.factories.accounts import ClientFactory
from tests.factories.staff import UserFactory

pytestmark = pytest.mark.django_db


def test_a_dozen_cases_at_every_step(manager, supervisor, units):
    clerk = UserFactory(role=Role.COMPLAINT_CLERK, unit=units.city_1)
    ClientFactory.create_batch(len(STORIES) + 1, owner=manager)
    ClientFactory(owner=None, unit=units.team_1)

    make_cases(now=datetime(2026, 7, 20, 2, tzinfo=UTC))

    cases = Case.objects.all()
    assert len(cases) == len(STORIES) == 12
    assert {case.status for case in cases} == set(CaseStatus.values)
    assert {case.kind for case in cases} == set(CaseKind.values)
    assert {case.first_responder for case in cases} == {manager, clerk}
    assert {case.assignee for case in cases} == {manager}
    assert (ServiceRecord.objects.count(), Gift.objects.count()) == (12, 4)
    assert Gift.objects.waiting().exists()
