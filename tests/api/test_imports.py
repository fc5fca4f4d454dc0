"""Billing imports and months over REST."""

import uuid
from datetime import date

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from analytics.choices import ImportState
from analytics.models import BillingImport, QuarantineLook
from analytics.services import imports, undo
from tests.factories.analytics import BillingImportFactory, BillingPeriodFactory, add_member_bill

LINES = b"period,client_code,msisdn,status,total\n2026-06,NEW,13800000001,active,10.00\n"


def upload(lines=LINES):
    return SimpleUploadedFile("bills.csv", lines, "text/csv")


def test_imports_list_shows_own_unit_only(api, operations, supervisor, outsider):
    own = BillingImportFactory(created_by=operations)
    BillingImportFactory(created_by=outsider)

    for person in (operations, supervisor):
        (row,) = api(person).get("billing-imports/").json()["results"]
        assert (row["id"], row["state"]) == (str(own.pk), "queued")


def test_import_out_of_scope_is_404(api, operations, outsider, assert_problem):
    path = f"billing-imports/{BillingImportFactory(created_by=outsider).pk}/"

    assert_problem(api(operations).get(path), 404, "not_found")
    assert_problem(api(operations).post(f"{path}cancel/"), 404, "not_found")
    assert_problem(api(operations).get(f"{path}quarantine/"), 404, "not_found")


def test_missing_right_is_403(api, manager, supervisor, operations, assert_problem):
    path = f"billing-imports/{BillingImportFactory(created_by=operations).pk}/"

    assert_problem(api(manager).get("billing-imports/"), 403, "permission_denied")
    assert api(supervisor).get(path).status_code == 200
    assert_problem(api(supervisor).post(f"{path}cancel/"), 403, "permission_denied")
    assert_problem(api(supervisor).get(f"{path}quarantine/"), 403, "permission_denied")
    refused = api(supervisor).upload("billing-imports/", file=upload(), kind="member_bill")
    assert_problem(refused, 403, "permission_denied")


def test_upload_is_accepted_and_loaded(api, operations):
    response = api(operations).upload(
        "billing-imports/",
        file=upload(),
        kind="member_bill",
        period="2026-06",
        create_clients="true",
        complete="true",
    )

    assert response.status_code == 202, response.content
    body = response.json()
    location = f"http://testserver/api/v1/billing-imports/{body['id']}/"
    assert (response.headers["Location"], response.headers["Retry-After"]) == (location, "2")
    assert (body["status_url"], body["state"], body["period"]) == (location, "queued", "2026-06")
    assert body["progress"] == {
        "rows": 0, "quarantined": 0, "percent": 0, "rows_per_second": 0, "seconds_left": None,
    }  # fmt: skip

    imports.run_import(BillingImport.objects.get(), now=timezone.now())

    loaded = api(operations).get(location).json()
    assert (loaded["state"], loaded["loaded"], loaded["total"]) == ("loaded", 1, "10.00")
    assert (loaded["periods"], loaded["progress"], loaded["complete"]) == (["2026-06"], None, True)


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"kind": "photos"}, "#/kind"),
        ({"period": "2026-13"}, "#/period"),
        ({"colour": "red"}, "#/colour"),
        ({"complete": "perhaps"}, "#/complete"),
    ],
)
def test_upload_refuses(api, operations, change, pointer, assert_problem):
    fields = {"file": upload(), "kind": "member_bill"} | change

    response = api(operations).upload("billing-imports/", **fields)

    body = assert_problem(response, 400, "validation_failed")
    assert [error["pointer"] for error in body["errors"]] == [pointer]
    assert not BillingImport.objects.exists()


def test_a_file_too_large_is_413(api, operations, settings, assert_problem):
    settings.IMPORT_MAX_BYTES = 10
    file = upload(b"x" * 70_000)

    response = api(operations).upload("billing-imports/", file=file, kind="member_bill")

    assert_problem(response, 413, "body_too_large")


def test_cancel_once(api, operations, assert_problem):
    row = BillingImportFactory(created_by=operations)
    path = f"billing-imports/{row.pk}/cancel/"

    assert api(operations).post(path).json()["is_cancel_requested"] is True
    BillingImport.objects.update(state=ImportState.CANCELLED)
    assert_problem(api(operations).post(path), 409, "import_finished")


def test_quarantine_is_a_file(api, operations, assert_problem):
    row = BillingImportFactory(created_by=operations)
    path = f"billing-imports/{row.pk}/"
    assert_problem(api(operations).get(f"{path}quarantine/"), 404, "not_found")
    row.quarantine_file.save("q.csv", ContentFile("行,reason\n2,错\n".encode()))

    url = api(operations).get(path).json()["quarantine_url"]
    response = api(operations).get(url)

    assert response.headers["Content-Type"] == "text/csv"
    assert response.headers["Content-Disposition"].startswith("attachment; filename=")
    assert b"".join(response.streaming_content).decode() == "行,reason\n2,错\n"
    assert QuarantineLook.objects.values_list("way", "looked_by").get() == ("api", operations.pk)


