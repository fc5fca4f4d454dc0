"""Handing in files, watching, cancelling: what the pages do."""

import pytest
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from analytics.choices import ImportState
from analytics.models import BillingImport, ImportProblem
from analytics.services import imports
from tests.factories.analytics import BillingImportFactory

pytestmark = pytest.mark.django_db
CSV = "period,client_code,msisdn,status,total\n2026-06,{code},13800000001,active,10.00\n"
HTMX = {"HX-Request": "true"}


def upload(**more):
    file = SimpleUploadedFile("june.csv", CSV.format(code="OWN").encode(), "text/csv")
    return {"file": file} | more


@pytest.fixture
def browser(operations, login):
    return login(operations)


def test_a_file_handed_in_waits_for_the_worker(browser, operations):
    response = browser.post(reverse("analytics:import_create"), upload())

    row = BillingImport.objects.get()
    assert response.headers["Location"] == row.get_absolute_url()
    assert (row.state, row.file_name, row.created_by) == (
        ImportState.CHECKING, "june.csv", operations
    )  # fmt: skip
    with row.file.open("rb") as kept:
        assert kept.read() == CSV.format(code="OWN").encode()


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"file": ""}, "This field is required."),
        ({"file": SimpleUploadedFile("empty.csv", b"")}, "The submitted file is empty."),
    ],
)
def test_a_wrong_form_is_refused(wrong, sentence, browser):
    response = browser.post(reverse("analytics:import_create"), upload(**wrong))

    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert not BillingImport.objects.exists()


def test_a_file_that_is_too_large_is_refused(browser, settings):
    settings.IMPORT_MAX_BYTES = 10

    response = browser.post(reverse("analytics:import_create"), upload())

    assert response.status_code == 422
    assert "larger than" in response.content.decode()


@pytest.mark.rule("P5")
@pytest.mark.parametrize("person", ["manager", "supervisor", "province"])
def test_only_operations_hand_in_files(person, request, login):
    browser = login(request.getfixturevalue(person))

    assert browser.get(reverse("analytics:import_create")).status_code == 403
    assert browser.post(reverse("analytics:import_create"), upload()).status_code == 403
    assert not BillingImport.objects.exists()


def status_of(browser, row):
    return browser.get(row.get_absolute_url(), headers=HTMX).content.decode()


def test_a_waiting_import_looks_again_by_itself(browser, operations):
    row = BillingImportFactory(created_by=operations)

    whole = browser.get(row.get_absolute_url()).content.decode()
    part = status_of(browser, row)

    assert "<html" in whole
    assert part.strip().startswith('<div id="import-status"')
    assert 'hx-trigger="every 1s"' in part
    assert "Waiting" in part
    assert "Cancel the import" in part


def test_a_running_import_shows_how_far_it_is(browser, operations):
    row = BillingImportFactory(created_by=operations, state=ImportState.RUNNING)
    cache.set(
        f"import:{row.pk}",
        {
            "rows": 12_345,
            "quarantined": 6,
            "percent": 40,
            "rows_per_second": 789,
            "seconds_left": 7,
        },
        60,
    )

    part = status_of(browser, row)

    assert 'value="40"' in part
    for text in ("12,345 rows read", "6 quarantined", "789 rows a second", "about 7 s left"):
        assert text in part


@pytest.fixture
def loaded(operations, own_client):
    """A real import: one good row, one of an unknown client."""
    text = CSV.format(code="OWN") + "2026-06,NOBODY,13800000002,active,5.00\n"
    row = BillingImportFactory(
        created_by=operations, file=ContentFile(text.encode(), name="june.csv")
    )
    return imports.run_import(row, now=timezone.now())


def test_a_loaded_import_shows_counts_problems_and_the_quarantine(browser, loaded):
    part = status_of(browser, loaded)

    assert loaded.state == ImportState.LOADED
    assert "hx-trigger" not in part
    for text in ("2026-06", "utf-8", "¥10.00", "client_code", "Download the quarantined rows"):
        assert text in part, text


@pytest.mark.rule("P14")
def test_the_quarantine_file_is_a_download(browser, loaded):
    response = browser.get(reverse("analytics:import_quarantine", args=[loaded.pk]))

    assert response.headers["Content-Type"] == "text/csv"
    assert response.headers["Content-Disposition"] == (
        'attachment; filename="bills-quarantine.csv"'
    )
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    lines = b"".join(response.streaming_content).decode("utf-8-sig").splitlines()
    assert lines[0].startswith("period,client_code,msisdn,status,total,")
    assert lines[1].startswith("2026-06,NOBODY,13800000002,active,5.00,3,")


def test_without_quarantined_rows_there_is_no_file(browser, operations):
    row = BillingImportFactory(created_by=operations, state=ImportState.LOADED)

    url = reverse("analytics:import_quarantine", args=[row.pk])

    assert browser.get(url).status_code == 404


def test_a_refused_file_says_why(browser, operations):
    row = BillingImportFactory(
        created_by=operations, file=ContentFile(b"who,what\n1,2\n", name="x.csv")
    )

    part = status_of(browser, imports.run_import(row, now=timezone.now()))

    assert "Nothing of this file was loaded" in part
    assert "Hand in another file" in part
    assert "client_code" in part or "columns" in part


def test_every_state_of_an_import_has_a_page(browser, operations):
    for state in ImportState:
        row = BillingImportFactory(created_by=operations, state=state)
        ImportProblem.objects.create(
            billing_import=row, code="gone-code", count=9, first_lines=[1, 2, 3, 4, 5, 6]
        )
        assert browser.get(row.get_absolute_url()).status_code == 200, state


def test_a_waiting_import_is_cancelled(browser, operations):
    row = BillingImportFactory(created_by=operations)
    url = reverse("analytics:import_cancel", args=[row.pk])

    assert browser.get(url).status_code == 405
    response = browser.post(url)

    assert response.headers["Location"] == row.get_absolute_url()
    assert "Stopping" in status_of(browser, row)
    assert imports.run_import(row, now=timezone.now()).state == ImportState.CANCELLED
    assert "Nothing of this file was loaded" in status_of(browser, row)


def test_an_import_that_has_ended_cannot_be_cancelled(browser, loaded):
    response = browser.post(reverse("analytics:import_cancel", args=[loaded.pk]))

    assert response.status_code == 409
    assert "already ended" in response.content.decode()


def test_who_may_look_may_not_cancel(operations, supervisor, login):
    row = BillingImportFactory(created_by=operations)
    browser = login(supervisor)

    assert "Cancel the import" not in status_of(browser, row)
    assert browser.post(reverse("analytics:import_cancel", args=[row.pk])).status_code == 403
