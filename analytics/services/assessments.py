"""Writes about what clients are worth, and when that is judged again (ARC-22, ADR 0047)."""

import uuid
from collections.abc import Collection
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Count
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.choices import ClientClass, ClientStatus, RhythmKind
from accounts.models import Client
from accounts.selectors.rhythms import due_after, rhythms
from analytics.exceptions import JudgedToday, ReasonMissing
from analytics.models import ValueAssessment, ValueDue
from analytics.models.assessments import grade_of, score_of
from analytics.selectors.values import value_figures
from crm.lib.services import service
from staff.models import Task, User
from staff.selectors import working_calendar
from staff.services import work

VALUE_TASK = "values-to-judge"
# Subjects of tasks are records; what one manager has to judge has none.
MANAGERS = uuid.UUID("7c1f2f0a-7f0c-4c35-8a3f-0f6a2f6c9d51")
# Whose value is judged: prospects bring nothing yet, churned clients nothing any more.
VALUED_STATUSES = (ClientStatus.SIGNED, ClientStatus.PRE_CHURN)

# Rows as class, rhythm and newest assessment want them; clients without a class count as C.
WANTED = """
    SELECT c.id AS client_id, a.id AS newest_id,
           least(coalesce(d.since, %(today)s), a.assessed_on) AS since,
           CASE WHEN a.id IS NULL
                THEN coalesce(d.since, %(today)s)
                     -- The first round, evenly: a client's own day within its rhythm.
                     + (('x' || substr(md5(c.id::text), 1, 7))::bit(28)::int
                        %% (30 * r.months))
                ELSE (a.assessed_on + make_interval(months => r.months))::date
           END AS due_on
    FROM accounts_client c
    JOIN (SELECT unnest(%(classes)s) AS letter, unnest(%(months)s) AS months) r
      ON r.letter = coalesce(nullif(c.client_class, ''), 'C') AND r.months IS NOT NULL
    LEFT JOIN analytics_valuedue d ON d.client_id = c.id
    LEFT JOIN LATERAL (
        SELECT id, assessed_on FROM analytics_valueassessment
        WHERE client_id = c.id ORDER BY assessed_on DESC, id DESC LIMIT 1
    ) a ON true
    WHERE c.status = ANY(%(statuses)s)
"""


@service
def assess_value(
    *,
    client: Client,
    existing: int,
    potential: int,
    revenue: int,
    reason: str,
    now: datetime,
    by: User,
    expected_income: Decimal | None = None,
    **fields: Any,
) -> ValueAssessment:
    """Three factors with 1 to 5 points each make score and grade; the figures of today are kept.

    The next one is due a rhythm later. Raises JudgedToday for a second one on the same day.
    """
    if not reason.strip():
        raise ReasonMissing(_("Say why you judge it like this."))
    today = timezone.localtime(now).date()
    client = Client.objects.select_for_update(of=("self",)).with_people().get(pk=client.pk)
    if client.assessments.filter(assessed_on=today).exists():
        raise JudgedToday(_("The value of this client was judged today already."))
    points = {"existing": existing, "potential": potential, "revenue": revenue}
    score = score_of(points)
    figures = value_figures(client)
    months = rhythms()[RhythmKind.ASSESSMENT, client.client_class or ClientClass.C]
    row = ValueAssessment.objects.create(
        client=client,
        **points,
        score=score,
        grade=grade_of(score),
        reason=reason.strip(),
        expected_income=figures.expected_income if expected_income is None else expected_income,
        figures_month=figures.figures_month,
        months=figures.months,
        mean_income=figures.mean_income,
        active_members=figures.active_members,
        growth=figures.growth,
        assessed_on=today,
        assessed_at=now,
        assessed_by=by,
        next_due_on=due_after(today, months),
        **fields,
    )
    _next_round(row)
    if client.owner:
        keep_tasks(people=[client.owner.pk], now=now, by=by)
    return row


