"""REST clients of the test people."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client as Browser
from django.utils import timezone

from crm.lib.problems import CONTENT_TYPE
from staff.models import User
from sync import services
from sync.models import TokenScope


class Api:
    """Sends and reads JSON in somebody's name."""

    def __init__(self, token: str = "") -> None:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        self.browser = Browser(headers=headers)

    def get(self, path: str, **query: Any) -> Any:
        return self.browser.get(self._url(path), query)

    def post(self, path: str, body: Any = None) -> Any:
        return self._send("post", path, body)

    def patch(self, path: str, body: Any) -> Any:
        return self._send("patch", path, body)

    def upload(self, path: str, **fields: Any) -> Any:
        return self.browser.post(self._url(path), fields)

    def _send(self, method: str, path: str, body: Any) -> Any:
        text = b"" if body is None else json.dumps(body, default=str)
        send = getattr(self.browser, method)
        return send(self._url(path), text, content_type="application/json")

    def _url(self, path: str) -> str:
        return path if path.startswith(("http", "/")) else f"/api/v1/{path}"


@pytest.fixture
def token_of() -> Callable[..., str]:
    def make(person: User, access: str = TokenScope.WRITE, days: int = 30) -> str:
        now = timezone.now()
        _token, text = services.create_token(
            name="test", access=access, expires_at=now + timedelta(days=days), now=now, by=person
        )
        return text

    return make


@pytest.fixture
def api(token_of: Callable[..., str]) -> Callable[..., Api]:
    """`api(person).get("clients/")`; `api()` is anonymous."""

    def call(person: User | None = None, **token: Any) -> Api:
        return Api(token_of(person, **token) if person else "")

    return call


@pytest.fixture
def assert_problem() -> Callable[..., dict[str, Any]]:
    """The answer is a whole RFC 9457 problem with this status and code."""

    def check(response: Any, status: int, code: str) -> dict[str, Any]:
        assert (response.status_code, response.headers["Content-Type"]) == (status, CONTENT_TYPE)
        body = json.loads(response.content)
        assert set(body) == {"type", "title", "status", "detail", "instance", "code", "errors"}
        assert (body["status"], body["code"]) == (status, code)
        assert body["instance"] == response.wsgi_request.path
        return body

    return check
