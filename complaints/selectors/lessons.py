"""Cases to learn from, for everybody: without the client's name (STF-08, SEC-03)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef

from complaints.choices import CaseKind, CaseStatus
from complaints.models import Case, CaseQuerySet, LessonRead
from staff.models import User

HIDDEN = "…"


@dataclass(frozen=True)
class Lesson:
    """What colleagues read of a case; nothing that names anybody."""

    id: UUID
    kind: str
    closed_at: datetime | None
    summary: str
    result: str
    is_read: bool
    reads: int


def lesson_cases(user: User, *, unread: bool = False) -> CaseQuerySet:
    """Rows of the whole company on purpose: only `lesson_of` of them may be shown."""
    read = LessonRead.objects.filter(case=OuterRef("pk"), person=user)
    rows: Any = Case.objects.filter(is_lesson=True, status=CaseStatus.CLOSED)
    rows = rows.annotate(is_read=Exists(read), reads=Count("lesson_reads"))
    rows = rows.select_related("client", "contact")
    return rows.filter(is_read=False) if unread else rows


def lesson_of(case: Any) -> Lesson:
    """Of a row of `lesson_cases`."""
    return Lesson(
        id=case.pk,
        kind=str(CaseKind(case.kind).label),
        closed_at=case.closed_at,
        summary=_nameless(case, case.summary),
        result=_nameless(case, case.result),
        is_read=case.is_read,
        reads=case.reads,
    )


def _nameless(case: Case, text: str) -> str:
    """Names and numbers of the client and its people are left out wherever they stand."""
    contact = case.contact
    words = [case.client.name, case.client.code, case.caller_name, case.caller_number]
    if contact:
        words += [contact.name, contact.mobile, contact.phone]
    for word in sorted(filter(None, words), key=len, reverse=True):
        text = text.replace(word, HIDDEN)
    return text
