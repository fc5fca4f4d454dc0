"""What a line counts as, and how that is granted, ended and looked at again."""

from datetime import UTC, date, datetime

import pytest

from accounts.choices import MAIN_SERVICES, ClientClass, Tier
from accounts.exceptions import NotOneYear, ReasonMissing, TierOverlaps
from accounts.models import Member, TierGrant
from accounts.services import tiers
from staff.models import Task
from tests.factories.accounts import ClientFactory, MemberFactory
from tests.factories.members import MemberProfileFactory, TierGrantFactory, TierTermFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 7, 6, 1, tzinfo=UTC)
TODAY = date(2026, 7, 6)


def counts_as(member, day=TODAY) -> Tier:
    return Tier(Member.objects.with_tier(day).get(pk=member.pk).effective_tier)


def grant(member, by, **fields):
    values = {
        "tier": Tier.GOLD, "from_month": date(2026, 5, 1), "until_month": date(2026, 12, 1),
        "reason": "Review", "now": NOW,
    }  # fmt: skip
    return tiers.grant_tier(member=member, by=by, **values | fields)


# Effective tier ---------------------------------------------------------------------------------


@pytest.mark.rule("ARC-46")
def test_cards_have_an_order():
    assert Tier.NONE < Tier.VIP < Tier.SILVER < Tier.GOLD < Tier.DIAMOND


@pytest.mark.rule("ARC-44", "ARC-45")
@pytest.mark.parametrize("is_key", [True, False])
@pytest.mark.parametrize("letter", ["A", "B", "C", ""])
@pytest.mark.parametrize("card", Tier)
def test_key_members_of_class_a_without_a_card_count_as_vip(card, letter, is_key):
    member = MemberFactory(tier=card, client=ClientFactory(client_class=letter))
    MemberProfileFactory(member=member, is_key_member=is_key)

    by_rule = Tier.VIP if is_key and letter == ClientClass.A and card == Tier.NONE else card
    assert counts_as(member) == by_rule


@pytest.mark.rule("ARC-44")
@pytest.mark.parametrize("card", [Tier.VIP, Tier.DIAMOND])
def test_a_member_keeps_its_own_card_whatever_the_class(card):
    assert counts_as(MemberFactory(tier=card, client__client_class="C")) == card


@pytest.mark.rule("ARC-51", "AMB-16")
def test_the_best_card_in_force_counts():
    member = MemberFactory(tier=Tier.SILVER)
    TierTermFactory(member=member, tier=Tier.GOLD)  # March to December
    TierGrantFactory(
        member=member, tier=Tier.DIAMOND, from_month=date(2026, 8, 1), until_month=date(2026, 9, 1)
    )

    by_month = {month: counts_as(member, date(2026, month, 28)) for month in (2, 3, 8, 9, 10)}
    assert by_month == {
        2: Tier.SILVER, 3: Tier.GOLD, 8: Tier.DIAMOND, 9: Tier.DIAMOND, 10: Tier.GOLD,
    }  # fmt: skip
    assert counts_as(member, date(2027, 1, 1)) == Tier.SILVER


@pytest.mark.rule("ARC-51")
def test_a_month_before_the_newest_bill_has_the_card_of_its_own_bills():
    client = ClientFactory(figures_month=date(2026, 6, 1))
    member = MemberFactory(client=client, tier=Tier.GOLD)
    TierTermFactory(member=member, tier=Tier.SILVER, from_month=date(2026, 1, 1))

    assert counts_as(member, date(2026, 5, 31)) == Tier.SILVER
    assert counts_as(member, date(2026, 6, 1)) == Tier.GOLD


@pytest.mark.rule("ARC-44", "ARC-45")
@pytest.mark.parametrize("tier", Tier)
def test_the_filter_finds_exactly_those_that_count_as_the_tier(tier):
    class_a = ClientFactory(client_class="A")
    lines = [MemberFactory(tier=card, client=class_a) for card in Tier]
    lines += [MemberFactory(client=class_a) for _ in range(3)]
    MemberProfileFactory(member=lines[5], is_key_member=True)
    TierTermFactory(member=lines[6], tier=Tier.GOLD)
    TierGrantFactory(member=lines[7], tier=Tier.SILVER)
    TierGrantFactory(member=lines[2], tier=Tier.DIAMOND)  # silver by bill, diamond by grant

    found = set(Member.objects.counting_as(tier, TODAY))

    assert found == {line for line in lines if counts_as(line) == tier}
    assert found


# Grants -----------------------------------------------------------------------------------------


