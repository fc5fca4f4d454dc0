"""Clients of one account manager given to others in one step, and the way back."""

from typing import ClassVar, Self

import pghistory
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.choices import HandoverOutcome, MovedWork, MoveOutcome
from accounts.models.clients import Client, Ownership
from crm.lib.models import ScopedModel, UUIDModel
from crm.lib.scoping import ScopedQuerySet, ScopePaths
from staff.models import User


@pghistory.track()
class Handover(UUIDModel, ScopedModel):
    """Who gave whose clients away, when and why (ORG-02). Its id is made by the form: sent twice,
    it is still one handover."""

    scope: ClassVar = ScopePaths(people=("source", "handed_over_by"), unit="source__unit")

    source = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="handovers", verbose_name=_("from")
    )
    reason = models.CharField(_("reason"), max_length=200)
    clients = models.PositiveIntegerField(_("clients"))
    handed_over_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="handovers_made", verbose_name=_("by")
    )
    handed_over_at = models.DateTimeField(_("handed over"))
    undone_by = models.ForeignKey(
        User,
        on_delete=models.PROTECT,
        related_name="handovers_undone",
        null=True,
        blank=True,
        verbose_name=_("undone by"),
    )
    undone_at = models.DateTimeField(_("undone"), null=True, blank=True)
    undo_reason = models.CharField(_("reason of the undo"), max_length=200, blank=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("handover")
        verbose_name_plural = _("handovers")
        constraints = [
            models.CheckConstraint(
                condition=Q(undone_at=None, undone_by=None, undo_reason="")
                | (Q(undone_at__isnull=False, undone_by__isnull=False) & ~Q(undo_reason="")),
                name="%(app_label)s_%(class)s_undone_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(reason="") & Q(clients__gt=0),
                name="%(app_label)s_%(class)s_has_reason_and_clients",
            ),
        ]
        indexes = [models.Index(fields=["-handed_over_at", "id"], name="accounts_handover_by_time")]

    def __str__(self) -> str:
        return f"{self.source_id} {self.handed_over_at:%Y-%m-%d}"

    def get_absolute_url(self) -> str:
        return reverse("accounts:handover_detail", args=[self.pk])


class HandoverShare(UUIDModel, ScopedModel):
    """What one person got of a handover; the figures are those of that moment."""

    scope: ClassVar = ScopePaths(
        people=("target", "handover__source", "handover__handed_over_by"),
        unit="handover__source__unit",
    )

    handover = models.ForeignKey(Handover, on_delete=models.CASCADE, related_name="shares")
    target = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="handover_shares", verbose_name=_("to")
    )
    clients = models.PositiveIntegerField(_("clients"))
    members = models.PositiveIntegerField(_("members"))
    income = models.DecimalField(_("income"), max_digits=16, decimal_places=2)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("share of a handover")
        verbose_name_plural = _("shares of handovers")
        constraints = [
            models.UniqueConstraint(
                fields=["handover", "target"], name="%(app_label)s_%(class)s_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.handover_id} {self.target_id}"

    def get_absolute_url(self) -> str:
        return reverse("accounts:handover_share", args=[self.pk])


class HandoverItemQuerySet(ScopedQuerySet):
    def kept(self) -> Self:
        """Not given back by the undo: somebody decided otherwise meanwhile."""
        return self.exclude(outcome__in=["", HandoverOutcome.RETURNED])


class HandoverItem(UUIDModel, ScopedModel):
    """One client of a share. `ownership` is the one that the handover began."""

    scope: ClassVar = Client.scope.via("client")

    share = models.ForeignKey(HandoverShare, on_delete=models.CASCADE, related_name="items")
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="handover_items")
    ownership = models.ForeignKey(
        Ownership, on_delete=models.CASCADE, related_name="handover_items"
    )
    outcome = models.CharField(
        _("after the undo"), max_length=12, choices=HandoverOutcome.choices, blank=True, default=""
    )

    objects = HandoverItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("handed over client")
        verbose_name_plural = _("handed over clients")
        constraints = [
            models.UniqueConstraint(fields=["share", "client"], name="%(app_label)s_%(class)s_once")
        ]

    def __str__(self) -> str:
        return f"{self.share_id} {self.client_id}"


class HandoverMoveQuerySet(ScopedQuerySet):
    def kept(self) -> Self:
        return self.exclude(outcome__in=["", MoveOutcome.RETURNED])


class HandoverMove(UUIDModel, ScopedModel):
    """A visit, task or case that changed hands with its client; remembered for the way back."""

    scope: ClassVar = Client.scope.via("client")

    handover = models.ForeignKey(Handover, on_delete=models.CASCADE, related_name="moves")
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="handover_moves")
    kind = models.CharField(_("kind"), max_length=8, choices=MovedWork.choices)
    object_id = models.UUIDField()
    day = models.DateField(_("day"))
    former = models.ForeignKey(User, on_delete=models.PROTECT, related_name="work_given")
    receiver = models.ForeignKey(User, on_delete=models.PROTECT, related_name="work_received")
    outcome = models.CharField(
        _("after the undo"), max_length=12, choices=MoveOutcome.choices, blank=True, default=""
    )

    objects = HandoverMoveQuerySet.as_manager()

    class Meta:
        verbose_name = _("work handed over")
        verbose_name_plural = _("work handed over")
        constraints = [
            models.UniqueConstraint(
                fields=["handover", "kind", "object_id"], name="%(app_label)s_%(class)s_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.object_id}"
