"""The frame of every write."""

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import ParamSpec, TypeVar

import pghistory
from django.db import transaction

P = ParamSpec("P")
R = TypeVar("R")
_verb: ContextVar[str] = ContextVar("verb", default="")


@contextmanager
def audited(verb: str, actor_id: int | None) -> Iterator[None]:
    """Every row written inside is audited with this verb and actor.

    The outermost verb wins: it is what the person did, the others are its consequences.
    """
    if _verb.get():
        yield
        return
    token = _verb.set(verb)
    try:
        with pghistory.context(verb=verb, actor=actor_id):
            yield
    finally:
        _verb.reset(token)


def service(verb: Callable[P, R]) -> Callable[P, R]:
    """One business verb: one transaction, every row it writes audited with the actor.

    The verb takes keyword arguments only, among them `by`: the acting person, or None
    when the system acts. Triggers keep before and after of each row (django-pghistory);
    this adds who did it and by which verb.
    """
    name = f"{verb.__module__.split('.')[0]}.{verb.__name__}"

    @functools.wraps(verb)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        actor = kwargs["by"]
        with transaction.atomic(), audited(name, getattr(actor, "pk", None)):
            return verb(*args, **kwargs)

    return run
