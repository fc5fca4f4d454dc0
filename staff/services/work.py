"""Writes about to-dos, notifications and exports."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from django.utils import timezone

from crm.lib.services import service
from staff.choices import ExportState
from staff.models import Absence, Export, Notification, Task, User


@service
def raise_task(
    *,
    kind: str,
    subject_id: UUID,
    params: Mapping[str, object],
    link: str,
    assignee: User,
    due_on: date,
    by: User | None,
) -> Task:
    """The open task of that kind about that subject, made or brought up to date."""
    task, _ = Task.objects.update_or_create(
        kind=kind,
        subject_id=subject_id,
        done_at=None,
        defaults={"params": dict(params), "link": link, "assignee": assignee, "due_on": due_on},
    )
    return task


@service
def finish_task(*, task: Task, now: datetime, by: User | None) -> Task:
    """Tick a task off; a task already done keeps its first time."""
    Task.objects.open().filter(pk=task.pk).update(done_at=now)
    task.refresh_from_db()
    return task


@service
def notify(
    *,
    recipients: Sequence[User],
    kind: str,
    key: str,
    params: Mapping[str, object],
    link: str,
    by: User | None,
) -> None:
    """Tell each active person once, and who stands in for them; the same key again is silent."""
    news = [
        Notification(recipient=person, kind=kind, key=key, params=dict(params), link=link)
        for person in {person.pk: person for person in recipients if person.is_active}.values()
    ]
    Notification.objects.bulk_create(with_deputies(news), ignore_conflicts=True)


def with_deputies(news: Sequence[Notification], today: date | None = None) -> list[Notification]:
    """The news and a copy for each deputy of a recipient who is away today (ORG-30).

    Copies come last: whoever is also a recipient keeps the news as their own.
    """
    away = Absence.objects.in_force(today or timezone.localdate()).filter(
        person__in={each.recipient_id for each in news}, deputy__is_active=True
    )
    deputies = dict(away.values_list("person", "deputy"))
    copies = [
        Notification(
            recipient_id=deputies[each.recipient_id],
            meant_for_id=each.recipient_id,
            kind=each.kind,
            key=each.key,
            params=each.params,
            link=each.link,
        )
        for each in news
        if each.recipient_id in deputies
    ]
    return [*news, *copies]


@service
def read_notifications(*, now: datetime, by: User) -> None:
    """Everything the person was told counts as read."""
    Notification.objects.visible_to(by).unread().update(read_at=now)


@service
def read_notification(*, notification: Notification, now: datetime, by: User) -> None:
    Notification.objects.unread().filter(pk=notification.pk).update(read_at=now)


@service
def fail_export(*, export: Export, problem: str, now: datetime, by: User | None) -> None:
    """The file could not be written; the page of exports says so, and why when that helps."""
    Export.objects.filter(pk=export.pk).update(
        state=ExportState.FAILED, problem=problem[:300], finished_at=now
    )
