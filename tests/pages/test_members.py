"""The list of lines, the page of one line and its forms."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.choices import MemberStatus, Tier
from accounts.models import MemberProfile, OwnerChange, TierGrant
from staff.choices import Role
from tests.factories.accounts import ClientFactory, MemberFactory
from tests.factories.analytics import add_member_bill
from tests.factories.members import (
    EntitlementFactory,
    EntitlementUseFactory,
    MemberProfileFactory,
    OwnerChangeFactory,
    TierGrantFactory,
    TierTermFactory,
)
from tests.factories.staff import UserFactory

pytestmark = pytest.mark.django_db
LIST = "accounts:member_list"


@pytest.fixture
def member(own_client):
    return MemberFactory(client=own_client, msisdn=13_812_345_678)


def page_of(member, name="accounts:member_detail"):
    return reverse(name, args=[member.pk])


# List -------------------------------------------------------------------------------------------


@pytest.fixture
def lines(units, manager, own_client):
    """A plain line and one with everything."""
    other = ClientFactory(owner=manager, name="龙江水泥", client_class="A")
    special = MemberFactory(
        client=other, status=MemberStatus.SUSPENDED, tier=Tier.GOLD, is_corporate_paid=True,
        joined_on=date(2026, 3, 15),
    )  # fmt: skip
    MemberProfileFactory(member=special, is_key_member=True)
    plain = MemberFactory(client=own_client, joined_on=date(2020, 1, 1))
    return plain, special


@pytest.mark.parametrize(
    "query",
    [
        "status=suspended", "tier=gold", "effective_tier=gold", "is_key_member=true",
        "is_corporate_paid=true", "in_other_name=true", "client_text=ljsn", "client_text=水泥",
        "joined_on__gte=2026-03-15", "joined_on__gte=2026-01-01&joined_on__lte=2026-03-15",
    ],
)  # fmt: skip
def test_filters_find_the_special_line(query, lines, manager, login):
    rows = login(manager).get(f"{reverse(LIST)}?{query}").context_data["page"].rows

    assert rows == [lines[1]]


@pytest.mark.parametrize(
    "query",
    [
        "status=active", "effective_tier=none", "is_key_member=false", "is_corporate_paid=false",
        "in_other_name=false", "joined_on__lte=2026-03-14",
    ],
)  # fmt: skip
def test_filters_find_the_plain_line(query, lines, manager, login):
    rows = login(manager).get(f"{reverse(LIST)}?{query}").context_data["page"].rows

    assert rows == [lines[0]]


def test_a_supervisor_filters_by_unit_and_manager(lines, units, peer, supervisor, login):
    mine = MemberFactory(client=ClientFactory(owner=peer))
    browser = login(supervisor)

    def found(query):
        return set(browser.get(f"{reverse(LIST)}?{query}").context_data["page"].rows)

    assert found(f"owner={peer.pk}") == {mine}
    assert found("unit=T1") == {*lines, mine}
    assert found(f"client={lines[0].client_id}") == {lines[0]}


@pytest.mark.rule("P35", "SEC-10")
def test_lists_and_addresses_hold_no_number(member, manager, login):
    for url in (reverse(LIST), page_of(member), page_of(member, "analytics:member_bills"),
                page_of(member, "analytics:member_history"),
                page_of(member, "accounts:member_edit")):  # fmt: skip
        response = login(manager).get(url)
        assert "13812345678" not in response.content.decode()
        assert "138****5678" in response.content.decode()
        assert "13812345678" not in url


def test_the_list_never_counts_all_rows(lines, manager, login):
    with CaptureQueriesContext(connection) as captured:
        login(manager).get(reverse(LIST))

    about_members = [q["sql"] for q in captured if 'FROM "accounts_member"' in q["sql"]]
    assert about_members
    assert all("LIMIT 51" in sql or "LIMIT 1001" in sql for sql in about_members)


# Page -------------------------------------------------------------------------------------------


def fill(member, row):
    EntitlementUseFactory(
        member=member, entitlement=EntitlementFactory(), used_on=timezone.localdate()
    )
    OwnerChangeFactory(member=member, new_owner=f"Owner {row}")
    TierTermFactory(member=member, tier=row + 1)
    TierGrantFactory(
        member=member, from_month=date(2026, row + 1, 1), until_month=date(2026, row + 1, 1)
    )
    add_member_bill(
        period=date(2026, 4 + row, 1), msisdn=member.msisdn, client=member.client, local=100,
        status=row + 1,
    )  # fmt: skip


TABS = {
    "accounts:member_detail": "",
    "accounts:member_entitlements": "No card, no entitlements",
    "analytics:member_bills": "No bills yet",
    "analytics:member_history": "No bills yet",
}
tabs = pytest.mark.parametrize("tab", TABS)


@tabs
def test_a_tab_is_part_of_the_page_or_alone(tab, member, manager, login):
    url = page_of(member, tab)

    whole = login(manager).get(url).content.decode()
    part = login(manager).get(url, headers={"HX-Request": "true"}).content.decode()

    assert f'href="{url}" aria-current="page"' in whole
    assert TABS[tab] in whole
    assert "<html" not in part
    assert part.strip()


@tabs
def test_the_number_of_queries_is_the_same_for_three_rows(tab, member, manager, login, queries_of):
    url, browser = page_of(member, tab), login(manager)
    fill(member, 0)
    for_one = queries_of(browser, url)
    fill(member, 1)
    fill(member, 2)

    assert queries_of(browser, url) == for_one


@pytest.mark.rule("SEC-01")
@tabs
def test_a_line_of_somebody_else_is_not_found(tab, foreign_client, manager, login):
    member = MemberFactory(client=foreign_client)

    assert login(manager).get(page_of(member, tab)).status_code == 404


@tabs
def test_a_clerk_has_no_lines(tab, member, units, login):
    clerk = login(UserFactory(role=Role.COMPLAINT_CLERK, unit=units.province))

    assert clerk.get(page_of(member, tab)).status_code == 403


@pytest.mark.rule("ARC-34")
def test_the_page_says_in_whose_name_the_number_stands(member, manager, login):
    MemberProfileFactory(member=member)

    html = login(manager).get(page_of(member)).content.decode()

    assert "Registered to Owner Wang, used by User Li" in html


@pytest.mark.rule("ARC-45")
def test_the_page_says_why_a_line_counts_as_vip(manager, login):
    member = MemberFactory(client=ClientFactory(owner=manager, client_class="A"))
    MemberProfileFactory(member=member, is_key_member=True)

    html = login(manager).get(page_of(member)).content.decode()

    assert "as a key member of a client of class A" in html


# Bills and history ------------------------------------------------------------------------------


@pytest.mark.rule("ANA-02", "ANA-06")
def test_the_bills_tab_shows_six_months_of_fees_by_category(member, manager, login):
    for month in range(1, 8):
        add_member_bill(
            period=date(2026, month, 1), msisdn=member.msisdn, client=member.client,
            local=1000 + month, roaming_in_province=50, roaming_out_of_province=70,
            total=1120 + month, points=month, payment_method=3,
        )  # fmt: skip

    response = login(manager).get(page_of(member, "analytics:member_bills"))
    bills, html = response.context_data["bills"], response.content.decode()

    assert [f"{month:%m}" for month in bills.months] == ["02", "03", "04", "05", "06", "07"]
    assert [row.label for row in bills.fees] == [
        "Local calls", "Roaming in the province", "Roaming outside the province",
    ]  # fmt: skip
    assert [str(amount) for amount in bills.fees[0].amounts][-1] == "10.07"
    assert [str(amount) for amount in bills.sums[1].amounts][-1] == "11.27"
    for text in ("¥10.07", "¥0.50", "¥0.70", "¥11.27", "Collection by bank"):
        assert text in html, text
    assert "¥10.01" not in html


@pytest.mark.rule("SEC-01")
def test_bills_from_before_a_move_stay_with_the_other_client(
    member, foreign_client, manager, login
):
    add_member_bill(period=date(2026, 5, 1), msisdn=member.msisdn, client=foreign_client, local=777)
    add_member_bill(period=date(2026, 6, 1), msisdn=member.msisdn, client=member.client, local=888)
    browser = login(manager)

    bills = browser.get(page_of(member, "analytics:member_bills")).content.decode()
    history = browser.get(page_of(member, "analytics:member_history")).content.decode()

    assert "¥8.88" in bills
    assert "¥7.77" not in bills
    assert "another client" in history
    assert "Foreign Client" not in history


def test_the_history_tab_joins_months_that_are_alike(member, manager, login):
    for month, tier in ((3, Tier.NONE), (4, Tier.GOLD), (5, Tier.GOLD), (6, Tier.GOLD)):
        add_member_bill(
            period=date(2026, month, 1), msisdn=member.msisdn, client=member.client, tier=tier
        )

    response = login(manager).get(page_of(member, "analytics:member_history"))

    assert [(s.first.month, s.last.month, s.tier) for s in response.context_data["stretches"]] == [
        (4, 6, "Gold card"), (3, 3, ""),
    ]  # fmt: skip


# Forms ------------------------------------------------------------------------------------------


def test_the_profile_is_edited(member, manager, login):
    url = page_of(member, "accounts:member_edit")

    response = login(manager).post(
        url, {"actual_user": "User Li", "is_key_member": "on", "registered_owner": "Forged"}
    )

    assert response.headers["Location"] == page_of(member)
    profile = MemberProfile.objects.get()
    assert (profile.actual_user, profile.is_key_member) == ("User Li", True)
    assert profile.registered_owner == ""


OWNER = {
    "new_owner": "User Li", "document": "id_card", "document_tail": "123X", "note": "In person",
}  # fmt: skip


@pytest.mark.rule("SEC-11")
def test_the_owner_is_changed_with_an_identity_check(member, manager, login):
    url = page_of(member, "accounts:member_owner")

    response = login(manager).post(url, OWNER)

    assert response.headers["Location"] == page_of(member)
    html = login(manager).get(page_of(member)).content.decode()
    assert "Identity card …123X · In person" in html


@pytest.mark.rule("SEC-11")
@pytest.mark.parametrize(
    "wrong", [{"note": ""}, {"document": "face"}, {"document_tail": "1"}, {"note": " "}]
)
def test_without_an_identity_check_the_form_comes_back(wrong, member, manager, login):
    response = login(manager).post(page_of(member, "accounts:member_owner"), OWNER | wrong)

    assert response.status_code == 422
    assert "User Li" in response.content.decode()
    assert not OwnerChange.objects.exists()


def test_the_same_owner_is_refused_on_the_form(member, manager, login):
    MemberProfileFactory(member=member, registered_owner="User Li")

    response = login(manager).post(page_of(member, "accounts:member_owner"), OWNER)

    assert response.status_code == 422
    assert "registered owner already" in response.content.decode()


def months_of_this_year():
    year = timezone.localdate().year
    return {"from_month": f"{year}-01", "until_month": f"{year}-12"}


def test_a_supervisor_grants_and_ends_a_card(member, supervisor, login):
    browser, card = login(supervisor), {"tier": "3", "reason": "Review", **months_of_this_year()}

    browser.post(page_of(member, "accounts:member_grant"), card)
    again = browser.post(page_of(member, "accounts:member_grant"), card)

    assert again.status_code == 422
    assert "There is a granted card for these months" in again.content.decode()
    grant = TierGrant.objects.get()
    end = reverse("accounts:grant_end", args=[grant.pk])
    assert "ends with last month" in browser.get(end).content.decode()
    assert TierGrant.objects.get().until_month.month == 12
    assert browser.post(end).headers["Location"] == page_of(member)
    this_month = timezone.localdate().replace(day=1)
    assert not TierGrant.objects.in_force(this_month).exists()


@pytest.mark.rule("ARC-49")
def test_months_of_two_years_come_back(member, supervisor, login):
    card = {"tier": "3", "reason": "Kept", "from_month": "2026-11", "until_month": "2027-02"}

    response = login(supervisor).post(page_of(member, "accounts:member_grant"), card)

    assert response.status_code == 422
    assert "one calendar year" in response.content.decode()
    assert "Kept" in response.content.decode()


@pytest.mark.parametrize(
    ("person", "name"),
    [
        ("manager", "accounts:member_grant"),
        ("province", "accounts:member_edit"),
        ("province", "accounts:member_owner"),
    ],
)
def test_who_sees_a_line_may_not_do_everything(person, name, member, request, login):
    browser = login(request.getfixturevalue(person))

    assert browser.get(page_of(member)).status_code == 200
    assert page_of(member, name) not in browser.get(page_of(member)).content.decode()
    assert browser.get(page_of(member, name)).status_code == 403
    assert browser.post(page_of(member, name)).status_code == 403
