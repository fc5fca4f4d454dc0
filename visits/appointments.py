"""What a sound appointment is; pages and API ask the same questions."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext as _

from visits.choices import VisitMode

NOTICE = timedelta(days=1)
# Beyond these the working-day calendar knows nothing.
SENSIBLE = (
    MinValueValidator(datetime(2000, 1, 1, tzinfo=UTC)),
    MaxValueValidator(datetime(2099, 12, 31, tzinfo=UTC)),
)
SENSIBLE_DAY = (MinValueValidator(date(2000, 1, 1)), MaxValueValidator(date(2099, 12, 31)))


class AppointmentProblem(NamedTuple):
    field: str
    code: str
    message: str


def appointment_problems(
    *, starts_at: datetime | None, mode: str, place: str, short_notice_reason: str, now: datetime
) -> Iterator[AppointmentProblem]:
    """Everything that is wrong. `starts_at` is None when the time is not being set."""
    if starts_at and starts_at < now:
        sentence = _("This time is past. Log the contact instead of planning it.")
        yield AppointmentProblem("starts_at", "past", sentence)
    elif starts_at and starts_at < now + NOTICE and not short_notice_reason:
        # A warning in the handbook: allowed with a reason, which is counted (VIS-21, AMB-21).
        sentence = _("Appointments are made at least one day ahead; say why this one is not.")
        yield AppointmentProblem("short_notice_reason", "short_notice", sentence)
    if mode == VisitMode.DOOR and not place:
        yield AppointmentProblem("place", "place_missing", _("Where will you meet?"))