def test_filters_narrow(api, operations):
    loaded = BillingImportFactory(created_by=operations, state="loaded", kind="clients")
    BillingImportFactory(created_by=operations)

    body = api(operations).get("billing-imports/", state="loaded", kind="clients").json()

    assert [row["id"] for row in body["results"]] == [str(loaded.pk)]


def test_period_is_completed(api, operations, manager, own_client, assert_problem):
    BillingPeriodFactory(month=date(2026, 6, 1))
    add_member_bill(client=own_client, msisdn=13800000001, total=1000)

    assert_problem(api(manager).post("periods/2026-06/complete/"), 403, "permission_denied")
    assert_problem(api(operations).post("periods/2026-07/complete/"), 404, "not_found")
    assert_problem(api(operations).get("periods/June/"), 404, "not_found")
    body = api(operations).post("periods/2026-06/complete/").json()
    assert (body["month"], body["state"]) == ("2026-06", "complete")
    assert api(operations).get("periods/2026-06/").json() == body


def test_unknown_import_is_404(api, operations, assert_problem):
    assert_problem(api(operations).get(f"billing-imports/{uuid.uuid4()}/"), 404, "not_found")


def test_undo_is_ordered_and_done_by_a_job(api, operations, supervisor, own_client, assert_problem):
    lines = LINES.replace(b"NEW", b"OWN")
    api(operations).upload("billing-imports/", file=upload(lines), kind="member_bill")
    row = imports.run_import(BillingImport.objects.get(), now=timezone.now())
    path = f"billing-imports/{row.pk}/"

    assert_problem(api(supervisor).post(f"{path}undo/"), 403, "permission_denied")
    response = api(operations).post(f"{path}undo/")

    assert (response.status_code, response.headers["Retry-After"]) == (202, "2")
    assert response.json()["state"] == "undoing"
    assert api(operations).post(f"{path}undo/").status_code == 202
    undo.run_undo(BillingImport.objects.get(), now=timezone.now())
    body = api(operations).get(path).json()
    assert (body["state"], body["undone_by"]["id"]) == ("undone", operations.pk)
    assert body["undo_report"]["deleted"] == 0
    assert_problem(api(operations).post(f"{path}undo/"), 409, "already_undone")


def test_what_was_not_loaded_cannot_be_undone(api, operations, assert_problem):
    row = BillingImportFactory(created_by=operations)

    assert_problem(api(operations).post(f"billing-imports/{row.pk}/undo/"), 409, "nothing_loaded")


def test_imports_of_a_month_and_a_person(api, operations, supervisor):
    june = BillingImportFactory(created_by=operations, periods=[date(2026, 6, 1)])
    may = BillingImportFactory(created_by=supervisor, periods=[date(2026, 5, 1)])

    by_month = api(operations).get("billing-imports/", period="2026-06").json()["results"]
    by_person = api(operations).get("billing-imports/", created_by=supervisor.pk).json()["results"]

    assert [row["id"] for row in by_month] == [str(june.pk)]
    assert [row["id"] for row in by_person] == [str(may.pk)]


# Months -----------------------------------------------------------------------------------------


def test_a_thin_month_of_a_program_is_held(api, operations, units):
    BillingPeriodFactory(
        month=date(2026, 6, 1),
        held=True,
        shortfalls=[
            {"unit_id": units.city_1.pk, "rows": 3, "expected": 4},
            {"unit_id": units.city_2.pk, "rows": 0, "expected": 9},
        ],
    )

    body = api(operations).get("periods/2026-06/").json()

    assert (body["state"], body["completed_at"]) == ("held", None)
    assert body["shortfalls"] == [{"unit": "C1", "rows": 3, "expected": 4, "percent": 75}]


def test_uploads_of_programs_hold_thin_months(api, operations):
    api(operations).upload("billing-imports/", file=upload(), kind="member_bill", complete="true")

    assert BillingImport.objects.get().holds_thin_month


def test_a_held_month_is_completed_with_a_reason(api, operations, assert_problem):
    BillingPeriodFactory(month=date(2026, 6, 1), held=True)
    path = "periods/2026-06/complete/"

    assert_problem(api(operations).post(path), 409, "reason_missing")
    body = api(operations).post(path, {"reason": "No more files."}).json()

    assert (body["state"], body["held_at"], body["shortfalls"]) == ("complete", None, [])


def test_a_month_is_closed_and_opened_again(api, operations, supervisor, assert_problem):
    BillingPeriodFactory(month=date(2026, 6, 1), complete=True, computed_at=timezone.now())
    path = "periods/2026-06/"

    assert_problem(api(supervisor).post(f"{path}close/"), 403, "permission_denied")
    assert_problem(
        api(operations).post(f"{path}reopen/", {"reason": "x"}), 409, "period_not_closed"
    )
    closed = api(operations).post(f"{path}close/").json()
    assert (closed["state"], closed["closed_by"]["full_name"]) == ("closed", operations.full_name)
    assert_problem(api(operations).post(f"{path}complete/"), 409, "period_closed")
    assert_problem(api(operations).post(f"{path}reopen/"), 400, "validation_failed")
    again = api(operations).post(f"{path}reopen/", {"reason": "A file was wrong."}).json()
    assert (again["state"], again["closed_at"], again["computed_at"]) == ("complete", None, None)
