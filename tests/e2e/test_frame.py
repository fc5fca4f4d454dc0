"""What every page has in common: signing in by keyboard, languages, getting around."""

import re

from playwright.sync_api import expect

from accounts.models import ContactLog
from tests.e2e.conftest import PASSWORD, PHONE
from tests.factories.accounts import ClientFactory, ContactFactory
from tests.factories.analytics import (
    MONTH,
    PREVIOUS_MONTH,
    AlertFactory,
    BillingImportFactory,
    BillingPeriodFactory,
    ClientMonthFactory,
    add_member_bill,
)
from tests.factories.visits import VisitFactory


def test_everything_is_reached_by_keyboard(open_context, manager):
    manager.set_password(PASSWORD)
    manager.save()
    page = open_context().new_page()
    page.goto("/clients/")
    expect(page).to_have_url(re.compile(r"/login/\?next=/clients/"))
    expect(page.get_by_label("User name")).to_be_focused()

    page.keyboard.type("manager")
    page.keyboard.press("Tab")
    page.keyboard.type("wrong")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_label("User name")).to_have_value("manager")
    page.get_by_label("Password").focus()
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")

    expect(page).to_have_url(re.compile("/clients/$"))
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
    expect(page.get_by_role("link", name="Skip to content")).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()


def test_the_language_is_chosen_before_and_after_signing_in(open_context, manager):
    manager.set_password(PASSWORD)
    manager.save()
    page = open_context().new_page()
    page.goto("/login/")
    expect(page.locator("html")).to_have_attribute("lang", "en")

    page.get_by_role("button", name="简体中文").click()
    expect(page.locator("html")).to_have_attribute("lang", "zh-hans")
    expect(page.get_by_role("button", name="登录")).to_be_visible()
    page.locator("[name=username]").fill("manager")
    page.locator("[name=password]").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("我的一天")

    page.locator(".user-button").click()
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("My day")
    manager.refresh_from_db()
    assert manager.language == "en"


def test_a_chinese_browser_gets_chinese(open_context):
    page = open_context(locale="zh-CN").new_page()

    page.goto("/login/")

    expect(page.get_by_role("button", name="登录")).to_be_visible()


def test_lists_are_filtered_sorted_and_reset_without_a_new_page(sign_in, manager):
    for name, income in (("Harbour Group", 5), ("Mill Company", 9), ("Harbour School", 7)):
        ClientFactory(owner=manager, name=name, income=income)
    page = sign_in(manager)
    page.get_by_role("navigation", name="Main menu").first.get_by_role(
        "link", name="Clients", exact=True
    ).click()
    page.evaluate("window.stillHere = true")

    page.get_by_label("Name, code or initials").fill("harbour")
    expect(page.locator("tbody tr")).to_have_count(2)
    expect(page).to_have_url(re.compile(r"\?q=harbour$"))
    page.get_by_role("link", name="Income", exact=True).click()
    expect(page).to_have_url(re.compile("sort="))
    expect(page.locator("tbody tr").first).to_contain_text("Harbour Group")
    page.get_by_role("link", name=re.compile("Remove this filter")).click()
    expect(page.locator("tbody tr")).to_have_count(3)
    page.go_back()
    expect(page.locator("tbody tr")).to_have_count(2)
    page.goto("/clients/?q=zzz")
    expect(page.get_by_text("Nothing matches these filters")).to_be_visible()


def test_the_tabs_of_a_client_change_without_a_new_page(sign_in, manager):
    client = ClientFactory(owner=manager, name="Harbour Group")
    page = sign_in(manager)
    page.goto(client.get_absolute_url())
    page.evaluate("window.stillHere = true")
    tabs = page.get_by_role("navigation", name="Harbour Group")

    for name, text in (
        ("Timeline", "Nothing here yet"),
        ("People", "Nobody known yet"),
        ("Members", "No members yet"),
        ("Bills", "No complete month yet"),
        ("Business", "Nothing known of the services in use"),
        ("Alerts", "No alerts"),
        ("Visits", "No visits yet"),
        ("History", "Changes"),
        ("Overview", "Archive"),
    ):
        tabs.get_by_role("link", name=name).click()
        expect(page.locator("#detail-pane").get_by_text(text).first).to_be_visible()
        expect(tabs.get_by_role("link", name=name)).to_have_attribute("aria-current", "page")

    assert page.evaluate("window.stillHere")


