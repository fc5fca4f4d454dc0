"""The watched folder: what is taken, what is left alone, how it is answered."""

import json
import os
import resource
import threading
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone

from analytics.choices import ImportState
from analytics.importing import drop_files
from analytics.models import BillingImport, BillingPeriod, DroppedFile
from analytics.services import drop_folder, imports
from tests.analytics.billing_files import JUNE, NOW, bills, csv_text, number, row
from tests.factories.accounts import ClientFactory

pytestmark = pytest.mark.django_db
GOOD = csv_text([row(1), row(2)])
LATER = timedelta(minutes=1)


class Sender:
    """The other side: drops files, reads statuses; looks come a minute apart."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.now = NOW

    def drop(self, name: str, content: str | bytes = GOOD, **sidecar) -> Path:
        file = self.path / name
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
        if sidecar:
            Path(f"{file}.json").write_text(json.dumps(sidecar))
        return file

    def look(self, times: int = 2) -> None:
        for _ in range(times):
            drop_folder.look_into_drop_folder(now=self.now)
            self.now += LATER

    def status(self, name: str) -> dict:
        return json.loads((self.path / f"{name}.status.json").read_text())

    def files(self) -> list[str]:
        """Everything in the folder, without the random part of deliveries' names."""
        found = []
        for path in sorted(self.path.rglob("*")):
            parts = path.relative_to(self.path).parts
            if path.is_file() and len(parts) > 2:
                found.append("/".join((parts[0], "…", *parts[2:])))
            elif path.is_file():
                found.append("/".join(parts))
        return sorted(found)


@pytest.fixture
def sender(tmp_path, settings, operations):
    (tmp_path / "drop").mkdir()
    settings.IMPORT_DROP_FOLDER = str(tmp_path / "drop")
    settings.IMPORT_DROP_USER = operations.username
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.SITE_URL = "https://crm.example"
    ClientFactory(code="C1", unit=operations.unit)
    return Sender(tmp_path / "drop")


def run_all():
    for waiting in BillingImport.objects.filter(state=ImportState.QUEUED):
        imports.run_import(waiting, now=timezone.now())


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


# When a file is taken -----------------------------------------------------------------------------


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


# What is left alone -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [
        ".hidden.csv", "x.csv.part", "x.csv.tmp", "x.csv.filepart", "x.CSV.PART", "x.csv.json",
        "x.csv.ready", "x.csv.status.json",
    ],
)  # fmt: skip
def test_hidden_and_unfinished_files_are_left_alone(sender, name):
    sender.drop(f"member_bill/{name}")

    sender.look(3)

    assert sender.files() == [f"member_bill/{name}"]


def test_folders_pipes_and_links_are_left_alone(sender, tmp_path):
    secret = tmp_path / "secret.csv"
    secret.write_text(GOOD)
    other = tmp_path / "other"
    other.mkdir()
    (other / "y.csv").write_text(GOOD)
    folder = sender.path / "member_bill"
    folder.mkdir()
    (folder / "link.csv").symlink_to(secret)
    os.link(secret, tmp_path / "secret-2.csv")
    os.mkfifo(folder / "pipe.csv")
    (folder / "inner.csv").mkdir()
    (sender.path / "product_bill").symlink_to(other)
    sender.drop("strange/z.csv")

    sender.look(3)

    assert not BillingImport.objects.exists()
    assert secret.read_text() == (other / "y.csv").read_text() == GOOD
    assert sorted(path.name for path in other.iterdir()) == ["y.csv"]
    assert (folder / "link.csv").is_symlink()


def test_a_link_in_the_place_of_the_status_is_replaced_not_followed(sender, tmp_path):
    victim = tmp_path / "victim"
    victim.write_text("mine")
    sender.drop("member_bill/x.csv")
    (sender.path / "member_bill/x.csv.status.json").symlink_to(victim)

    sender.look()

    assert victim.read_text() == "mine"
    assert sender.status("member_bill/x.csv")["state"] == "queued"


def test_a_sidecar_that_is_a_link_is_not_read(sender, tmp_path):
    (tmp_path / "secret.json").write_text('{"complete": true}')
    sender.drop("member_bill/x.csv")
    (sender.path / "member_bill/x.csv.json").symlink_to(tmp_path / "secret.json")

    sender.look()

    assert sender.status("member_bill/x.csv")["error"]["code"] == "bad_sidecar"


