"""Members follow their newest bill."""

from datetime import date

import pytest

from accounts.choices import MemberStatus
from accounts.models import Member, NumberReveal
from tests.analytics.billing_files import (
    NOW,
    load,
    number,
    row,
)
from tests.factories.members import (
    MemberProfileFactory,
    OwnerChangeFactory,
    RecordLookFactory,
    TierGrantFactory,
    TierTermFactory,
)

pytestmark = pytest.mark.django_db


@pytest.mark.rule("P17")
@pytest.mark.parametrize("order", [(5, 6, 7), (7, 6, 5), (6, 7, 5), (7, 5, 6)])
def test_members_follow_their_newest_bill_in_any_order_of_imports(clients, order):
    months = {
        5: [row(1, "C1"), row(2, "C1", tier="gold"), row(3, "C1")],
        6: [row(1, "C2"), row(2, "C1", tier="silver", joined_on="2020-01-01")],
        7: [row(1, "C3", status="suspended"), row(4, "C2", corporate_paid="yes")],
    }

    for month in order:
        load([line | {"period": f"2026-0{month}"} for line in months[month]])

    assert list(
        Member.objects.order_by("msisdn").values_list(
            "msisdn", "client__code", "status", "tier", "joined_on", "is_corporate_paid"
        )
    ) == [
        (number(1), "C3", 3, 0, None, False),
        (number(2), "C1", 1, 2, date(2020, 1, 1), False),
        (number(3), "C1", 1, 0, None, False),
        (number(4), "C2", 1, 0, None, True),
    ]


def test_member_keeps_its_identity_when_it_moves(clients):
    load([row(1, period="2026-05")])
    member = Member.objects.get()

    load([row(1, "C2")])

    member.refresh_from_db()
    assert member.client == clients[1]


@pytest.mark.rule("P17")
def test_member_follows_a_correction_that_says_what_the_month_before_said(clients):
    load([row(1, period="2026-05")])
    load([row(1, status="churned")])
    assert Member.objects.get().status == MemberStatus.CHURNED

    load([row(1)])

    assert Member.objects.get().status == MemberStatus.ACTIVE


@pytest.mark.rule("P17")
def test_member_that_was_away_for_a_month_is_brought_up_to_date(clients):
    load([row(1, "C1", period="2026-05"), row(2, period="2026-05")])
    load([row(2)])

    load([row(1, "C2", period="2026-07"), row(2, period="2026-07")])

    assert Member.objects.get(msisdn=number(1)).client.code == "C2"


@pytest.mark.rule("P17")
def test_members_follow_the_newest_of_several_months_in_one_file(clients):
    load([row(1, "C1", period="2026-04")])

    load(
        [
            row(1, "C2", period="2026-05"),
            row(2, "C2", period="2026-05"),
            row(1, "C3"),
            row(2, "C2"),
        ]
    )

    members = Member.objects.order_by("msisdn").values_list("client__code", flat=True)
    assert list(members) == ["C3", "C2"]


@pytest.mark.rule("P17")
def test_number_left_out_of_a_correction_goes_back_to_its_newest_remaining_bill(clients):
    others = [row(n) for n in range(2, 8)]
    load([row(1, "C3", period="2026-04"), row(1, tier="gold", period="2026-05")])
    load([*others, row(1, "C2"), row(9, "C2")])
    load([row(3, "C3", period="2026-07")])

    load([*others[:1], *others[2:], row(1, "C1", period="2026-05")])

    members = Member.objects.order_by("msisdn").values_list("msisdn", "client__code", "tier")
    assert [(msisdn - number(0), code, tier) for msisdn, code, tier in members] == [
        (1, "C1", 0),
        (2, "C1", 0),
        (3, "C3", 0),
        (4, "C1", 0),
        (5, "C1", 0),
        (6, "C1", 0),
        (7, "C1", 0),
    ]


def test_number_without_any_bill_stays_when_somebody_looked_at_it(clients, operations):
    load([row(n) for n in (1, 2, 3, 4)])
    NumberReveal.objects.create(
        member=Member.objects.get(msisdn=number(1)), revealed_by=operations, revealed_at=NOW
    )

    load([row(3), row(4), row(2)])

    assert Member.objects.filter(msisdn=number(1)).exists()


@pytest.mark.parametrize(
    "hold", [MemberProfileFactory, TierGrantFactory, OwnerChangeFactory, RecordLookFactory]
)
def test_number_without_any_bill_stays_when_people_worked_with_it(clients, hold):
    load([row(n) for n in (1, 2, 3, 4)])
    hold(member=Member.objects.get(msisdn=number(1)))

    load([row(3), row(4), row(2)])

    assert Member.objects.filter(msisdn=number(1)).exists()


def test_number_with_cards_by_bills_only_goes_with_its_last_bill(clients):
    load([row(n) for n in (1, 2, 3, 4)])
    TierTermFactory(member=Member.objects.get(msisdn=number(1)))

    load([row(2), row(3), row(4)])

    assert not Member.objects.filter(msisdn=number(1)).exists()
