"""Adding files of clients, changing them, taking them away and out."""

import io
import os
from datetime import UTC, date, datetime

import pytest
from django.core.files.storage import storages
from django.db import DatabaseError, transaction
from PIL import Image

from accounts import file_store
from accounts.choices import FILING, FileKind, FileState
from accounts.exceptions import (
    FileAlreadyThere,
    FileGone,
    FileNotReady,
    FileNotTaken,
    FileStorageFailed,
    OtherClient,
)
from accounts.models import ClientFile, FileLook
from accounts.selectors.dossier import Part
from accounts.services import files
from crm.lib.file_types import FileRefused
from crm.lib.models import uuid7
from crm.lib.pictures import PictureRefused
from tests import uploads
from tests.factories.accounts import ContactFactory
from tests.factories.files import ClientFileFactory, FileLookFactory, PhotoFactory

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 7, 6, 4, tzinfo=UTC)


@pytest.fixture
def add(own_client, manager):
    def call(content=uploads.PDF, name="营业执照.pdf", **fields):
        arguments = {"client": own_client, "kind": "licence", "now": NOON, "by": manager} | fields
        return files.add_file(file=io.BytesIO(content), name=name, **arguments)

    return call


def stored():
    """Names of everything in the store."""
    return sorted(name for names in file_store.shelves() for name in names)


@pytest.fixture
def before():
    """What other tests left in the store."""
    return stored()


def new(before):
    return [name for name in stored() if name not in before]


@pytest.mark.rule("ARC-18")
def test_a_paper_is_kept(add, own_client, manager, before):
    file = add()

    file.refresh_from_db()
    assert (file.client, file.uploaded_by, file.title) == (own_client, manager, "营业执照")
    assert (file.original_name, file.content_type) == ("营业执照.pdf", "application/pdf")
    assert (file.size, file.created_at, file.state) == (len(uploads.PDF), NOON, FileState.READY)
    assert new(before) == [file.stored_name]
    assert file_store.content(file.stored_name) == uploads.PDF
    assert file.pgh_event_model.objects.get().pgh_context.metadata == {
        "verb": "accounts.add_file", "actor": manager.pk,
    }  # fmt: skip


@pytest.mark.rule("P33")
def test_nothing_of_a_person_is_in_a_stored_name(add):
    file = add(name="../../etc/passwd\0.pdf", title="<b>Mr Wang</b>")

    shelf, _, token = file.stored_name.partition("/")
    assert (len(shelf), len(token)) == (2, 30)
    assert set(shelf + token) <= set("0123456789abcdef")


@pytest.mark.rule("P33")
@pytest.mark.parametrize(
    ("title", "kept"),
    [("a\r\nSet-Cookie: x", "a Set-Cookie: x"), ("x\u202efdp.exe", "x fdp.exe"), ("\0", "scan"),
     ("../../x", ".. .. x"), ("长" * 300, "长" * 200)],
)  # fmt: skip
def test_a_title_breaks_neither_line_nor_header(title, kept, add):
    assert add(title=title, name="scan.pdf").title == kept


@pytest.mark.rule("P33", "P36")
def test_a_photo_is_made_anew_before_it_is_kept(add, before):
    file = add(uploads.photo((640, 480), orientation=6), "IMG_1.jpg", kind="photo")

    contents = [file_store.content(name) for name in new(before)]
    assert set(new(before)) == {file.stored_name, file.thumbnail_name}
    for content in contents:
        image = Image.open(io.BytesIO(content))
        assert dict(image.getexif()) == {}
        assert uploads.SECRET.encode() not in content
    assert (file.width, file.height, file.taken_on) == (480, 640, date(2026, 7, 1))
    assert file.size == len(file_store.content(file.stored_name))
    assert file.is_shown


def test_what_a_person_says_about_the_day_counts_more(add):
    file = add(uploads.photo(), "x.jpg", kind="photo", taken_on=date(2026, 1, 2))

    assert file.taken_on == date(2026, 1, 2)


def test_it_belongs_to_a_person_there_or_to_a_record(add, own_client):
    contact, record = ContactFactory(client=own_client), uuid7()

    file = add(contact=contact, place="visit", record=record)

    assert (file.contact, file.place, file.record) == (contact, "visit", record)


# Refusals ---------------------------------------------------------------------------------------


@pytest.mark.rule("P33")
@pytest.mark.parametrize(
    ("content", "name", "error", "code"),
    [
        (b"", "x.pdf", FileNotTaken, "file_empty"),
        (b"%PDF-" + b"0" * 3000, "x.pdf", FileNotTaken, "file_too_large"),
        (b"<svg/>", "x.svg", FileRefused, "file_type_refused"),
        (b"MZ" + bytes(50), "x.exe", FileRefused, "file_type_refused"),
        (uploads.photo((300, 300), colour="white")[:200], "x.jpg", PictureRefused,
         "picture_broken"),
    ],
)  # fmt: skip
def test_what_is_not_taken_leaves_nothing(content, name, error, code, add, settings, before):
    settings.FILE_MAX_BYTES = 3000

    with pytest.raises(error) as refusal:
        add(content, name)

    assert refusal.value.code == code
    assert not ClientFile.objects.exists()
    assert new(before) == []


