"""A real server, a real worker and a real Chromium on the test database."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any
from unittest import mock

import pytest
from django.conf import settings
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Playwright,
    sync_playwright,
)
from pytest_django.live_server_helper import LiveServer

from crm.celery import app
from crm.local import browser as chromium
from staff.models import User

DESKTOP = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
PASSWORD = "a long enough password"
# Without network services of its own; in a container it cannot build its sandbox.
CHROMIUM_OPTIONS = [
    "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--no-first-run",
]  # fmt: skip


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every test of this folder drives a browser and commits."""
    for item in items:
        if item.path.is_relative_to(os.path.dirname(__file__)):  # noqa: PTH120
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.django_db(transaction=True))


@pytest.fixture(scope="session")
def live_server(django_db_setup: None) -> Iterator[LiveServer]:
    """The stock one, but WhiteNoise serves the static files as it does in production."""
    with mock.patch("django.contrib.staticfiles.handlers.StaticFilesHandler", lambda wsgi: wsgi):
        server = LiveServer("localhost")
    yield server
    server.stop()


class Worker:
    """A Celery worker that can be held still, so that a test sees what comes before the end."""

    def __init__(self, process: subprocess.Popen) -> None:
        self._process = process

    def hold(self) -> None:
        self._process.send_signal(signal.SIGSTOP)

    def go_on(self) -> None:
        self._process.send_signal(signal.SIGCONT)


@pytest.fixture(scope="session")
def worker_process(django_db_setup: None) -> Iterator[subprocess.Popen]:
    server = os.environ["DATABASE_URL"].rsplit("/", 1)[0]
    environment = os.environ | {"DATABASE_URL": f"{server}/{settings.DATABASES['default']['NAME']}"}
    command = [sys.executable, "-m", "celery", "-A", "crm", "worker", "--pool=solo"]
    command += ["-Q", "celery,billing"]
    process = subprocess.Popen(  # noqa: S603 -- ours, killed with pytest
        [*command, "--without-gossip", "--without-mingle", "-l", "WARNING"],
        env=environment,
        preexec_fn=lambda: ctypes.CDLL(None).prctl(1, signal.SIGTERM),  # noqa: PLW1509
    )
    end = time.monotonic() + 60
    while not app.control.ping(timeout=0.5):
        assert process.poll() is None, "the worker did not start"
        assert time.monotonic() < end, "the worker does not answer"
    yield process
    process.send_signal(signal.SIGCONT)
    process.terminate()
    process.wait(30)


@pytest.fixture
def worker(worker_process: subprocess.Popen) -> Iterator[Worker]:
    worker = Worker(worker_process)
    yield worker
    worker.go_on()


@pytest.fixture(scope="session")
def playwright_api() -> Iterator[Playwright]:
    # Its sync API keeps an event loop in this thread, which Django would object to.
    with (
        mock.patch.dict(os.environ, {"DJANGO_ALLOW_ASYNC_UNSAFE": "true"}),
        sync_playwright() as playwright,
    ):
        yield playwright


@pytest.fixture(scope="session")
def browser(live_server: LiveServer, playwright_api: Playwright) -> Iterator[Browser]:
    """Asks for the server to be closed before it: its connections hold on to the database."""
    found = chromium.find()
    assert found, "no Chromium: run `make test`, or leave these out with `-m 'not browser'`"
    running = playwright_api.chromium.launch(executable_path=found, args=CHROMIUM_OPTIONS)
    yield running
    running.close()


@pytest.fixture
def page_errors() -> list[str]:
    """What a browser's console complained about, violations of the content policy among it."""
    return []


def _listen(page: Page, errors: list[str]) -> None:
    def note(message: ConsoleMessage) -> None:
        source = message.location.get("url", "")
        # Chromium also reports the answer to a form with a mistake in it, and asks for the icon
        # that no page names when it goes back in the history.
        if "status of 422" in message.text or source.endswith("/favicon.ico"):
            return
        if message.type in {"error", "warning"}:
            errors.append(f"{page.url}: {message.text} ({source})")

    page.on("console", note)
    page.on("pageerror", lambda error: errors.append(f"{page.url}: {error}"))
    page.on(
        "response",
        lambda answer: answer.status >= 500 and errors.append(f"{answer.status} {answer.url}"),
    )


@pytest.fixture
def open_context(
    browser: Browser, live_server: LiveServer, page_errors: list[str]
) -> Iterator[Callable[..., BrowserContext]]:
    """A browser of somebody's own; at the end no page may have complained."""
    opened: list[BrowserContext] = []

    def make(viewport: dict[str, int] = DESKTOP, **options: Any) -> BrowserContext:
        options.setdefault("locale", "en-GB")
        context = browser.new_context(viewport=viewport, base_url=live_server.url, **options)
        context.set_default_timeout(15_000)
        context.on("page", lambda page: _listen(page, page_errors))
        opened.append(context)
        return context

    yield make
    for context in opened:
        context.close()
    assert page_errors == []


@pytest.fixture
def sign_in(open_context: Callable[..., BrowserContext]) -> Callable[..., Page]:
    """`sign_in(person)`: a page on which the person has just logged in, by the form."""

    def log_in(person: User, **options: Any) -> Page:
        if not person.check_password(PASSWORD):  # a new one would end the person's other sessions
            person.set_password(PASSWORD)
            person.save()
        page = open_context(**options).new_page()
        page.goto("/")
        page.get_by_label("User name").fill(person.username)
        page.get_by_label("Password").fill(PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url(lambda url: "/login/" not in url)
        return page

    return log_in
