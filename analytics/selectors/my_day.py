"""What a manager looks at in the morning: today's visits, alerts by money, what is overdue."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.db.models import Count, Sum
from django.utils import timezone

from accounts.models import Contact
from analytics.models import Alert
from analytics.selectors.key_people import KeyArrears, arrears_of_manager, managers_people
from staff.models import Absence, Task, User
from visits.choices import VisitState
from visits.models import Visit

SHOWN = 8


@dataclass(frozen=True)
class StandIn:
    """The day of somebody away for whom the person stands in; at most SHOWN rows each."""

    absence: Absence
    visits: Sequence[Visit]
    tasks: Sequence[Task]


@dataclass(frozen=True)
class MyDay:
    """At most SHOWN rows of each list; the counts are whole."""

    visits: Sequence[Visit]
    alerts: Sequence[Alert]
    overdue: Sequence[Visit]
    tasks: Sequence[Task]
    birthdays: Sequence[Contact]
    arrears: Sequence[KeyArrears]
    open_alerts: int
    overdue_alerts: int
    money_at_risk: object
    overdue_records: int
    open_tasks: int
    stand_ins: Sequence[StandIn]


def my_day(user: User, *, now: datetime) -> MyDay:
    today = timezone.localtime(now).date()
    start = timezone.make_aware(datetime.combine(today, time.min))
    mine = Visit.objects.visible_to(user).filter(visitor=user)
    todays = mine.between(start, start + timedelta(days=1)).exclude(state=VisitState.CANCELLED)
    overdue = mine.overdue(today)
    alerts = Alert.objects.visible_to(user).open()
    tasks = Task.objects.visible_to(user).open().filter(assignee=user)
    counted = alerts.aggregate(number=Count("pk"), money=Sum("money_at_risk"))
    return MyDay(
        visits=list(todays.with_people().order_by("starts_at", "pk")[:SHOWN]),
        alerts=list(alerts.with_people().by_money_at_risk()[:SHOWN]),
        overdue=list(overdue.with_people().order_by("record_due_on", "pk")[:SHOWN]),
        tasks=list(tasks.order_by("due_on", "pk")[:SHOWN]),
        birthdays=birthdays_ahead(user, today),
        arrears=arrears_of_manager(user, limit=SHOWN),
        open_alerts=counted["number"],
        overdue_alerts=alerts.overdue(today).count(),
        money_at_risk=counted["money"] or 0,
        overdue_records=overdue.count(),
        open_tasks=tasks.count(),
        stand_ins=[_stand_in(user, absence, start) for absence in user.standing_in],
    )


def _stand_in(user: User, absence: Absence, start: datetime) -> StandIn:
    """Apart from one's own, so that each figure of the day opens exactly its rows (P2)."""
    visits = Visit.objects.visible_to(user).filter(visitor=absence.person)
    visits = visits.between(start, start + timedelta(days=1)).exclude(state=VisitState.CANCELLED)
    tasks = Task.objects.visible_to(user).open().filter(assignee=absence.person)
    return StandIn(
        absence=absence,
        visits=list(visits.with_people().order_by("starts_at", "pk")[:SHOWN]),
        tasks=list(tasks.order_by("due_on", "pk")[:SHOWN]),
    )


def birthdays_ahead(user: User, today: date) -> list[Contact]:
    """Of key persons at the clients somebody is responsible for (CON-20)."""
    until = today + timedelta(days=settings.BIRTHDAY_DAYS)
    people = managers_people(user).visible_to(user).birthdays_between(today, until)
    return list(people.select_related("client").order_by("next_birthday", "pk")[:SHOWN])
