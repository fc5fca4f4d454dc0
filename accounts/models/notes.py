"""Notes about clients."""

from datetime import datetime
from typing import ClassVar, Self

import pghistory
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.clients import Client
from accounts.models.contact_log import CORRECTION_TIME
from crm.lib.models import ScopedModel, UUIDModel
from crm.lib.scoping import ScopedQuerySet
from staff.models import User


class NoteQuerySet(ScopedQuerySet):
    def kept(self) -> Self:
        """Without the deleted ones, which stay for an undo."""
        return self.filter(deleted_at=None)

    def pinned(self) -> Self:
        return self.kept().filter(is_pinned=True)

    def with_people(self) -> Self:
        return self.select_related("client", "author")


@pghistory.track(exclude=["updated_at"])
class Note(UUIDModel, ScopedModel):
    """What somebody wants everybody who works on the client to know. `@name` tells that person."""

    scope: ClassVar = Client.scope.via("client")

    client = models.ForeignKey(
        Client, on_delete=models.CASCADE, related_name="client_notes", verbose_name=_("client")
    )
    author = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="notes", verbose_name=_("author")
    )
    text = models.TextField(_("text"), max_length=4000)
    is_pinned = models.BooleanField(_("pinned"), default=False)
    created_at = models.DateTimeField(_("written"), default=timezone.now, editable=False)
    updated_at = models.DateTimeField(auto_now=True)
    deleted_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = NoteQuerySet.as_manager()

    class Meta:
        verbose_name = _("note")
        verbose_name_plural = _("notes")
        constraints = [
            models.CheckConstraint(
                condition=~Q(text=""), name="%(app_label)s_%(class)s_text_not_empty"
            ),
        ]
        indexes = [
            models.Index(fields=["client", "-created_at"], name="accounts_note_of_client"),
            models.Index(fields=["created_at", "id"], name="accounts_note_by_time"),
        ]

    def __str__(self) -> str:
        return self.text[:60]

    def get_absolute_url(self) -> str:
        return reverse("accounts:note_detail", args=[self.pk])

    def may_be_corrected(self, by: User, now: datetime) -> bool:
        """The text: by who wrote it, for a day."""
        return (
            self.author_id == by.pk
            and self.deleted_at is None
            and now < self.created_at + CORRECTION_TIME
        )

    def may_be_deleted(self, by: User) -> bool:
        """By who wrote it, or somebody who answers for the unit."""
        return self.author_id == by.pk or by.sees_unit
