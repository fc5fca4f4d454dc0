"""Wrong passwords: after so many for one name from one address, the door stays shut a while (P38)."""

import hashlib

from django.conf import settings
from django.core.cache import cache


def _key(username: str, address: str) -> str:
    digest = hashlib.sha256(f"{username.lower()}|{address}".encode()).hexdigest()
    return f"login:{digest}"


def is_locked(username: str, address: str) -> bool:
    return (cache.get(_key(username, address)) or 0) >= settings.LOGIN_ATTEMPTS


def note_failure(username: str, address: str) -> None:
    key = _key(username, address)
    cache.add(key, 0, settings.LOGIN_LOCK_MINUTES * 60)
    cache.incr(key)


def forget(username: str, address: str) -> None:
    cache.delete(_key(username, address))
