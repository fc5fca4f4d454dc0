"""Sentences of tasks and notifications, kept by kind so that each reader gets their own language."""

from collections.abc import Mapping

from django.utils.functional import Promise

_SENTENCES: dict[str, str | Promise] = {}


def register(sentences: Mapping[str, str | Promise]) -> None:
    """Add sentences with `%(name)s` places; called from an app's `ready()`."""
    _SENTENCES.update(sentences)


def render(kind: str, params: Mapping[str, object]) -> str:
    """The sentence in the active language; the kind itself when no app knows it any more."""
    if kind not in _SENTENCES:
        return kind
    return str(_SENTENCES[kind]) % params
