"""Clients, contacts and members."""

from datetime import UTC, date, datetime, time

import factory
from factory.django import DjangoModelFactory

from accounts.choices import MemberStatus
from accounts.models import (
    ClassProposal,
    Client,
    ConfidentialLook,
    ConfidentialProfile,
    Contact,
    ContactLog,
    ContactNote,
    ContactRelation,
    ContactWindow,
    Escalation,
    Instruction,
    MajorChange,
    Member,
    Note,
    NumberReveal,
    Ownership,
    Promise,
    Representation,
    RhythmVersion,
    Tip,
)
from accounts.services import clients, contacts
from tests.factories.staff import UnitFactory, UserFactory

TODAY = date(2026, 7, 6)


class ClientFactory(DjangoModelFactory):
    """A signed client without an owner; with `owner=` its unit is the owner's.

    The row only: for the history of ownership use `accounts.services.clients.assign_owner`.
    """

    class Meta:
        model = Client

    code = factory.Sequence(lambda n: f"C{n:05}")
    name = factory.Sequence(lambda n: f"Client {n}")
    owner = None
    unit = factory.Maybe(
        "owner",
        yes_declaration=factory.SelfAttribute("owner.unit"),
        no_declaration=factory.SubFactory(UnitFactory),
    )

    @classmethod
    def _build(cls, model_class, *args, **kwargs):
        client = super()._build(model_class, *args, **kwargs)
        clients.client_keys(client)
        return client

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        client = cls._build(model_class, *args, **kwargs)
        client.save(force_insert=True)
        return client


class OwnershipFactory(DjangoModelFactory):
    class Meta:
        model = Ownership

    owner = factory.SubFactory(UserFactory)
    client = factory.SubFactory(ClientFactory, owner=factory.SelfAttribute("..owner"))
    started_at = datetime(2026, 1, 5, 1, tzinfo=UTC)


class ContactFactory(DjangoModelFactory):
    class Meta:
        model = Contact

    client = factory.SubFactory(ClientFactory)
    name = factory.Sequence(lambda n: f"Contact {n}")
    mobile = factory.Sequence(lambda n: f"139{n:08}")

    @classmethod
    def _build(cls, model_class, *args, **kwargs):
        contact = super()._build(model_class, *args, **kwargs)
        contacts.contact_keys(contact, today=TODAY)
        return contact

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        contact = cls._build(model_class, *args, **kwargs)
        contact.save(force_insert=True)
        return contact


class MemberFactory(DjangoModelFactory):
    class Meta:
        model = Member

    client = factory.SubFactory(ClientFactory)
    msisdn = factory.Sequence(lambda n: 13_800_000_000 + n)
    status = MemberStatus.ACTIVE


class NumberRevealFactory(DjangoModelFactory):
    class Meta:
        model = NumberReveal

    member = factory.SubFactory(MemberFactory)
    revealed_by = factory.SubFactory(UserFactory)
    revealed_at = datetime(2026, 7, 6, 1, tzinfo=UTC)
    reason = "The client asked about this line."


class ClassProposalFactory(DjangoModelFactory):
    """Somebody wants class A for a client without one."""

    class Meta:
        model = ClassProposal

    client = factory.SubFactory(ClientFactory)
    to_class = "A"
    reason = "Income doubled within a year."
    proposed_at = datetime(2026, 7, 6, 1, tzinfo=UTC)
    proposed_by = factory.SubFactory(UserFactory)


class MajorChangeFactory(DjangoModelFactory):
    """Reported two days after it happened, three hours after we learned of it."""

    class Meta:
        model = MajorChange

    client = factory.SubFactory(ClientFactory)
    kind = "leadership"
    happened_on = date(2026, 7, 4)
    learned_at = datetime(2026, 7, 6, 1, tzinfo=UTC)
    reported_at = datetime(2026, 7, 6, 4, tzinfo=UTC)
    text = "A new director was appointed."
    reported_by = factory.SubFactory(UserFactory)


class RepresentationFactory(DjangoModelFactory):
    """The row of the history only; due long ago."""

    class Meta:
        model = Representation

    client = factory.SubFactory(ClientFactory)
    representative = factory.SubFactory(UserFactory)
    started_at = datetime(2026, 1, 5, 1, tzinfo=UTC)
    visit_due_on = date(2026, 4, 5)


