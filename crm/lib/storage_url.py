"""Where the bytes of clients' files lie, from one address; settings read it before Django is up."""

from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

DISK = "crm.lib.private_storage.DiskStorage"
S3 = "crm.lib.private_storage.S3Storage"
S3_OPTIONS = frozenset({"region", "endpoint"})


def private_storage(url: str, folder: Path) -> dict[str, Any]:
    """An entry for STORAGES: the folder when the address is empty, else a bucket of S3.

    `s3://key:secret@bucket/folder/below?region=…&endpoint=https://minio.example:9000`. Without key
    and secret the library looks for them where it always does (environment, role of the machine).
    ValueError for anything else.
    """
    if not url:
        return {"BACKEND": DISK, "OPTIONS": {"location": str(folder)}}
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    if parts.scheme != "s3" or not parts.hostname or set(query) - S3_OPTIONS:
        raise ValueError("MEDIA_STORAGE_URL")
    if bool(parts.username) != bool(parts.password):
        raise ValueError("MEDIA_STORAGE_URL")
    options: dict[str, Any] = {
        "bucket_name": parts.netloc.rpartition("@")[2],  # hostname would lose its capitals
        "location": parts.path.strip("/"),
        "region_name": query.get("region"),
        "endpoint_url": query.get("endpoint"),
        "default_acl": None,  # the bucket is private, and nothing here makes a file public
        "querystring_auth": True,
        "file_overwrite": False,
    }
    if parts.username and parts.password:
        options |= {
            "access_key": unquote(parts.username),
            "secret_key": unquote(parts.password),
        }
    return {"BACKEND": S3, "OPTIONS": options}
