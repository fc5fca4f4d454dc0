"""Writes about people, to-dos and notifications."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from crm.lib.services import service
from staff.choices import ExportState, UnitKind
from staff.models import Export, Notification, Task, Unit, User


@service
def create_user(
    *, username: str, full_name: str, role: str, unit: Unit, password: str, by: User | None
) -> User:
    """A new member of staff; ValidationError for a taken or impossible name."""
    user = User(username=username, full_name=full_name, role=role, unit=unit)
    user.set_password(password)
    user.full_clean()
    user.save(force_insert=True)
    return user


@service
def create_unit(*, code: str, name: str, kind: str, parent: Unit | None, by: User | None) -> Unit:
    """A new node of the tree; ValidationError for a code that is taken."""
    unit = Unit(code=code, name=name, kind=kind, parent=parent)
    unit.full_clean()
    unit.save(force_insert=True)
    return unit


@service
def set_active(*, user: User, is_active: bool, by: User | None) -> None:
    """Give or end access. Disabled people lose sessions and tokens with the next request (P4)."""
    User.objects.filter(pk=user.pk).update(is_active=is_active)


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
    """Tell each active person once; the same key again is silent."""
    Notification.objects.bulk_create(
        [
            Notification(recipient=person, kind=kind, key=key, params=dict(params), link=link)
            for person in {person.pk: person for person in recipients if person.is_active}.values()
        ],
        ignore_conflicts=True,
    )


@service
def read_notifications(*, now: datetime, by: User) -> None:
    """Everything the person was told counts as read."""
    Notification.objects.visible_to(by).unread().update(read_at=now)


@service
def read_notification(*, notification: Notification, now: datetime, by: User) -> None:
    Notification.objects.unread().filter(pk=notification.pk).update(read_at=now)


@service
def choose_language(*, language: str, by: User) -> None:
    User.objects.filter(pk=by.pk).update(language=language)


@service
def found_root_unit(*, by: User | None) -> Unit:
    """The top of the tree; made when missing, so that a bare installation can import at once."""
    unit = Unit.objects.filter(parent=None).order_by("pk").first()
    return unit or Unit.objects.create(code="ROOT", name="Company", kind=UnitKind.PROVINCE)


@service
def fail_export(*, export: Export, now: datetime, by: User | None) -> None:
    """The file could not be written; the person is told on the page of exports."""
    Export.objects.filter(pk=export.pk).update(state=ExportState.FAILED, finished_at=now)
