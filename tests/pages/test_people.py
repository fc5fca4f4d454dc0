"""Pages about our own people."""

import pytest
from django.core.files.base import ContentFile
from django.test import Client as Browser
from django.urls import reverse

from staff.choices import Role
from staff.models import Appointment, Position, User
from tests.factories.accounts import ClientFactory
from tests.factories.staff import AppointmentFactory, ExportFactory, PositionFactory, UserFactory

pytestmark = pytest.mark.django_db
LIST = "/people/"


def url(name, person):
    return reverse(f"staff:person_{name}", args=[person.pk])


def filled(**more):
    return {"full_name": "Ni Hao", "username": "nihao", "role": "account_manager"} | more


@pytest.mark.rule("P1")
def test_the_list_shows_own_units_only(manager, outsider, supervisor, login):
    html = login(supervisor).get(LIST).content.decode()

    assert manager.full_name in html
    assert outsider.full_name not in html


def test_field_workers_have_no_list_but_a_page_of_their_own(manager, peer, login):
    browser = login(manager)

    assert browser.get(LIST).status_code == 403
    assert browser.get("/me/").headers["Location"] == manager.get_absolute_url()
    assert manager.full_name in browser.get(url("detail", manager)).content.decode()
    assert browser.get(url("detail", peer)).status_code == 404


def test_the_list_is_filtered(manager, supervisor, units, login):
    UserFactory(full_name="Left Long Ago", unit=units.team_1, is_active=False)
    browser = login(supervisor)

    for query, expected in (
        ("q=ma+li", {"Ma Li"}),
        ("role=supervisor", {"Su Min"}),
        ("is_active=false", {"Left Long Ago"}),
        ("unit=T1", {"Ma Li", "Left Long Ago"}),
    ):
        rows = browser.get(f"{LIST}?{query}").context["table"].data
        assert {row.full_name for row in rows} == expected


def test_htmx_gets_the_table_alone(supervisor, login):
    browser = login(supervisor)

    part = browser.get(LIST, headers={"HX-Request": "true"}).content.decode()

    assert "<html" not in part
    assert 'id="list-table"' in part


def test_pages_take_the_same_queries_for_three_rows(units, supervisor, manager, login, queries_of):
    browser = login(supervisor)
    AppointmentFactory(person=manager)
    for_one = queries_of(browser, LIST), queries_of(browser, url("detail", manager))
    UserFactory.create_batch(2, unit=units.team_1)
    AppointmentFactory.create_batch(2, person=manager)
    User.objects.filter(pk=manager.pk).update(title="a")
    User.objects.filter(pk=manager.pk).update(title="b")

    assert (queries_of(browser, LIST), queries_of(browser, url("detail", manager))) == for_one


def test_a_person_is_added_and_the_password_shown_once(units, supervisor, login):
    browser = login(supervisor)

    response = browser.post("/people/new/", filled(unit=units.team_1.pk))

    person = User.objects.get(username="nihao")
    password = response.context["password"]
    assert password in response.content.decode()
    assert "no-store" in response.headers["Cache-Control"]
    assert password not in browser.get(url("detail", person)).content.decode()
    assert person.check_password(password)


def test_roles_and_units_above_are_not_offered(units, supervisor, login):
    browser = login(supervisor)
    form = browser.get("/people/new/").context["form"]

    assert {value for value, _ in form.fields["role"].choices} == {
        "", "account_manager", "agent", "chief_representative", "complaint_clerk",
    }  # fmt: skip
    assert set(form.fields["unit"].queryset) == {units.city_1, units.team_1}
    for more in ({"role": "supervisor", "unit": units.team_1.pk}, {"unit": units.city_2.pk}):
        assert browser.post("/people/new/", filled(**more)).status_code == 422
    assert not User.objects.filter(username="nihao").exists()


def test_a_person_is_changed(units, manager, operations, login):
    browser = login(operations)

    browser.post(
        url("edit", manager), filled(username="manager", role="supervisor", unit=units.city_1.pk)
    )

    manager.refresh_from_db()
    assert (manager.full_name, manager.role, manager.unit) == ("Ni Hao", "supervisor", units.city_1)
    assert (
        "Role: Account manager → Supervisor" in browser.get(url("detail", manager)).content.decode()
    )


@pytest.mark.rule("P1")
def test_peers_and_superiors_are_not_changed(units, supervisor, login):
    browser = login(supervisor)
    other = UserFactory(role=Role.OPERATIONS, unit=units.city_1)

    assert browser.get(url("detail", other)).status_code == 200
    for name in ("edit", "password", "disable", "enable"):
        for person in (other, supervisor):
            assert browser.get(url(name, person)).status_code == 404
            assert browser.post(url(name, person)).status_code == 404


