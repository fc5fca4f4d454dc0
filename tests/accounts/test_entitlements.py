"""What cards include, and using it: checked against the card of the day and what is left."""

import threading
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.utils import translation

from accounts.choices import ContactKind, Tier
from accounts.exceptions import (
    AlreadyTakenBack,
    AmountMissing,
    NotEntitled,
    NotThisYear,
    ReasonMissing,
    UsedUp,
)
from accounts.models import Entitlement, EntitlementUse
from accounts.selectors.entitlements import catalogue, entitlements_of
from accounts.services import entitlements
from tests.factories.accounts import ContactFactory, MemberFactory
from tests.factories.members import (
    EntitlementFactory,
    EntitlementUseFactory,
    TierGrantFactory,
    TierTermFactory,
)

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 7, 6, 1, tzinfo=UTC)
TODAY = date(2026, 7, 6)


@pytest.fixture
def diamond(own_client):
    return MemberFactory(client=own_client, tier=Tier.DIAMOND)


def use(entitlement, holder, by, **fields):
    values = {"used_on": TODAY, "now": NOW, "today": TODAY} | fields
    return entitlements.use_entitlement(entitlement=entitlement, holder=holder, by=by, **values)


def seeded(code) -> Entitlement:
    return Entitlement.objects.get(code=code)


# The handbook's rows ----------------------------------------------------------------------------

DIAMOND_ROWS = [f"TIR-{n:02}" for n in range(1, 10)]
GOLD_ROWS = [f"TIR-{n:02}" for n in range(10, 16)]
SILVER_ROWS = [f"TIR-{n:02}" for n in range(16, 21)]
LOWEST_ROWS = [f"TIR-{n:02}" for n in range(21, 24)]


@pytest.mark.rule(
    "TIR-01", "TIR-02", "TIR-03", "TIR-04", "TIR-05", "TIR-06", "TIR-09", "TIR-10", "TIR-11",
    "TIR-12", "TIR-13", "TIR-14", "TIR-16", "TIR-17", "TIR-18", "TIR-19", "TIR-20", "TIR-21",
    "TIR-22", "TIR-23",
)  # fmt: skip
@pytest.mark.parametrize(
    ("tier", "codes"),
    [
        (Tier.DIAMOND, DIAMOND_ROWS),
        (Tier.GOLD, ["ARC-47", *GOLD_ROWS]),
        (Tier.SILVER, SILVER_ROWS),
        (Tier.VIP, ["ARC-48", *LOWEST_ROWS]),
    ],
)
def test_the_handbooks_entitlements_are_there_by_card(tier, codes):
    groups = {group.tier: [row.code for row in group.entitlements] for group in catalogue()}

    assert groups[tier] == codes


@pytest.mark.rule("AMB-15")
def test_only_easy_boarding_is_verified():
    rows = Entitlement.objects.filter(code__regex="^(TIR|ARC)-")

    assert [row.code for row in rows if row.is_verified] == ["ARC-47"]
    assert all(row.source_quote.startswith("002「") for row in rows)


@pytest.mark.rule("TIR-06", "TIR-07", "TIR-08", "TIR-15")
def test_limits_of_the_handbook():
    limits = {
        row.code: (row.quantity, row.value)
        for row in Entitlement.objects.exclude(quantity=None, value=None)
    }

    assert limits == {
        "TIR-06": (None, Decimal("200.00")),
        "TIR-07": (1, None),
        "TIR-08": (None, Decimal("500.00")),
        "TIR-15": (None, Decimal("300.00")),
    }


def test_names_follow_the_language():
    boarding = seeded("ARC-47")

    with translation.override("zh-hans"):
        assert str(boarding) == "全球通易登机服务"
    with translation.override("en"):
        assert str(boarding) == "Easy boarding"


# Use --------------------------------------------------------------------------------------------


@pytest.mark.rule("ARC-47", "ARC-48", "TIR-24")
@pytest.mark.parametrize(
    ("code", "lowest"), [("ARC-47", Tier.GOLD), ("ARC-48", Tier.VIP), ("TIR-16", Tier.SILVER)]
)
@pytest.mark.parametrize("tier", Tier)
def test_a_use_needs_at_least_the_card(code, lowest, tier, own_client, manager):
    member = MemberFactory(client=own_client, tier=tier)

    if tier >= lowest:
        assert use(seeded(code), member, manager).tier == tier
    else:
        with pytest.raises(NotEntitled):
            use(seeded(code), member, manager)


