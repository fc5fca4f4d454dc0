"""Gifts and service records."""

from datetime import UTC, date, datetime
from decimal import Decimal

import factory
from factory.django import DjangoModelFactory

from care.choices import GiftState
from care.models import Gift, ServiceRecord
from tests.factories.accounts import ClientFactory
from tests.factories.staff import UserFactory


class GiftFactory(DjangoModelFactory):
    """A small one, given; `waiting`, `approved`: a dear one."""

    class Meta:
        model = Gift

    class Params:
        waiting = factory.Trait(value=Decimal("500.00"), state=GiftState.WAITING)
        approved = factory.Trait(
            value=Decimal("500.00"),
            state=GiftState.APPROVED,
            decided_by=factory.SubFactory(UserFactory),
            decided_at=datetime(2026, 7, 7, tzinfo=UTC),
        )

    person = factory.SubFactory(UserFactory)
    registered_by = factory.SelfAttribute("person")
    client = factory.SubFactory(ClientFactory, owner=factory.SelfAttribute("..person"))
    occasion = "festival"
    item = "Moon cakes"
    value = Decimal("80.00")
    happened_on = date(2026, 7, 6)


class ServiceRecordFactory(DjangoModelFactory):
    class Meta:
        model = ServiceRecord

    served_by = factory.SubFactory(UserFactory)
    client = factory.SubFactory(ClientFactory, owner=factory.SelfAttribute("..served_by"))
    service = "bill"
    served_on = date(2026, 7, 6)
    done = "Went through the bill line by line."
