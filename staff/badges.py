"""Counts beside entries of the menu: what waits for the person there.

An app registers a count for one of its pages in `ready()`; it is asked on every page of people with
the right, so it must be cheap and stop counting early. The number equals the rows of the page that
its entry opens (P2): where the page shows more than what waits, `query` is the filter that does not.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from staff.models import User


@dataclass(frozen=True)
class Badge:
    right: str
    count: Callable[["User"], int]
    query: str = ""


_badges: dict[str, Badge] = {}


def register(url_name: str, badge: Badge) -> None:
    _badges[url_name] = badge


def count_for(url_name: str, user: "User") -> int | None:
    """None for pages without a count, and for people it does not concern."""
    badge = _badges.get(url_name)
    return badge.count(user) if badge and user.has_perm(badge.right) else None


def query_for(url_name: str) -> str:
    """The filter of the rows that the badge counts, as an address takes it."""
    badge = _badges.get(url_name)
    return f"?{badge.query}" if badge and badge.query else ""