@pytest.mark.rule("TIR-24", "ARC-51")
def test_the_card_of_the_day_of_use_counts(own_client, manager):
    member = MemberFactory(client=own_client)
    TierGrantFactory(
        member=member, tier=Tier.GOLD, from_month=date(2026, 3, 1), until_month=date(2026, 4, 1)
    )

    with pytest.raises(NotEntitled, match="On 2026-02-28 it was: No card"):
        use(seeded("ARC-47"), member, manager, used_on=date(2026, 2, 28))
    noted = use(seeded("ARC-47"), member, manager, used_on=date(2026, 4, 30))
    with pytest.raises(NotEntitled):
        use(seeded("ARC-47"), member, manager, used_on=date(2026, 5, 1))

    assert (noted.tier, noted.client, noted.recorded_by, noted.year) == (
        Tier.GOLD, own_client, manager, 2026,
    )  # fmt: skip
    assert noted.events.get().pgh_context.metadata["verb"] == "accounts.use_entitlement"


@pytest.mark.rule("TIR-07")
def test_a_second_check_up_in_the_year_is_refused(diamond, manager):
    use(seeded("TIR-07"), diamond, manager)

    with pytest.raises(UsedUp, match="1 of 1"):
        use(seeded("TIR-07"), diamond, manager)

    assert EntitlementUse.objects.count() == 1


@pytest.mark.rule("TIR-24")
def test_a_new_year_begins_anew(diamond, manager):
    TierTermFactory(member=diamond)
    use(seeded("TIR-07"), diamond, manager)
    new_year = date(2027, 1, 2)

    assert use(seeded("TIR-07"), diamond, manager, used_on=new_year, today=new_year).number == 1


def test_what_one_line_used_is_left_for_others(diamond, manager):
    use(seeded("TIR-07"), diamond, manager)

    use(seeded("TIR-07"), MemberFactory(client=diamond.client, tier=Tier.DIAMOND), manager)


@pytest.mark.rule("TIR-08", "TIR-15")
@pytest.mark.parametrize(("code", "cap"), [("TIR-08", 500), ("TIR-15", 300)])
def test_the_value_of_a_year_is_capped(code, cap, diamond, manager):
    use(seeded(code), diamond, manager, amount=Decimal(cap - 1))

    with pytest.raises(UsedUp, match=r"¥1\.00 is left"):
        use(seeded(code), diamond, manager, amount=Decimal("1.01"))
    use(seeded(code), diamond, manager, amount=Decimal("1.00"))

    with pytest.raises(UsedUp):
        use(seeded(code), diamond, manager, amount=Decimal("0.01"))


@pytest.mark.rule("TIR-08")
@pytest.mark.parametrize("amount", [None, Decimal(0)])
def test_where_a_value_is_capped_the_amount_is_needed(diamond, manager, amount):
    with pytest.raises(AmountMissing):
        use(seeded("TIR-08"), diamond, manager, amount=amount)


@pytest.mark.rule("TIR-24")
@pytest.mark.parametrize("day", [date(2025, 12, 31), date(2026, 7, 7)])
def test_uses_of_another_year_or_ahead_are_refused(diamond, manager, day):
    with pytest.raises(NotThisYear):
        use(seeded("TIR-01"), diamond, manager, used_on=day)


@pytest.mark.parametrize("fields", [{"is_offered": False}, {"valid_year": 2025}])
def test_what_is_not_offered_this_year_is_refused(diamond, manager, fields):
    with pytest.raises(NotEntitled, match="not offered"):
        use(EntitlementFactory(**fields), diamond, manager)


@pytest.mark.rule("TIR-24", "ARC-41", "ARC-42", "ARC-43")
@pytest.mark.parametrize(
    ("letter", "fields", "included"),
    [
        ("C", {"own_tier": Tier.GOLD}, True),
        ("", {"own_tier": Tier.GOLD, "kind": ContactKind.OTHER}, True),
        ("A", {"kind": ContactKind.OTHER}, False),
        ("A", {"is_external": True, "organisation": "City bureau"}, False),
    ],
)
def test_a_contact_uses_what_they_are_served_at(letter, fields, included, manager):
    contact = ContactFactory(client__client_class=letter, client__owner=manager, **fields)

    if included:
        assert use(seeded("ARC-47"), contact, manager).tier == Tier.GOLD
    else:
        with pytest.raises(NotEntitled):
            use(seeded("ARC-47"), contact, manager)


@pytest.mark.rule("TIR-24")
@pytest.mark.parametrize(
    ("letter", "included"), [("A", True), ("B", True), ("C", False), ("", False)]
)
def test_a_contact_uses_what_the_clients_class_asks_for(letter, included, manager):
    contact = ContactFactory(client__client_class=letter, client__owner=manager)

    if included:
        noted = use(seeded("ARC-47"), contact, manager)
        assert (noted.contact, noted.member, noted.client) == (contact, None, contact.client)
    else:
        with pytest.raises(NotEntitled):
            use(seeded("ARC-47"), contact, manager)


