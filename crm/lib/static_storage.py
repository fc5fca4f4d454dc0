"""Hashed static files. Vendors ship comments naming source maps they do not ship; those are left alone."""

from collections.abc import Iterable, Iterator

from django.contrib.staticfiles.storage import ManifestStaticFilesStorage
from whitenoise.storage import CompressedManifestStaticFilesStorage


def _without_source_maps(patterns: Iterable) -> Iterator[tuple[str, tuple]]:
    for glob, rules in patterns:
        kept = tuple(
            rule
            for rule in rules
            if "sourceMappingURL" not in (rule if isinstance(rule, str) else rule[0])
        )
        if kept:
            yield glob, kept


class HashedStorage(ManifestStaticFilesStorage):
    patterns = tuple(_without_source_maps(ManifestStaticFilesStorage.patterns))


class CompressedStorage(CompressedManifestStaticFilesStorage):
    """Also writes .gz and .br beside each file; slower to collect, for production."""

    patterns = tuple(_without_source_maps(CompressedManifestStaticFilesStorage.patterns))