class InstructionFactory(DjangoModelFactory):
    class Meta:
        model = Instruction

    client = factory.SubFactory(ClientFactory)
    text = "Ask about the new branch."
    due_on = date(2026, 7, 10)
    given_by = factory.SubFactory(UserFactory)
    given_to = factory.SubFactory(UserFactory)
    given_at = datetime(2026, 7, 6, 1, tzinfo=UTC)


class EscalationFactory(DjangoModelFactory):
    """To the own centre."""

    class Meta:
        model = Escalation

    client = factory.SubFactory(ClientFactory)
    level = 1
    reason = "The network department does not answer."
    escalated_by = factory.SubFactory(UserFactory)
    escalated_at = datetime(2026, 7, 6, 1, tzinfo=UTC)


class PromiseFactory(DjangoModelFactory):
    """Within one's authority; `waiting=True` for one that is not."""

    class Meta:
        model = Promise

    class Params:
        waiting = factory.Trait(state="waiting", needs_authority=True)

    client = factory.SubFactory(ClientFactory)
    text = "A quotation for the leased line."
    due_on = date(2026, 7, 10)
    state = "open"
    made_by = factory.SubFactory(UserFactory)
    made_at = datetime(2026, 7, 6, 1, tzinfo=UTC)


class RhythmVersionFactory(DjangoModelFactory):
    class Meta:
        model = RhythmVersion

    kind = "representative"
    client_class = "A"
    version = 1
    months = 2
    reason = "More often."


class ContactNoteFactory(DjangoModelFactory):
    class Meta:
        model = ContactNote

    contact = factory.SubFactory(ContactFactory)
    told_on = date(2026, 7, 1)
    text = "The daughter starts school in autumn."
    written_by = factory.SubFactory(UserFactory)


class ContactWindowFactory(DjangoModelFactory):
    """Working mornings."""

    class Meta:
        model = ContactWindow

    contact = factory.SubFactory(ContactFactory)
    weekdays = factory.LazyFunction(lambda: [1, 2, 3, 4, 5])
    starts = time(9)
    ends = time(11, 30)


class ContactRelationFactory(DjangoModelFactory):
    """The person reports to another one of the same client."""

    class Meta:
        model = ContactRelation

    person = factory.SubFactory(ContactFactory)
    other = factory.SubFactory(ContactFactory, client=factory.SelfAttribute("..person.client"))
    kind = "reports_to"


class ConfidentialProfileFactory(DjangoModelFactory):
    class Meta:
        model = ConfidentialProfile

    contact = factory.SubFactory(ContactFactory)
    negotiation_style = "Waits for the third offer."


class ConfidentialLookFactory(DjangoModelFactory):
    class Meta:
        model = ConfidentialLook

    contact = factory.SubFactory(ContactFactory)
    looked_by = factory.SubFactory(UserFactory)
    looked_at = datetime(2026, 7, 6, 1, tzinfo=UTC)
    reason = "Contract talks on Thursday."


class TipFactory(DjangoModelFactory):
    """Those of the handbooks are there from the migration, unless a test emptied the tables."""

    class Meta:
        model = Tip
        django_get_or_create = ("subject", "value")

    subject = "personality"
    value = "analytical"
    text_en = "Calculate in detail."
    text_zh = "具体算账。"


class ContactLogFactory(DjangoModelFactory):
    """A call that its person made to an own client, Monday 6 July 2026 at 10:00 in Beijing."""

    class Meta:
        model = ContactLog

    logged_by = factory.SubFactory(UserFactory)
    client = factory.SubFactory(ClientFactory, owner=factory.SelfAttribute("..logged_by"))
    happened_at = datetime(2026, 7, 6, 2, tzinfo=UTC)
    created_at = datetime(2026, 7, 6, 2, tzinfo=UTC)
    content = "They are content."


class NoteFactory(DjangoModelFactory):
    class Meta:
        model = Note

    author = factory.SubFactory(UserFactory)
    client = factory.SubFactory(ClientFactory, owner=factory.SelfAttribute("..author"))
    text = "The new building opens in May."
    created_at = datetime(2026, 7, 6, 2, tzinfo=UTC)