@pytest.mark.rule("ARC-49", "ARC-51")
def test_a_granted_card_counts_and_is_audited(supervisor):
    member = MemberFactory()

    made = grant(member, supervisor)

    assert counts_as(member) == Tier.GOLD
    assert (made.granted_by, made.granted_at, made.year) == (supervisor, NOW, 2026)
    event = made.events.get()
    assert event.pgh_context.metadata == {"verb": "accounts.grant_tier", "actor": supervisor.pk}


def test_a_card_needs_a_reason(supervisor):
    with pytest.raises(ReasonMissing):
        grant(MemberFactory(), supervisor, reason=" ")


@pytest.mark.rule("ARC-49")
@pytest.mark.parametrize("until", [date(2027, 1, 1), date(2026, 4, 1)])
def test_a_card_is_valid_within_one_calendar_year(supervisor, until):
    with pytest.raises(NotOneYear):
        grant(MemberFactory(), supervisor, until_month=until)

    assert not TierGrant.objects.exists()


def test_two_grants_do_not_cover_the_same_month(supervisor):
    member = MemberFactory()
    grant(member, supervisor, until_month=date(2026, 8, 1))

    with pytest.raises(TierOverlaps, match="2026-05 – 2026-08"):
        grant(member, supervisor, from_month=date(2026, 8, 1))
    grant(member, supervisor, from_month=date(2026, 9, 1))

    assert member.tier_grants.count() == 2


@pytest.mark.rule("ARC-51")
def test_a_granted_card_ends_with_a_month(supervisor):
    made = grant(MemberFactory(), supervisor)

    tiers.end_grant(grant=made, last_month=date(2026, 6, 1), by=supervisor)

    assert counts_as(made.member, date(2026, 6, 30)) == Tier.GOLD
    assert counts_as(made.member, date(2026, 7, 1)) == Tier.NONE


def test_ending_later_than_it_ends_changes_nothing(supervisor):
    made = grant(MemberFactory(), supervisor, until_month=date(2026, 6, 1))

    tiers.end_grant(grant=made, last_month=date(2026, 11, 1), by=supervisor)

    made.refresh_from_db()
    assert made.until_month == date(2026, 6, 1)


def test_a_card_that_ends_before_it_begins_goes_and_leaves_a_trace(supervisor):
    made = grant(MemberFactory(), supervisor)
    events = TierGrant.pgh_event_model.objects.filter(pgh_obj_id=made.pk)

    assert tiers.end_grant(grant=made, last_month=date(2026, 4, 1), by=supervisor) is None

    assert not TierGrant.objects.exists()
    assert [event.pgh_label for event in events.order_by("pgh_id")] == ["insert", "delete"]


# The yearly review ------------------------------------------------------------------------------

JANUARY = date(2027, 1, 5)


@pytest.mark.rule("ARC-49")
def test_each_manager_reviews_the_cards_that_ended_with_the_year(
    own_client, foreign_client, manager, outsider
):
    granted = MemberFactory(client=own_client)
    TierGrantFactory(member=granted)
    lost = MemberFactory(client=own_client, tier=Tier.SILVER)
    TierTermFactory(member=lost, tier=Tier.GOLD)
    kept = MemberFactory(client=own_client, tier=Tier.GOLD)
    TierTermFactory(member=kept, tier=Tier.GOLD)
    ended_before = MemberFactory(client=own_client)
    TierGrantFactory(member=ended_before, until_month=date(2026, 6, 1))
    renewed = MemberFactory(client=own_client)
    TierGrantFactory(member=renewed)
    TierGrantFactory(member=renewed, from_month=date(2027, 1, 1), until_month=date(2027, 12, 1))
    TierGrantFactory(member=MemberFactory(client=foreign_client))
    TierGrantFactory(member=MemberFactory())  # a client without a manager

    assert tiers.ask_for_review(year=2026, today=JANUARY, by=None) == 2
    assert tiers.ask_for_review(year=2026, today=JANUARY, by=None) == 2  # again is harmless

    tasks = {task.assignee: task.params for task in Task.objects.open()}
    assert tasks == {
        manager: {"year": 2026, "lines": 2},
        outsider: {"year": 2026, "lines": 1},
    }
    task = Task.objects.get(assignee=manager)
    assert task.link == "/members/?card_ended=2026"
    assert task.due_on > JANUARY
    assert set(Member.objects.with_card_ended(2026).filter(client=own_client)) == {granted, lost}


# Service types ----------------------------------------------------------------------------------


@pytest.mark.rule("ARC-50")
def test_there_are_eight_services_of_a_vip_manager():
    assert len(set(MAIN_SERVICES)) == 8