@pytest.mark.rule("P33")
def test_a_picture_with_too_many_pixels_is_refused(add, settings):
    settings.FILE_MAX_PIXELS = 10_000

    with pytest.raises(PictureRefused) as refusal:
        add(uploads.photo((101, 100)), "x.jpg")

    assert refusal.value.code == "picture_too_large"


@pytest.mark.rule("P33")
def test_a_client_has_room_for_so_much(add, settings, before):
    add()
    settings.FILE_CLIENT_MAX_BYTES = len(uploads.PDF) + 10

    with pytest.raises(FileNotTaken) as refusal:
        add(uploads.PDF + b"\n")

    assert refusal.value.code == "client_files_too_large"
    assert len(new(before)) == 1


def test_the_type_may_be_taken_from_the_list(add, settings):
    settings.FILE_TYPES = ["jpg"]

    with pytest.raises(FileRefused, match="JPG"):
        add()


def test_the_same_bytes_are_kept_once(add, before):
    first = add()

    with pytest.raises(FileAlreadyThere, match="营业执照"):
        add(name="again.pdf")

    assert ClientFile.objects.get() == first
    assert len(new(before)) == 1


def test_the_same_bytes_may_come_again_after_they_were_removed(add, manager):
    first = add()
    files.remove_file(file=first, now=NOON, by=manager)

    add()

    with pytest.raises(FileAlreadyThere):
        files.restore_file(file=first, by=manager)


def test_other_clients_may_have_the_same_bytes(add, foreign_client):
    add()

    assert add(client=foreign_client).sha256 == ClientFile.objects.first().sha256


def test_sent_again_with_its_id_it_is_the_same_file(add, before, foreign_client):
    pk = uuid7()
    first, second = add(id=pk), add(id=pk)

    assert first == second
    assert len(new(before)) == 1
    with pytest.raises(FileAlreadyThere):
        add(id=pk, client=foreign_client)
    assert len(new(before)) == 1


def test_a_person_of_another_client_is_refused(add, foreign_client, manager):
    stranger = ContactFactory(client=foreign_client)

    with pytest.raises(OtherClient):
        add(contact=stranger)
    with pytest.raises(OtherClient):
        files.update_file(file=add(), contact=stranger, by=manager)


# The store fails --------------------------------------------------------------------------------


@pytest.fixture
def broken_store(tmp_path, settings):
    """A folder whose place is taken by a file: nothing can be written or read, even by root."""
    (tmp_path / "files").write_text("not a folder")
    settings.STORAGES = {
        **settings.STORAGES,
        "private": settings.STORAGES["private"]
        | {"OPTIONS": {"location": str(tmp_path / "files")}},
    }
    storages._storages.clear()
    storages.__dict__.pop("backends", None)
    yield
    storages._storages.clear()
    storages.__dict__.pop("backends", None)


@pytest.mark.rule("P33")
@pytest.mark.usefixtures("broken_store")
def test_without_the_bytes_there_is_no_row(add):
    with pytest.raises(FileStorageFailed, match="nothing was changed"):
        add()

    assert not ClientFile.objects.exists()


@pytest.mark.rule("P33")
@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="Linux has a disk that is always full")  # noqa: PTH110
def test_a_full_disk_is_told(add, tmp_path, settings, monkeypatch):
    """Every file below this folder is /dev/full."""
    folder = tmp_path / "full"
    (folder / "aa").mkdir(parents=True)
    (folder / "aa" / ("b" * 30)).symlink_to("/dev/full")
    monkeypatch.setattr("accounts.file_store.secrets.token_hex", lambda size: "aa" + "b" * 30)
    storage = storages["private"]
    monkeypatch.setattr(storage, "OS_OPEN_FLAGS", os.O_WRONLY)
    monkeypatch.setattr(storage, "_location", str(folder))
    storage.__dict__.pop("base_location", None)
    storage.__dict__.pop("location", None)
    monkeypatch.setattr(storage, "get_available_name", lambda name, max_length=None: name)

    with pytest.raises(FileStorageFailed):
        add()

    storage.__dict__.pop("base_location", None)
    storage.__dict__.pop("location", None)
    assert not ClientFile.objects.exists()


def test_without_the_row_there_are_no_bytes(add, before, monkeypatch):
    def refused(row):
        raise DatabaseError("no")

    monkeypatch.setattr(files, "_insert", refused)

    with pytest.raises(DatabaseError):
        add()

    assert new(before) == []


# Changing, removing -----------------------------------------------------------------------------


