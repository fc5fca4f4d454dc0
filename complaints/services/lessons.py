"""Writes about cases to learn from."""

from datetime import datetime

from django.utils.translation import gettext as _

from complaints.choices import CaseStatus
from complaints.exceptions import CaseNotSettled
from complaints.models import Case, LessonRead
from complaints.services.steps import lock
from crm.lib.services import service
from staff.models import User


@service
def mark_lesson(*, case: Case, is_lesson: bool, by: User) -> Case:
    """Put the summary of a closed case among the training material, or take it out (STF-08)."""
    case = lock(case)
    if case.status != CaseStatus.CLOSED:
        raise CaseNotSettled(_("Only closed cases become training material."))
    case.is_lesson = is_lesson
    case.save()
    return case


@service
def read_lesson(*, case: Case, now: datetime, by: User) -> LessonRead:
    """Once more changes nothing."""
    row, _created = LessonRead.objects.get_or_create(
        case=case, person=by, defaults={"read_at": now}
    )
    return row
