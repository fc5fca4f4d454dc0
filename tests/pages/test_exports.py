"""Ordering a file of a list, and fetching it."""

import csv
import io
from datetime import UTC, datetime

import openpyxl
import pytest
from django.urls import reverse

from staff.choices import ExportState, Role
from staff.models import Export
from staff.tasks import run_export_task
from tests.factories.accounts import ClientFactory, ContactFactory
from tests.factories.analytics import AlertFactory
from tests.factories.staff import UserFactory
from tests.factories.visits import VisitFactory

pytestmark = pytest.mark.django_db


def order(browser, list_name="accounts:client_list", query="", file_format="csv", reason="audit"):
    url = reverse("staff:export_create", args=[list_name])
    return browser.post(f"{url}?{query}", {"format": file_format, "reason": reason})


def fetch(browser):
    """Let the job write the newest order, and download it."""
    export = Export.objects.latest("created_at")
    run_export_task(str(export.pk))
    return browser.get(reverse("staff:export_download", args=[export.pk]))


def content(response):
    return b"".join(response.streaming_content)


def rows_of(response):
    return list(csv.reader(io.StringIO(content(response).decode("utf-8-sig"))))


def test_an_order_waits_on_the_page_of_exports(manager, own_client, login):
    browser = login(manager)

    response = order(browser, query="q=own")

    assert response.headers["Location"] == reverse("staff:export_list")
    export = Export.objects.get()
    assert (export.owner, export.list_name, export.query, export.state) == (
        manager, "accounts:client_list", "q=own", ExportState.QUEUED
    )  # fmt: skip
    html = browser.get(reverse("staff:export_list")).content.decode()
    assert "every 2s" in html
    assert "Download" not in html
    assert browser.get(reverse("staff:export_download", args=[export.pk])).status_code == 404


@pytest.mark.rule("P1")
def test_the_file_holds_own_rows_filtered_and_sorted(manager, foreign_client, login):
    for name, income in (("Mill", "5.00"), ("Harbour A", "7.00"), ("Harbour B", "9.50")):
        ClientFactory(owner=manager, name=name, income=income, code=name[-1])
    browser = login(manager)
    order(browser, query="q=harbour&sort=-income")

    response = fetch(browser)

    header, *rows = rows_of(response)
    assert header[:2] == ["Client", "Code"]
    assert [row[0] for row in rows] == ["Harbour B", "Harbour A"]
    assert "9.50" in rows[0]
    assert "attachment" in response.headers["Content-Disposition"]
    assert Export.objects.get().rows == 2
    html = browser.get(reverse("staff:export_list")).content.decode()
    assert "every 2s" not in html
    assert "Download" in html


@pytest.mark.rule("P31")
@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t"])
def test_formulas_stay_text(start, manager, login):
    name = f"{start}cmd|' /C calc'!A0"
    ClientFactory(owner=manager, name=name)
    browser = login(manager)

    order(browser)
    in_csv = rows_of(fetch(browser))[1][0]
    order(browser, file_format="xlsx")
    book = openpyxl.load_workbook(io.BytesIO(content(fetch(browser))))
    cell = book.active["A2"]

    assert in_csv == f"'{name}"
    assert cell.data_type == "s"


@pytest.mark.parametrize(
    ("list_name", "make"),
    [
        ("accounts:client_list", lambda person, client: None),
        ("accounts:contact_list", lambda person, client: ContactFactory(client=client)),
        ("visits:visit_list", lambda person, client: VisitFactory(visitor=person, client=client)),
        ("analytics:alert_list", lambda person, client: AlertFactory(client=client)),
    ],
)
def test_every_list_becomes_a_file_of_either_kind(list_name, make, manager, own_client, login):
    make(manager, own_client)
    browser = login(manager)

    order(browser, list_name)
    header, row = rows_of(fetch(browser))
    order(browser, list_name, file_format="xlsx")
    book = openpyxl.load_workbook(io.BytesIO(content(fetch(browser))))
    sheet = [list(line) for line in book.active.iter_rows(values_only=True)]

    assert len(header) == len(row)
    assert "Own Client" in row
    assert sheet[0] == header
    assert len(sheet) == 2


