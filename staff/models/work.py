"""To-dos, notifications and calendar exceptions."""

from datetime import date
from typing import ClassVar, Self

import pghistory
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.lib.models import ScopedModel, UUIDModel
from crm.lib.scoping import ScopedQuerySet, ScopePaths
from staff import messages
from staff.choices import DayKind
from staff.models.people import User


class TaskQuerySet(ScopedQuerySet):
    def open(self) -> Self:
        return self.filter(done_at=None)

    def overdue(self, today: date) -> Self:
        return self.open().filter(due_on__lt=today)


@pghistory.track()
class Task(UUIDModel, ScopedModel):
    """A to-do of one person: the hinge between what raised it and the visit that answers it.

    `kind` and `params` become a sentence in the reader's language (`staff.messages`);
    `subject_id` is the record of an upper app that raised it.
    """

    scope: ClassVar = ScopePaths(people=("assignee",), unit="assignee__unit", for_deputies=True)

    kind = models.SlugField(max_length=40)
    params = models.JSONField(default=dict, blank=True)
    subject_id = models.UUIDField()
    link = models.CharField(max_length=200)
    assignee = models.ForeignKey(User, on_delete=models.PROTECT, related_name="tasks")
    due_on = models.DateField(_("due"))
    done_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = TaskQuerySet.as_manager()

    class Meta:
        verbose_name = _("task")
        verbose_name_plural = _("tasks")
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "subject_id"],
                condition=Q(done_at=None),
                name="%(app_label)s_%(class)s_one_open_per_subject",
            )
        ]
        indexes = [
            models.Index(
                fields=["assignee", "due_on"], condition=Q(done_at=None), name="staff_task_open"
            )
        ]

    def __str__(self) -> str:
        return messages.render(self.kind, self.params)


class NotificationQuerySet(ScopedQuerySet):
    def unread(self) -> Self:
        return self.filter(read_at=None)


class Notification(UUIDModel, ScopedModel):
    """Something a person should know; read or unread."""

    scope: ClassVar = ScopePaths(people=("recipient",))

    recipient = models.ForeignKey(User, on_delete=models.CASCADE, related_name="notifications")
    kind = models.SlugField(max_length=40)
    params = models.JSONField(default=dict, blank=True)
    link = models.CharField(max_length=200)
    # The same news is told a person once, however often a job runs.
    key = models.CharField(max_length=120)
    # Set on the copy that a deputy gets: whose news it is (ORG-30).
    meant_for = models.ForeignKey(
        User, on_delete=models.CASCADE, related_name="+", null=True, blank=True
    )
    created_at = models.DateTimeField(auto_now_add=True)
    read_at = models.DateTimeField(null=True, blank=True)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        verbose_name = _("notification")
        verbose_name_plural = _("notifications")
        constraints = [
            models.UniqueConstraint(
                fields=["recipient", "key"], name="%(app_label)s_%(class)s_told_once"
            )
        ]
        indexes = [
            models.Index(
                fields=["recipient"], condition=Q(read_at=None), name="staff_notification_unread"
            )
        ]

    def __str__(self) -> str:
        return messages.render(self.kind, self.params)


@pghistory.track()
class CalendarDay(models.Model):
    """An exception to the statutory calendar: a company day off or a swapped working day."""

    day = models.DateField(_("day"), unique=True)
    kind = models.CharField(_("kind"), max_length=8, choices=DayKind.choices)
    name = models.CharField(_("name"), max_length=64, blank=True)

    class Meta:
        verbose_name = _("calendar day")
        verbose_name_plural = _("calendar days")

    def __str__(self) -> str:
        return f"{self.day:%Y-%m-%d} {self.kind}"
