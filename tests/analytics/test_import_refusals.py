"""Files that are refused, cancelled or broken leave nothing behind."""

from pathlib import Path

import pytest

from accounts.models import Contact
from analytics.importing import reading
from analytics.models import BillingPeriod, MemberBill
from analytics.progress import Progress
from analytics.services import imports
from tests.analytics.billing_files import (
    NOW,
    chinese,
    csv_text,
    everything,
    hand_in,
    load,
    row,
)

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty_file"),
        (b"period,client_code,msisdn,status,total\n", "no_rows"),
        (b"period,msisdn,total\n2026-06,13800000001,1\n", "missing_columns"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 100, "old_excel"),
        (b"PK\x03\x04nonsense [Content_Types].xml", "broken_workbook"),
        (b"PK\x03\x04nonsense", "broken_archive"),
    ],
)
def test_refused_file_leaves_nothing(clients, content, code):
    load([row(1)])
    before = everything()

    done = load(content)

    assert (done.state, done.error_code, done.loaded) == ("failed", code, 0)
    assert not done.quarantine_file
    assert everything() == before


@pytest.mark.parametrize("header", ["client_code\0,name2", "\0client_code,name"])
def test_zero_byte_in_the_header_ends_the_import(clients, header):
    done = load(f"{header}\nC1,x\n")

    assert (done.state, done.error_code, done.error_params) == ("failed", "not_text", {})


def test_control_characters_do_not_get_into_the_reason(clients):
    done = load("client_code\x01,name2\nC1,x\n")

    assert (done.state, done.error_code) == ("failed", "missing_columns")
    assert done.error_params["found"] == "client_code, name2"


@pytest.mark.rule("P13")
def test_unspeakable_details_still_end_the_import(clients, monkeypatch):
    monkeypatch.setattr(imports, "printable", lambda text: f"{text}\0")
    done = load("client_code,name2\nC1,x\n")

    assert (done.state, done.error_code) == ("failed", "server_problem")


def test_undecodable_line_late_in_the_file_leaves_nothing(clients, monkeypatch):
    monkeypatch.setattr(reading, "BLOCK_BYTES", 200)
    text = chinese(csv_text([row(n) for n in range(1, 40)])).encode() + b"\xff\xfe\n"
    before = everything()

    done = load(text, creates_clients=True, completes_period=True)

    assert (done.state, done.error_code) == ("failed", "undecodable")
    assert done.error_params["line"] == "41"
    assert everything() == before


def test_file_that_vanished_is_a_server_problem_and_leaves_nothing(clients, caplog):
    waiting = hand_in([row(1)])
    Path(waiting.file.path).unlink()

    done = imports.run_import(waiting, now=NOW)

    assert (done.state, done.error_code) == ("failed", "server_problem")
    assert not BillingPeriod.objects.exists()
    assert "broke off" in caplog.text


def test_cancelled_while_waiting_leaves_nothing(clients, operations):
    waiting = hand_in([row(1)], by=operations)
    imports.request_cancel(billing_import=waiting, by=operations)

    done = imports.run_import(waiting, now=NOW)

    assert (done.state, done.error_code, done.loaded) == ("cancelled", "", 0)
    assert everything()["bills"] == []


def test_cancelled_while_running_leaves_nothing(clients, operations, monkeypatch):
    monkeypatch.setattr(reading, "BLOCK_BYTES", 200)
    waiting = hand_in([row(n) for n in range(1, 40)], by=operations)
    tell = Progress.tell

    def tell_and_cancel(*args, **options):
        tell(*args, **options)
        imports.request_cancel(billing_import=waiting, by=operations)

    monkeypatch.setattr(Progress, "tell", tell_and_cancel)
    before = everything()

    done = imports.run_import(waiting, now=NOW)

    assert (done.state, done.loaded) == ("cancelled", 0)
    assert everything() == before


@pytest.mark.parametrize("kind", ["member_bill", "contacts"])
def test_cancelled_at_the_very_end_leaves_nothing(clients, operations, monkeypatch, kind):
    line = row(1) if kind == "member_bill" else {"client_code": "C1", "name": "x"}
    waiting = hand_in([line], kind=kind, by=operations)
    monkeypatch.setattr(
        Progress,
        "tell_finishing",
        lambda _: imports.request_cancel(billing_import=waiting, by=operations),
    )

    done = imports.run_import(waiting, now=NOW)

    assert (done.state, done.loaded) == ("cancelled", 0)
    assert not MemberBill.objects.exists()
    assert not Contact.objects.exists()


def test_finished_import_cannot_be_cancelled(clients, operations):
    done = load([row(1)])

    with pytest.raises(imports.ImportFinished):
        imports.request_cancel(billing_import=done, by=operations)


@pytest.mark.rule("P10")
def test_finished_import_run_again_changes_nothing(clients):
    done = load([row(1), row(2, total="x")])
    load([row(1, total="77.00"), row(2, total="1.00")])
    before = everything()

    again = imports.run_import(done, now=NOW)

    assert (again.state, again.loaded, again.quarantined) == ("loaded", 1, 1)
    assert everything() == before
