"""The clocks of a case: they count from the first contact, whoever has the case now (ORG-17).

Limits are written `48h` (hours of the clock), `4wh` (working hours) or `5wd` (working days, the
whole last day included). The defaults follow the handbooks where these give a figure; settings
replace single ones.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.db.models import Q

from complaints.choices import RUNNING, CaseKind, Urgency
from crm.lib.working_days import OfficeHours, WorkingCalendar, add_working_hours

WRITTEN = re.compile(r"(?P<amount>[1-9][0-9]{0,3})(?P<unit>h|wh|wd)")
LAST_SECOND = time(23, 59, 59)


@dataclass(frozen=True)
class Limit:
    """So many hours, working hours or working days."""

    amount: int
    unit: str

    @classmethod
    def of(cls, text: str) -> "Limit":
        """ValueError for anything else than `48h`, `4wh` or `5wd`."""
        found = WRITTEN.fullmatch(text)
        if not found:
            raise ValueError(f"not a limit like 48h, 4wh or 5wd: {text!r}")
        return cls(int(found["amount"]), found["unit"])

    def due(self, start: datetime, calendar: WorkingCalendar, hours: OfficeHours) -> datetime:
        """The last moment that is in time."""
        if self.unit == "h":
            return start + timedelta(hours=self.amount)
        if self.unit == "wh":
            return add_working_hours(calendar, hours, start, timedelta(hours=self.amount))
        day = calendar.add(start.astimezone(hours.zone).date(), self.amount)
        return datetime.combine(day, LAST_SECOND, hours.zone)


@dataclass(frozen=True)
class Limits:
    first_reply: Limit
    resolution: Limit


# First reply within 48 hours (CMP-22); complaints solved within 5 working days (CMP-21). Faults and
# leads have no figure in the handbooks; an answer to a need is due in two working days (VIS-48).
DEFAULTS: dict[tuple[str, str], tuple[str, str]] = {
    (CaseKind.COMPLAINT, Urgency.NORMAL): ("48h", "5wd"),
    (CaseKind.COMPLAINT, Urgency.URGENT): ("4wh", "2wd"),
    (CaseKind.FAULT, Urgency.NORMAL): ("4wh", "2wd"),
    (CaseKind.FAULT, Urgency.URGENT): ("1wh", "1wd"),
    (CaseKind.ENQUIRY, Urgency.NORMAL): ("1wd", "3wd"),
    (CaseKind.ENQUIRY, Urgency.URGENT): ("4wh", "1wd"),
    (CaseKind.LEAD, Urgency.NORMAL): ("2wd", "10wd"),
    (CaseKind.LEAD, Urgency.URGENT): ("1wd", "5wd"),
}


def limits_of(kind: str, urgency: str, overrides: Mapping[str, str]) -> Limits:
    """`overrides` as in the settings: {"complaint.normal.first_reply": "24h"}."""
    first_reply, resolution = DEFAULTS[(kind, urgency)]
    return Limits(
        Limit.of(overrides.get(f"{kind}.{urgency}.first_reply", first_reply)),
        Limit.of(overrides.get(f"{kind}.{urgency}.resolution", resolution)),
    )


def override_problems(overrides: Mapping[str, str]) -> list[str]:
    """What in the settings names nothing, or is no limit."""
    known = {
        f"{kind}.{urgency}.{step}"
        for kind, urgency in DEFAULTS
        for step in ("first_reply", "resolution")
    }
    return [
        f"{name}: {text}"
        for name, text in overrides.items()
        if name not in known or not WRITTEN.fullmatch(str(text))
    ]


def overdue(now: datetime) -> Q:
    """The one definition of an overdue case: lists filter by it, rows are annotated with it.

    `due_at` is the first reply's until that is given, then the solution's.
    """
    return Q(status__in=RUNNING, due_at__lt=now)
