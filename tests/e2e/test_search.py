"""The search box in a browser: by keyboard, in the hand, and while one types."""

import re

from playwright.sync_api import expect

from tests.e2e.conftest import PHONE
from tests.factories.accounts import ClientFactory, ContactFactory, MemberFactory


def test_a_client_is_found_and_opened_by_keyboard(sign_in, manager):
    for code, name in (("H1", "哈尔滨水务集团"), ("H2", "哈尔滨热力公司")):
        ClientFactory(owner=manager, code=code, name=name)
    page = sign_in(manager)
    box = page.get_by_role("combobox", name="Name, pinyin, initials, code or number")

    page.keyboard.press("Control+k")
    expect(box).to_be_focused()
    page.keyboard.type("heb")
    expect(page.get_by_role("option")).to_have_count(2)
    expect(page.get_by_role("option").first).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("option").nth(1)).to_have_attribute("aria-selected", "true")
    chosen = page.get_by_role("option").nth(1).locator(".search-title").inner_text()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text(chosen)

    page.locator("#main").focus()
    page.keyboard.press("/")
    expect(box).to_be_focused()
    expect(page.get_by_text("Opened lately")).to_be_visible()
    expect(page.get_by_role("option")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()


def test_who_types_and_presses_enter_at_once_gets_the_page_of_results(sign_in, manager):
    ClientFactory(owner=manager, name="Harbour")
    page = sign_in(manager)

    page.keyboard.press("Control+k")
    page.keyboard.type("harb")
    page.keyboard.press("Enter")

    expect(page).to_have_url(re.compile(r"/search/\?q=harb$|/clients/"))
    expect(page.get_by_text("Harbour").first).to_be_visible()


def test_a_slash_in_a_field_is_a_slash(sign_in, manager):
    page = sign_in(manager)
    page.goto("/clients/")

    page.get_by_label("Name, code or initials").press_sequentially("a/b")

    expect(page.get_by_label("Name, code or initials")).to_have_value("a/b")
    expect(page.get_by_role("dialog")).to_be_hidden()


def test_a_number_is_found_on_a_phone_and_stays_out_of_the_address(sign_in, manager):
    client = ClientFactory(owner=manager, name="Harbour")
    MemberFactory(client=client, msisdn=13_945_678_901)
    for number in range(7):
        ContactFactory(client=client, name=f"Wang {number}", mobile=f"1394567890{number}")
    page = sign_in(manager, viewport=PHONE, has_touch=True, is_mobile=True)

    page.get_by_role("link", name="Search").tap()
    page.keyboard.type("13945678")
    expect(page.get_by_role("option", name="Show all: Contacts")).to_be_visible()
    page.get_by_role("option", name="Show all: Contacts").tap()

    expect(page).to_have_url(re.compile("/search/$"))
    expect(page.get_by_role("option")).to_have_count(7)
    page.get_by_role("button", name="All kinds").tap()
    page.get_by_role("combobox").fill("8901")
    expect(page.get_by_role("option", name=re.compile(r"139\*\*\*\*8901"))).to_be_visible()
    expect(page).to_have_url(re.compile("/search/$"))
