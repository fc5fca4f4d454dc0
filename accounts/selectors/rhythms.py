"""How often something is due, and for whom."""

from datetime import date

from accounts.choices import RHYTHM_DEFAULTS, ClientClass, RhythmKind
from accounts.models import RhythmVersion
from crm.lib.months import months_later


def rhythms() -> dict[tuple[str, str], int | None]:
    """Months by kind and class, None for never; what the company has set wins over the defaults."""
    months: dict[tuple[str, str], int | None] = {
        (kind, letter): RHYTHM_DEFAULTS.get((kind, letter))
        for kind in RhythmKind.values
        for letter in ClientClass.values
    }
    for version in RhythmVersion.objects.current():
        months[(version.kind, version.client_class)] = version.months
    return months


def due_after(day: date, months: int | None) -> date | None:
    """The same day so many months later, or the last one of that month."""
    return months_later(day, months) if months else None