def test_the_file_speaks_the_language_of_who_ordered_it(manager, own_client, login):
    manager.language = "zh-hans"
    manager.save()
    browser = login(manager)
    order(browser)

    assert rows_of(fetch(browser))[0][1] != "Code"


@pytest.mark.rule("P1")
def test_a_file_of_somebody_else_is_not_found(manager, own_client, supervisor, province, login):
    order(login(manager))
    assert rows_of(fetch(login(manager)))
    url = reverse("staff:export_download", args=[Export.objects.get().pk])

    for person in (supervisor, province):
        browser = login(person)
        assert browser.get(url).status_code == 404
        assert "No exports yet" in browser.get(reverse("staff:export_list")).content.decode()


@pytest.mark.rule("P5")
def test_without_the_right_there_is_no_button_and_no_file(units, login):
    agent = UserFactory(role=Role.AGENT, unit=units.team_1)
    browser = login(agent)

    assert "Export" not in browser.get("/clients/").content.decode()
    assert order(browser).status_code == 403
    assert not Export.objects.exists()


@pytest.mark.rule("P5")
def test_a_right_that_was_lost_meanwhile_counts(manager, own_client, login):
    order(login(manager))
    manager.role = Role.COMPLAINT_CLERK
    manager.save()
    export = Export.objects.get()

    run_export_task(str(export.pk))

    export.refresh_from_db()
    assert (export.state, export.file.name) == (ExportState.FAILED, "")
    assert "Failed" in login(manager).get(reverse("staff:export_list")).content.decode()


@pytest.mark.parametrize("list_name", ["nothing", "staff:login", "analytics:import_list", "home"])
def test_what_is_no_list_is_not_exported(list_name, manager, login):
    response = order(login(manager), list_name)

    assert response.status_code in {404, 409}
    assert not Export.objects.exists()


def test_an_unknown_format_is_not_ordered(manager, login):
    order(login(manager), file_format="exe")

    assert not Export.objects.exists()


def test_ordering_needs_a_post(manager, login):
    url = reverse("staff:export_create", args=["accounts:client_list"])

    assert "What do you need it for?" in login(manager).get(url).content.decode()
    assert not Export.objects.exists()


@pytest.mark.rule("SEC-08")
@pytest.mark.parametrize("reason", ["", "  "])
def test_without_a_reason_nothing_is_ordered(reason, manager, login):
    assert order(login(manager), reason=reason).status_code == 422
    assert not Export.objects.exists()


@pytest.mark.rule("P5")
def test_a_file_is_kept_from_who_lost_the_right_or_left(manager, own_client, login):
    order(login(manager))
    assert rows_of(fetch(login(manager)))
    url = reverse("staff:export_download", args=[Export.objects.get().pk])

    manager.role = Role.AGENT
    manager.save()
    assert login(manager).get(url).status_code == 403
    manager.role, manager.is_active = Role.ACCOUNT_MANAGER, False
    manager.save()
    assert login(manager).get(url).status_code == 302


@pytest.mark.parametrize("query", ["unit=NO", "income__gte=much", "status=x&q=own"])
def test_a_filter_that_cannot_be_used_exports_nothing(query, manager, own_client, login):
    order(login(manager), query=query)
    export = Export.objects.get()

    run_export_task(str(export.pk))

    export.refresh_from_db()
    assert (export.state, export.file.name) == (ExportState.FAILED, "")


def test_times_in_a_file_are_its_owners(manager, own_client, login):
    manager.time_zone = "America/New_York"
    manager.save()
    VisitFactory(client=own_client, starts_at=datetime(2026, 7, 6, 2, 30, tzinfo=UTC))
    browser = login(manager)
    order(browser, "visits:visit_list")

    rows = rows_of(fetch(browser))

    assert rows[1][0] == "2026-07-05 22:30"
