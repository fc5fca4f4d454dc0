"""Where clients' files lie: a folder, or a bucket that settings name."""

import errno
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages

from crm.lib.private_storage import DiskStorage, S3Storage, StorageUnavailable
from crm.lib.storage_url import private_storage


@pytest.fixture
def disk(tmp_path):
    return DiskStorage(str(tmp_path / "files"))


def test_without_an_address_it_is_a_folder(tmp_path):
    entry = private_storage("", tmp_path)

    assert entry["BACKEND"] == f"{DiskStorage.__module__}.{DiskStorage.__name__}"
    assert entry["OPTIONS"] == {"location": str(tmp_path)}


def bucket(settings, url):
    settings.STORAGES = {**settings.STORAGES, "private": private_storage(url, Path("/none"))}
    storages.__dict__.pop("backends", None)
    storages._storages.clear()
    return storages["private"]


@pytest.fixture
def _storages_as_before():
    yield
    storages._storages.clear()


@pytest.mark.usefixtures("_storages_as_before")
def test_an_address_names_a_bucket(settings):
    storage = bucket(
        settings, "s3://KEY:se%2Fcret@Crm-Files/live/a?region=cn-north-1&endpoint=http://minio:9000"
    )

    assert type(storage) is S3Storage
    assert (storage.bucket_name, storage.location) == ("Crm-Files", "live/a")
    assert (storage.access_key, storage.secret_key) == ("KEY", "se/cret")
    assert (storage.region_name, storage.endpoint_url) == ("cn-north-1", "http://minio:9000")
    assert storage.default_acl is None
    assert storage.file_overwrite is False


@pytest.mark.usefixtures("_storages_as_before")
def test_keys_may_come_from_the_machine(settings):
    storage = bucket(settings, "s3://crm-files")

    assert (storage.access_key, storage.bucket_name, storage.location) == (None, "crm-files", "")


@pytest.mark.parametrize(
    "url", ["http://x/y", "s3://", "s3://key@bucket", "s3://bucket?acl=public-read", "files"]
)
def test_any_other_address_is_refused(url, tmp_path):
    with pytest.raises(ValueError, match="MEDIA_STORAGE_URL"):
        private_storage(url, tmp_path)


@pytest.mark.rule("P33")
def test_nobody_gets_an_address_of_a_file(disk):
    name = disk.save("aa/1", ContentFile(b"x"))

    with pytest.raises(NotImplementedError):
        disk.url(name)


@pytest.mark.rule("P33")
def test_only_the_owner_of_the_process_reads_the_folder(disk, tmp_path):
    disk.save("aa/1", ContentFile(b"x"))

    assert (tmp_path / "files/aa/1").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "files/aa").stat().st_mode & 0o777 == 0o700


class FullDisk(ContentFile):
    """Breaks off after its first bytes, as writing to a full disk does."""

    def chunks(self, chunk_size=None):
        yield b"half"
        raise OSError(errno.ENOSPC, "No space left on device")


def test_a_full_disk_leaves_no_half_file(disk, tmp_path):
    with pytest.raises(OSError, match="No space left"):
        disk.save("aa/1", FullDisk(b"whole"))

    assert list((tmp_path / "files/aa").iterdir()) == []


@pytest.mark.usefixtures("_storages_as_before")
def test_a_bucket_that_is_away_fails_as_a_disk_does(settings):
    storage = bucket(settings, "s3://key:secret@crm-files?endpoint=http://127.0.0.1:9&region=x")

    for use in (
        lambda: storage.save("aa/1", ContentFile(b"x")),
        lambda: storage.open("aa/1"),
        lambda: storage.delete("aa/1"),
        lambda: storage.exists("aa/1"),
        lambda: storage.listdir(""),
        lambda: storage.get_modified_time("aa/1"),
    ):
        with pytest.raises(StorageUnavailable):
            use()
