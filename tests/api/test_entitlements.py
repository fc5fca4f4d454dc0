"""Entitlements and their use over REST."""

import pytest
from django.utils import timezone

from accounts.choices import Tier
from accounts.models import EntitlementUse
from tests.factories.accounts import MemberFactory
from tests.factories.members import EntitlementUseFactory


@pytest.fixture
def member(own_client):
    return MemberFactory(client=own_client, tier=Tier.DIAMOND)


def use(member, code, **fields):
    today = timezone.localdate().isoformat()
    return {"entitlement": code, "member": member.pk, "used_on": today} | fields


def test_the_catalogue_is_read(api, manager):
    rows = api(manager).get("entitlements/", tier="gold").json()["results"]

    assert [row["code"] for row in rows] == ["ARC-47", *(f"TIR-{n}" for n in range(10, 16))]
    assert rows[0] == api(manager).get(f"entitlements/{rows[0]['id']}/").json()
    assert rows[0]["is_verified"]


@pytest.mark.rule("TIR-24")
def test_a_use_is_noted_once_and_taken_back(api, manager, member, assert_problem):
    me = api(manager)

    made = me.post("entitlement-uses/", use(member, "TIR-07"))
    again = me.post("entitlement-uses/", use(member, "TIR-07"))

    assert made.status_code == 201
    row = made.json()
    assert (row["entitlement"], row["member"], row["tier"], row["number"]) == (
        "TIR-07", str(member.pk), "diamond", 1,
    )  # fmt: skip
    assert_problem(again, 409, "used_up")
    back = me.post(f"entitlement-uses/{row['id']}/take-back/", {"reason": "Did not go"}).json()
    assert back["cancel_reason"] == "Did not go"
    assert me.get("entitlement-uses/", is_cancelled="false").json()["results"] == []
    assert me.get("entitlement-uses/", member=member.pk).json()["results"] == [back]


def test_refusals_have_codes(api, manager, member, own_client, assert_problem):
    silver = MemberFactory(client=own_client, tier=Tier.SILVER)
    me = api(manager)

    for body, code in (
        (use(silver, "TIR-07"), "not_entitled"),
        (use(member, "TIR-08"), "amount_missing"),
        (use(member, "TIR-08", amount="500.01"), "used_up"),
        (use(member, "TIR-01", used_on="2020-01-01"), "not_this_year"),
    ):
        assert_problem(me.post("entitlement-uses/", body), 409, code)
    assert not EntitlementUse.objects.exists()


def test_a_use_has_one_holder_in_sight(api, manager, member, foreign_client, assert_problem):
    me, foreign = api(manager), MemberFactory(client=foreign_client, tier=Tier.DIAMOND)
    nobody = use(member, "TIR-01")
    del nobody["member"]

    for body in (nobody, use(foreign, "TIR-01")):
        assert_problem(me.post("entitlement-uses/", body), 400, "validation_failed")
    theirs = EntitlementUseFactory(member=foreign)
    assert_problem(me.get(f"entitlement-uses/{theirs.pk}/"), 404, "not_found")
