"""Words put together the way the reader's language does it."""

from collections.abc import Iterable

from django.utils.translation import pgettext


def listed(items: Iterable[object]) -> str:
    """a, b, c; in Chinese a、b、c."""
    return pgettext("between the items of a list", ", ").join(map(str, items))