def test_title_kind_person_and_day_are_changed(add, own_client, manager):
    contact = ContactFactory(client=own_client)
    file = add()

    files.update_file(file=file, title="合同", kind="agreement", contact=contact,
                      taken_on=date(2026, 5, 1), by=manager)  # fmt: skip

    file.refresh_from_db()
    assert (file.title, file.kind, file.contact, file.taken_on) == (
        "合同", "agreement", contact, date(2026, 5, 1),
    )  # fmt: skip
    assert ClientFile.objects.matching("hetong").get() == file
    assert file.pgh_event_model.objects.count() == 2


def test_a_removed_file_comes_back(add, manager):
    file = files.remove_file(file=add(), now=NOON, by=manager)
    assert file.state == FileState.REMOVED
    assert not ClientFile.objects.kept().exists()

    file = files.restore_file(file=file, by=manager)

    assert file.state == FileState.READY
    assert ClientFile.objects.kept().get() == file
    with pytest.raises(FileGone):
        files.restore_file(
            file=ClientFileFactory(removed_at=NOON, purged_at=NOON, stored_name=""), by=manager
        )


@pytest.mark.rule("ARC-18")
def test_files_are_filed_in_the_order_of_the_handbook(own_client):
    made = [ClientFileFactory(client=own_client, kind=kind) for kind in reversed(FileKind.values)]

    kinds = [file.kind for file in ClientFile.objects.order_by("filing", "pk")]

    assert kinds == FileKind.values
    assert len(made) == len(set(FILING.values()))
    parts = [Part(FILING[FileKind(kind)] // 10) for kind in kinds]
    assert parts == sorted(parts)
    assert {FileKind.PROPOSAL: Part.PROPOSAL, FileKind.AGREEMENT: Part.AGREEMENT}.items() <= dict(
        zip(kinds, parts, strict=True)
    ).items()


# Taking out -------------------------------------------------------------------------------------


@pytest.mark.rule("SEC-05", "P34")
@pytest.mark.parametrize("kind", ["identity", "authority", "agreement"])
def test_taking_out_a_paper_about_people_is_noted(kind, manager):
    file = ClientFileFactory(kind=kind)

    with files.hand_out(file=file, way="page", now=NOON, by=manager) as opened:
        assert opened.read() == uploads.PDF

    look = FileLook.objects.get()
    assert (look.file, look.way, look.looked_by, look.looked_at) == (file, "page", manager, NOON)


def test_a_file_of_a_person_is_about_people(own_client, manager):
    file = ClientFileFactory(client=own_client, contact=ContactFactory(client=own_client))

    files.hand_out(file=file, way="api", now=NOON, by=manager).close()

    assert FileLook.objects.get().way == "api"


def test_a_licence_is_nobodys_secret(manager):
    files.hand_out(file=ClientFileFactory(), way="page", now=NOON, by=manager).close()

    assert not FileLook.objects.exists()


@pytest.mark.rule("P34")
def test_looks_cannot_be_changed_or_deleted():
    look = FileLookFactory()

    for change in (lambda: FileLook.objects.update(way="api"), look.delete):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


@pytest.mark.rule("P33")
@pytest.mark.parametrize(
    ("fields", "state"),
    [
        ({"prepared_at": None}, FileState.WAITING),
        ({"scan": "waiting"}, FileState.WAITING),
        ({"scan": "infected", "signature": "x", "settled_at": NOON}, FileState.INFECTED),
        ({"problem": "picture_broken", "settled_at": NOON}, FileState.BROKEN),
        ({"removed_at": NOON}, FileState.REMOVED),
        ({"removed_at": NOON, "purged_at": NOON, "stored_name": "", "thumbnail_name": ""},
         FileState.PURGED),
    ],
)  # fmt: skip
def test_only_a_ready_file_is_given_out(fields, state, manager):
    file = PhotoFactory(kind="identity", **fields)

    with pytest.raises(FileNotReady):
        files.hand_out(file=file, way="page", now=NOON, by=manager)

    assert file.state == state
    assert not FileLook.objects.exists()


@pytest.mark.rule("P33")
def test_with_a_scanner_what_was_never_scanned_is_not_given_out(manager, settings):
    file = ClientFileFactory()
    settings.CLAMAV_URL = "tcp://127.0.0.1:9"

    assert file.state == FileState.WAITING
    with pytest.raises(FileNotReady):
        files.hand_out(file=file, way="page", now=NOON, by=manager)


def test_bytes_that_are_gone_are_told_and_not_noted(manager):
    file = ClientFileFactory(kind="identity")
    file_store.drop([file.stored_name])

    with pytest.raises(FileStorageFailed):
        files.hand_out(file=file, way="page", now=NOON, by=manager)

    assert not FileLook.objects.exists()


@pytest.mark.parametrize(
    ("title", "name"),
    [("营业执照", "营业执照.pdf"), ("scan.PDF", "scan.PDF"), ("x.exe", "x.exe.pdf")],
)
def test_a_download_ends_as_its_content_is(title, name):
    assert ClientFileFactory(title=title).download_name == name
