"""The catalogue of what cards include, and the tab of a line where uses are noted."""

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.choices import Tier
from accounts.models import Entitlement, EntitlementUse
from tests.factories.accounts import MemberFactory
from tests.factories.members import EntitlementFactory, EntitlementUseFactory

pytestmark = pytest.mark.django_db
CATALOGUE = "accounts:entitlement_list"


@pytest.fixture
def member(own_client):
    return MemberFactory(client=own_client, tier=Tier.DIAMOND)


def tab(member):
    return reverse("accounts:member_entitlements", args=[member.pk])


def sent(code, **fields):
    entitlement = Entitlement.objects.get(code=code)
    return {"entitlement": entitlement.pk, "used_on": timezone.localdate().isoformat()} | fields


# Catalogue --------------------------------------------------------------------------------------


@pytest.mark.rule("AMB-15")
def test_the_catalogue_says_what_is_verified(manager, login):
    html = login(manager).get(reverse(CATALOGUE)).content.decode()

    assert html.count("not verified") == 24
    assert "Easy boarding" in html
    assert "002「為金卡以上大客戶」" in html
    assert "Verify</a>" not in html


@pytest.mark.rule("AMB-15")
def test_operations_edit_and_verify(operations, login):
    lounge = Entitlement.objects.get(code="TIR-20")
    browser = login(operations)
    edit = reverse("accounts:entitlement_edit", args=[lounge.pk])
    verify = reverse("accounts:entitlement_verify", args=[lounge.pk])

    browser.post(edit, {"code": "FORGED", "tier": 3, "name_zh": "商务会馆", "name_en": "Lounge",
                        "is_offered": "on"})  # fmt: skip
    browser.post(verify, {"verified_by": "Chen Wei", "verified_on": "2026-07-06"})

    lounge.refresh_from_db()
    assert (lounge.code, lounge.tier, lounge.name_en) == ("TIR-20", Tier.GOLD, "Lounge")
    assert "Chen Wei · 2026-07-06" in browser.get(reverse(CATALOGUE)).content.decode()


def test_nothing_is_verified_in_the_future(operations, login):
    row = EntitlementFactory()
    url = reverse("accounts:entitlement_verify", args=[row.pk])

    response = login(operations).post(url, {"verified_by": "Chen", "verified_on": "2099-01-01"})

    assert response.status_code == 422
    assert "yet to come" in response.content.decode()


def test_an_entitlement_is_added_once(operations, login):
    url = reverse("accounts:entitlement_create")
    new = {"code": "CLUB-1", "tier": 2, "name_zh": "会馆", "name_en": "Club", "is_offered": "on"}

    first, second = (login(operations).post(url, new) for _ in range(2))

    assert first.headers["Location"] == reverse(CATALOGUE) + "#CLUB-1"
    assert second.status_code == 422
    assert not Entitlement.objects.get(code="CLUB-1").is_verified


@pytest.mark.parametrize("name", ["entitlement_create", "entitlement_edit", "entitlement_verify"])
def test_only_operations_change_the_catalogue(name, supervisor, login):
    args = [] if name == "entitlement_create" else [EntitlementFactory().pk]
    url = reverse(f"accounts:{name}", args=args)

    assert login(supervisor).get(url).status_code == 403
    assert login(supervisor).post(url).status_code == 403


def test_the_catalogue_asks_as_often_for_more_rows(manager, login, queries_of):
    browser = login(manager)
    before = queries_of(browser, reverse(CATALOGUE))
    EntitlementFactory.create_batch(3)

    assert queries_of(browser, reverse(CATALOGUE)) == before


# Use --------------------------------------------------------------------------------------------


@pytest.mark.rule("TIR-24")
def test_a_use_is_noted_and_what_is_left_shown(member, manager, login):
    browser = login(manager)

    response = browser.post(tab(member), sent("TIR-08", amount="120.50", note="Screen"))

    assert response.headers["Location"] == tab(member)
    html = browser.get(tab(member)).content.decode()
    assert "¥379.50" in html
    assert "Screen" in html
    assert EntitlementUse.objects.get().recorded_by == manager


@pytest.mark.rule("TIR-07")
def test_a_second_check_up_is_refused_on_the_form(member, manager, login):
    browser = login(manager)
    browser.post(tab(member), sent("TIR-07"))

    response = browser.post(tab(member), sent("TIR-07", note="Kept"))

    assert response.status_code == 422
    assert "is used up this year: 1 of 1" in response.content.decode()
    assert "Kept" in response.content.decode()
    assert EntitlementUse.objects.count() == 1


@pytest.mark.rule("TIR-24")
@pytest.mark.parametrize(
    ("code", "fields", "sentence"),
    [
        ("TIR-08", {}, "the value of a year is limited"),
        ("TIR-08", {"amount": "500.01"}, "¥500.00 is left this year"),
        ("TIR-01", {"used_on": "2020-01-01"}, "Only uses of this year"),
        ("TIR-01", {"amount": "-1"}, "greater than or equal to 0"),
    ],
)
def test_a_use_that_is_not_possible_says_why(code, fields, sentence, member, manager, login):
    response = login(manager).post(tab(member), sent(code, **fields))

    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert not EntitlementUse.objects.exists()


def test_what_the_card_does_not_include_is_no_choice(own_client, manager, login):
    silver = MemberFactory(client=own_client, tier=Tier.SILVER)

    response = login(manager).post(tab(silver), sent("TIR-07"))

    assert response.status_code == 422
    assert "Select a valid choice" in response.content.decode()


@pytest.mark.rule("TIR-10")
def test_a_card_holder_has_an_account_manager_or_a_warning(own_client, member, manager,
                                                           supervisor, login):  # fmt: skip
    html = login(manager).get(tab(member)).content.decode()
    assert "One-to-one account manager: Ma Li" in html

    own_client.owner = None
    own_client.save()
    html = login(supervisor).get(tab(member)).content.decode()
    assert "Nobody is responsible for this client yet" in html


@pytest.mark.rule("TIR-14", "TIR-19")
def test_the_choice_of_affection_service_is_kept(member, manager, login):
    url = reverse("accounts:member_edit", args=[member.pk])

    login(manager).post(url, {"affection": "newspaper", "affection_note": "Evening paper"})

    html = login(manager).get(member.get_absolute_url()).content.decode()
    assert "Newspaper subscription · Evening paper" in html


def test_who_may_only_look_notes_no_use(member, province, login):
    browser = login(province)

    assert "Note a use" not in browser.get(tab(member)).content.decode()
    assert browser.post(tab(member), sent("TIR-01")).status_code == 403
    assert not EntitlementUse.objects.exists()


def test_a_use_is_taken_back_after_asking(member, manager, login):
    use = EntitlementUseFactory(member=member, used_on=timezone.localdate())
    url = reverse("accounts:use_take_back", args=[use.pk])
    browser = login(manager)

    assert "counts as not used" in browser.get(url).content.decode()
    assert browser.post(url).status_code == 422
    assert browser.post(url, {"reason": "Wrong line"}).headers["Location"] == tab(member)

    html = browser.get(tab(member)).content.decode()
    assert "(taken back)" in html
    assert "Wrong line" in html
