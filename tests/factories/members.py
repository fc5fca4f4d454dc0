"""What people know of lines, their cards and entitlements."""

from datetime import UTC, date, datetime

import factory
from factory.django import DjangoModelFactory

from accounts.choices import RecordWay, Tier
from accounts.models import (
    Entitlement,
    EntitlementUse,
    MemberProfile,
    OwnerChange,
    RecordLook,
    TierGrant,
    TierTerm,
)
from tests.factories.accounts import MemberFactory
from tests.factories.staff import UserFactory


class MemberProfileFactory(DjangoModelFactory):
    """Registered to one person, used by another."""

    class Meta:
        model = MemberProfile

    member = factory.SubFactory(MemberFactory)
    registered_owner = "Owner Wang"
    actual_user = "User Li"


class OwnerChangeFactory(DjangoModelFactory):
    class Meta:
        model = OwnerChange

    member = factory.SubFactory(MemberFactory)
    old_owner = "Owner Wang"
    new_owner = "User Li"
    document = "id_card"
    document_tail = "123X"
    note = "Both came to the hall; copy in folder 7."
    checked_by = factory.SubFactory(UserFactory)
    checked_at = datetime(2026, 7, 6, 1, tzinfo=UTC)


class TierTermFactory(DjangoModelFactory):
    """Gold by bills from March on."""

    class Meta:
        model = TierTerm

    member = factory.SubFactory(MemberFactory)
    tier = Tier.GOLD
    from_month = date(2026, 3, 1)
    until_month = date(2026, 12, 1)


class TierGrantFactory(DjangoModelFactory):
    """Silver for the whole year."""

    class Meta:
        model = TierGrant

    member = factory.SubFactory(MemberFactory)
    tier = Tier.SILVER
    from_month = date(2026, 1, 1)
    until_month = date(2026, 12, 1)
    reason = "Decided in the yearly review."
    granted_by = factory.SubFactory(UserFactory)
    granted_at = datetime(2026, 1, 5, 1, tzinfo=UTC)


class RecordLookFactory(DjangoModelFactory):
    class Meta:
        model = RecordLook

    member = factory.SubFactory(MemberFactory)
    way = RecordWay.SCREEN
    reason = "The client doubts a bill."
    looked_by = factory.SubFactory(UserFactory)
    looked_at = datetime(2026, 7, 6, 1, tzinfo=UTC)


class EntitlementFactory(DjangoModelFactory):
    """From silver upwards, without limits."""

    class Meta:
        model = Entitlement

    code = factory.Sequence(lambda n: f"E-{n:03}")
    name_zh = factory.Sequence(lambda n: f"服务{n}")
    name_en = factory.Sequence(lambda n: f"Service {n}")
    tier = Tier.SILVER


class EntitlementUseFactory(DjangoModelFactory):
    """The first use of a line."""

    class Meta:
        model = EntitlementUse

    entitlement = factory.SubFactory(EntitlementFactory)
    member = factory.SubFactory(MemberFactory)
    client = factory.LazyAttribute(lambda use: (use.member or use.contact).client)
    used_on = date(2026, 7, 6)
    year = factory.LazyAttribute(lambda use: use.used_on.year)
    number = 1
    tier = Tier.GOLD
    recorded_by = factory.SubFactory(UserFactory)
    recorded_at = datetime(2026, 7, 6, 1, tzinfo=UTC)
