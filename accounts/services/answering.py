"""What answers have in common."""

from datetime import datetime
from typing import Any, TypeVar

from django.db.models import Model
from django.utils.translation import gettext as _

from accounts.exceptions import AlreadyAnswered, ReasonMissing
from staff.models import User

M = TypeVar("M", bound=Model)


def locked(row: M) -> M:
    """The row as it is now, kept from others; refused when it has been answered."""
    rows: Any = type(row)._default_manager
    fresh = rows.select_for_update(of=("self",)).select_related("client").get(pk=row.pk)
    if fresh.answered_at is not None:
        raise AlreadyAnswered(_("Somebody has answered this already."))
    return fresh


def put_answer(row: Any, answer: str, now: datetime, by: User) -> None:
    """Fills the three fields; the caller saves."""
    row.answer = said(answer)
    row.answered_at, row.answered_by = now, by


def said(text: str) -> str:
    """The text without blanks around it; refused when nothing is left."""
    if not text.strip():
        raise ReasonMissing(_("Write a word."))
    return text.strip()
