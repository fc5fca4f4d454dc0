"""Storage of files that nobody reaches but through a view of ours."""

import contextlib
from collections.abc import Iterator
from typing import Any, NoReturn

from boto3.exceptions import Boto3Error
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.core.files.storage import FileSystemStorage
from storages.backends import s3


class StorageUnavailable(OSError):
    """The bucket cannot be reached, refuses us, or has no room: the same as a failing disk."""


class HasNoAddress:
    """Whoever asks for a file's address has forgotten to ask whether it may be seen."""

    def url(self, name: str | None, *args: Any, **kwargs: Any) -> NoReturn:
        raise NotImplementedError


class DiskStorage(HasNoAddress, FileSystemStorage):
    """A folder that only this user of the machine reads."""

    def __init__(self, location: str) -> None:
        super().__init__(location, file_permissions_mode=0o600, directory_permissions_mode=0o700)

    def _save(self, name: str, content: Any) -> str:
        try:
            return super()._save(name, content)  # type: ignore[misc]
        except OSError:  # a full disk leaves half a file
            with contextlib.suppress(OSError):
                self.delete(name)
            raise


@contextlib.contextmanager
def _told_as_disks_do() -> Iterator[None]:
    try:
        yield
    except (BotoCoreError, ClientError, Boto3Error) as error:
        raise StorageUnavailable(str(error)) from error


class S3Storage(HasNoAddress, s3.S3Storage):
    """A private bucket; its errors are OSErrors, as a disk's are."""

    def get_default_settings(self) -> dict[str, Any]:
        """Somebody waits for the answer: a bucket that is away is given up after seconds."""
        patience = Config(connect_timeout=5, read_timeout=30, retries={"max_attempts": 2})
        return super().get_default_settings() | {"client_config": patience}

    def _save(self, name: str, content: Any) -> str:
        with _told_as_disks_do():
            return super()._save(name, content)

    def _open(self, name: str, mode: str = "rb") -> Any:
        with _told_as_disks_do():
            opened = super()._open(name, mode)
            opened.file  # noqa: B018 -- fetched now: later it would break off inside an answer
            return opened

    def delete(self, name: str) -> None:
        with _told_as_disks_do():
            super().delete(name)

    def exists(self, name: str) -> bool:
        with _told_as_disks_do():
            return super().exists(name)

    def listdir(self, path: str) -> tuple[list[str], list[str]]:
        with _told_as_disks_do():
            return super().listdir(path)

    def get_modified_time(self, name: str) -> Any:
        with _told_as_disks_do():
            return super().get_modified_time(name)
