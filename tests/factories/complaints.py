"""Cases."""

from datetime import UTC, datetime

import factory
from factory.django import DjangoModelFactory

from complaints.choices import CaseKind, CaseStatus, StepKind, Window
from complaints.models import Case, CaseStep, ClientLookup, LessonRead
from tests.factories.accounts import ClientFactory
from tests.factories.staff import UserFactory


class CaseFactory(DjangoModelFactory):
    """A complaint of Monday 6 July 2026, 10:00 in Beijing, taken down by its handler.

    `replied`, `resolved`, `closed`: that far; the client belongs to whoever took it down.
    """

    class Meta:
        model = Case

    class Params:
        replied = factory.Trait(
            status=CaseStatus.REPLIED,
            first_replied_at=datetime(2026, 7, 6, 4, tzinfo=UTC),
            due_at=factory.SelfAttribute("resolution_due_at"),
        )
        resolved = factory.Trait(
            replied=True,
            status=CaseStatus.RESOLVED,
            resolved_at=datetime(2026, 7, 8, 4, tzinfo=UTC),
            result="The fee was given back.",
        )
        closed = factory.Trait(
            resolved=True,
            status=CaseStatus.CLOSED,
            closed_at=datetime(2026, 7, 9, 4, tzinfo=UTC),
            satisfaction="satisfied",
            summary="Somebody had booked the wrong package; we check the order aloud now.",
        )

    number = factory.Sequence(lambda n: f"C2607-{n:05}")
    first_responder = factory.SubFactory(UserFactory)
    assignee = factory.SelfAttribute("first_responder")
    client = factory.SubFactory(ClientFactory, owner=factory.SelfAttribute("..first_responder"))
    receiving_unit = factory.SelfAttribute("first_responder.unit")
    responsible_unit = factory.SelfAttribute("receiving_unit")
    window = Window.CENTRE
    kind = CaseKind.COMPLAINT
    caller_name = "Qian Lan"
    caller_number = "13845670001"
    said = "The bill is twice as high as last month."
    first_contact_at = datetime(2026, 7, 6, 2, tzinfo=UTC)
    first_reply_due_at = datetime(2026, 7, 8, 2, tzinfo=UTC)
    resolution_due_at = datetime(2026, 7, 13, 15, 59, 59, tzinfo=UTC)
    due_at = factory.SelfAttribute("first_reply_due_at")


class CaseStepFactory(DjangoModelFactory):
    class Meta:
        model = CaseStep

    case = factory.SubFactory(CaseFactory)
    kind = StepKind.NOTE
    at = datetime(2026, 7, 6, 3, tzinfo=UTC)
    by = factory.SelfAttribute("case.first_responder")
    text = "Asked the billing department."


class LessonReadFactory(DjangoModelFactory):
    class Meta:
        model = LessonRead

    case = factory.SubFactory(CaseFactory, closed=True, is_lesson=True)
    person = factory.SubFactory(UserFactory)
    read_at = datetime(2026, 7, 10, tzinfo=UTC)


class ClientLookupFactory(DjangoModelFactory):
    class Meta:
        model = ClientLookup

    person = factory.SubFactory(UserFactory)
    text = "shuiwu"
    shown = 1
    looked_at = datetime(2026, 7, 6, 2, tzinfo=UTC)
