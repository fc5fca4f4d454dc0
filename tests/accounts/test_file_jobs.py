"""Scanning, making pictures anew, deleting for good, sweeping."""

import io
import os
from datetime import UTC, datetime, timedelta

import pytest
from django.core.files.storage import storages
from django.utils import timezone
from PIL import Image

from accounts import file_store
from accounts.choices import FileState
from accounts.models import ClientFile
from accounts.services import file_jobs, files
from accounts.tasks import prepare_file_task, prepare_waiting_files_task, tidy_files_task
from crm.lib.clamd import ScannerUnavailable
from staff.models import Notification
from tests import uploads
from tests.clamav import running_scanner
from tests.factories.files import ClientFileFactory, PhotoFactory

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 7, 6, 4, tzinfo=UTC)
LATER = NOON + timedelta(hours=1)


@pytest.fixture
def scanner(settings):
    with running_scanner() as server:
        settings.CLAMAV_URL = server.url
        yield server


@pytest.fixture
def add(own_client, manager):
    def call(content, name="x.txt", **fields):
        return files.add_file(
            client=own_client, file=io.BytesIO(content), name=name, kind="other", now=NOON,
            by=manager, **fields,
        )  # fmt: skip

    return call


def prepared(file):
    file_jobs.prepare_file(file=file, now=LATER, by=None)
    file.refresh_from_db()
    return file


# Pictures ---------------------------------------------------------------------------------------


@pytest.mark.rule("P33")
def test_a_large_photo_is_never_given_out_before_it_is_made_anew(add, settings, manager):
    settings.FILE_INLINE_PIXELS = 1000
    file = add(uploads.photo(), "x.jpg")
    came_as = file.stored_name

    assert (file.state, file.is_shown) == (FileState.WAITING, False)
    assert uploads.SECRET.encode() in file_store.content(came_as)

    assert prepared(file).state == FileState.READY
    assert file.is_shown
    assert file.stored_name != came_as
    assert uploads.SECRET.encode() not in file_store.content(file.stored_name)
    assert (file.width, file.height, file.prepared_at) == (640, 480, LATER)
    assert file.size == len(file_store.content(file.stored_name))


@pytest.mark.rule("P33", "P36")
def test_the_bytes_that_came_go_when_the_picture_is_made(
    add, settings, django_capture_on_commit_callbacks
):
    settings.FILE_INLINE_PIXELS = 1000
    file = add(uploads.photo(), "x.jpg")
    came_as = file.stored_name

    with django_capture_on_commit_callbacks(execute=True):
        prepared(file)

    assert not storages["private"].exists(came_as)
    assert Image.open(io.BytesIO(file_store.content(file.stored_name))).size == (640, 480)


