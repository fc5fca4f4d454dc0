"""Writes about skills and training."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from crm.lib.services import service
from staff.choices import AssessmentKind
from staff.exceptions import OutOfReach
from staff.models import Assessment, Attendance, CareerStep, Quality, Score, TrainingSession, User
from staff.services.authority import require_unit


@service
def assess(
    *, person: User, values: Mapping[Quality, int], note: str, today: date, by: User
) -> Assessment:
    """A whole profile, by the person or by whoever answers for their unit."""
    is_own = by.pk == person.pk
    if not is_own:
        require_unit(by, person.unit)
        if not by.has_perm("staff.train_people"):
            raise OutOfReach(_("You may not assess this person."))
    assessment = Assessment.objects.create(
        person=person,
        assessed_by=by,
        kind=AssessmentKind.SELF if is_own else AssessmentKind.SUPERVISOR,
        assessed_on=today,
        note=note,
    )
    Score.objects.bulk_create(
        Score(assessment=assessment, quality=quality, value=value)
        for quality, value in values.items()
    )
    return assessment


@service
def hold_session(*, by: User, **fields: Any) -> TrainingSession:
    require_unit(by, fields["unit"])
    return TrainingSession.objects.create(**fields)


@service
def note_attendance(*, session: TrainingSession, person: User, notes: str, by: User) -> Attendance:
    """Once for each person; again replaces the notes."""
    require_unit(by, session.unit, person.unit)
    attendance, _created = Attendance.objects.update_or_create(
        session=session, person=person, defaults={"notes": notes}
    )
    return attendance


@service
def change_career_step(*, step: CareerStep, by: User, **fields: Any) -> CareerStep:
    """The years are a setting; the handbook's are lost."""
    for name, value in fields.items():
        setattr(step, name, value)
    step.full_clean()
    step.save()
    return step
