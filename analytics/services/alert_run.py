"""The alert run: one month's facts against the rules, brought in line with what is stored.

The set of holding readings depends on facts and settings only (P17); running it again changes
nothing, and a corrected bill changes exactly what it must (CHN-46).
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.utils import timezone

from accounts.choices import REPRESENTED_CLASSES
from accounts.models import Client
from analytics.choices import ACTED_ALERT_STATES, AlertState, Revision
from analytics.models import Alert, AlertReading, ClientMonth, RuleVersion
from analytics.models.facts import ClientMonthQuerySet
from analytics.rules import RULES, Reading, Rule, Settings
from analytics.selectors.rule_settings import settings_in_force
from crm.lib.services import service
from staff.models import Notification, Task, User
from staff.selectors import supervisors_by_unit, working_calendar
from staff.services.work import with_deputies

BATCH = 1000
TASK_KIND = "alert-visit"
RAISED = "alert-raised"
REVISED = "alert-revised"
AGAIN = "alert-again"
Key = tuple[UUID, str]
CENT = Decimal("0.01")


@dataclass(frozen=True)
class Found:
    """A condition that holds for a client this month."""

    client: Client
    reading: Reading
    version: RuleVersion
    money_at_risk: Decimal


@dataclass
class RunResult:
    """What a run changed."""

    raised: list[Alert] = field(default_factory=list)
    revised: list[AlertReading] = field(default_factory=list)


@service
def run_alerts(*, month: date, now: datetime, by: User | None) -> RunResult:
    """Bring readings and alerts of a complete month in line with its facts."""
    found = find_conditions(month)
    stored = {
        (reading.client_id, reading.rule): reading
        for reading in AlertReading.objects.filter(period=month).select_related("alert")
    }
    result = RunResult()
    fresh = {key: value for key, value in found.items() if key not in stored}
    if fresh:
        result.raised = _add_readings(month, fresh, now)
    for key, reading in stored.items():
        _revise(reading, found.get(key), result, now)
    _sum_up({reading.alert_id for reading in result.revised})
    _tell_of_revisions(result.revised, now)
    return result


def find_conditions(
    month: date,
    *,
    settings: Settings | None = None,
    facts: ClientMonthQuerySet | None = None,
    rules: Collection[str] = tuple(RULES),
) -> dict[Key, Found]:
    """Every condition that holds in the month, by client and rule.

    With the settings in force, unless others are to be tried out; of all clients, unless some
    `facts` are given.
    """
    settings = settings or settings_in_force()
    facts = ClientMonth.objects.all() if facts is None else facts
    holding = (
        facts.in_month(month)
        .filter(settings.candidates(rules))
        .select_related("client")
        .order_by("client_id")
    )
    found = {}
    for fact in holding:
        client = fact.client
        for code in rules:
            version = settings.of(code, client.client_class, client.unit_id)
            if reading := RULES[code].judge(fact, version):
                money = _money_at_risk(RULES[code], fact, reading)
                found[(fact.client_id, code)] = Found(client, reading, version, money)
    return found


def _money_at_risk(rule: Rule, fact: ClientMonth, reading: Reading) -> Decimal:
    """What the client stands to cost: the money itself, or the members' share of the income."""
    if rule.is_money:
        lost = reading.previous - reading.current
        return lost if lost > 0 and rule.code == "revenue_drop" else reading.current
    income = max(fact.income, fact.previous_income or Decimal(0), Decimal(0))
    return (income * min(reading.ratio or Decimal(0), Decimal(1))).quantize(CENT)


def _add_readings(month: date, fresh: dict[Key, Found], now: datetime) -> list[Alert]:
    """New readings join the open alert of their client and rule, or open one."""
    # Locked: an alert that somebody closes at this moment must not swallow the new month.
    open_ones = Alert.objects.select_for_update().open()
    alerts = {
        (alert.client_id, alert.rule): alert
        for alert in open_ones.filter(client__in={key[0] for key in fresh}).order_by("pk")
    }
    joined = [alerts[key] for key in fresh if key in alerts]
    for key in fresh.keys() & alerts.keys():
        alerts[key].client = fresh[key].client
    raised = _raise_alerts(
        month, {key: value for key, value in fresh.items() if key not in alerts}, now
    )
    alerts |= {(alert.client_id, alert.rule): alert for alert in raised}
    AlertReading.objects.bulk_create(
        (
            AlertReading(
                alert=alerts[key],
                client_id=key[0],
                rule=key[1],
                period=month,
                rule_version=value.version,
                money_at_risk=value.money_at_risk,
                previous=value.reading.previous,
                current=value.reading.current,
                ratio=value.reading.ratio,
            )
            for key, value in fresh.items()
        ),
        batch_size=BATCH,
    )
    _sum_up({alert.pk for alert in joined})
    _notify(joined, AGAIN, People(), month=month)
    return raised


