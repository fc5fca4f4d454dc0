"""Work of the demo people: older alerts visited and closed, newer ones on their way."""

import random
from datetime import date, datetime, timedelta

from django.utils import timezone

from accounts.models import Client
from analytics.choices import AlertCause
from analytics.models import Alert
from analytics.services import alerts as alert_services
from staff.choices import OWNER_ROLES
from staff.models import Task, User
from visits import services as visit_services
from visits.choices import VisitMode, VisitPurpose
from visits.models import Visit

SEED = 20260501
SURVEYS = (
    "与联系人核对账单：部分员工的套餐到期后未续。",
    "走访了解：单位搬迁，临时停用部分号码。",
    "竞争对手上门推介集团套餐，财务部门在比较资费。",
    "对网络质量不满，办公楼地下室信号弱。",
)
ACTIONS = (
    "推荐集团资费套餐，约定下月核对账单。",
    "报网络部优化室内覆盖，一周内回复客户。",
    "为重点成员办理预存话费赠礼，挽留成功。",
    "由首席客户代表陪同回访，签订续约意向。",
)
NEXT_STEPS = ("下周电话回访", "月底前送达资费方案", "约定与单位负责人再次面谈", "邮寄业务手册")
OUTLINES = (
    "了解用户数和托收情况；介绍集团短信；征求网络意见。",
    "核对账单变化原因；推荐综合VPMN。",
)


def make_activity(*, last_month: date, now: datetime) -> None:
    """Deterministic for the same alerts: everything random comes from SEED."""
    dice = random.Random(SEED)  # noqa: S311 -- demo data
    for alert in Alert.objects.with_people().open().order_by("client__code", "rule"):
        person = alert.client.owner
        if person and alert.latest_period < last_month:
            _close(alert, person, dice)
        elif person:
            _begin(alert, person, dice, now)
    for person in User.objects.filter(role__in=OWNER_ROLES).order_by("username"):
        _routine(person, dice, now)


def _at(day: date, hour: int, minute: int = 0) -> datetime:
    return timezone.make_aware(
        datetime.combine(day, datetime.min.time()).replace(hour=hour, minute=minute)
    )


def _plan(
    client: Client,
    person: User,
    starts_at: datetime,
    dice: random.Random,
    *,
    purpose: str = VisitPurpose.LIAISON,
    mode: str = VisitMode.DOOR,
    task: Task | None = None,
) -> Visit:
    return visit_services.plan_visit(
        client=client,
        purpose=purpose,
        mode=mode,
        task=task,
        starts_at=starts_at,
        outline=dice.choice(OUTLINES),
        visitor=person,
        contact=client.contacts.order_by("pk").first(),
        place=client.address,
        by=person,
    )


def _record(visit: Visit, person: User, dice: random.Random, at: datetime) -> None:
    visit_services.record_visit(
        visit=visit,
        summary=dice.choice(SURVEYS),
        next_step=dice.choice(NEXT_STEPS),
        next_step_on=timezone.localtime(at).date() + timedelta(days=7),
        now=at,
        by=person,
    )


def _close(alert: Alert, person: User, dice: random.Random) -> None:
    """An alert of an earlier month went the whole way within its days."""
    day = timezone.localtime(alert.created_at).date() + timedelta(days=dice.randint(1, 4))
    visit = _plan(
        alert.client, person, _at(day, 10), dice, purpose=VisitPurpose.RETENTION, task=alert.task
    )
    _record(visit, person, dice, _at(day, 16))
    alert_services.handle_alert(
        alert=alert,
        survey=dice.choice(SURVEYS),
        cause=dice.choice(AlertCause.values),
        action=dice.choice(ACTIONS),
        by=person,
    )
    alert_services.close_alert(alert=alert, now=_at(day, 17), by=person)


def _begin(alert: Alert, person: User, dice: random.Random, now: datetime) -> None:
    """Alerts of the newest month stand at every step of the road."""
    step = dice.randrange(4)
    today = timezone.localtime(now).date()
    if step == 1:
        alert_services.acknowledge_alert(alert=alert, now=now, by=person)
    elif step == 2:
        day = today + timedelta(days=dice.randint(0, 3))
        starts_at = _at(day, dice.choice((9, 14)), 30)
        _plan(
            alert.client, person, starts_at, dice, purpose=VisitPurpose.RETENTION, task=alert.task
        )
    elif step == 3:
        day = today - timedelta(days=1)
        visit = _plan(
            alert.client,
            person,
            _at(day, 15),
            dice,
            purpose=VisitPurpose.RETENTION,
            task=alert.task,
        )
        _record(visit, person, dice, min(_at(day, 17), now))


def _routine(person: User, dice: random.Random, now: datetime) -> None:
    """Two visits done, one today, one next week, and for some a record that is overdue."""
    today = timezone.localtime(now).date()
    clients = list(Client.objects.filter(owner=person).order_by("code")[:40])
    if len(clients) < 5:
        return
    chosen = dice.sample(clients, 5)
    for client, days in zip(chosen[:2], (6, 3), strict=True):
        day = today - timedelta(days=days)
        mode = dice.choice((VisitMode.DOOR, VisitMode.PHONE))
        visit = _plan(client, person, _at(day, 9, 30), dice, mode=mode)
        _record(visit, person, dice, _at(day, 18))
    _plan(chosen[2], person, _at(today, dice.choice((10, 14, 16))), dice)
    _plan(chosen[3], person, _at(today + timedelta(days=5), 10), dice)
    if dice.random() < 0.4:
        _plan(chosen[4], person, _at(today - timedelta(days=9), 15), dice)
