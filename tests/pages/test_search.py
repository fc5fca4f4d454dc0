"""The search box: what people find, what they never see, and numbers kept out of addresses."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.urls import reverse

from accounts.models import Agreement, RecentClient
from accounts.services.archive_items import add_item, remove_item, update_item
from accounts.services.recents import note_opened
from crm.lib import search
from crm.lib.pinyin import search_text
from staff.choices import Role
from staff.models import User
from tests.factories.accounts import ClientFactory, ContactFactory, MemberFactory
from tests.factories.analytics import AlertFactory
from tests.factories.complaints import CaseFactory
from tests.factories.files import ClientFileFactory
from tests.factories.staff import UserFactory
from tests.factories.visits import VisitFactory

pytestmark = pytest.mark.django_db

NUMBER = 13_945_678_901
Found = tuple[Any, str, str]  # a row of the person, what finds it, what is shown of it


def client(person: User, name: str) -> Found:
    return ClientFactory(owner=person, name=f"{name}水务"), "shuiwu", f"{name}水务"


def contact(person: User, name: str) -> Found:
    found = ContactFactory(client__owner=person, client__name=f"{name}厂", name="欧阳静")
    return found, "oyj", f"{name}厂"


def member(person: User, name: str) -> Found:
    msisdn = NUMBER + (0 if name == "Ours" else 10_000)
    found = MemberFactory(client__owner=person, client__name=f"{name}厂", msisdn=msisdn)
    return found, "8901", f"{name}厂"


def visit(person: User, name: str) -> Found:
    mine = ClientFactory(owner=person, name=f"{name}水务")
    return VisitFactory(visitor=person, client=mine), "shuiwu", f"{name}水务 · {person.full_name}"


def alert(person: User, name: str) -> Found:
    found = AlertFactory(client=ClientFactory(owner=person, name=f"{name}水务"))
    return found, "shuiwu", f"{found.get_rule_display()} · {name}水务"


def case(person: User, name: str) -> Found:
    mine = ClientFactory(owner=person, name=f"{name}水务")
    found = CaseFactory(first_responder=person, client=mine)
    return found, "shuiwu", f"{name}水务 · {person.full_name}"


def file(person: User, name: str) -> Found:
    title = f"{name}营业执照"
    found = ClientFileFactory(
        client=ClientFactory(owner=person), title=title, search_text=search_text(title)
    )
    return found, "yyzz", title


def agreement(person: User, name: str) -> Found:
    mine = ClientFactory(owner=person, name=f"{name}厂")
    fields = {"product": "集团彩铃", "group_number": "8800-1234"}
    return add_item(model=Agreement, client=mine, by=person, **fields), "cailing", f"{name}厂"


# Every kind that can be found, and how to make one.
KINDS: dict[str, Callable[[User, str], Found]] = {
    "client": client, "contact": contact, "member": member, "visit": visit, "alert": alert,
    "case": case,
    "file": file, "agreement": agreement,
}  # fmt: skip
kinds = pytest.mark.parametrize("kind", sorted(KINDS))


@pytest.fixture
def page() -> str:
    return reverse("staff:search")


def hits(response) -> dict[str, list[str]]:
    return {
        section.kind.name: [hit.title for hit in section.hits]
        for section in response.context_data["sections"]
    }


def test_every_kind_is_tried_here(province):
    assert {kind.name for kind in search.kinds_for(province)} == set(KINDS)


@pytest.mark.rule("P1", "SEC-01")
@kinds
def test_own_rows_are_found_and_strangers_are_not(kind, manager, outsider, login, page):
    _, text, ours = KINDS[kind](manager, "Ours")
    _, _, theirs = KINDS[kind](outsider, "Theirs")

    for only in ("", kind):
        html = login(manager).get(page, {"q": text, "kind": only}).content.decode()
        assert ours in html
        assert theirs not in html
        assert "Theirs" not in html


@pytest.mark.rule("P1")
@kinds
@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.OPERATIONS])
def test_who_answers_for_a_unit_finds_what_is_below_only(
    kind, role, units, manager, outsider, login, page
):
    _, text, ours = KINDS[kind](manager, "Ours")
    KINDS[kind](outsider, "Theirs")

    html = login(UserFactory(role=role, unit=units.city_1)).get(page, {"q": text}).content.decode()

    assert ours in html
    assert "Theirs" not in html


@kinds
def test_nothing_is_found_without_the_right_to_see_it(kind, manager, units, login, page):
    _, text, ours = KINDS[kind](manager, "Ours")
    clerk = login(UserFactory(role=Role.COMPLAINT_CLERK, unit=units.team_1))

    html = clerk.get(page, {"q": text, "kind": kind}).content.decode()

    assert ours not in html
    assert "Nothing found" in html


@kinds
def test_what_is_found_leads_to_its_page(kind, manager, login, page):
    _, text, _ = KINDS[kind](manager, "Ours")
    browser = login(manager)

    found = browser.get(page, {"q": text, "kind": kind}).context_data["sections"][0].hits[0]

    assert browser.get(found.url.partition("#")[0]).status_code == 200


@kinds
def test_the_number_of_queries_is_the_same_for_three_rows(kind, manager, login, page, queries_of):
    _, text, _ = KINDS[kind](manager, "Ours")
    url = f"{page}?q={text}&kind={kind}"
    browser = login(manager)
    for_one = queries_of(browser, url)
    if kind == "member":  # a line has one number, so others end alike
        MemberFactory(client__owner=manager, msisdn=NUMBER + 20_000)
        MemberFactory(client__owner=manager, msisdn=NUMBER + 30_000)
    else:
        KINDS[kind](manager, "Second")
        KINDS[kind](manager, "Third")

    assert queries_of(browser, url) == for_one


def test_htmx_gets_the_results_only(manager, own_client, login, page):
    browser = login(manager)

    part = browser.post(page, {"q": "own"}, headers={"HX-Request": "true"}).content.decode()
    whole = browser.get(page, {"q": "own"}).content.decode()

    assert part.strip().startswith('<div id="search-results"')
    assert "Own Client" in part
    assert "<html" in whole
    assert "Own Client" in whole


def test_words_go_on_to_an_address_that_can_be_kept(manager, own_client, login, page):
    response = login(manager).post(page, {"q": " OWN  client ", "kind": "client"}, follow=True)

    assert response.redirect_chain == [(f"{page}?q=own+client&kind=client", 302)]
    assert hits(response) == {"client": ["Own Client"]}


@pytest.mark.rule("P35", "SEC-10")
@pytest.mark.parametrize(
    "text", [str(NUMBER), "78901", "+86 139 4567 8901", "139-4567-8901", "１３９４５６７８９０１"]
)
def test_numbers_get_into_no_address_and_no_log(text, manager, login, page, caplog):
    MemberFactory(client__owner=manager, msisdn=NUMBER)
    ContactFactory(client__owner=manager, mobile=str(NUMBER), name="王芳")

    with caplog.at_level("DEBUG", logger=""):
        response = login(manager).post(page, {"q": text})

    assert response.status_code == 200
    assert hits(response)["member"] == ["139****8901"]
    assert hits(response)["contact"] == ["王芳"]
    html = response.content.decode()
    addresses = re.findall(r'(?:href|action|hx-\w+)="([^"]*)"', html)
    assert not any("78901" in address for address in addresses)
    outside_the_box = re.sub(r'<input class="form-control" type="search"[^>]*>', "", html)
    assert "78901" not in outside_the_box
    assert not any("78901" in str(each.__dict__.get("request", "")) for each in caplog.records)
    of_ours = [each.getMessage() for each in caplog.records if each.name != "django.db.backends"]
    assert not any("78901" in message for message in of_ours)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("8901", [NUMBER]),
        ("78901", [NUMBER]),
        ("13945678901", [NUMBER]),
        ("8613945678901", [NUMBER]),
        ("008613945678901", [NUMBER]),
        ("139 4567 8901", [NUMBER]),
        ("88901", []),
        ("901", []),
        ("139456789010", []),
        ("99999999999999999999", []),
        ("0000", [13_900_000_000]),
        ("00000", [13_900_000_000]),
    ],
)
def test_members_are_found_by_the_end_of_their_number(text, found, manager, login, page):
    for msisdn in (NUMBER, 13_900_000_000):
        MemberFactory(client__owner=manager, msisdn=msisdn)

    response = login(manager).post(page, {"q": text}, headers={"HX-Request": "true"})

    masked = [f"139****{str(msisdn)[-4:]}" for msisdn in found]
    assert hits(response).get("member", []) == masked


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("移动", "移动"),  # the name itself before names that only begin like this
        ("移", "移动"),
        ("zgyd", "中国移动"),
        ("yd", "移动"),
        ("g-7", "Nothing alike"),  # a code, whatever the name
        ("移动 g-9", "大同移动"),
    ],
)
def test_the_best_comes_first(text, first, manager, login, page):
    for code, name in (
        ("G-9", "大同移动"),
        ("G-8", "移动通信"),
        ("G-6", "中国移动"),
        ("G-1", "移动"),
    ):
        ClientFactory(owner=manager, code=code, name=name, income=9 if len(name) > 2 else 10)
    ClientFactory(owner=manager, code="G-7", name="Nothing alike")

    found = hits(login(manager).get(page, {"q": text}))["client"]

    assert found[0] == first


def test_own_clients_come_before_richer_ones(supervisor, manager, login, page):
    ClientFactory(owner=manager, name="Mill A", income=900)
    ClientFactory(owner=supervisor, name="Mill B", income=1, unit=manager.unit)

    assert hits(login(supervisor).get(page, {"q": "mill"}))["client"] == ["Mill B", "Mill A"]


def test_clients_opened_lately_come_first_and_are_offered(manager, outsider, login, page):
    mills = [ClientFactory(owner=manager, name=f"Mill {name}", income=9 - n)
             for n, name in enumerate("ABC")]  # fmt: skip
    browser = login(manager)
    for mill in (mills[1], mills[2]):
        assert browser.get(mill.get_absolute_url()).status_code == 200

    assert hits(browser.get(page, {"q": "mill"}))["client"] == ["Mill C", "Mill B", "Mill A"]
    (offered,) = browser.get(page).context_data["suggestions"]
    assert [hit.title for hit in offered.hits] == ["Mill C", "Mill B"]
    assert login(outsider).get(page).context_data["suggestions"] == []


@pytest.mark.rule("P1", "P3")
def test_a_client_that_was_handed_over_is_offered_no_longer(manager, outsider, own_client, login, page):  # fmt: skip
    browser = login(manager)
    browser.get(own_client.get_absolute_url())
    own_client.owner, own_client.unit = outsider, outsider.unit
    own_client.save()

    assert RecentClient.objects.filter(person=manager).exists()
    assert browser.get(page).context_data["suggestions"] == []
    assert hits(browser.get(page, {"q": "own"})) == {}


def test_thirty_openings_are_kept_and_a_part_of_a_page_is_none(manager, login):
    browser = login(manager)
    mills = [ClientFactory(owner=manager) for _ in range(32)]
    for mill in [*mills, mills[-1]]:
        browser.get(mill.get_absolute_url())
    browser.get(mills[0].get_absolute_url(), headers={"HX-Request": "true"})

    kept = RecentClient.objects.order_by("-opened_at").values_list("client", flat=True)
    assert list(kept) == [mill.pk for mill in reversed(mills[2:])]


def test_a_kind_with_many_hits_is_shown_alone(manager, login, page):
    for number in range(7):
        ContactFactory(client__owner=manager, name=f"Wang {number}")
    browser = login(manager)

    few = browser.get(page, {"q": "wang"})
    many = browser.get(page, {"q": "wang", "kind": "contact"})

    assert len(hits(few)["contact"]) == 5
    assert "Show all: Contacts" in few.content.decode()
    assert len(hits(many)["contact"]) == 7
    assert "Show all" not in many.content.decode()
    assert browser.get(page, {"q": "wang", "kind": "nonsense"}).status_code == 200


@pytest.mark.parametrize(
    "text", ["a", "7", "%", "'", "\0", "_" * 300, "x " * 50, "\\", "%%%", "🙂"]
)
def test_nonsense_finds_nothing_and_breaks_nothing(text, manager, own_client, login, page):
    response = login(manager).post(page, {"q": text}, follow=True)

    assert response.status_code == 200
    assert hits(response) == {}


def test_the_box_is_on_every_page(manager, login, page):
    html = login(manager).get(reverse("accounts:client_list")).content.decode()

    assert f'href="{page}"' in html
    assert 'id="search-dialog"' in html
    assert 'id="search-dialog"' not in login(manager).get(page).content.decode()


def test_a_search_needs_a_login(client, page):
    assert client.get(page, {"q": "own"}).status_code == 302


@pytest.mark.rule("ARC-F22")
@pytest.mark.parametrize(
    ("text", "is_found"),
    [
        ("集团彩铃", True),
        ("彩铃", True),
        ("jtcl", True),
        ("8800-1234", True),
        ("88001234", True),
        ("1234", True),
        ("6100-6199", True),
        ("88009", False),
        ("铃彩", False),
    ],
)
def test_agreements_are_found_by_product_and_number(
    text, is_found, manager, own_client, login, page
):
    fields = {"product": "集团彩铃", "group_number": "8800-1234", "short_numbers": "6100-6199"}
    add_item(model=Agreement, client=own_client, by=manager, **fields)

    response = login(manager).post(page, {"q": text}, headers={"HX-Request": "true"})

    assert hits(response).get("agreement", []) == (["集团彩铃"] if is_found else [])


def test_an_agreement_is_found_by_what_it_is_called_now_and_not_once_removed(
    manager, own_client, login, page
):
    item = add_item(model=Agreement, client=own_client, by=manager, product="集团彩铃")
    browser = login(manager)

    update_item(item=item, by=manager, product="VPMN")
    renamed = [hits(browser.get(page, {"q": text})) for text in ("cailing", "vpmn")]
    remove_item(item=item, now=datetime(2026, 7, 6, tzinfo=UTC), by=manager)

    assert renamed == [{}, {"agreement": ["VPMN"]}]
    assert hits(browser.get(page, {"q": "vpmn"})) == {}


def test_searching_twice_at_the_same_moment_keeps_one_opening(manager, own_client):

    now = datetime(2026, 7, 6, tzinfo=UTC)
    for _ in range(2):
        note_opened(client=own_client, now=now, by=manager)

    assert RecentClient.objects.get().opened_at == now
