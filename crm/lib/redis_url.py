"""One REDIS_URL, spelled the way the broker and the cache each want it."""

from typing import NamedTuple
from urllib.parse import urlsplit, urlunsplit


class RedisUrls(NamedTuple):
    broker: str
    cache: str


def redis_urls(url: str, *, offset: int = 0) -> RedisUrls:
    """Broker in database `offset`, cache in `offset + 1`.

    `unix:///folder/valkey.sock` and `redis://host:6379` (also `rediss://`) are understood;
    a database number in the URL is replaced.
    """
    parts = urlsplit(url)
    if parts.scheme == "unix":
        return RedisUrls(
            broker=f"redis+socket://{parts.path}?virtual_host={offset}",
            cache=f"unix://{parts.path}?db={offset + 1}",
        )
    return RedisUrls(
        broker=urlunsplit(parts._replace(path=f"/{offset}")),
        cache=urlunsplit(parts._replace(path=f"/{offset + 1}")),
    )
