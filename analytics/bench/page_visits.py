"""A person signs in and opens the same page again and again."""

import http.client
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from http.cookies import SimpleCookie
from statistics import median
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.crypto import get_random_string

from accounts.models import Client
from analytics.choices import ImportState
from analytics.models import BillingImport
from staff.choices import Role
from staff.models import User
from staff.services.people import found_root_unit

WARM_UP = 5
OWNED = 60  # clients of an account manager
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')


def measure(requests: str) -> dict[str, Any]:
    """For each page the median milliseconds and the queries of one request."""
    password = get_random_string(20)
    with server() as port:
        return {
            name: {
                "milliseconds": milliseconds(port, person, password, path, int(requests)),
                "queries": queries(person, path),
            }
            for name, (person, path) in _visits(password).items()
        }


def measure_during_import(requests: str, bill: str) -> dict[str, Any]:
    """For each page the median milliseconds on a quiet machine and beside a running import."""
    password = get_random_string(20)
    figures = {}
    with server() as port:
        for name, (person, path) in _visits(password).items():
            quiet = milliseconds(port, person, password, path, int(requests))
            with _import_of(bill) as is_running:
                busy = milliseconds(port, person, password, path, int(requests), is_running)
            figures[name] = (quiet, busy)
    return figures


def _visits(password: str) -> dict[str, tuple[User, str]]:
    province, manager = _people(password)
    client = Client.objects.order_by("-income", "pk")[0]
    return {
        "client_list": (province, reverse("accounts:client_list")),
        "client_detail": (province, reverse("accounts:client_detail", args=[client.pk])),
        "my_day": (manager, reverse("home")),
        "dashboard": (province, reverse("analytics:dashboard")),
    }


@contextmanager
def _import_of(bill: str) -> Iterator[Callable[[], bool]]:
    """An import in a process of its own, under way; gives whether it still is."""
    command = [sys.executable, "-m", "analytics.bench.steps", "load", bill, "member_bill"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)  # noqa: S603 -- our own module
    try:
        while not BillingImport.objects.filter(state=ImportState.RUNNING).exists():
            time.sleep(0.05)
        yield lambda: process.poll() is None
    finally:
        if process.wait():
            raise SystemExit("The import beside the pages failed.")


def _people(password: str) -> tuple[User, User]:
    """One who sees everything, and an account manager with clients of their own."""
    unit = found_root_unit(by=None)
    province, manager = (
        User.objects.create_user(
            username=f"bench-{role}",
            password=password,
            full_name=role.label,
            unit=unit,
            role=role,
            must_acknowledge=False,
        )
        for role in (Role.PROVINCE, Role.ACCOUNT_MANAGER)
    )
    own = Client.objects.order_by("pk").values_list("pk", flat=True)[:OWNED]
    Client.objects.filter(pk__in=list(own)).update(owner=manager)
    return province, manager


@contextmanager
def server() -> Iterator[int]:
    """gunicorn with one worker on a free port."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        command = ["gunicorn", "crm.wsgi", "--workers=1", f"--bind=fd://{listener.fileno()}"]
        process = subprocess.Popen(  # noqa: S603 -- a fixed program, no shell
            [sys.executable, "-m", *command, "--no-control-socket", "--log-level=error"],
            cwd=settings.BASE_DIR,
            pass_fds=[listener.fileno()],
        )
        try:
            yield listener.getsockname()[1]
        finally:
            process.terminate()
            process.wait()


class Visitor:
    """As much of a browser as signing in takes."""

    def __init__(self, port: int) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self._cookies: SimpleCookie = SimpleCookie()

    def fetch(self, path: str, form: dict[str, str] | None = None) -> tuple[int, str]:
        cookies = "; ".join(f"{c.key}={c.value}" for c in self._cookies.values())
        headers = {"Cookie": cookies} if cookies else {}
        if form:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        method, body = ("POST", urlencode(form)) if form else ("GET", None)
        self.connection.request(method, path, body, headers)
        response = self.connection.getresponse()
        for cookie in response.headers.get_all("Set-Cookie", []):
            self._cookies.load(cookie)
        return response.status, response.read().decode()

    def sign_in(self, username: str, password: str) -> None:
        path = reverse("staff:login")
        token = TOKEN.search(self.fetch(path)[1])
        form = {"username": username, "password": password}
        if not token or self.fetch(path, form | {"csrfmiddlewaretoken": token[1]})[0] != 302:
            raise SystemExit(f"{username} could not sign in.")


def milliseconds(
    port: int,
    person: User,
    password: str,
    path: str,
    requests: int,
    goes_on: Callable[[], bool] = lambda: True,
) -> float:
    """The median of so many requests, or of as many as there are while it goes on."""
    visitor = Visitor(port)
    with closing(visitor.connection):
        visitor.sign_in(person.username, password)
        for _ in range(WARM_UP):
            _open(visitor, path)
        return median(_open(visitor, path) for _ in range(requests) if goes_on())


def _open(visitor: Visitor, path: str) -> float:
    """Milliseconds from the request to the last byte of the answer."""
    started = time.perf_counter()
    status, _ = visitor.fetch(path)
    elapsed = (time.perf_counter() - started) * 1000
    if status != http.client.OK:
        raise SystemExit(f"{path}: {status}")
    return elapsed


def queries(person: User, path: str) -> int:
    """Queries of a request, the session's and the person's among them."""
    browser = Browser(HTTP_HOST="localhost")
    browser.force_login(person)
    browser.get(path)
    with CaptureQueriesContext(connection) as captured:
        browser.get(path)
    return len(captured)
