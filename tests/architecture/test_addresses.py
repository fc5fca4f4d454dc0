"""Every address asks for a login, and every template can be read."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.template.loader import get_template
from django.urls import URLPattern, URLResolver, get_resolver

OPEN = {
    "staff:login": "the door itself",
    "set_language": "people choose their language before they log in",
    "api:None": "unknown addresses below the API: 404 for everybody, there is nothing behind them",
    "health": "asked by the load balancer; says nothing about anybody",
    "favicon": "browsers ask for it before anybody signs in; a redirect to the logo",
}


def patterns(resolver: URLResolver, namespace: str = "", path: str = "") -> Iterator[tuple]:
    for entry in resolver.url_patterns:
        here = path + str(entry.pattern)
        if isinstance(entry, URLResolver):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from patterns(entry, inner, here)
        elif isinstance(entry, URLPattern):
            yield f"{namespace}{entry.name}", here, entry.callback


ADDRESSES = list(patterns(get_resolver()))


def asks_for_login(view) -> bool:
    """By Django's middleware, or, for the REST API which it lets pass, by its own permissions."""
    rest = getattr(view, "cls", None)
    if rest is not None and hasattr(rest, "permission_classes"):
        return bool(rest.permission_classes)
    return getattr(view, "login_required", True)


@pytest.mark.rule("P1")
def test_every_address_asks_for_a_login_or_says_why_not():
    open_ones = {name for name, _, view in ADDRESSES if not asks_for_login(view)}

    assert open_ones == set(OPEN)


def test_login_middleware_is_on():
    name = f"{LoginRequiredMiddleware.__module__}.{LoginRequiredMiddleware.__name__}"

    assert name in settings.MIDDLEWARE


@pytest.mark.rule("P1")
@pytest.mark.django_db
@pytest.mark.parametrize("address", ADDRESSES, ids=lambda address: address[0])
def test_stranger_is_turned_away(address, client):
    name, path, _ = address
    if name in OPEN:
        return

    response = client.get("/" + fill(path))

    assert response.status_code in {302, 401, 403, 404, 405}
    if response.status_code == 302:
        assert response.url.startswith("/login")


def fill(path: str) -> str:
    """The path with something in place of each converter."""
    parts = {
        "uuid": "00000000-0000-7000-8000-000000000000",
        "int": "1",
        "slug": "x",
        "str": "x",
        "month": "2026-06",
        "path": "x",
    }
    filled = ""
    while "<" in path:
        before, _, rest = path.partition("<")
        converter, _, path = rest.partition(">")
        filled += before + parts[converter.partition(":")[0]]
    return filled + path


def test_names_are_unique():
    names = [name for name, _, _ in ADDRESSES if not name.endswith("None")]

    assert sorted(names) == sorted(set(names))


TEMPLATES = sorted(
    str(path.relative_to(settings.BASE_DIR / "templates"))
    for path in Path(settings.BASE_DIR / "templates").rglob("*")
    if path.suffix in {".html", ".txt", ".svg"}
)


@pytest.mark.parametrize("name", TEMPLATES)
def test_template_compiles(name):
    assert get_template(name)