@pytest.mark.rule("P4")
def test_disabling_ends_session_and_exports_with_the_next_request(
    manager, supervisor, own_client, login
):
    export = ExportFactory(owner=manager, file=ContentFile(b"a", name="clients.csv"))
    working = login(manager)
    download = reverse("staff:export_download", args=[export.pk])
    answer = working.get(download)
    assert (answer.status_code, b"".join(answer.streaming_content)) == (200, b"a")

    page = login(supervisor).get(url("disable", manager)).content.decode()
    login(supervisor).post(url("disable", manager))

    assert f"/clients/?owner={manager.pk}" in page
    for address in ("/clients/", own_client.get_absolute_url(), download):
        assert working.get(address).headers["Location"].startswith("/login/")


@pytest.mark.rule("P4")
def test_old_sessions_do_not_come_back_with_the_account(manager, supervisor, login):
    working, admin = login(manager), login(supervisor)
    admin.post(url("disable", manager))

    response = admin.post(url("enable", manager))

    manager.refresh_from_db()
    assert manager.is_active
    assert manager.check_password(response.context["password"])
    assert working.get("/clients/").status_code == 302


def test_a_given_password_has_to_be_changed_first(manager, supervisor, login):
    password = login(supervisor).post(url("password", manager)).context["password"]
    browser = Browser()
    browser.post("/login/", {"username": "manager", "password": password})

    for address in ("/", "/clients/", "/people/"):
        assert browser.get(address).headers["Location"] == "/password/"
    assert browser.get("/api/v1/clients/").status_code == 403
    new = "another rather long one"
    browser.post(
        "/password/", {"old_password": password, "new_password1": new, "new_password2": new}
    )

    assert browser.get("/clients/").status_code == 200
    assert browser.post("/logout/").status_code == 302


def test_who_has_to_change_a_password_can_still_leave(units, login):
    browser = login(UserFactory(unit=units.team_1, must_change_password=True))

    assert browser.post("/language/", {"language": "en"}).headers["Location"] == "/"
    assert browser.post("/logout/").headers["Location"] == "/login/"


@pytest.mark.rule("ORG-32")
def test_positions_are_given_and_ended(manager, supervisor, login):
    browser = login(supervisor)
    position = Position.objects.get(code="product-manager")
    sent = {"position": position.pk, "unit": manager.unit_id, "started_on": "2026-01-01"}
    page = reverse("staff:appointment_create", args=[manager.pk])

    browser.post(page, sent)
    assert browser.post(page, sent).status_code == 422  # twice
    assert "Product manager" in browser.get(url("detail", manager)).content.decode()
    end = reverse("staff:appointment_end", args=[Appointment.objects.get().pk])
    assert browser.post(end, {"ended_on": "2025-12-31"}).status_code == 422
    browser.post(end, {"ended_on": "2026-06-30"})

    assert str(Appointment.objects.get().ended_on) == "2026-06-30"


def test_the_table_of_positions_is_edited_by_operations_only(operations, supervisor, login):
    position = PositionFactory(code="clerk")
    edit = reverse("staff:position_edit", args=[position.pk])
    sent = {"code": "clerk", "name_en": "Clerk", "name_zh": "办事员", "can_represent": "on"}

    assert login(supervisor).get("/people/positions/").status_code == 200
    assert login(supervisor).post(edit, sent).status_code == 403
    login(operations).post(edit, sent)

    position.refresh_from_db()
    assert (position.can_represent, position.is_active, position.name_zh) == (True, False, "办事员")
    login(operations).post("/people/positions/new/", sent | {"code": "another"})
    assert "Clerk" in login(operations).get("/people/positions/").content.decode()


@pytest.mark.rule("ORG-22")
def test_the_list_counts_clients_and_warns_of_too_many(
    manager, peer, supervisor, units, login, settings
):
    settings.PORTFOLIO_CLIENTS = 2
    ClientFactory.create_batch(2, owner=manager, unit=units.team_1)
    ClientFactory(owner=manager, unit=units.team_2, chief_representative=None)
    ClientFactory.create_batch(2, owner=peer, unit=units.team_1)
    browser = login(supervisor)

    rows = {row.username: row for row in browser.get(LIST).context_data["page"].rows}
    shown = {name: (row.portfolio, row.is_overloaded) for name, row in rows.items()}

    # The one in another city's unit is out of sight, but part of the load.
    assert shown == {"manager": (2, True), "peer": (2, False), "supervisor": (0, False)}
    html = browser.get(LIST).content.decode()
    assert html.count("too many") == 1
    link = f"{reverse('accounts:client_list')}?owner={manager.pk}"
    assert f'<a href="{link}">2</a>' in html
    assert len(browser.get(link).context_data["page"].rows) == 2


@pytest.mark.rule("ORG-22", "P1")
def test_people_with_too_many_clients_are_found(
    manager, peer, outsider, supervisor, login, settings
):
    settings.PORTFOLIO_CLIENTS = 1
    for person, number in ((manager, 2), (peer, 1), (outsider, 2)):
        ClientFactory.create_batch(number, owner=person)
    browser = login(supervisor)

    def found(wanted):
        rows = browser.get(LIST, {"overloaded": wanted}).context_data["page"].rows
        return {row.username for row in rows}

    assert found("true") == {"manager"}
    assert found("false") == {"peer", "supervisor"}
