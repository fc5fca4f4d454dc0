"""Ordering documents: reason, right, job, file, and who may fetch it."""

import io

import docx
import pytest
from django.urls import reverse

from accounts.models import Client
from accounts.selectors import dossier
from accounts.services import clients as client_services
from crm.lib.documents import pdf
from crm.local import printing
from staff.choices import ExportState, Role
from staff.models import Export
from staff.services.work import fail_export
from staff.tasks import run_export_task
from tests.factories.accounts import ClientFactory, ContactFactory, MemberFactory
from tests.factories.analytics import AlertFactory, ClientMonthFactory
from tests.factories.archive import AgreementFactory, PolicyFactory
from tests.factories.handovers import NOON
from tests.factories.staff import ExportFactory, UserFactory
from tests.factories.visits import VisitFactory

pytestmark = [pytest.mark.django_db, pytest.mark.rule("ARC-10", "SEC-08")]


def url_of(client: Client) -> str:
    return reverse("accounts:client_dossier", args=[client.pk])


def order(browser, client, **changes):
    form = {"format": "docx", "reason": "audit", "audience": "internal"} | changes
    return browser.post(url_of(client), form)


def fetch(browser):
    export = Export.objects.latest("created_at")
    run_export_task(str(export.pk))
    return browser.get(reverse("staff:export_download", args=[export.pk]))


def book_of(response):
    return docx.Document(io.BytesIO(b"".join(response.streaming_content)))


def words(book) -> str:
    """Everything the document says, in order."""
    cells = (cell.text for table in book.tables for row in table.rows for cell in row.cells)
    parts = [p.text for p in book.paragraphs]
    return "\n".join([*parts, *cells, book.sections[0].header.paragraphs[0].text])


@pytest.fixture
def full_client(manager, supervisor):
    """A client about whom everything is on file."""
    client = ClientFactory(
        owner=manager, code="FULL", name="Harbour Group", client_class="A", address="1 Quay",
        features="only pays in June", notes="difficult talks",
    )  # fmt: skip
    client_services.assign_owner(client=client, owner=manager, reason="x", now=NOON, by=supervisor)
    ContactFactory(client=client, name="Zhao Min", mobile="13911112222", title="Director",
                   buying_roles=["decider"], preferences="tea")  # fmt: skip
    MemberFactory(client=client, msisdn=13812345678, status=2)
    ClientMonthFactory(client=client, arrears="77.70", pre_churn=3)
    AlertFactory(client=client, action="offered less")
    VisitFactory(client=client, visitor=manager, done=True, summary="they also talk to Unicom")
    AgreementFactory(client=client, product="VPMN group")
    PolicyFactory(client=client, name="Half price on Sundays")
    client_services.update_client(client=client, features="pays late", by=manager)
    return client


@pytest.mark.rule("SEC-05")
def test_the_order_keeps_who_wanted_what_and_why(manager, own_client, login):
    browser = login(manager)
    assert "Who will read it?" in browser.get(url_of(own_client)).content.decode()

    response = order(browser, own_client)

    assert response.headers["Location"] == reverse("staff:export_list")
    export = Export.objects.get()
    assert (export.owner, export.document, export.subject, export.label, export.reason) == (
        manager, "client-dossier", str(own_client.pk), "Own Client", "audit"
    )  # fmt: skip
    assert (export.query, export.state) == ("audience=internal", ExportState.QUEUED)
    html = browser.get(reverse("staff:export_list")).content.decode()
    assert all(text in html for text in ("Client dossier: Own Client", "audit", "every 2s"))


@pytest.mark.rule("ARC-18", "ARC-16", "ARC-17", "ARC-11", "SEC-10")
def test_the_dossier_has_all_parts_in_the_fixed_order(manager, full_client, login):
    browser = login(manager)
    order(browser, full_client)
    response = fetch(browser)

    book = book_of(response)

    assert "attachment" in response.headers["Content-Disposition"]
    headings = [p.text for p in book.paragraphs if p.style.name.startswith("Heading")]
    wanted = ["Archive", "Basic information", "People", "Members", "Bills", "Alerts", "Visits",
              "History", "Proposals", "Agreements", "Agreements by product"]  # fmt: skip
    assert [heading for heading in headings if heading in wanted] == wanted
    text = words(book)
    for said in ("Harbour Group", "pays late", "difficult talks", "Zhao Min", "Decider", "1,000.00",
                 "offered less", "they also talk to Unicom", "138****5678", "139****2222", "77.70", "VPMN group", "Half price"):  # fmt: skip
        assert said in text
    for number in ("13812345678", "13911112222"):
        assert number not in text
    assert "Confidential: internal" in text


