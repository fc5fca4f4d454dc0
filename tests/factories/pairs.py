"""Pairs of records that may be the same."""

from datetime import UTC, datetime

import factory
from factory.django import DjangoModelFactory

from accounts.models import SuspectedPair
from tests.factories.accounts import ClientFactory, ContactFactory
from tests.factories.staff import UserFactory

NOON = datetime(2026, 7, 6, 4, tzinfo=UTC)


class SuspectedPairFactory(DjangoModelFactory):
    """Two clients of `owner`, the one with the lower id first."""

    class Meta:
        model = SuspectedPair

    class Params:
        owner = factory.SubFactory(UserFactory)

    kind = "client"
    first = factory.SubFactory(ClientFactory, owner=factory.SelfAttribute("..owner"))
    second = factory.SubFactory(ClientFactory, owner=factory.SelfAttribute("..owner"))
    reason = "same_name"
    found_at = NOON

    @classmethod
    def _adjust_kwargs(cls, **kwargs):
        if kwargs["kind"] == "client" and kwargs["first"].pk > kwargs["second"].pk:
            kwargs["first"], kwargs["second"] = kwargs["second"], kwargs["first"]
        return kwargs


def contact_pair(owner, **fields):
    """Two contacts of one client."""
    client = ClientFactory(owner=owner)
    one, two = sorted((ContactFactory(client=client) for _ in range(2)), key=lambda row: row.pk)
    return SuspectedPairFactory(
        kind="contact", first=client, second=client, first_contact=one, second_contact=two,
        reason="same_mobile", **fields,
    )  # fmt: skip