def test_a_phone_has_its_menu_and_logs_a_call(sign_in, manager):
    client = ClientFactory(owner=manager, name="Harbour Group")
    page = sign_in(manager, viewport=PHONE, has_touch=True, is_mobile=True)

    page.get_by_role("button", name="More").tap()
    expect(page.get_by_role("navigation", name="All pages")).to_be_visible()
    page.get_by_role("button", name="Close").tap()
    page.get_by_role("navigation", name="Main menu").get_by_role(
        "link", name="Clients", exact=True
    ).tap()
    page.get_by_role("link", name="Harbour Group").tap()
    bar = page.get_by_role("navigation", name="Quick actions")
    bar.get_by_role("link", name="Log a contact").tap()
    form = page.get_by_role("dialog", name="Log a contact")
    form.get_by_label("What came out of it").fill("They are content.")
    form.get_by_label("Next step", exact=True).fill("Call again in May.")
    form.get_by_role("button", name="Save").tap()

    expect(page.get_by_text("The contact is logged.")).to_be_visible()
    expect(form).to_be_hidden()
    expect(page.locator("#client-head")).to_contain_text("Phone")  # the last contact
    assert ContactLog.objects.get().client == client


def test_keys_do_everything_on_a_clients_page(sign_in, manager):
    client = ClientFactory(owner=manager, name="Harbour Group")
    page = sign_in(manager)
    page.goto(client.get_absolute_url())
    page.evaluate("window.stillHere = true")

    page.keyboard.press("2")
    expect(page.get_by_text("Nothing here yet")).to_be_visible()
    expect(page).to_have_url(re.compile("/timeline/$"))
    page.keyboard.press("n")
    note = page.get_by_role("dialog", name="Add a note")
    expect(note.get_by_label("Text")).to_be_focused()
    page.keyboard.type("2 l ? are letters here")
    note.get_by_label("Pinned").check()
    note.get_by_role("button", name="Save").press("Enter")
    expect(note).to_be_hidden()
    expect(page.locator("#client-timeline")).to_contain_text("2 l ? are letters here")
    focused = "document.activeElement.dataset.key"
    assert page.evaluate(focused) == "n"

    page.keyboard.press("?")
    keys = page.get_by_role("dialog", name="Keys of this page")
    expect(keys.get_by_text("Add a note")).to_be_visible()
    page.keyboard.press("Escape")
    expect(keys).to_be_hidden()
    page.get_by_role("link", name="Timeline").focus()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Pinned notes")).to_be_visible()
    assert page.evaluate("window.stillHere")


def cut_off(page):
    """What sticks out of the screen and cannot be scrolled to."""
    return page.evaluate(
        """() => [...document.querySelectorAll("main *")].filter(element => {
            const box = element.getBoundingClientRect()
            return box.width > 1 && box.right > window.innerWidth + 1
                && !element.closest(".table-responsive, .tabs, .chart, .dropdown-menu")
        }).map(element => element.outerHTML.slice(0, 120))"""
    )


def test_no_page_is_wider_than_a_phone(sign_in, supervisor, manager, operations):
    name = "The Harbour and Mill Street Community Hospital and Nursing Company Limited"
    client = ClientFactory(owner=manager, name=name, income="123456789.01", address=name)
    ContactFactory(client=client, name="Zhao Min", title=name[:60], department=name[:60])
    visit = VisitFactory(client=client, visitor=manager, place=name)
    alert = AlertFactory(
        client=client, money_at_risk="123456789.01", reading__previous="223456789.01",
        reading__current="100000000.00",
    )  # fmt: skip
    for number, month in enumerate((PREVIOUS_MONTH, MONTH)):
        BillingPeriodFactory(month=month, complete=True)
        ClientMonthFactory(client=client, period=month, income="123456789.01")
        add_member_bill(
            period=month, client=client, msisdn=13_800_000_000, total=1_234_567_890, local=number
        )
    loaded = BillingImportFactory(created_by=operations, state="loaded", sha256="a" * 64,
                                  file_name="member_bill_of_the_whole_province_2026-06.csv")  # fmt: skip
    pages = {
        manager: ["/", "/clients/", "/visits/", "/alerts/", "/contacts/", "/tasks/", "/exports/",
                  client.get_absolute_url(), f"/clients/{client.pk}/bills/",
                  f"/clients/{client.pk}/alerts/", f"/clients/{client.pk}/visits/",
                  f"/clients/{client.pk}/edit/", visit.get_absolute_url(),
                  f"/visits/{visit.pk}/record/", f"/visits/new/?client={client.pk}",
                  alert.get_absolute_url(), "/alerts/rules/", "/notifications/", "/tokens/"],
        supervisor: ["/dashboard/", "/periods/"],
        operations: ["/imports/", "/imports/new/", loaded.get_absolute_url()],
    }  # fmt: skip

    found = {}
    for person, addresses in pages.items():
        page = sign_in(person, viewport=PHONE, has_touch=True, is_mobile=True)
        for address in addresses:
            assert page.goto(address).status == 200, address
            found[address] = cut_off(page)

    assert {address: parts for address, parts in found.items() if parts} == {}
