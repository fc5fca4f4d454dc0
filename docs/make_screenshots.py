"""Pictures of the main pages for the README, taken from a running demo.

    python docs/make_screenshots.py http://localhost:8000 "$(cat .data/demo_password)"

Writes docs/screenshots/<page>-{desktop,phone}.png in Chinese. The people are those of the demo.
"""  # noqa: INP001 -- a script, not a package

import argparse
import os
import sys
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

sys.path.insert(0, str(Path(__file__).parents[1]))  # the script's own folder is on the path

from crm.local import browser as chromium

FOLDER = Path(__file__).parent / "screenshots"
MOST_BYTES = 200_000
SCREENS: dict[str, ViewportSize] = {
    "desktop": {"width": 1440, "height": 900},
    "phone": {"width": 390, "height": 844},
}
MANAGER, SUPERVISOR, OPERATIONS = "sun.yan", "he.chunmei", "yu.xiaoyan"


def first_of(address: str, then: str = "") -> Callable[[Page], object]:
    """The page behind the first row of a list, and an address below it."""

    def go(page: Page) -> None:
        page.goto(address)
        href = page.locator("tbody a.row-link").first.get_attribute("href") or ""
        page.goto(href + then)

    return go


def client_behind_alert(page: Page) -> None:
    """A client with something to show: the one with most money at risk."""
    first_of("/alerts/?open=true")(page)
    page.locator(".page-subtitle a").first.click()


# Picture -> who looks at what.
PICTURES: dict[str, tuple[str, Callable[[Page], object]]] = {
    "my-day": (MANAGER, lambda page: page.goto("/")),
    "client": (MANAGER, client_behind_alert),
    "alert": (MANAGER, first_of("/alerts/?open=true")),
    "visit-record": (MANAGER, first_of("/visits/?state=planned", "record/")),
    "import": (OPERATIONS, first_of("/imports/")),
    "dashboard": (SUPERVISOR, lambda page: page.goto("/dashboard/")),
}


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("address")
    options.add_argument("password", help="of the people of the demo")
    given = options.parse_args()
    FOLDER.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium.find(),
            args=["--no-sandbox", "--lang=zh-CN"],  # the language of its date fields
            env={**os.environ, "LANGUAGE": "zh_CN"},
        )
        for screen in SCREENS:
            for person in (MANAGER, SUPERVISOR, OPERATIONS):
                take_all(browser, given.address, given.password, screen, person)
        browser.close()


def take_all(browser: Browser, address: str, password: str, screen: str, person: str) -> None:
    """One person's pictures on one kind of screen."""
    is_phone = screen == "phone"
    page = browser.new_context(
        base_url=address,
        viewport=SCREENS[screen],
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
        is_mobile=is_phone,
        has_touch=is_phone,
    ).new_page()
    page.goto("/login/")
    page.locator("[name=username]").fill(person)
    page.locator("[name=password]").fill(password)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/login/" not in url)
    for name, (who, go) in PICTURES.items():
        if who == person:
            go(page)
            take(page, FOLDER / f"{name}-{screen}.png")
    page.context.close()


def take(page: Page, path: Path) -> None:
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(1200)  # charts move into place
    page.screenshot(path=path)
    if path.stat().st_size > MOST_BYTES:
        sys.exit(f"{path.name} is larger than {MOST_BYTES} bytes")


if __name__ == "__main__":
    main()
