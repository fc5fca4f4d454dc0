"""The frame of every write."""

import functools
from collections.abc import Callable
from typing import ParamSpec, TypeVar

import pghistory
from django.db import transaction

P = ParamSpec("P")
R = TypeVar("R")


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
        with transaction.atomic(), pghistory.context(verb=name, actor=getattr(actor, "pk", None)):
            return verb(*args, **kwargs)

    return run
