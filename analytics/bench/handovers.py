"""A manager's thousand clients given to two others, and back, in the archive of the pages."""

import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from statistics import median
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import get_random_string

from accounts.choices import SplitWay
from accounts.models import Client, Handover, Ownership
from accounts.selectors.handovers import clients_of
from accounts.services.handovers import hand_over, undo_handover
from accounts.splitting import Plan, split
from analytics.bench.figures import LAST_MONTH, ROUNDS
from analytics.bench.page_visits import milliseconds, queries, server
from analytics.choices import RuleCode
from analytics.models import Alert
from analytics.services.alert_run import give_tasks
from crm.lib.models import uuid7
from staff.choices import Role
from staff.models import Unit, User
from visits.choices import VisitPurpose
from visits.models import Visit

WITH_WORK = 5  # every fifth client has an alert with its to-do, and a visit


def measure(requests: str) -> dict[str, Any]:
    """Median milliseconds and queries of the preview's page, the handover and its undo."""
    source, *targets = _people()
    asker = _asker()
    _begin_ownerships()
    clients = list(clients_of(source, asker))
    _make_work(clients, source)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    figures = {"handover_1000_preview": _preview(asker, source, targets, int(requests))}
    plan = split(clients, [target.pk for target in targets], SplitWay.NUMBER)
    there, back = [], []
    for _ in range(ROUNDS):
        key = uuid7()
        there.append(_timed(partial(_give, key, source, plan, asker)))
        back.append(_timed(partial(_take_back, key, asker)))
    return figures | {"handover_1000": _medians(there), "handover_1000_undo": _medians(back)}


def _people() -> list[User]:
    """Who gives and two who get; in a small archive there are fewer managers than that."""
    people = list(User.objects.filter(username__startswith="manager").order_by("pk")[:3])
    source = people[0]
    while len(people) < 3:
        people.append(
            User.objects.create_user(
                username=f"manager-new-{len(people)}",
                full_name="New",
                unit=source.unit,
                role=Role.ACCOUNT_MANAGER,
            )
        )
    return people


def _asker() -> User:
    """Somebody of the root who may hand over everybody's clients."""
    root = Unit.objects.get(parent=None)
    return User.objects.create_user(
        username="operations",
        full_name="Operations",
        unit=root,
        role=Role.OPERATIONS,
        must_acknowledge=False,
    )


def _begin_ownerships() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            INSERT INTO {Ownership._meta.db_table} (id, client_id, owner_id, started_at, reason)
            SELECT crm_uuid7(), id, owner_id, created_at, '' FROM {Client._meta.db_table}
            """
        )


def _make_work(clients: list[Client], source: User) -> None:
    busy, now = clients[::WITH_WORK], timezone.now()
    Visit.objects.bulk_create(
        Visit(
            client=client,
            visitor=source,
            purpose=VisitPurpose.LIAISON,
            outline="How are things going?",
            starts_at=now + timedelta(days=7),
            record_due_on=(now + timedelta(days=10)).date(),
        )
        for client in busy
    )
    alerts = [
        Alert(
            client=client,
            rule=RuleCode.REVENUE_DROP,
            first_period=LAST_MONTH,
            latest_period=LAST_MONTH,
            due_on=(now + timedelta(days=7)).date(),
        )
        for client in busy
    ]
    Alert.objects.bulk_create(alerts)
    give_tasks(alerts)


def _preview(asker: User, source: User, targets: list[User], requests: int) -> dict[str, float]:
    password = get_random_string(20)
    asker.set_password(password)
    asker.save()
    asked = {
        "source": source.pk,
        "targets": [target.pk for target in targets],
        "way": SplitWay.NUMBER,
    }
    path = f"{reverse('accounts:handover_create')}?{urlencode(asked, doseq=True)}"
    with server() as port:
        taken = milliseconds(port, asker, password, path, requests)
    return {"milliseconds": taken, "queries": queries(asker, path)}


def _give(key: UUID, source: User, plan: Plan, by: User) -> None:
    hand_over(key=key, source=source, plan=plan, reason="bench", now=timezone.now(), by=by)


def _take_back(key: UUID, by: User) -> None:
    handover = Handover.objects.get(pk=key)
    undo_handover(handover=handover, reason="bench", now=timezone.now(), by=by)


def _timed(call: Callable[[], object]) -> tuple[float, int]:
    with CaptureQueriesContext(connection) as captured:
        started = time.perf_counter()
        call()
        elapsed = (time.perf_counter() - started) * 1000
    return elapsed, len(captured)


def _medians(rounds: list[tuple[float, int]]) -> dict[str, float]:
    return {
        "milliseconds": median(taken for taken, _ in rounds),
        "queries": median(number for _, number in rounds),
    }
