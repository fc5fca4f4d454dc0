"""Cards by bills, as months of a year: the same rows in whatever order bills come and go."""

from datetime import date

import pytest

from accounts.choices import Tier
from accounts.models import Member, TierTerm
from analytics.models import MemberBill
from analytics.services.tier_terms import refresh_tier_terms
from tests.factories.accounts import MemberFactory
from tests.factories.analytics import add_member_bill
from tests.factories.members import TierTermFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def member(own_client):
    return MemberFactory(client=own_client)


def bill(member, month, tier, year=2026):
    add_member_bill(
        period=date(year, month, 1), msisdn=member.msisdn, client=member.client, tier=tier
    )


def refresh(year=2026):
    refresh_tier_terms(year=year, by=None)
    rows = TierTerm.objects.order_by("member", "from_month", "tier")
    return [(row.from_month.month, row.until_month.month, row.tier) for row in rows]


@pytest.mark.rule("AMB-16", "ARC-51")
def test_a_card_stays_from_its_first_month_until_the_year_ends(member):
    for month, tier in ((1, Tier.SILVER), (2, Tier.NONE), (3, Tier.GOLD), (6, Tier.SILVER)):
        bill(member, month, tier)

    assert refresh() == [(1, 12, Tier.SILVER), (3, 12, Tier.GOLD)]

    member.tier = Tier.SILVER  # as the newest bill says
    member.save()
    tiers = {
        month: Member.objects.with_tier(date(2026, month, 1)).get().effective_tier
        for month in (2, 3, 6, 12)
    }
    assert tiers == {2: Tier.SILVER, 3: Tier.GOLD, 6: Tier.GOLD, 12: Tier.GOLD}


@pytest.mark.rule("AMB-16")
def test_with_downgrades_allowed_a_card_lasts_as_long_as_its_bills(member, settings):
    settings.TIER_STAYS_FOR_YEAR = False
    for month, tier in ((1, 2), (2, 2), (3, 3), (4, 2), (6, 2)):
        bill(member, month, tier)

    assert refresh() == [(1, 2, 2), (3, 3, 3), (4, 4, 2), (6, 6, 2)]


@pytest.mark.rule("ARC-49")
def test_a_card_ends_with_its_calendar_year(member):
    bill(member, 11, Tier.GOLD, year=2025)
    bill(member, 1, Tier.NONE)

    assert refresh(2025) == [(11, 12, Tier.GOLD)]
    assert refresh(2026) == [(11, 12, Tier.GOLD)]
    assert Member.objects.with_tier(date(2026, 1, 5)).get().effective_tier == Tier.NONE


def test_again_changes_nothing_and_a_correction_what_it_corrects(member):
    bill(member, 3, Tier.GOLD)
    bill(member, 5, Tier.SILVER)
    refresh()
    before = set(TierTerm.objects.values_list("pk", "tier"))
    refresh()
    assert set(TierTerm.objects.values_list("pk", "tier")) == before

    MemberBill.objects.filter(period=date(2026, 3, 1)).update(tier=Tier.NONE)
    assert refresh() == [(5, 12, Tier.SILVER)]

    MemberBill.objects.filter(period=date(2026, 3, 1)).update(tier=Tier.SILVER)
    assert refresh() == [(3, 12, Tier.SILVER)]


def test_lines_without_cards_have_no_rows(member):
    bill(member, 3, Tier.NONE)

    assert refresh() == []


def test_what_dropped_bills_gave_stays(member):
    TierTermFactory(member=member, from_month=date(2026, 1, 1), tier=Tier.DIAMOND)
    bill(member, 3, Tier.GOLD)

    assert refresh() == [(1, 12, Tier.DIAMOND), (3, 12, Tier.GOLD)]
