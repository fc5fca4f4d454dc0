"""Fields of many clients changed in one step, and the way back."""

from typing import ClassVar, Self

import pghistory
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.choices import REFUSED_OUTCOMES, BulkOutcome
from accounts.models.clients import Client, Ownership
from crm.lib.models import ScopedModel, UUIDModel
from crm.lib.scoping import ScopedQuerySet, ScopePaths
from staff.models import User


@pghistory.track()
class BulkChange(UUIDModel, ScopedModel):
    """Who changed which fields of how many clients. Its id is made by the form: sent twice, it is
    still one change. `values`: field -> new value, people and units by their id."""

    scope: ClassVar = ScopePaths(people=("made_by",), unit="made_by__unit")

    values = models.JSONField(_("changes"))
    reason = models.CharField(_("reason"), max_length=200)
    clients = models.PositiveIntegerField(_("clients"))
    made_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="bulk_changes", verbose_name=_("by")
    )
    made_at = models.DateTimeField(_("ordered"))
    done_at = models.DateTimeField(_("done"), null=True, blank=True)
    undone_by = models.ForeignKey(
        User,
        on_delete=models.PROTECT,
        related_name="bulk_changes_undone",
        null=True,
        blank=True,
        verbose_name=_("undone by"),
    )
    undone_at = models.DateTimeField(_("undone"), null=True, blank=True)
    undo_reason = models.CharField(_("reason of the undo"), max_length=200, blank=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("bulk change")
        verbose_name_plural = _("bulk changes")
        constraints = [
            models.CheckConstraint(
                condition=Q(undone_at=None, undone_by=None, undo_reason="")
                | (
                    Q(undone_at__isnull=False, undone_by__isnull=False, done_at__isnull=False)
                    & ~Q(undo_reason="")
                ),
                name="%(app_label)s_%(class)s_undone_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(reason="") & Q(clients__gt=0),
                name="%(app_label)s_%(class)s_has_reason_and_clients",
            ),
        ]
        indexes = [models.Index(fields=["-made_at", "id"], name="accounts_bulk_by_time")]

    def __str__(self) -> str:
        return f"{timezone.localtime(self.made_at):%Y-%m-%d %H:%M}"

    def get_absolute_url(self) -> str:
        return reverse("accounts:bulk_detail", args=[self.pk])

    @property
    def may_be_undone(self) -> bool:
        return self.done_at is not None and self.undone_at is None


class BulkItemQuerySet(ScopedQuerySet):
    def changed(self) -> Self:
        return self.filter(outcome=BulkOutcome.CHANGED)

    def refused(self) -> Self:
        return self.filter(outcome__in=REFUSED_OUTCOMES)

    def left(self) -> Self:
        """Not put back by the undo."""
        return self.filter(outcome=BulkOutcome.CHANGED_SINCE)


class BulkItem(UUIDModel, ScopedModel):
    """One client of a bulk change: `before` and `after` of the fields that really changed.

    `seen_at` is the version that the preview showed. `ownership` is the one the change began,
    `moves` the visits and to-dos that went along (`accounts.signals.Move`).
    """

    scope: ClassVar = Client.scope.via("client")

    change = models.ForeignKey(BulkChange, on_delete=models.CASCADE, related_name="items")
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="bulk_items")
    seen_at = models.DateTimeField()
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    ownership = models.ForeignKey(
        Ownership, on_delete=models.CASCADE, related_name="bulk_items", null=True, blank=True
    )
    moves = models.JSONField(default=list)
    outcome = models.CharField(
        _("outcome"),
        max_length=14,
        choices=BulkOutcome.choices,
        default=BulkOutcome.WAITING,
    )

    objects = BulkItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("client of a bulk change")
        verbose_name_plural = _("clients of bulk changes")
        constraints = [
            models.UniqueConstraint(
                fields=["change", "client"], name="%(app_label)s_%(class)s_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.change_id} {self.client_id}"