@pytest.mark.rule("SEC-02", "SEC-03")
def test_what_the_client_gets_holds_nothing_internal(manager, full_client, login):
    other = ClientFactory(owner=manager, name="Rival Mills")
    browser = login(manager)
    order(browser, full_client, audience="client")

    text = words(book_of(fetch(browser)))

    for said in (
        "Harbour Group",
        "1 Quay",
        "Zhao Min",
        "Director",
        "1,000.00",
        "Ma Li",
        "VPMN group",
    ):
        assert said in text
    for kept in ("pays late", "difficult talks", "Decider", "13911112222", "tea", "offered less",
                 "Unicom", "Half price", "138****5678", "77.70", "Pre-churn", "History", "Visits", "Alerts",
                 "Class", "internal", other.name):  # fmt: skip
        assert kept not in text
    assert "Confidential: for Harbour Group only" in text


@pytest.mark.rule("SEC-02")
def test_a_section_is_internal_unless_it_says_otherwise(manager, own_client, monkeypatch, login):
    said = dossier.DossierSection("New", dossier.Part.AGREEMENT, 1, dossier.basic_section)
    monkeypatch.setitem(dossier.SECTIONS, "new", said)
    browser = login(manager)

    order(browser, own_client)
    assert "New" in words(book_of(fetch(browser))).split("\n")
    order(browser, own_client, audience="client")
    assert "New" not in words(book_of(fetch(browser))).split("\n")


@pytest.mark.skipif(not printing.is_there(), reason="Pango is not installed")
def test_the_same_as_pdf(manager, full_client, login):
    browser = login(manager)
    order(browser, full_client, format="pdf")

    response = fetch(browser)

    assert b"".join(response.streaming_content).startswith(b"%PDF-")
    assert response.headers["Content-Type"] == "application/pdf"
    assert response.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    "wrong", [{"reason": ""}, {"reason": " "}, {"format": "xlsx"}, {"audience": "everybody"}]
)
def test_without_reason_or_with_nonsense_nothing_is_ordered(wrong, manager, own_client, login):
    assert order(login(manager), own_client, **wrong).status_code == 422
    assert not Export.objects.exists()


@pytest.mark.rule("P1")
def test_a_dossier_of_others_is_not_found(manager, foreign_client, login):
    browser = login(manager)

    assert browser.get(url_of(foreign_client)).status_code == 404
    assert order(browser, foreign_client).status_code == 404
    assert not Export.objects.exists()


@pytest.mark.rule("P5")
def test_without_the_right_there_is_no_dossier(units, login):
    agent = UserFactory(role=Role.AGENT, unit=units.team_1)
    client = ClientFactory(owner=agent)
    browser = login(agent)

    assert order(browser, client).status_code == 403
    assert "Dossier" not in browser.get(client.get_absolute_url()).content.decode()
    assert not Export.objects.exists()


@pytest.mark.rule("P1", "P5", "SEC-04")
def test_a_client_that_left_the_sight_takes_its_file_along(
    manager, peer, supervisor, own_client, login
):
    browser = login(manager)
    order(browser, own_client)
    assert book_of(fetch(browser)).tables
    order(browser, own_client)
    waiting = Export.objects.latest("created_at")
    client_services.assign_owner(client=own_client, owner=peer, reason="x", now=NOON, by=supervisor)

    run_export_task(str(waiting.pk))

    waiting.refresh_from_db()
    assert (waiting.state, waiting.file.name) == (ExportState.FAILED, "")
    assert waiting.problem == "You may no longer take this out."
    for export in Export.objects.all():
        url = reverse("staff:export_download", args=[export.pk])
        assert browser.get(url).status_code == 404
    html = browser.get(reverse("staff:export_list")).content.decode()
    assert "You may no longer take this out." in html


@pytest.mark.rule("P5")
def test_a_lost_right_closes_the_file(manager, own_client, login):
    browser = login(manager)
    order(browser, own_client)
    assert book_of(fetch(browser)).tables
    manager.role = Role.AGENT
    manager.save()

    url = reverse("staff:export_download", args=[Export.objects.get().pk])

    assert browser.get(url).status_code == 403


def test_a_missing_library_is_said_in_the_list(manager, own_client, login, monkeypatch):
    def unavailable(document, file):
        raise pdf.PdfUnavailable("Pango is missing")

    monkeypatch.setattr("staff.exporting.write_pdf", unavailable)
    browser = login(manager)
    order(browser, own_client, format="pdf")
    run_export_task(str(Export.objects.get().pk))

    html = browser.get(reverse("staff:export_list")).content.decode()
    assert "Failed" in html
    assert "Pango is missing" in html


def test_a_long_problem_is_cut(manager):
    export = ExportFactory(owner=manager)

    fail_export(export=export, problem="x" * 999, now=NOON, by=None)

    export.refresh_from_db()
    assert len(export.problem) == 300


def test_the_page_takes_as_many_queries_for_many_documents(manager, own_client, login, queries_of):
    browser, url = login(manager), reverse("staff:export_list")
    order(browser, own_client)
    for_one = queries_of(browser, url)
    for _ in range(2):
        order(browser, own_client)

    assert queries_of(browser, url) == for_one
