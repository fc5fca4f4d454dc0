"""The watched folder: what is taken, when, and how it is answered."""

import os
from datetime import timedelta

import pytest

from analytics.models import BillingImport, BillingPeriod
from analytics.services import drop_folder
from tests.analytics.billing_files import JUNE, bills, csv_text, number, row
from tests.analytics.drop_senders import GOOD, run_all

pytestmark = pytest.mark.django_db


def test_a_dropped_file_is_taken_handed_in_answered_and_put_away(sender, operations):
    sender.drop("member_bill/june.csv")

    sender.look()

    billing_import = BillingImport.objects.get()
    assert (billing_import.kind, billing_import.file_name, billing_import.created_by) == (
        "member_bill", "june.csv", operations
    )  # fmt: skip
    status = sender.status("member_bill/june.csv")
    assert (status["state"], status["import"], status["number"]) == (
        "queued", str(billing_import.pk), billing_import.number
    )  # fmt: skip
    assert status["status_url"] == (
        f"https://crm.example/api/v1/billing-imports/{billing_import.pk}/"
    )
    assert sender.files() == [
        "member_bill/june.csv.status.json",
        "taken/…/member_bill/june.csv",
        "taken/…/member_bill/june.csv.status.json",
    ]

    run_all()
    sender.look(1)

    status = sender.status("member_bill/june.csv")
    assert (status["state"], status["rows"], status["loaded"], status["quarantined"]) == (
        "loaded", 2, 2, 0
    )  # fmt: skip
    assert (status["periods"], status["quarantine_url"]) == (["2026-06"], None)
    assert sender.files() == [
        "done/…/member_bill/june.csv",
        "done/…/member_bill/june.csv.status.json",
        "member_bill/june.csv.status.json",
    ]
    assert set(bills()) == {number(1), number(2)}


def test_month_and_wishes_come_from_the_sidecar(sender):
    lines = [{k: v for k, v in row(1, "NEW").items() if k != "period"}]
    sender.drop(
        "anything.csv", csv_text(lines), kind="member_bill", period="2026-06", complete=True,
        create_clients=True,
    )  # fmt: skip

    sender.look()
    run_all()
    sender.look(1)

    billing_import = BillingImport.objects.get()
    assert (billing_import.period, billing_import.creates_clients) == (JUNE, True)
    assert sender.status("anything.csv")["state"] == "loaded"
    assert billing_import.holds_thin_month
    assert BillingPeriod.objects.get().is_complete
    assert "done/…/anything.csv.json" in sender.files()


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("member_bill-2026-06.csv", "member_bill"),
        ("PRODUCT_BILL_06.csv", "product_bill"),
        ("clients.csv", "clients"),
        ("contacts/list.csv", "contacts"),
        ("contacts/clients.csv", "contacts"),
    ],
)
def test_the_kind_is_the_sub_folder_or_the_beginning_of_the_name(sender, name, kind):
    sender.drop(name)

    sender.look()

    assert BillingImport.objects.get().kind == kind


def test_the_sidecar_wins_over_the_sub_folder(sender):
    sender.drop("clients/x.csv", kind="contacts")

    sender.look()

    assert BillingImport.objects.get().kind == "contacts"


@pytest.mark.parametrize("name", ["june.csv", "clientship.csv", "members.csv"])
def test_a_file_of_no_known_kind_is_refused(sender, name):
    sender.drop(name)

    sender.look()

    status = sender.status(name)
    assert (status["state"], status["error"]["code"]) == ("refused", "unknown_kind")
    assert "member_bill" in status["error"]["detail"]
    assert sender.files() == sorted(
        [f"failed/…/{name}", f"failed/…/{name}.status.json", f"{name}.status.json"]
    )
    assert not BillingImport.objects.exists()


@pytest.mark.parametrize(
    "sidecar",
    [
        b"{", b"[]", b"\xff", b'{"colour": 1}', b'{"period": "June"}', b'{"period": 6}',
        b'{"complete": "yes"}', b'{"create_clients": 1}', b"[" * 60_000, b" " * 70_000,
    ],
)  # fmt: skip
def test_a_sidecar_that_cannot_be_read_is_refused(sender, sidecar):
    sender.drop("member_bill/x.csv")
    (sender.path / "member_bill/x.csv.json").write_bytes(sidecar)

    sender.look()

    assert sender.status("member_bill/x.csv")["error"]["code"] == "bad_sidecar"
    assert not BillingImport.objects.exists()


def test_an_unknown_kind_in_the_sidecar_is_refused(sender):
    sender.drop("member_bill/x.csv", kind="photos")

    sender.look()

    assert sender.status("member_bill/x.csv")["error"]["code"] == "unknown_kind"


def test_a_file_is_taken_when_it_has_not_changed_since_the_last_look(sender):
    file = sender.drop("member_bill/x.csv", "period,cl")
    sender.look(1)
    file.write_text(GOOD)
    sender.look(1)
    assert file.exists()
    sender.look(1)

    assert not file.exists()
    with BillingImport.objects.get().file.open("rb") as kept:
        assert kept.read().decode() == GOOD


def test_a_look_too_soon_after_the_last_one_waits(sender):
    file = sender.drop("member_bill/x.csv")
    for _ in range(3):
        drop_folder.look_into_drop_folder(now=sender.now)
        sender.now += timedelta(seconds=10)
    assert file.exists()

    drop_folder.look_into_drop_folder(now=sender.now)

    assert not file.exists()


def test_a_sidecar_that_still_changes_keeps_the_file_waiting(sender):
    file = sender.drop("member_bill/x.csv", complete=False)
    sender.look(1)
    sender.drop("member_bill/x.csv.json", '{"complete": true}')
    sender.look(1)
    assert file.exists()

    sender.look(1)

    assert BillingImport.objects.get().completes_period


def test_a_mark_beside_it_has_it_taken_at_once(sender):
    sender.drop("member_bill/x.csv")
    sender.drop("member_bill/x.csv.ready", "")

    sender.look(1)

    assert BillingImport.objects.count() == 1
    assert "member_bill/x.csv.ready" not in sender.files()


def test_the_clock_of_the_sender_does_not_matter(sender):
    for name, year in (("a", 1_000_000_000), ("b", 4_000_000_000)):
        file = sender.drop(f"member_bill/{name}.csv", csv_text([row(1, total=f"{year}.00")]))
        os.utime(file, (year, year))

    sender.look()

    assert BillingImport.objects.count() == 2