@pytest.mark.parametrize("name", ["taken", "done", "failed"])
def test_our_own_folders_are_not_followed_out_of_the_drop_folder(sender, tmp_path, name):
    """Somebody who may write there puts a link in the place of a folder of ours."""
    outside = tmp_path / "outside"
    outside.mkdir()
    (sender.path / name).symlink_to(outside)
    sender.drop("member_bill/x.csv")
    sender.drop("nothing-known.csv")

    sender.look()
    run_all()
    sender.look(1)

    assert list(outside.iterdir()) == []


def test_without_the_setting_nobody_looks(sender, settings):
    settings.IMPORT_DROP_FOLDER = ""
    sender.drop("member_bill/x.csv")

    sender.look()

    assert sender.files() == ["member_bill/x.csv"]


def test_a_folder_that_is_not_there_is_reported(sender, settings, caplog):
    settings.IMPORT_DROP_FOLDER = str(sender.path / "gone")

    sender.look()

    assert "cannot be read" in caplog.text


@pytest.mark.rule("P5")
@pytest.mark.parametrize("person", ["", "nobody", "manager", "supervisor"])
def test_the_person_must_have_the_right_to_import(sender, person, settings, request, caplog):
    if person in ("manager", "supervisor"):
        request.getfixturevalue(person)
    settings.IMPORT_DROP_USER = person
    sender.drop("member_bill/x.csv")

    sender.look()

    assert sender.files() == ["member_bill/x.csv"]
    assert "may not import" in caplog.text


@pytest.mark.rule("P4")
def test_a_disabled_person_hands_nothing_in(sender, operations):
    operations.is_active = False
    operations.save()
    sender.drop("member_bill/x.csv")

    sender.look()

    assert sender.files() == ["member_bill/x.csv"]


# Again --------------------------------------------------------------------------------------------


@pytest.mark.rule("P10")
def test_the_same_content_again_is_not_run_again(sender):
    sender.drop("member_bill/june.csv")
    sender.look()
    run_all()
    sender.drop("member_bill/june-2.csv")
    sender.look()

    first = BillingImport.objects.get()
    status = sender.status("member_bill/june-2.csv")
    assert (status["import"], status["same_as_earlier"], status["state"]) == (
        str(first.pk), True, "loaded"
    )  # fmt: skip
    assert "not run again" in status["message"]
    assert DroppedFile.objects.count() == 2
    assert len(list((sender.path / "done").iterdir())) == 2


def test_the_same_content_while_the_first_waits_follows_it(sender):
    for _ in range(2):
        sender.drop("member_bill/june.csv")
        sender.look()
    assert BillingImport.objects.count() == 1

    run_all()
    sender.look(1)

    assert len(list((sender.path / "done").iterdir())) == 2


def test_the_same_content_runs_again_when_it_asks_for_more(sender):
    sender.drop("member_bill/june.csv")
    sender.look()
    run_all()
    sender.drop("member_bill/june.csv", complete=True)
    sender.look()

    assert BillingImport.objects.count() == 2


def test_the_same_content_runs_again_when_it_was_replaced(sender):
    for content in (GOOD, csv_text([row(1, total="9.00"), row(2, total="9.00")]), GOOD):
        sender.drop("member_bill/june.csv", content)
        sender.look()
        run_all()

    assert BillingImport.objects.count() == 3
    assert bills()[number(1)] == ("C1", 1000)


def test_another_city_between_them_changes_nothing(sender):
    for content in (GOOD, csv_text([row(7), row(8)]), GOOD):
        sender.drop("member_bill/june.csv", content)
        sender.look()
        run_all()

    assert BillingImport.objects.count() == 2


def test_a_roster_runs_again_after_another_one(sender):
    roster = "client_code,name\nC1,{}\n"
    for name in ("Old", "New", "Old"):
        sender.drop("clients/roster.csv", roster.format(name))
        sender.look()
        run_all()

    assert BillingImport.objects.count() == 3


@pytest.mark.parametrize(("kind", "times"), [("usage", 3), ("payments", 2)])
def test_usage_runs_again_after_other_usage_and_payments_only_add(sender, kind, times):
    sender.drop("member_bill/june.csv")
    sender.look()
    run_all()
    first = {"number": str(number(1)), "day": "2026-06-30", "voice_minutes": "1", "data_mb": "1",
             "operation_type": "charge", "amount": "6.90", "operation_time": "2026-06-30"}  # fmt: skip
    other = first | {"voice_minutes": "2", "amount": "7.00"}
    for each in (first, other, first):
        sender.drop(f"{kind}/x.csv", csv_text([each]))
        sender.look()
        run_all()

    assert BillingImport.objects.filter(kind=kind).loaded().count() == times


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
