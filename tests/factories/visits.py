"""Visits."""

from datetime import UTC, date, datetime

import factory
from factory.django import DjangoModelFactory

from tests.factories.accounts import ClientFactory
from tests.factories.staff import UserFactory
from visits.choices import VisitPurpose, VisitState
from visits.models import Visit


class VisitFactory(DjangoModelFactory):
    """A planned door visit, Monday 6 July 2026 at 10:00 in Beijing; `done=True` for a logged one."""

    class Meta:
        model = Visit

    class Params:
        done = factory.Trait(
            state=VisitState.DONE,
            summary="Talked about the bill.",
            next_step="Send an offer.",
            held_at=datetime(2026, 7, 6, 2, tzinfo=UTC),
            recorded_at=datetime(2026, 7, 6, 8, tzinfo=UTC),
        )

    visitor = factory.SubFactory(UserFactory)
    client = factory.SubFactory(ClientFactory, owner=factory.SelfAttribute("..visitor"))
    purpose = VisitPurpose.LIAISON
    outline = "How are things going?"
    starts_at = datetime(2026, 7, 6, 2, tzinfo=UTC)
    record_due_on = date(2026, 7, 9)
    created_by = factory.SelfAttribute("visitor")
