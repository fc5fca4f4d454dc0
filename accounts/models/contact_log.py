"""Contacts that were no visit: calls, messages, letters, people who walk in (the contact diary)."""

from datetime import datetime, timedelta
from typing import ClassVar, Self

import pghistory
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.choices import (
    CORRECTION_HOURS,
    ContactChannel,
    ContactDirection,
    ContactPurpose,
)
from accounts.models.clients import Client
from accounts.models.contacts import Contact
from crm.lib.models import ScopedModel, UUIDModel
from crm.lib.scoping import ScopedQuerySet
from staff.models import Task, User


class ContactLogQuerySet(ScopedQuerySet):
    def with_people(self) -> Self:
        return self.select_related("client", "contact", "logged_by", "task")

    def between(self, start: datetime, end: datetime) -> Self:
        return self.filter(happened_at__gte=start, happened_at__lt=end)


@pghistory.track(exclude=["updated_at"])
class ContactLog(UUIDModel, ScopedModel):
    """One contact with a client, by any of the seven channels (ARC-31).

    A meeting at the client's is a visit, not one of these (ADR 0038).
    """

    scope: ClassVar = Client.scope.via("client")

    client = models.ForeignKey(
        Client, on_delete=models.PROTECT, related_name="contact_logs", verbose_name=_("client")
    )
    contact = models.ForeignKey(
        Contact,
        on_delete=models.SET_NULL,
        related_name="contact_logs",
        null=True,
        blank=True,
        verbose_name=_("contact"),
    )
    # Somebody who is not in the archive: who walks in need not be.
    spoke_with = models.CharField(_("or somebody else"), max_length=64, blank=True)
    logged_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="contact_logs", verbose_name=_("person")
    )
    # The to-do that the next step became.
    task = models.ForeignKey(
        Task, on_delete=models.SET_NULL, related_name="contact_logs", null=True, blank=True
    )
    channel = models.CharField(
        _("channel"), max_length=10, choices=ContactChannel.choices, default=ContactChannel.PHONE
    )
    direction = models.CharField(
        _("direction"),
        max_length=10,
        choices=ContactDirection.choices,
        default=ContactDirection.OUTGOING,
    )
    purpose = models.CharField(
        _("purpose"),
        max_length=14,
        choices=ContactPurpose.choices,
        default=ContactPurpose.LIAISON,
    )
    happened_at = models.DateTimeField(_("when"))
    content = models.TextField(_("what came out of it"))
    is_major = models.BooleanField(_("major issue"), default=False)
    next_step = models.CharField(_("next step"), max_length=300, blank=True)
    next_step_on = models.DateField(_("next step on"), null=True, blank=True)

    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    objects = ContactLogQuerySet.as_manager()

    class Meta:
        verbose_name = _("logged contact")
        verbose_name_plural = _("logged contacts")
        constraints = [
            models.CheckConstraint(
                condition=~Q(content=""), name="%(app_label)s_%(class)s_content_not_empty"
            ),
            models.CheckConstraint(
                # Who walks in is there in person; who meets the client outside logs a visit.
                condition=Q(direction=ContactDirection.WALK_IN, channel=ContactChannel.VISIT)
                | (~Q(direction=ContactDirection.WALK_IN) & ~Q(channel=ContactChannel.VISIT)),
                name="%(app_label)s_%(class)s_walk_in_is_in_person",
            ),
            models.CheckConstraint(
                condition=Q(next_step_on=None) | ~Q(next_step=""),
                name="%(app_label)s_%(class)s_day_has_step",
            ),
        ]
        indexes = [
            models.Index(fields=["client", "-happened_at"], name="accounts_contactlog_of_client"),
            models.Index(
                fields=["logged_by", "-happened_at"], name="accounts_contactlog_of_person"
            ),
            models.Index(fields=["happened_at", "id"], name="accounts_contactlog_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.get_channel_display()} · {self.get_purpose_display()}"

    def get_absolute_url(self) -> str:
        return reverse("accounts:contact_log_detail", args=[self.pk])

    @property
    def who(self) -> str:
        """Who was spoken with, as far as known."""
        return self.contact.name if self.contact else self.spoke_with

    def may_be_corrected(self, by: User, now: datetime) -> bool:
        """By who wrote it, for a day."""
        return self.logged_by_id == by.pk and now < self.created_at + CORRECTION_TIME


CORRECTION_TIME = timedelta(hours=CORRECTION_HOURS)