def _raise_alerts(month: date, fresh: dict[Key, Found], now: datetime) -> list[Alert]:
    calendar = working_calendar()
    today = timezone.localtime(now).date()
    days = {value.version.due_working_days for value in fresh.values()}
    due = {number: calendar.add(today, number) for number in days}
    alerts = [
        Alert(
            client=value.client,
            rule=rule,
            first_period=month,
            latest_period=month,
            money_at_risk=value.money_at_risk,
            due_on=due[value.version.due_working_days],
            created_at=now,
        )
        for (_, rule), value in fresh.items()
    ]
    people = People()
    tasks = [task_for(alert, people) for alert in alerts]
    Task.objects.bulk_create((task for task in tasks if task), batch_size=BATCH)
    for alert, task in zip(alerts, tasks, strict=True):
        alert.task = task
    Alert.objects.bulk_create(alerts, batch_size=BATCH)
    _notify(alerts, RAISED, people)
    return alerts


class People:
    """Who answers for a client, looked up once for a whole run."""

    def __init__(self) -> None:
        self._supervisors = supervisors_by_unit()
        self._active = {person.pk: person for person in User.objects.filter(is_active=True)}

    def responsible(self, client: Client) -> User | None:
        """The account manager, else the nearest supervisor."""
        if owner := self._active.get(client.owner_id or 0):
            return owner
        return next(iter(self.supervisors(client)), None)

    def supervisors(self, client: Client) -> list[User]:
        return self._supervisors.get(client.unit_id, [])

    def concerned(self, client: Client) -> list[User]:
        """AM, supervisors, and for A and B clients the chief representative (ORG-14)."""
        people = [self.responsible(client), *self.supervisors(client)]
        if client.client_class in REPRESENTED_CLASSES and client.chief_representative_id:
            people.append(self._active.get(client.chief_representative_id))
        return [person for person in dict.fromkeys(people) if person]


def _params(alert: Alert, month: date | None = None) -> dict[str, str]:
    return {
        "client": alert.client.name,
        "rule": alert.rule,
        "month": f"{month or alert.latest_period:%Y-%m}",
    }


def task_for(alert: Alert, people: People) -> Task | None:
    responsible = people.responsible(alert.client)
    if responsible is None:
        return None
    return Task(
        kind=TASK_KIND,
        subject_id=alert.pk,
        params=_params(alert),
        link=alert.get_absolute_url(),
        assignee=responsible,
        due_on=alert.due_on,
    )


def give_tasks(alerts: Iterable[Alert]) -> None:
    """Alerts that nobody was responsible for get their task as soon as somebody is."""
    people = People()
    for alert in alerts:
        if task := task_for(alert, people):
            task.save()
            alert.task = task
            alert.save(update_fields=["task", "updated_at"])


def _notify(
    alerts: Iterable[Alert], kind: str, people: People, *, month: date | None = None, news: str = ""
) -> None:
    """Tell those concerned, once about the same month and news."""
    told = [
        Notification(
            recipient=person,
            kind=kind,
            key=f"{kind}:{alert.pk}:{month or alert.latest_period:%Y-%m}:{news}",
            params=_params(alert, month),
            link=alert.get_absolute_url(),
        )
        for alert in alerts
        for person in people.concerned(alert.client)
    ]
    Notification.objects.bulk_create(with_deputies(told), batch_size=BATCH, ignore_conflicts=True)


