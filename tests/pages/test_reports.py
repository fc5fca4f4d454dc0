"""Pages of reports."""

import io
from datetime import timedelta

import docx
import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Report, ReportRecipient
from staff.models import Export
from staff.tasks import run_export_task
from tests.factories.accounts import ClientFactory
from tests.factories.reports import ReportFactory, ReportRecipientFactory
from tests.factories.staff import PositionFactory

pytestmark = [pytest.mark.django_db, pytest.mark.rule("ARC-23")]
LIST = reverse("accounts:report_list")
RECIPIENTS = reverse("accounts:recipient_list")


def page(name, row):
    return reverse(f"accounts:{name}", args=[row.pk])


def lines(*pairs):
    """A formset as the browser sends it."""
    sent = {"lines-TOTAL_FORMS": len(pairs), "lines-INITIAL_FORMS": 0}
    for number, (finding, action) in enumerate(pairs):
        sent |= {f"lines-{number}-finding": finding, f"lines-{number}-action": action}
    return sent


def test_the_list_shows_own_reports(manager, outsider, login, queries_of):
    ReportFactory(author=manager, title="Mine")
    ReportFactory(author=outsider, title="Theirs")
    few = queries_of(login(manager), LIST)

    shown = login(manager).get(LIST).text

    assert "Mine" in shown
    assert "Theirs" not in shown
    assert "Mine" not in login(manager).get(f"{LIST}?state=submitted").text
    for _ in range(2):
        ReportFactory(author=manager)
    assert queries_of(login(manager), LIST) == few


@pytest.mark.rule("ORG-33")
def test_overdue_reports_stand_out(manager, supervisor, login):
    now = timezone.now()
    ReportFactory(author=manager, urgent=True, title="Too late",
                  learned_at=now - timedelta(days=2), due_at=now - timedelta(days=1))  # fmt: skip
    ReportFactory(author=manager, urgent=True, title="In time",
                  learned_at=now, due_at=now + timedelta(days=1))  # fmt: skip

    browser = login(supervisor)

    assert "1 report is overdue" in browser.get(LIST).text
    late = browser.get(f"{LIST}?overdue=true").text
    assert "Too late" in late
    assert "In time" not in late
    assert "In time" in browser.get(f"{LIST}?overdue=false").text


def test_a_suggestion_from_draft_to_answer(own_client, manager, supervisor, outsider, login):
    own_client.own_users, own_client.other_users = 10, 90
    own_client.save()
    url = page("report_suggest", own_client)
    browser = login(manager)

    assert "Draft the report" in browser.get(url).text
    assert login(outsider).post(url).status_code == 404
    edit = browser.post(url).headers["Location"]
    report = Report.objects.get()
    assert edit == page("report_edit", report)
    assert "90 of 100" in browser.get(edit).text
    sent = {"title": "Offer", "summary": "They may leave", **lines(("90 of 100", "Visit"))}
    assert browser.post(edit, sent | {"title": ""}).status_code == 422
    browser.post(edit, sent | {"submit": "1"})
    detail = report.get_absolute_url()
    assert "<textarea" not in browser.get(detail).text
    assert browser.post(detail, {"answer": "Mine"}).status_code == 403

    assert login(supervisor).post(detail, {"answer": ""}).status_code == 422
    login(supervisor).post(detail, {"answer": "Go ahead"})

    shown = browser.get(detail).text
    assert "Go ahead" in shown
    assert "Visit" in shown
    assert login(supervisor).post(detail, {"answer": "Again"}).status_code == 422
    assert "Offer" in browser.get(page("client_value", own_client)).text
    assert browser.post(edit, sent).status_code == 422
    assert login(outsider).get(detail).status_code == 404


def test_a_client_without_findings_gets_no_report(own_client, manager, login):
    answer = login(manager).post(page("report_suggest", own_client), follow=True)

    assert "show nothing to report" in answer.text
    assert not Report.objects.exists()


