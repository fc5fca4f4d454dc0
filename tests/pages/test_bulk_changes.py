"""Changing many clients: list, preview, result, undo."""

import pytest
from django.urls import reverse

from accounts.models import BulkChange, Client
from accounts.services import clients as client_services
from crm.lib.models import uuid7
from staff.choices import Role
from tests.factories.handovers import make_clients
from tests.factories.staff import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.rule("ARC-15")]
NEW = "/clients/bulk/new/"
LIST = "/clients/bulk/"


def send(browser, page, **fields):
    """The form of the page with these fields, looked at."""
    form = page.context_data["form"]
    sent = {"key": str(uuid7()), "rows": form["rows"].value(), "reason": "tidying"}
    return browser.post(NEW, sent | fields)


@pytest.fixture
def done(manager, supervisor, login):
    """One client changed by the supervisor."""
    make_clients(manager, 1, name="Harbour")
    browser = login(supervisor)
    send(browser, browser.get(NEW), industry="school", do="1")
    return BulkChange.objects.get()


def test_ticked_clients_are_looked_at_changed_and_put_back(manager, supervisor, login):
    one, two = make_clients(manager, 2, industry="retail")
    browser = login(supervisor)
    assert 'name="picked"' in browser.get("/clients/").content.decode()

    page = browser.post(NEW, {"picked": [str(one.pk)]})
    looked = send(browser, page, industry="school", look="1")

    assert looked.context_data["preview"].changing == 1
    assert "retail" in looked.content.decode()
    assert not BulkChange.objects.exists()
    response = send(browser, looked, industry="school", do="1")
    change = BulkChange.objects.get()
    assert response.headers["Location"] == change.get_absolute_url()
    assert "Clients changed" in browser.get(change.get_absolute_url()).content.decode()
    one.refresh_from_db()
    two.refresh_from_db()
    assert (one.industry, two.industry) == ("school", "retail")

    undo = reverse("accounts:bulk_undo", args=[change.pk])
    assert browser.post(undo, {"reason": ""}).status_code == 422
    browser.post(undo, {"reason": "too early"})
    one.refresh_from_db()
    assert one.industry == "retail"


def test_all_rows_of_the_filter(manager, supervisor, login):
    (one,) = make_clients(manager, 1, client_class="A")
    make_clients(manager, 1, client_class="B")
    browser = login(supervisor)
    html = browser.get("/clients/", {"client_class": "A"}).content.decode()
    assert f"{NEW}?client_class=A" in html
    # Also when only the table is fetched: another filter's link would change other rows.
    part = browser.get("/clients/", {"client_class": "B"}, headers={"HX-Request": "true"})
    assert f"{NEW}?client_class=B" in part.content.decode()

    page = browser.get(NEW, {"client_class": "A"})

    assert page.context_data["number"] == 1
    assert str(one.pk) in page.content.decode()
    # A filter that cannot be used chooses nothing, instead of everything.
    assert browser.get(NEW, {"client_class": "Z"}).context_data["number"] == 0


def test_more_than_one_step_takes(manager, supervisor, login, settings):
    settings.BULK_CLIENTS = 1
    make_clients(manager, 2)

    assert "More than 1 clients" in login(supervisor).get(NEW).content.decode()


def test_what_is_missing_is_said(manager, supervisor, login):
    make_clients(manager, 1)
    browser = login(supervisor)
    page = browser.get(NEW)

    empty = send(browser, page, look="1")
    assert (empty.status_code, "Say what shall change." in empty.content.decode()) == (422, True)


def test_a_client_changed_after_the_preview_is_left_and_named(manager, supervisor, login):
    (client,) = make_clients(manager, 1, name="Harbour")
    browser = login(supervisor)
    looked = send(browser, browser.get(NEW), industry="school", look="1")
    client_services.update_client(client=client, industry="bank", by=manager)

    send(browser, looked, industry="school", do="1")

    html = browser.get(BulkChange.objects.get().get_absolute_url()).content.decode()
    assert "Harbour</a>: changed by somebody since the preview" in html
    client.refresh_from_db()
    assert client.industry == "bank"


@pytest.mark.rule("P1")
def test_who_sees_it(done, manager, outsider, supervisor, units, login, foreign_client):
    address = done.get_absolute_url()

    assert "Harbour" not in login(supervisor).get(LIST).content.decode()
    assert address in login(supervisor).get(LIST).content.decode()
    assert login(manager).get(LIST).status_code == 403
    assert login(manager).get(NEW).status_code == 403
    assert 'name="picked"' not in login(manager).get("/clients/").content.decode()
    page = login(supervisor).post(NEW, {"picked": [str(foreign_client.pk)]})
    assert page.context_data["number"] == 0
    assert foreign_client.name not in page.content.decode()


@pytest.mark.rule("P1")
def test_another_city_has_no_such_change(done, units, login):
    stranger = login(UserFactory(role=Role.SUPERVISOR, unit=units.city_2))

    assert stranger.get(done.get_absolute_url()).status_code == 404
    assert stranger.get(reverse("accounts:bulk_undo", args=[done.pk])).status_code == 404
    assert done.get_absolute_url() not in stranger.get(LIST).content.decode()


def test_the_list_answers_htmx_with_the_table_only(done, supervisor, login):
    browser = login(supervisor)

    whole = browser.get(LIST).content.decode()
    part = browser.get(LIST, headers={"HX-Request": "true"}).content.decode()

    assert "<html" in whole
    assert "<html" not in part
    assert done.get_absolute_url() in part


def test_pages_take_the_same_queries_for_three_rows(manager, supervisor, login, queries_of):
    browser = login(supervisor)
    make_clients(manager, 1)
    send(browser, browser.get(NEW), industry="school", do="1")
    pages = (LIST, NEW, BulkChange.objects.get().get_absolute_url())
    for_one = [queries_of(browser, page) for page in pages]
    make_clients(manager, 2)
    send(browser, browser.get(NEW), industry="hall", do="1")
    send(browser, browser.get(NEW), industry="tower", do="1")
    newest = BulkChange.objects.order_by("-pk")[0]
    pages = (LIST, NEW, newest.get_absolute_url())

    assert [queries_of(browser, page) for page in pages] == for_one
    assert Client.objects.filter(industry="tower").count() == 3
