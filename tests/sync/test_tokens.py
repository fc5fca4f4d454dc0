"""Personal tokens: what they open, and what ends them."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from staff.choices import Role
from sync import services
from sync.exceptions import ApiNotAllowed, NotYourToken, TooManyTokens
from sync.models import Token

NOW = datetime(2026, 7, 6, 1, tzinfo=UTC)


def make(person, access="write", now=NOW, days=30):
    return services.create_token(
        name="sync", access=access, expires_at=now + timedelta(days=days), now=now, by=person
    )


def call(text, method="get"):
    send = getattr(Browser(), method)
    return send("/api/v1/clients/", headers={"Authorization": f"Bearer {text}"})


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def test_a_token_is_random_and_stored_hashed(manager):
    token, text = make(manager)
    _other, other_text = make(manager)

    assert text.startswith("crm_")
    assert (len(text), text == other_text) == (44, False)
    assert token.digest == services.digest_of(text)
    assert text not in str(Token.objects.values())


def test_a_token_sees_what_its_owner_sees(manager, own_client, foreign_client):
    response = call(make(manager)[1])

    assert [row["code"] for row in response.json()["results"]] == ["OWN"]


@pytest.mark.parametrize("end", ["expired", "revoked", "inactive", "wrong", "empty"])
def test_dead_tokens_are_401(manager, end, clock):
    token, text = make(manager, days=1)
    if end == "expired":
        clock.shift(timedelta(days=1))
    elif end == "revoked":
        services.revoke_token(token=token, now=NOW, by=manager)
    elif end == "inactive":
        manager.is_active = False
        manager.save()
    else:
        text = {"wrong": f"{text}x", "empty": ""}[end]

    response = call(text)

    assert (response.status_code, response.json()["code"]) == (401, "invalid_token")
    assert response.headers["WWW-Authenticate"] == 'Bearer realm="api"'


def test_a_reading_token_does_not_write(manager):
    _token, text = make(manager, access="read")

    response = call(text, "patch")

    assert call(text).status_code == 200
    assert (response.status_code, response.json()["code"]) == (403, "read_only_token")


def test_a_token_dies_with_its_owners_right(manager):
    _token, text = make(manager)
    manager.role = Role.COMPLAINT_CLERK
    manager.save()

    assert call(text).status_code == 403


def test_a_dead_token_is_not_replaced_by_a_session(manager, login):
    response = login(manager).get("/api/v1/clients/", headers={"Authorization": "Bearer crm_x"})

    assert response.status_code == 401


def test_last_use_is_noted_once_a_minute(manager, clock):
    token, text = make(manager)

    def used_at():
        call(text)
        token.refresh_from_db()
        return token.last_used_at

    assert used_at() == NOW
    clock.shift(timedelta(seconds=59))
    with CaptureQueriesContext(connection) as captured:
        assert used_at() == NOW
    assert not [query for query in captured if query["sql"].startswith("UPDATE")]
    clock.shift(timedelta(seconds=1))
    assert used_at() == NOW + timedelta(minutes=1)


def test_a_token_does_not_manage_tokens(manager):
    _token, text = make(manager)

    for name in ("sync:token_list", "sync:token_create"):
        response = Browser(headers={"Authorization": f"Bearer {text}"}).post(reverse(name))
        assert response.status_code == 302
        assert response.headers["Location"].startswith(reverse("staff:login"))
    assert Token.objects.count() == 1


def test_services_refuse(manager, peer, units):
    token, _text = make(manager)
    peer.role = Role.COMPLAINT_CLERK

    with pytest.raises(ApiNotAllowed):
        make(peer)
    with pytest.raises(NotYourToken):
        services.revoke_token(token=token, now=NOW, by=peer)
    for _ in range(services.MOST_TOKENS - 1):
        make(manager)
    with pytest.raises(TooManyTokens):
        make(manager)


def test_revoking_again_keeps_the_first_time(manager):
    token, _text = make(manager)

    services.revoke_token(token=token, now=NOW, by=manager)
    services.revoke_token(token=token, now=NOW + timedelta(days=1), by=manager)

    token.refresh_from_db()
    assert token.revoked_at == NOW


def test_pages_show_the_text_once(manager, login):
    browser = login(manager)

    assert browser.get(reverse("sync:token_create")).status_code == 200
    form = {"name": "Laptop", "access": "read", "days": "10"}
    created = browser.post(reverse("sync:token_create"), form)
    listed = browser.get(reverse("sync:token_list"))

    token = Token.objects.get()
    assert (token.owner, token.expires_at) == (manager, NOW + timedelta(days=10))
    text = created.context["text"]
    assert services.digest_of(text) == token.digest
    assert text in created.content.decode()
    assert "no-store" in created.headers["Cache-Control"]
    assert "Laptop" in listed.content.decode()
    assert text not in listed.content.decode()


def test_form_refuses(manager, login):
    form = {"name": "", "access": "all", "days": "400"}

    response = login(manager).post(reverse("sync:token_create"), form)

    assert response.status_code == 422
    assert set(response.context["form"].errors) == {"name", "access", "days"}


def test_page_revokes_own_tokens_only(manager, peer, province, login):
    token, _text = make(manager)
    path = reverse("sync:token_revoke", args=[token.pk])

    for person in (peer, province):
        assert login(person).post(path).status_code == 404
    assert login(manager).get(path).status_code == 200
    assert login(manager).post(path).status_code == 302

    token.refresh_from_db()
    assert token.revoked_at == timezone.now()


def test_pages_need_the_right(manager, login):
    manager.role = Role.COMPLAINT_CLERK
    manager.save()

    assert login(manager).get(reverse("sync:token_list")).status_code == 403


def test_tokens_list_asks_as_often_for_three_rows_as_for_one(manager, login):
    browser = login(manager)

    def queries():
        with CaptureQueriesContext(connection) as captured:
            browser.get(reverse("sync:token_list"))
        return len(captured)

    make(manager)
    queries()  # notes that the session is in use
    one = queries()
    make(manager)
    make(manager)

    assert queries() == one


def test_documentation_needs_a_login(manager, login):
    assert Browser().get(reverse("api:docs")).status_code == 302
    assert Browser().get(reverse("api:schema")).status_code == 401
    page = login(manager).get(reverse("api:docs"))
    assert page.status_code == 200
    policy = page.headers["Content-Security-Policy"]
    assert "style-src 'self' 'unsafe-inline'" in policy
    assert policy.count("'unsafe-inline'") == 1
    assert "https://" not in page.content.decode()
    assert login(manager).get(reverse("api:schema")).status_code == 200