@pytest.mark.rule("TIR-07")
def test_a_contact_has_one_check_up_a_year(manager):
    contact = ContactFactory(client__client_class="A", client__owner=manager)
    use(seeded("TIR-07"), contact, manager)

    with pytest.raises(UsedUp):
        use(seeded("TIR-07"), contact, manager)


# Taking back ------------------------------------------------------------------------------------


@pytest.mark.rule("TIR-24")
def test_a_use_taken_back_is_left_again(diamond, manager, supervisor):
    first = use(seeded("TIR-07"), diamond, manager)

    back = entitlements.take_back_use(use=first, reason="Did not go", now=NOW, by=supervisor)
    again = use(seeded("TIR-07"), diamond, manager)

    assert (back.cancelled_at, back.cancelled_by, back.cancel_reason) == (
        NOW, supervisor, "Did not go",
    )  # fmt: skip
    assert again.number == 1
    with pytest.raises(AlreadyTakenBack):
        entitlements.take_back_use(use=first, reason="Again", now=NOW, by=supervisor)


def test_taking_back_needs_a_reason(diamond, manager):
    noted = use(seeded("TIR-07"), diamond, manager)

    with pytest.raises(ReasonMissing):
        entitlements.take_back_use(use=noted, reason=" ", now=NOW, by=manager)


def test_the_free_place_is_taken_again(diamond, manager):
    twice = EntitlementFactory(quantity=2)
    first = use(twice, diamond, manager)
    use(twice, diamond, manager)
    entitlements.take_back_use(use=first, reason="Error", now=NOW, by=manager)

    assert use(twice, diamond, manager).number == 1


@pytest.mark.rule("TIR-24")
@pytest.mark.django_db(transaction=True)
def test_two_uses_at_once_do_not_share_the_last_one(diamond, manager):
    last = EntitlementFactory(quantity=1)
    ends: list[str] = []

    def work():
        try:
            use(last, diamond, manager)
            ends.append("noted")
        except UsedUp:
            ends.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(ends) == ["noted", "refused", "refused", "refused"]
    assert EntitlementUse.objects.count() == 1


# What is left -----------------------------------------------------------------------------------


@pytest.mark.rule("TIR-24")
def test_what_is_left_of_the_year(diamond, manager):
    use(seeded("TIR-07"), diamond, manager)
    use(seeded("TIR-08"), diamond, manager, amount=Decimal("120.50"))
    gone = use(seeded("TIR-15"), diamond, manager, amount=Decimal(300))
    entitlements.take_back_use(use=gone, reason="Error", now=NOW, by=manager)
    EntitlementUseFactory(  # of the year before
        member=diamond, entitlement=seeded("TIR-08"), amount=9, used_on=date(2025, 5, 5)
    )

    found = entitlements_of(diamond, manager, tier=Tier.DIAMOND, year=2026)

    left = {
        each.entitlement.code: (each.times_used, each.times_left, each.value_left)
        for each in found.entitled
    }
    assert left["TIR-07"] == (1, 0, None)
    assert left["TIR-08"] == (1, None, Decimal("379.50"))
    assert left["TIR-15"] == (0, None, Decimal(300))
    assert left["TIR-01"] == (0, None, None)
    assert len(found.uses) == 4


@pytest.mark.rule("TIR-24")
def test_a_card_includes_its_own_and_those_below(diamond, manager):
    def codes(tier):
        found = entitlements_of(diamond, manager, tier=tier, year=2026)
        return {each.entitlement.code for each in found.entitled}

    assert codes(Tier.NONE) == set()
    assert codes(Tier.SILVER) == {*SILVER_ROWS, *LOWEST_ROWS, "ARC-48"}
    assert codes(Tier.GOLD) - codes(Tier.SILVER) == {*GOLD_ROWS, "ARC-47"}


# Catalogue --------------------------------------------------------------------------------------


@pytest.mark.rule("AMB-15")
def test_an_entitlement_moves_between_cards_and_has_to_be_verified_again(operations):
    boarding = seeded("ARC-47")

    moved = entitlements.update_entitlement(entitlement=boarding, tier=Tier.SILVER, by=operations)

    assert (moved.tier, moved.is_verified, moved.verified_by) == (Tier.SILVER, False, "")
    verified = entitlements.verify_entitlement(
        entitlement=boarding, verified_by=" Chen ", verified_on=TODAY, by=operations
    )
    assert (verified.verified_by, verified.verified_on) == ("Chen", TODAY)
    verbs = [
        event.pgh_context.metadata["verb"] for event in boarding.events.order_by("-pgh_id")[:2]
    ]
    assert verbs == ["accounts.verify_entitlement", "accounts.update_entitlement"]


def test_a_remark_keeps_the_verification(operations):
    kept = entitlements.update_entitlement(
        entitlement=seeded("ARC-47"), remark="At all airports", by=operations
    )

    assert kept.is_verified