def _next_round(row: ValueAssessment) -> None:
    if row.next_due_on is None:
        ValueDue.objects.filter(client=row.client).delete()
        return
    due = {"newest": row, "due_on": row.next_due_on}
    ValueDue.objects.update_or_create(
        client=row.client, defaults=due, create_defaults=due | {"since": row.assessed_on}
    )


@service
def refresh_due(*, now: datetime, by: User | None) -> int:
    """Due days follow class, rhythm and status of all clients; says how many rows changed."""
    months = rhythms()
    letters = ClientClass.values
    parameters: dict[str, Any] = {
        "today": timezone.localtime(now).date(),
        "classes": letters,
        "months": [months[RhythmKind.ASSESSMENT, letter] for letter in letters],
        "statuses": list(VALUED_STATUSES),
    }
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS value_due_now")
        cursor.execute(f"CREATE TEMP TABLE value_due_now ON COMMIT DROP AS {WANTED}", parameters)
        cursor.execute(
            "DELETE FROM analytics_valuedue d WHERE NOT EXISTS"
            " (SELECT FROM value_due_now n WHERE n.client_id = d.client_id)"
        )
        changed = cursor.rowcount
        cursor.execute(
            """
            INSERT INTO analytics_valuedue AS d (id, client_id, newest_id, since, due_on)
            SELECT gen_random_uuid(), client_id, newest_id, since, due_on FROM value_due_now
            ON CONFLICT (client_id) DO UPDATE
            SET newest_id = excluded.newest_id, since = excluded.since, due_on = excluded.due_on
            WHERE (d.newest_id, d.since, d.due_on)
                IS DISTINCT FROM (excluded.newest_id, excluded.since, excluded.due_on)
            """
        )
        return changed + cursor.rowcount


@service
def remind_of_values(*, now: datetime, by: User | None) -> int:
    """Each night: due days are brought up to date, then each manager has one task for all of
    their clients to judge; it is done when none is left. Gives how many clients are due."""
    refresh_due(now=now, by=by)
    return keep_tasks(people=None, now=now, by=by)


def keep_tasks(*, people: Collection[int] | None, now: datetime, by: User | None) -> int:
    """Open tasks of these managers, or of everybody, say how many clients are due."""
    today = timezone.localtime(now).date()
    due = ValueDue.objects.due(today).filter(client__owner__is_active=True).order_by()
    stored = Task.objects.open().filter(kind=VALUE_TASK)
    if people is not None:
        due, stored = due.filter(client__owner__in=people), stored.filter(assignee__in=people)
    counts = dict(due.values_list("client__owner").annotate(n=Count("pk")))
    tasks = {task.assignee_id: task for task in stored.select_for_update()}
    for person_id, task in tasks.items():
        if person_id not in counts:
            work.finish_task(task=task, now=now, by=by)
    kept = [task for person_id, task in tasks.items() if person_id in counts]
    for task in kept:
        task.params = {"clients": counts[task.assignee_id]}
    Task.objects.bulk_update(kept, ["params"], batch_size=1000)
    # One who just judged a client gets no task for the others before the night.
    if people is None:
        _raise_tasks(counts, set(tasks), now, by)
    return sum(counts.values())


def _raise_tasks(
    counts: dict[int, int], having: Collection[int], now: datetime, by: User | None
) -> None:
    today = timezone.localtime(now).date()
    due_on = working_calendar().add(today, settings.VALUE_WORKING_DAYS)
    for person in User.objects.filter(pk__in=set(counts) - set(having)).order_by("pk"):
        work.raise_task(
            kind=VALUE_TASK,
            subject_id=uuid.uuid5(MANAGERS, str(person.pk)),
            params={"clients": counts[person.pk]},
            link=f"{reverse('analytics:value_list')}?due=true&owner={person.pk}",
            assignee=person,
            due_on=due_on,
            by=by,
        )
