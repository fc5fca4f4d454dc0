"""Every error of the API is a problem document, wherever it comes from."""

import pytest
from django.test import Client as Browser
from django.utils import translation

from accounts.models import Client
from crm.lib.api import TokenThrottle


@pytest.mark.parametrize(
    "path", ["nowhere/", "clients/not-a-uuid/", "clients", "", "/api/", "/api/v2/clients/"]
)
def test_unknown_addresses_are_problems(api, manager, path, assert_problem):
    assert_problem(api(manager).get(path), 404, "not_found")
    assert_problem(api().post(path, {}), 404, "not_found")


def test_wrong_method_is_405_with_allow(api, manager, assert_problem):
    response = api(manager).browser.put("/api/v1/clients/", {}, content_type="application/json")

    assert_problem(response, 405, "method_not_allowed")


@pytest.mark.parametrize("method", ["delete", "options", "trace"])
def test_other_methods_are_405(api, manager, own_client, method, assert_problem):
    send = getattr(api(manager).browser, method)

    assert_problem(send(f"/api/v1/clients/{own_client.pk}/"), 405, "method_not_allowed")


def test_malformed_json_is_400(api, manager, assert_problem):
    send = api(manager).browser.post

    for text in ("{", '{"name": "\xff"}'.encode("latin-1"), "[1]", '"x"', "null"):
        response = send("/api/v1/clients/", text, content_type="application/json")
        assert response.status_code == 400, text
        assert_problem(response, 400, response.json()["code"])


def test_html_cannot_be_had(api, manager, assert_problem):
    response = api(manager).browser.get("/api/v1/clients/", headers={"Accept": "text/html"})

    assert_problem(response, 406, "not_acceptable")


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded"])
def test_other_media_types_are_415(api, manager, login, content_type, assert_problem):
    for browser in (api(manager).browser, login(manager)):
        response = browser.post("/api/v1/clients/", "name=x", content_type=content_type)
        assert_problem(response, 415, "unsupported_media_type")


def test_large_bodies_are_413(api, manager, settings, assert_problem):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100

    response = api(manager).post("clients/", {"name": "x" * 200})

    assert_problem(response, 413, "body_too_large")


def test_too_many_requests_are_429(api, manager, peer, monkeypatch, assert_problem):
    monkeypatch.setattr(TokenThrottle, "rate", "2/min", raising=False)
    me, other = api(manager), api(peer)

    assert [me.get("clients/").status_code for _ in range(2)] == [200, 200]
    response = me.get("clients/")

    assert_problem(response, 429, "throttled")
    assert 0 < int(response.headers["Retry-After"]) <= 60
    assert other.get("clients/").status_code == 200


def test_a_bug_is_500_without_details(api, manager, monkeypatch, assert_problem):
    def fail(*_args):
        raise ZeroDivisionError("secret")

    me = api(manager)
    me.browser.raise_request_exception = False
    monkeypatch.setattr("crm.lib.viewsets.ScopedViewSet.get_queryset", fail)

    body = assert_problem(me.get("clients/"), 500, "server_error")

    assert "secret" not in str(body)


def test_session_needs_the_csrf_token(manager, own_client, assert_problem):
    browser = Browser(enforce_csrf_checks=True)
    browser.force_login(manager)
    path = f"/api/v1/clients/{own_client.pk}/"

    def send(token):
        headers = {"X-CSRFToken": token}
        return browser.patch(path, {"notes": "x"}, "application/json", headers=headers)

    refused = send("")
    browser.cookies["csrftoken"] = "a" * 32
    allowed = send("a" * 32)

    assert_problem(refused, 403, "permission_denied")
    assert allowed.status_code == 200
    assert Client.objects.get().notes == "x"


def test_text_is_translated_and_code_is_not(api, manager, assert_problem):
    manager.language = "zh-hans"
    manager.save()

    with translation.override("en"):
        body = assert_problem(api(manager).get("clients/", colour="red"), 400, "invalid_query")

    assert body["errors"][0]["code"] == "unknown_parameter"
    assert body["errors"][0]["pointer"] == "#/colour"


@pytest.mark.parametrize("limit", ["00000000199999999", "9" * 5000, "0", "201", "-1", "٣", ""])
def test_a_limit_beyond_a_page_is_refused(limit, api, manager, assert_problem):
    response = api(manager).get("clients/", limit=limit)

    assert assert_problem(response, 400, "invalid_query")["errors"][0]["pointer"] == "#/limit"
