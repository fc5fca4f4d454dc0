"""How often something is due, and for whom."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from accounts.choices import RHYTHM_DEFAULTS, ClientClass, RhythmKind
from accounts.models import RhythmVersion
from crm.lib.months import months_later
from staff.models import User


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


def may_change(user: User) -> bool:
    """One rhythm counts for everybody, so it is set from the top of the unit tree only.

    See also `staff.roles`: accounts.change_rhythms.
    """
    return user.has_perm("accounts.change_rhythms") and (
        user.row_scope().everything or user.unit.parent_id is None
    )


@dataclass(frozen=True)
class RhythmRow:
    """One kind and class: the months in force, None for never, and the version that says so.

    Without a version the default of the handbook counts.
    """

    kind: RhythmKind
    client_class: str
    months: int | None
    version: RhythmVersion | None


def rhythm_rows() -> list[RhythmRow]:
    months = rhythms()
    newest = {
        (version.kind, version.client_class): version
        for version in RhythmVersion.objects.current().select_related("created_by")
    }
    return [
        RhythmRow(RhythmKind(kind), letter, months[kind, letter], newest.get((kind, letter)))
        for kind, letter in months
    ]


def rhythm_history() -> Sequence[RhythmVersion]:
    """All versions, the newest first."""
    return list(RhythmVersion.objects.select_related("created_by").order_by("-pk"))
