"""The lists of a client's archive, checks and steps of its life."""

from datetime import UTC, date, datetime

import factory
from factory.django import DjangoModelFactory

from accounts.models import (
    Agreement,
    Anniversary,
    ArchiveCheck,
    Area,
    CollectionCount,
    Department,
    Industry,
    Policy,
    Segment,
    StatusChange,
    SuccessCase,
)
from crm.lib.pinyin import search_text
from tests.factories.accounts import ClientFactory
from tests.factories.staff import UserFactory

NOON = datetime(2026, 7, 6, 4, tzinfo=UTC)


class ItemFactory(DjangoModelFactory):
    class Meta:
        abstract = True

    client = factory.SubFactory(ClientFactory)


class DepartmentFactory(ItemFactory):
    class Meta:
        model = Department

    name = factory.Sequence(lambda n: f"Department {n}")


class AnniversaryFactory(ItemFactory):
    class Meta:
        model = Anniversary

    name = factory.Sequence(lambda n: f"Anniversary {n}")
    day = date(1998, 1, 2)


class AgreementFactory(ItemFactory):
    class Meta:
        model = Agreement

    product = factory.Sequence(lambda n: f"VPMN {n}")
    search_text = factory.LazyAttribute(lambda made: search_text(made.product))


class PolicyFactory(ItemFactory):
    class Meta:
        model = Policy

    name = factory.Sequence(lambda n: f"Policy {n}")


class CollectionCountFactory(ItemFactory):
    class Meta:
        model = CollectionCount

    month = factory.Sequence(lambda n: date(1990 + n // 12 % 100, n % 12 + 1, 1))
    users = 10


class SegmentFactory(ItemFactory):
    class Meta:
        model = Segment

    factor = "loyalty"
    value = factory.Sequence(lambda n: f"mark {n}")


class AreaFactory(ItemFactory):
    class Meta:
        model = Area

    name = factory.Sequence(lambda n: f"Village {n}")


class SuccessCaseFactory(ItemFactory):
    class Meta:
        model = SuccessCase

    title = factory.Sequence(lambda n: f"Case {n}")


class IndustryFactory(DjangoModelFactory):
    class Meta:
        model = Industry
        django_get_or_create = ("name",)

    name = factory.Sequence(lambda n: f"Industry {n}")


class StatusChangeFactory(ItemFactory):
    class Meta:
        model = StatusChange

    old = "potential"
    new = "target"
    reason = "They want a quotation."
    changed_at = NOON


class ArchiveCheckFactory(ItemFactory):
    class Meta:
        model = ArchiveCheck

    address_matches = False
    found = "They moved to another street."
    checked_at = NOON
    checked_by = factory.SubFactory(UserFactory)


FACTORIES = {
    "segments": SegmentFactory,
    "anniversaries": AnniversaryFactory,
    "departments": DepartmentFactory,
    "collection-counts": CollectionCountFactory,
    "policies": PolicyFactory,
    "agreements": AgreementFactory,
    "areas": AreaFactory,
    "success-cases": SuccessCaseFactory,
}
