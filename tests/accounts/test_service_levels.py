"""At which tier contacts are served: the function and its SQL say the same."""

from itertools import product

import pytest

from accounts.choices import ContactKind, Tier
from accounts.models import Contact
from accounts.service_levels import service_level
from tests.factories.accounts import ClientFactory, ContactFactory, MemberFactory

pytestmark = pytest.mark.django_db


@pytest.mark.rule("ARC-41", "ARC-42", "ARC-43")
@pytest.mark.parametrize(
    ("client_class", "own", "tier"),
    [
        ("A", Tier.NONE, Tier.DIAMOND),
        ("A", Tier.DIAMOND, Tier.DIAMOND),
        ("B", Tier.NONE, Tier.GOLD),
        ("B", Tier.SILVER, Tier.GOLD),
        ("B", Tier.DIAMOND, Tier.DIAMOND),
        ("C", Tier.NONE, Tier.SILVER),
        ("C", Tier.VIP, Tier.SILVER),
        ("C", Tier.GOLD, Tier.GOLD),
        ("", Tier.NONE, Tier.NONE),
        ("", Tier.VIP, Tier.VIP),
    ],
)
def test_the_level_is_the_higher_of_card_and_class(client_class, own, tier):
    assert service_level(own=own, client_class=client_class, is_key=True).tier == tier


@pytest.mark.rule("ARC-46")
def test_tiers_are_in_order():
    assert Tier.NONE < Tier.VIP < Tier.SILVER < Tier.GOLD < Tier.DIAMOND


@pytest.mark.parametrize(
    ("own", "client_class", "is_key", "reason"),
    [
        (Tier.DIAMOND, "B", True, "own card"),
        (Tier.GOLD, "B", True, "own card and the client's class"),
        (Tier.NONE, "B", True, "at least this for key persons of the client's class"),
        (Tier.NONE, "A", False, "no card of their own; the class counts for key persons only"),
        (Tier.NONE, "", True, "no card of their own, and the client has no class yet"),
    ],
)
def test_the_level_says_why(own, client_class, is_key, reason):
    level = service_level(own=own, client_class=client_class, is_key=is_key)

    assert level.reason == reason


@pytest.mark.rule("ARC-41", "ARC-42", "ARC-43", "ARC-44")
def test_sql_and_function_agree_on_every_combination(manager):
    number = 13_800_000_000
    for letter in ("A", "B", "C", ""):
        client = ClientFactory(owner=manager, client_class=letter)
        for kind, is_external, own, line in product(
            ContactKind, (False, True), (Tier.NONE, Tier.GOLD), (None, Tier.VIP, Tier.DIAMOND)
        ):
            number += 1
            ContactFactory(client=client, kind=kind, is_external=is_external, own_tier=own,
                           mobile=str(number))  # fmt: skip
            if line is not None:
                MemberFactory(client=client, msisdn=number, tier=line)

    rows = list(Contact.objects.select_related("client").with_service_tier())

    assert len(rows) == 192
    assert {row.service_tier for row in rows} == {0, 1, 2, 3, 4}
    assert all(row.service_tier == row.service_level.tier for row in rows)


def test_a_line_of_another_client_says_nothing(own_client, foreign_client):
    MemberFactory(client=foreign_client, msisdn=13_812_345_678, tier=Tier.DIAMOND)
    contact = ContactFactory(client=own_client, mobile="138 1234 5678", kind="other")

    assert contact.line_number == 13_812_345_678
    assert Contact.objects.with_service_tier().get(pk=contact.pk).service_tier == Tier.NONE


def test_the_own_line_goes_before_the_mobile(own_client):
    MemberFactory(client=own_client, msisdn=13_800_000_001, tier=Tier.SILVER)
    contact = ContactFactory(client=own_client, mobile="13900000002", own_line="+86 13800000001")

    assert Contact.objects.with_service_tier().get(pk=contact.pk).own_card == Tier.SILVER
