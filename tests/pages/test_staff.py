"""Signing in, language, start page, notifications, tasks, password."""

from datetime import date, timedelta

import pytest
from django.conf import settings as django_settings
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from staff.choices import Role
from staff.models import Notification
from tests.factories.analytics import AlertFactory
from tests.factories.staff import NotificationFactory, TaskFactory, UserFactory
from tests.factories.visits import VisitFactory

pytestmark = pytest.mark.django_db
PASSWORD = "a long enough password"
LOGIN = "/login/"


@pytest.fixture
def person(units):
    return UserFactory(username="anna", password=PASSWORD, unit=units.team_1)


def sign_in(browser, username="anna", password=PASSWORD, **more):
    return browser.post(LOGIN, {"username": username, "password": password} | more)


def test_the_right_password_opens_the_page_asked_for(person):
    browser = Browser()
    assert browser.get("/clients/").headers["Location"] == f"{LOGIN}?next=/clients/"

    response = sign_in(browser, next="/clients/")

    assert response.headers["Location"] == "/clients/"
    assert browser.get("/clients/").status_code == 200


def test_nobody_is_sent_to_a_strange_site(person):
    assert sign_in(Browser(), next="https://evil.example/").headers["Location"] == "/"


@pytest.mark.parametrize("wrong", [{"password": "guess"}, {"username": "nobody"}, {"password": ""}])
def test_a_wrong_password_says_so_and_keeps_the_name(wrong, person):
    response = sign_in(Browser(), **{"username": "anna", "password": PASSWORD} | wrong)

    html = response.content.decode()
    assert "_auth_user_id" not in response.client.session
    assert f'value="{wrong.get("username", "anna")}"' in html
    assert 'role="alert"' in html or "This field is required." in html


@pytest.mark.rule("P38")
def test_after_ten_wrong_passwords_the_door_stays_shut_for_that_name_only(person, units):
    other = UserFactory(username="bert", password=PASSWORD, unit=units.team_1)
    browser = Browser()
    for _ in range(django_settings.LOGIN_ATTEMPTS):
        sign_in(browser, password="guess")

    locked = sign_in(browser, username="Anna", password=PASSWORD)

    assert "Too many wrong passwords" in locked.content.decode()
    assert "_auth_user_id" not in browser.session
    assert sign_in(Browser(), username=other.username).status_code == 302
    assert sign_in(Browser(REMOTE_ADDR="203.0.113.9")).status_code == 302


@pytest.mark.rule("P4")
def test_a_disabled_person_is_out_at_once(person):
    browser = Browser()
    sign_in(browser)
    person.is_active = False
    person.save()

    assert browser.get("/clients/").status_code == 302
    assert "_auth_user_id" not in sign_in(Browser()).client.session


def test_logging_out_needs_a_post(person, login):
    browser = login(person)

    assert browser.get(reverse("staff:logout")).status_code == 405
    assert browser.post(reverse("staff:logout")).status_code == 302
    assert browser.get("/").status_code == 302


def test_a_password_is_changed(person, login):
    browser = login(person)
    url = reverse("staff:password_change")
    new = "another rather long one"

    wrong = browser.post(url, {"old_password": "x", "new_password1": new, "new_password2": new})
    done = browser.post(url, {"old_password": PASSWORD, "new_password1": new, "new_password2": new})

    assert "entered incorrectly" in wrong.content.decode()
    assert done.status_code == 302
    assert browser.get(done.headers["Location"]).status_code == 200
    assert sign_in(Browser(), password=new).status_code == 302


# Language ---------------------------------------------------------------------------------------


def choose(browser, language, **more):
    return browser.post(reverse("set_language"), {"language": language, "next": "/tasks/"} | more)


def test_the_language_is_remembered_in_the_account(person, login):
    response = choose(login(person), "zh-hans")

    assert response.headers["Location"] == "/tasks/"
    person.refresh_from_db()
    assert person.language == "zh-hans"
    html = login(person).get("/tasks/", headers={"Accept-Language": "en"}).content.decode()
    assert '<html lang="zh-hans"' in html


def test_before_signing_in_a_cookie_remembers_it():
    browser = Browser()

    choose(browser, "zh-hans")

    assert '<html lang="zh-hans"' in browser.get(LOGIN).content.decode()


def test_the_browser_is_asked_when_nothing_was_chosen():
    html = Browser().get(LOGIN, headers={"Accept-Language": "zh-CN"}).content.decode()

    assert '<html lang="zh-hans"' in html


@pytest.mark.parametrize("language", ["", "fr", "xx", "../../etc"])
def test_a_language_we_do_not_speak_changes_nothing(language, person, login):
    response = choose(login(person), language)

    person.refresh_from_db()
    assert (response.status_code, person.language) == (302, "")


def test_choosing_a_language_needs_a_post_and_stays_here(person, login):
    browser = login(person)

    assert browser.get(reverse("set_language")).status_code == 405
    assert choose(browser, "en", next="https://evil.example/").headers["Location"] == "/"


