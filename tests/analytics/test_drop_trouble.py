"""The watched folder: bad files, full disks, killed workers and crowds."""

import os
import resource
import threading
from pathlib import Path

import pytest
from django.db import connection

from analytics.importing import drop_files
from analytics.models import BillingImport, DroppedFile
from analytics.services import drop_folder
from tests.analytics.billing_files import NOW, csv_text, row
from tests.analytics.drop_senders import GOOD, run_all

pytestmark = pytest.mark.django_db


# Trouble ------------------------------------------------------------------------------------------


def test_bad_rows_are_counted_and_their_file_is_named(sender):
    sender.drop("member_bill/x.csv", csv_text([row(1), row(2, total="x")]))
    sender.look()
    run_all()
    sender.look(1)

    billing_import = BillingImport.objects.get()
    status = sender.status("member_bill/x.csv")
    assert (status["loaded"], status["quarantined"]) == (1, 1)
    assert status["quarantine_url"] == (
        f"https://crm.example/api/v1/billing-imports/{billing_import.pk}/quarantine/"
    )
    assert sender.files()[0].startswith("done/")


def test_a_refused_file_says_why_and_goes_to_failed(sender, operations):
    operations.language = "zh-hans"
    operations.save()
    sender.drop("member_bill/x.csv", "who,what\n1,2\n")
    sender.look()
    run_all()
    sender.look(1)

    status = sender.status("member_bill/x.csv")
    assert (status["state"], status["error"]["code"]) == ("failed", "missing_columns")
    assert "缺少" in status["error"]["detail"]
    assert sender.files()[0].startswith("failed/")


def test_a_file_too_large_is_refused_unread(sender, settings):
    settings.IMPORT_MAX_BYTES = 10
    sender.drop("member_bill/x.csv")
    sender.look()
    run_all()
    sender.look(1)

    assert sender.status("member_bill/x.csv")["error"]["code"] == "too_large"


@pytest.fixture
def full_disk():
    """Every file that grows beyond 4 kB breaks off, as on a disk that is full."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)

    def fill():
        resource.setrlimit(resource.RLIMIT_FSIZE, (4096, hard))

    def empty():
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

    yield fill, empty
    empty()


def test_a_full_disk_is_reported_stops_nobody_and_is_tried_again(sender, full_disk, settings):
    fill, empty = full_disk
    sender.drop("member_bill/big.csv", csv_text(row(n) for n in range(1000)))
    sender.drop("member_bill/small.csv")

    fill()
    sender.look()
    empty()

    assert BillingImport.objects.get().file_name == "small.csv"
    assert sender.status("member_bill/big.csv")["state"] == "waiting"
    kept = [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]
    assert len(kept) == 1  # nothing of the one that broke off
    sender.look(1)
    assert BillingImport.objects.count() == 2
    assert sender.status("member_bill/big.csv")["state"] == "queued"


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_an_unreadable_file_is_refused_and_stops_nobody(sender):
    sender.drop("member_bill/a.csv").chmod(0)
    sender.drop("member_bill/b.csv")

    sender.look()

    assert sender.status("member_bill/a.csv")["error"]["code"] == "unreadable"
    assert BillingImport.objects.get().file_name == "b.csv"


def test_something_that_became_a_link_after_it_was_taken_is_not_read(sender, tmp_path):
    """Between two steps somebody with access swaps the file."""
    (tmp_path / "secret.csv").write_text(GOOD)
    folder = sender.path / "taken/20260703-020000-000000000000/member_bill"
    folder.mkdir(parents=True)
    (folder / "x.csv").symlink_to(tmp_path / "secret.csv")

    sender.look(1)

    assert not BillingImport.objects.exists()
    assert "failed/…/member_bill/x.csv" in sender.files()


def test_names_in_other_encodings_are_handed_in(sender):
    folder = sender.path / "member_bill"
    folder.mkdir()
    Path(os.fsdecode(os.fsencode(folder) + b"/" + "账单.csv".encode("gb18030"))).write_text(GOOD)

    sender.look()

    assert BillingImport.objects.get().file_name == "账单.csv"


def test_two_files_of_one_name_do_not_meet(sender):
    for kind in ("clients", "contacts"):
        sender.drop(f"{kind}/list.csv", f"client_code,name\nC1,{kind}\n")
    sender.look()
    sender.drop("clients/list.csv", "client_code,name\nC1,again\n")
    sender.look()

    assert BillingImport.objects.count() == 3


# Kills and crowds ---------------------------------------------------------------------------------


def test_a_worker_killed_after_taking_leaves_nothing_behind(sender):
    """The file is in `taken/`, its sidecar still outside, and nobody handed it in."""
    sender.drop("member_bill/x.csv", complete=True)
    with drop_files.DropFolder(sender.path) as folder:
        (waiting,) = folder.waiting()
        assert folder.take(waiting, "20260703-020000-000000000000")
    (sender.path / "taken/20260703-020001-000000000000").mkdir()  # killed a moment earlier

    sender.look(1)

    assert BillingImport.objects.get().completes_period
    assert [path.name for path in (sender.path / "taken").iterdir()] == [
        "20260703-020000-000000000000"
    ]


def test_a_worker_killed_after_handing_in_does_not_hand_in_again(sender, monkeypatch):
    sender.drop("member_bill/x.csv")
    with monkeypatch.context() as patch:
        patch.setattr(drop_folder, "_status", lambda *_: 1 / 0)  # dies before it answers
        sender.look()
    assert BillingImport.objects.count() == 1

    sender.look(1)

    assert BillingImport.objects.count() == 1
    assert sender.status("member_bill/x.csv")["state"] == "queued"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("locked", [True, False])
def test_two_workers_at_once_take_each_file_once(sender, locked, monkeypatch):
    """With the lock, and by the renaming and the unique delivery alone."""
    if not locked:
        monkeypatch.setattr(drop_folder.locks, "alone", lambda _number: _Everybody())
    for n in range(20):
        sender.drop(f"member_bill/{n}.csv", csv_text([row(n)]))
        sender.drop(f"member_bill/{n}.csv.ready", "")
    barrier = threading.Barrier(3)

    def work():
        try:
            barrier.wait()
            drop_folder.look_into_drop_folder(now=NOW)
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    sender.look(1)

    names = sorted(BillingImport.objects.values_list("file_name", flat=True))
    assert names == sorted(f"{n}.csv" for n in range(20))
    assert DroppedFile.objects.count() == 20


class _Everybody:
    def __enter__(self):
        return True

    def __exit__(self, *_):
        return None