@pytest.mark.rule("ORG-33", "ARC-32")
def test_other_kinds_are_written_from_the_list(manager, login):
    browser = login(manager)
    for kind, sent in (
        ("urgent", {"learned_at": f"{timezone.localtime():%Y-%m-%dT%H:%M}"}),
        ("summary", {"month": "2026-06"}),
        ("market_month", {"month": "2026-06"}),
    ):
        url = reverse("accounts:report_create", args=[kind])
        assert url in browser.get(LIST).text
        assert browser.get(url).status_code == 200
        answer = browser.post(url, sent | {"title": kind, "summary": "x"})
        assert answer.headers["Location"] == page("report_edit", Report.objects.get(kind=kind))

    again = reverse("accounts:report_create", args=["market_month"])
    assert browser.post(again, {"month": "2026-06", "title": "x"}).status_code == 422
    wrong = reverse("accounts:report_create", args=["suggestion"])
    assert browser.get(wrong).status_code == 404


def test_a_draft_is_submitted_put_aside_and_taken_up(manager, login):
    report = ReportFactory(author=manager)
    browser = login(manager)

    browser.post(page("report_discard", report))
    assert "Take up again" in browser.get(report.get_absolute_url()).text
    assert browser.post(page("report_submit", report)).status_code == 409
    browser.post(page("report_restore", report))
    browser.post(page("report_submit", report))

    report.refresh_from_db()
    assert report.state == "submitted"


def test_a_colleague_reads_but_does_not_write(manager, supervisor, login):
    report = ReportFactory(author=manager)

    shown = login(supervisor).get(report.get_absolute_url()).text

    assert page("report_edit", report) not in shown
    assert login(supervisor).post(page("report_submit", report)).status_code == 409


@pytest.mark.rule("ARC-10")
def test_a_report_becomes_a_document(manager, login):
    report = ReportFactory(author=manager, title="Offer", summary="They may leave")
    browser = login(manager)

    assert browser.get(page("report_document", report)).status_code == 200
    browser.post(page("report_document", report), {"format": "docx", "reason": "meeting"})
    export = Export.objects.get()
    run_export_task(str(export.pk))
    answer = browser.get(reverse("staff:export_download", args=[export.pk]))

    book = docx.Document(io.BytesIO(b"".join(answer.streaming_content)))
    cells = [cell.text for table in book.tables for row in table.rows for cell in row.cells]
    assert "Income fell." in cells
    assert "Ask." in cells
    assert "They may leave" in [paragraph.text for paragraph in book.paragraphs]


@pytest.mark.rule("ORG-33")
def test_the_province_names_its_recipients(province, supervisor, login):
    position = PositionFactory()
    browser = login(province)

    assert "everybody of the province" in browser.get(RECIPIENTS).text
    assert browser.post(RECIPIENTS, {}).status_code == 422
    browser.post(RECIPIENTS, {"person": province.pk})
    browser.post(RECIPIENTS, {"position": position.pk})
    assert browser.post(RECIPIENTS, {"person": supervisor.pk}).status_code == 422

    assert ReportRecipient.objects.count() == 2
    row = ReportRecipient.objects.get(person=province)
    for url in (RECIPIENTS, page("recipient_remove", row)):
        assert login(supervisor).post(url).status_code == 403
    browser.post(page("recipient_remove", row))
    assert ReportRecipient.objects.get().position == position


@pytest.mark.rule("ORG-33")
def test_the_recipients_cost_the_same_with_more_rows(province, login, queries_of):
    ReportRecipientFactory(added_by=province)
    few = queries_of(login(province), RECIPIENTS)
    ReportRecipientFactory.create_batch(2, added_by=province)

    assert queries_of(login(province), RECIPIENTS) == few


def test_the_tab_of_a_client_costs_the_same(own_client, manager, login, queries_of):
    url = page("client_value", own_client)
    ReportFactory(author=manager, about=own_client)
    few = queries_of(login(manager), url)
    for _ in range(2):
        ReportFactory(author=manager, about=own_client)
    ReportFactory(author=manager, about=ClientFactory(owner=manager), title="Elsewhere")

    assert queries_of(login(manager), url) == few
    assert "Elsewhere" not in login(manager).get(url).text
