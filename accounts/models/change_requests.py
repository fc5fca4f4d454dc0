"""Changes of a client's archive that agents hand in and the area manager decides on (ORG-21)."""

from typing import ClassVar, Self

import pghistory
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.choices import ChangeState
from accounts.models.clients import Client
from crm.lib.models import ScopedModel, UUIDModel
from crm.lib.scoping import ScopedQuerySet
from staff.models import User


class ChangeRequestQuerySet(ScopedQuerySet):
    def open(self) -> Self:
        return self.filter(state=ChangeState.OPEN)

    def to_be_decided_by(self, user: User) -> Self:
        """What waits, but for one's own: nobody decides on what they handed in."""
        return self.open().exclude(requested_by=user)

    def with_people(self) -> Self:
        return self.select_related(
            "client", "client__owner", "client__unit", "requested_by", "decided_by"
        )


@pghistory.track()
class ChangeRequest(UUIDModel, ScopedModel):
    """What somebody wants a client's fields to be, and what was decided for each of them.

    `changes`: [{"name", "before", "after", "accepted"}], values as JSON, `accepted` null until
    somebody decides. `before` is what stood there when it was handed in: when the field has
    changed since, the two conflict, and whoever decides must say so.
    """

    scope: ClassVar = Client.scope.via("client")

    client = models.ForeignKey(
        Client, on_delete=models.CASCADE, related_name="change_requests", verbose_name=_("client")
    )
    changes = models.JSONField(_("changes"))
    reason = models.TextField(_("where it is from"))
    state = models.CharField(
        _("state"), max_length=10, choices=ChangeState.choices, default=ChangeState.OPEN
    )
    requested_at = models.DateTimeField(_("handed in"))
    requested_by = models.ForeignKey(
        User,
        on_delete=models.PROTECT,
        related_name="changes_requested",
        verbose_name=_("handed in by"),
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    decided_by = models.ForeignKey(
        User,
        on_delete=models.PROTECT,
        related_name="changes_decided",
        null=True,
        blank=True,
        verbose_name=_("decided by"),
    )
    word = models.TextField(_("word"), blank=True)

    objects = ChangeRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("handed-in change")
        verbose_name_plural = _("handed-in changes")
        constraints = [
            models.UniqueConstraint(
                fields=["client", "requested_by"],
                condition=Q(state=ChangeState.OPEN),
                name="%(app_label)s_%(class)s_one_open",
            ),
            models.CheckConstraint(
                condition=Q(state=ChangeState.OPEN, decided_at=None, decided_by=None)
                | ~Q(state=ChangeState.OPEN)
                & Q(decided_at__isnull=False, decided_by__isnull=False),
                name="%(app_label)s_%(class)s_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[ChangeState.REFUSED, ChangeState.PARTLY]) | ~Q(word=""),
                name="%(app_label)s_%(class)s_no_has_reason",
            ),
            models.CheckConstraint(
                condition=~Q(changes=[]), name="%(app_label)s_%(class)s_changes_something"
            ),
        ]
        indexes = [
            models.Index(fields=["requested_at", "id"], name="accounts_changereq_by_time"),
            models.Index(
                fields=["requested_at", "id"],
                condition=Q(state=ChangeState.OPEN),
                name="accounts_changereq_open",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.requested_at:%Y-%m-%d} {len(self.changes)}"

    def get_absolute_url(self) -> str:
        return reverse("accounts:change_request_detail", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.state == ChangeState.OPEN

    @property
    def field_count(self) -> int:
        return len(self.changes)
