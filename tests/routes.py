"""The addresses of the site, walked."""

from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver


def named_routes(
    patterns: list[Any] | None = None, namespace: str = "", arguments: tuple[str, ...] = ()
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Name and argument names of every route that has a name."""
    for pattern in patterns if patterns is not None else get_resolver().url_patterns:
        taken = (*arguments, *pattern.pattern.converters, *pattern.pattern.regex.groupindex)
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from named_routes(pattern.url_patterns, inner, taken)
        elif isinstance(pattern, URLPattern) and pattern.name:
            yield f"{namespace}{pattern.name}", tuple(dict.fromkeys(taken))
