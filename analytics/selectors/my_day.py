"""What a manager looks at in the morning: today's visits, alerts by money, what is overdue."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.db.models import Count, Sum
from django.utils import timezone

from analytics.models import Alert
from staff.models import Task, User
from visits.choices import VisitState
from visits.models import Visit

SHOWN = 8


@dataclass(frozen=True)
class MyDay:
    """At most SHOWN rows of each list; the counts are whole."""

    visits: Sequence[Visit]
    alerts: Sequence[Alert]
    overdue: Sequence[Visit]
    tasks: Sequence[Task]
    open_alerts: int
    overdue_alerts: int
    money_at_risk: object
    overdue_records: int
    open_tasks: int


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
        open_alerts=counted["number"],
        overdue_alerts=alerts.overdue(today).count(),
        money_at_risk=counted["money"] or 0,
        overdue_records=overdue.count(),
        open_tasks=tasks.count(),
    )