# Where people start -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "start"),
    [
        (Role.ACCOUNT_MANAGER, ""),
        (Role.AGENT, ""),
        (Role.CHIEF_REPRESENTATIVE, ""),
        (Role.SUPERVISOR, "/dashboard/"),
        (Role.PROVINCE, "/dashboard/"),
        (Role.OPERATIONS, "/imports/"),
        (Role.COMPLAINT_CLERK, "/tasks/"),
    ],
)
def test_each_role_starts_on_its_page(role, start, units, login):
    browser = login(UserFactory(role=role, unit=units.city_1))

    response = browser.get("/")

    assert response.headers.get("Location", "") == start
    assert browser.get(start or "/").status_code == 200


def test_every_entry_of_the_menu_leads_to_a_page(units, login):
    for role in Role:
        browser = login(UserFactory(role=role, unit=units.city_1))
        menu = browser.get("/tasks/").context["navigation"]
        for item in menu:
            answer = browser.get(item.url, follow=True)
            assert answer.status_code == 200, (role, item.url)


def test_my_day_shows_own_rows_only(manager, outsider, own_client, foreign_client, login):
    now, yesterday = timezone.now(), timezone.localdate() - timedelta(days=1)
    for person, client in ((manager, own_client), (outsider, foreign_client)):
        alert = AlertFactory(client=client, due_on=yesterday)
        VisitFactory(visitor=person, client=client, starts_at=now, place=f"Office of {client}")
        VisitFactory(visitor=person, client=client, record_due_on=yesterday)
        TaskFactory(assignee=person, params={"client": client.name, "month": "2026-06"},
                    subject_id=alert.pk)  # fmt: skip

    html = login(manager).get("/").content.decode()

    for text in (
        "Office of Own Client",
        "¥400.00",
        "overdue",
        "Visit Own Client: alert of 2026-06",
    ):
        assert text in html, text
    assert "Foreign Client" not in html


def test_my_day_without_anything_is_friendly(manager, login):
    html = login(manager).get("/").content.decode()

    for text in ("No visits today", "No open alerts", "Nothing to do"):
        assert text in html


def test_my_day_takes_the_same_queries_for_three_of_everything(
    manager, own_client, login, queries_of
):
    def add():
        alert = AlertFactory(client__owner=manager)
        VisitFactory(visitor=manager, client=own_client, starts_at=timezone.now())
        VisitFactory(visitor=manager, client=own_client, record_due_on=date(2026, 1, 5))
        TaskFactory(assignee=manager, subject_id=alert.pk)

    browser = login(manager)
    add()
    for_one = queries_of(browser, "/")
    add()
    add()

    assert queries_of(browser, "/") == for_one


# Notifications and tasks ------------------------------------------------------------------------


def test_a_notification_is_read_when_opened(manager, login):
    told = NotificationFactory(recipient=manager, kind="alert-raised", link="/alerts/")
    browser = login(manager)
    listing = reverse("staff:notification_list")
    assert "1 unread notification" in browser.get("/").content.decode()
    assert "New alert for Client, 2026-06" in browser.get(listing).content.decode()

    response = browser.get(reverse("staff:notification_open", args=[told.pk]))

    assert response.headers["Location"] == "/alerts/"
    told.refresh_from_db()
    assert told.read_at is not None
    assert "0 unread notifications" in browser.get("/").content.decode()


@pytest.mark.rule("P1")
@pytest.mark.parametrize("person", ["supervisor", "province"])
def test_nobody_reads_news_of_others(person, manager, request, login):
    told = NotificationFactory(recipient=manager, params={"client": "Secret", "month": "2026-06"})
    browser = login(request.getfixturevalue(person))

    html = browser.get(reverse("staff:notification_list")).content.decode()
    browser.post(reverse("staff:notification_read_all"))

    assert "Secret" not in html
    assert "No notifications" in html
    told.refresh_from_db()
    assert told.read_at is None


def test_all_news_is_read_at_once(manager, login):
    NotificationFactory.create_batch(2, recipient=manager)
    browser = login(manager)

    assert browser.get(reverse("staff:notification_read_all")).status_code == 405
    browser.post(reverse("staff:notification_read_all"))

    assert not Notification.objects.filter(read_at=None).exists()


@pytest.mark.parametrize(
    ("url", "make"),
    [
        ("/notifications/", lambda person: NotificationFactory(recipient=person)),
        ("/tasks/", lambda person: TaskFactory(assignee=person)),
    ],
)
def test_lists_take_the_same_queries_for_three_rows(url, make, manager, login, queries_of):
    browser = login(manager)
    make(manager)
    for_one = queries_of(browser, url)
    make(manager)
    make(manager)

    assert queries_of(browser, url) == for_one


def test_tasks_of_the_unit_are_seen_by_its_supervisor(manager, outsider, supervisor, login):
    for person, name in ((manager, "Ours"), (outsider, "Theirs")):
        TaskFactory(assignee=person, params={"client": name, "month": "2026-06"})
    TaskFactory(assignee=manager, done_at=timezone.now(), params={"client": "Done", "month": ""})

    html = login(supervisor).get("/tasks/").content.decode()

    assert "Visit Ours" in html
    assert manager.full_name in html
    assert "Theirs" not in html
    assert "Visit Done" not in html


def test_without_tasks_there_is_nothing_to_do(manager, login):
    assert "Nothing to do" in login(manager).get("/tasks/").content.decode()