def test_a_picture_that_turns_out_broken_is_told(add, settings, manager):
    settings.FILE_INLINE_PIXELS = 1000
    whole = uploads.photo()

    file = prepared(add(whole[: len(whole) // 2], "x.jpg"))

    assert (file.state, file.problem) == (FileState.BROKEN, "picture_broken")
    news = Notification.objects.get()
    assert (news.recipient, news.kind) == (manager, "file-broken")
    assert "is broken" in str(news)


def test_done_twice_nothing_changes(add, settings):
    settings.FILE_INLINE_PIXELS = 1000
    file = prepared(add(uploads.photo(), "x.jpg"))
    first = (file.stored_name, file.thumbnail_name, file.updated_at)

    assert prepared(file).stored_name == first[0]
    assert (file.stored_name, file.thumbnail_name, file.updated_at) == first


# Scanning ---------------------------------------------------------------------------------------


@pytest.mark.rule("P33")
def test_nothing_is_given_out_before_it_is_scanned(add, scanner):
    file = add(b"clean")

    assert file.state == FileState.WAITING
    assert scanner.scanned == []
    assert prepared(file).state == FileState.READY
    assert scanner.scanned == [5]


@pytest.mark.rule("P33")
def test_a_virus_is_locked_away_and_told(add, scanner, manager):
    file = prepared(add(uploads.EICAR, title="Price list"))

    assert (file.state, file.signature) == (FileState.INFECTED, "Eicar-Test-Signature")
    news = Notification.objects.get()
    assert (news.recipient, news.link) == (manager, file.get_absolute_url())
    assert str(news) == "A virus was found in “Price list” of Own Client: Eicar-Test-Signature"


@pytest.mark.rule("P33")
def test_the_bytes_that_came_are_scanned_not_those_made_anew(add, scanner):
    photo = uploads.photo() + uploads.EICAR

    file = prepared(add(photo, "x.jpg"))

    assert file.state == FileState.INFECTED
    assert scanner.scanned == [len(photo)]
    assert file.thumbnail_name == ""


@pytest.mark.rule("P33")
def test_without_an_answer_it_goes_on_waiting(add, scanner, settings):
    file = add(b"clean")
    settings.CLAMAV_URL = "tcp://127.0.0.1:9"

    with pytest.raises(ScannerUnavailable):
        file_jobs.prepare_file(file=file, now=LATER, by=None)
    prepare_file_task.apply(args=[str(file.pk)], throw=True)  # told in the log, not raised

    file.refresh_from_db()
    assert file.state == FileState.WAITING
    settings.CLAMAV_URL = scanner.url
    assert prepared(file).state == FileState.READY


def test_with_the_scanner_taken_away_what_waited_is_ready(add, scanner, settings):
    file = add(b"clean")
    settings.CLAMAV_URL = ""

    assert prepared(file).state == FileState.READY


@pytest.mark.rule("P33")
def test_older_files_are_scanned_when_there_is_a_scanner(scanner, settings):
    old = ClientFileFactory()
    assert list(ClientFile.objects.waiting(LATER)) == [old]

    assert prepared(old).state == FileState.READY
    assert not ClientFile.objects.waiting(LATER).exists()


def test_a_job_is_queued_when_there_is_something_to_do(
    add, settings, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks() as for_text:
        add(b"plain")
    settings.FILE_INLINE_PIXELS = 1000
    with django_capture_on_commit_callbacks(execute=True) as for_photo:
        add(uploads.photo(), "x.jpg")

    assert (len(for_text), len(for_photo)) == (0, 1)


def test_what_a_killed_worker_left_is_queued_again(settings):
    PhotoFactory(prepared_at=None)
    PhotoFactory(prepared_at=None, created_at=LATER)
    PhotoFactory()
    PhotoFactory(prepared_at=None, problem="picture_broken", settled_at=NOON)

    assert file_jobs.prepare_waiting(now=LATER) == 1
    prepare_waiting_files_task.apply(throw=True)


def test_a_job_for_a_file_that_is_gone_does_nothing():
    prepare_file_task.apply(args=["00000000-0000-7000-8000-000000000000"], throw=True)


# Deleting for good ------------------------------------------------------------------------------


@pytest.mark.rule("P33")
def test_bytes_of_removed_and_infected_files_are_deleted_after_a_time(
    settings, django_capture_on_commit_callbacks
):
    settings.FILE_REMOVED_DAYS = 30
    long_ago = NOON - timedelta(days=31)
    removed = PhotoFactory(removed_at=long_ago)
    infected = ClientFileFactory(scan="infected", signature="x", settled_at=long_ago)
    names = [removed.stored_name, removed.thumbnail_name, infected.stored_name]
    kept = [
        ClientFileFactory(),
        ClientFileFactory(removed_at=NOON - timedelta(days=29)),
        ClientFileFactory(scan="infected", signature="x", settled_at=NOON),
    ]

    with django_capture_on_commit_callbacks(execute=True):
        assert file_jobs.purge_files(now=NOON, by=None) == 2
    assert file_jobs.purge_files(now=NOON, by=None) == 0

    assert not any(storages["private"].exists(name) for name in names)
    for file in (removed, infected):
        file.refresh_from_db()
        assert (file.state, file.purged_at, file.stored_name) == (FileState.PURGED, NOON, "")
    assert all(storages["private"].exists(file.stored_name) for file in kept)


def test_bytes_without_a_row_are_swept_a_day_later():
    file = PhotoFactory()
    orphan, young = file_store.keep(b"left behind"), file_store.keep(b"on its way")
    disk = storages["private"]
    now = timezone.now()
    old = (now - timedelta(hours=25)).timestamp()
    for name in (orphan, file.stored_name, file.thumbnail_name):
        os.utime(disk.path(name), (old, old))

    tidy_files_task.apply(throw=True)

    assert not disk.exists(orphan)
    assert all(disk.exists(n) for n in (young, file.stored_name, file.thumbnail_name))