def _revise(reading: AlertReading, found: Found | None, result: RunResult, now: datetime) -> None:
    """One stored reading against what the facts say now."""
    if found is None:
        if reading.holds:
            _lock_alert(reading)
            _withdraw(reading)
            result.revised.append(reading)
        return
    fresh = (
        found.reading.previous,
        found.reading.current,
        found.reading.ratio,
        found.money_at_risk,
    )
    stored = (reading.previous, reading.current, reading.ratio, reading.money_at_risk)
    if reading.holds and stored == fresh:
        return
    _lock_alert(reading)
    came_back = not reading.holds
    reading.previous, reading.current, reading.ratio, reading.money_at_risk = fresh
    reading.rule_version = found.version
    reading.holds = True
    if came_back:
        _raise_again(reading, now)
    else:
        _mark(reading.alert, Revision.UPDATED)
    reading.save()
    result.revised.append(reading)


def _lock_alert(reading: AlertReading) -> None:
    """Read the alert anew and keep it: somebody may have closed it since the run began."""
    reading.alert = Alert.objects.select_for_update().get(pk=reading.alert_id)


def _withdraw(reading: AlertReading) -> None:
    """The corrected bill no longer meets the condition (CHN-46)."""
    reading.holds = False
    reading.save(update_fields=["holds"])
    alert = reading.alert
    if alert.readings.holding().exists():
        _mark(alert, Revision.UPDATED)
    elif not alert.is_open:
        _mark(alert, Revision.AFTER_CLOSING)
    elif alert.state in ACTED_ALERT_STATES:
        _mark(alert, Revision.KEPT)
    else:
        alert.state = AlertState.WITHDRAWN
        _mark(alert, Revision.WITHDRAWN)


def _raise_again(reading: AlertReading, now: datetime) -> None:
    alert = reading.alert
    if alert.state != AlertState.WITHDRAWN:
        _mark(alert, Revision.RAISED_AGAIN)
        return
    other = Alert.objects.open().filter(client=alert.client_id, rule=alert.rule).first()
    if other:
        reading.alert = other
        return
    alert.state = AlertState.OPEN
    today = timezone.localtime(now).date()
    alert.due_on = working_calendar().add(today, reading.rule_version.due_working_days)
    _mark(alert, Revision.RAISED_AGAIN)


def _mark(alert: Alert, revision: Revision) -> None:
    alert.revision = Revision.AFTER_CLOSING if alert.state == AlertState.CLOSED else revision
    alert.save()


def _sum_up(alert_ids: set[UUID]) -> None:
    """First and latest month and the money at risk follow the readings that hold."""
    alerts = {alert.pk: alert for alert in Alert.objects.filter(pk__in=alert_ids)}
    held: dict[UUID, list[AlertReading]] = {}
    readings = AlertReading.objects.holding().filter(alert__in=alerts).order_by("period")
    for reading in readings:
        held.setdefault(reading.alert_id, []).append(reading)
    for pk, months in held.items():
        alerts[pk].first_period = months[0].period
        alerts[pk].latest_period = months[-1].period
        alerts[pk].money_at_risk = months[-1].money_at_risk
    Alert.objects.bulk_update(
        (alerts[pk] for pk in held),
        ["first_period", "latest_period", "money_at_risk"],
        batch_size=BATCH,
    )


def _tell_of_revisions(readings: list[AlertReading], now: datetime) -> None:
    """The task follows its alert; those concerned learn what each correction did."""
    if not readings:
        return
    withdrawn = [r.alert_id for r in readings if r.alert.state == AlertState.WITHDRAWN]
    Task.objects.open().filter(alerts__in=withdrawn).update(done_at=now)
    known = Client.objects.in_bulk([reading.client_id for reading in readings])
    people = People()
    for reading in readings:
        alert = reading.alert
        alert.client = known[reading.client_id]
        if alert.is_open and alert.revision == Revision.RAISED_AGAIN:
            _reopen_task(alert)
        # The same outcome twice is news twice.
        news = f"{alert.revision}:{reading.previous:.2f}:{reading.current:.2f}:{now:%Y%m%d%H%M%S}"
        _notify([alert], REVISED, people, news=news)


def _reopen_task(alert: Alert) -> None:
    if alert.task_id is None:
        give_tasks([alert])
    Task.objects.filter(alerts=alert).update(done_at=None, due_on=alert.due_on)
