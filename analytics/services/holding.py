"""Months that a program wants to complete but whose bills seem to be missing (ADR 0010)."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import date, datetime
from uuid import NAMESPACE_OID, uuid5

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from analytics import coverage
from analytics.choices import PeriodState, PeriodStepKind
from analytics.exceptions import PeriodNotHeld
from analytics.models import BillingPeriod
from analytics.services.period_steps import HELD, finish_to_dos, mark_complete, note
from crm.lib.months import month_after
from crm.lib.services import service
from staff.choices import Role
from staff.models import User
from staff.selectors import working_calendar
from staff.services.work import notify, raise_task


def complete_or_hold(period: BillingPeriod, *, needs_month_before: bool, now: datetime) -> bool:
    """Whether it may be completed; if not, it is held and operations are asked.

    `needs_month_before`: hold it also when there is nothing to measure it with.
    The caller has counted its bills.
    """
    if period.is_complete:
        return True
    missing = coverage.shortfalls(period.month)
    if not missing and (not needs_month_before or coverage.has_month_before(period.month)):
        return True
    _hold(period, missing, now)
    return False


def _hold(period: BillingPeriod, missing: list[coverage.Shortfall], now: datetime) -> None:
    is_news = not period.is_held
    period.state = PeriodState.HELD
    period.held_at = period.held_at or now
    period.shortfalls = [asdict(one) for one in missing]
    period.save()
    if is_news:
        note(period, PeriodStepKind.HELD, now, None)
        ask_operations(f"{period}", now)


def complete_filled(months: Iterable[date], *, now: datetime, by: User | None) -> None:
    """Held months among these, and the months after them, whose gap is filled by now."""
    around = {month for m in months for month in (m, month_after(m))}
    held = BillingPeriod.objects.held().select_for_update().filter(pk__in=around)
    for period in held.order_by("month"):
        missing = coverage.shortfalls(period.month)
        if missing or not coverage.has_month_before(period.month):
            period.shortfalls = [asdict(one) for one in missing]
            period.save(update_fields=["shortfalls"])
        else:
            mark_complete(period, now, by, kind=PeriodStepKind.FILLED)


@service
def wait_for_files(*, month: date, now: datetime, by: User) -> BillingPeriod:
    """Leave a held month as it is: the files are on their way and will complete it."""
    period = BillingPeriod.objects.held().select_for_update().filter(pk=month).first()
    if period is None:
        raise PeriodNotHeld(_("This month is not held."))
    note(period, PeriodStepKind.WAITING, now, by)
    finish_to_dos(period, now)
    return period


def ask_operations(month: str, now: datetime) -> None:
    """Tell everybody of operations once, and give each of them a to-do for the next working day."""
    people = list(User.objects.filter(role=Role.OPERATIONS, is_active=True).order_by("pk"))
    link = reverse("analytics:period_list")
    notify(
        recipients=people,
        kind=HELD,
        key=f"{HELD}:{month}",
        params={"month": month},
        link=link,
        by=None,
    )
    due_on = working_calendar().add(timezone.localtime(now).date(), 1)
    for person in people:
        raise_task(
            kind=HELD,
            # A to-do is about a record with such an id, and a month has none.
            subject_id=uuid5(NAMESPACE_OID, f"{HELD}:{month}:{person.pk}"),
            params={"month": month},
            link=link,
            assignee=person,
            due_on=due_on,
            by=None,
        )
