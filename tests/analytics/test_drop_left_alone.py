"""The watched folder: what is left alone, and who may hand in."""

import os

import pytest

from analytics.models import BillingImport
from tests.analytics.drop_senders import GOOD, run_all

pytestmark = pytest.mark.django_db


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
