"""Reports, recipients, changes of agents, voices of clients and improvements."""

from datetime import UTC, date, datetime, timedelta

import factory
from factory.django import DjangoModelFactory

from accounts.models import ChangeRequest, ClientVoice, Improvement, Report, ReportRecipient
from tests.factories.accounts import ClientFactory
from tests.factories.staff import UserFactory

NOON = datetime(2026, 7, 6, 4, tzinfo=UTC)


class ReportFactory(DjangoModelFactory):
    """A draft about an own client of its author; traits make the other kinds."""

    class Meta:
        model = Report

    class Params:
        summarising = factory.Trait(kind="summary", about=None)
        urgent = factory.Trait(
            kind="urgent", about=None, learned_at=NOON, due_at=NOON + timedelta(hours=24)
        )
        market = factory.Trait(
            kind="market_month",
            about=None,
            month=date(2026, 6, 1),
            due_at=NOON,
        )
        submitted = factory.Trait(state="submitted", submitted_at=NOON)

    author = factory.SubFactory(UserFactory)
    about = factory.SubFactory(ClientFactory, owner=factory.SelfAttribute("..author"))
    unit = factory.SelfAttribute("author.unit")
    kind = "suggestion"
    title = "Suggestion: Own Client"
    lines = factory.LazyFunction(
        lambda: [{"source": "income", "finding": "Income fell.", "action": "Ask."}]
    )
    created_at = NOON


class ReportRecipientFactory(DjangoModelFactory):
    class Meta:
        model = ReportRecipient

    person = factory.SubFactory(UserFactory)
    added_at = NOON
    added_by = factory.SubFactory(UserFactory)


class ChangeRequestFactory(DjangoModelFactory):
    """Its person wants another address for an own client."""

    class Meta:
        model = ChangeRequest

    requested_by = factory.SubFactory(UserFactory)
    client = factory.SubFactory(ClientFactory, owner=factory.SelfAttribute("..requested_by"))
    changes = factory.LazyFunction(
        lambda: [{"name": "address", "before": "", "after": "1 Quay", "accepted": None}]
    )
    reason = "The village head told me."
    requested_at = NOON


class ClientVoiceFactory(DjangoModelFactory):
    class Meta:
        model = ClientVoice

    recorded_by = factory.SubFactory(UserFactory)
    client = factory.SubFactory(ClientFactory, owner=factory.SelfAttribute("..recorded_by"))
    said_by = "Zhao Min"
    topic = "service"
    text = "It takes too long."
    heard_on = date(2026, 7, 6)
    recorded_at = NOON


class ImprovementFactory(DjangoModelFactory):
    """Open, out of one's own work."""

    class Meta:
        model = Improvement

    suggested_by = factory.SubFactory(UserFactory)
    unit = factory.SelfAttribute("suggested_by.unit")
    title = "Shorter ways"
    text = "One form instead of three."
    suggested_at = NOON
