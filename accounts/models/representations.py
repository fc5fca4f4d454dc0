"""Who represented a client towards its top level, from when to when."""

from typing import ClassVar, Self

import pghistory
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models.clients import Client
from crm.lib.models import ScopedModel, UUIDModel
from crm.lib.scoping import ScopedQuerySet
from staff.models import User


class RepresentationQuerySet(ScopedQuerySet):
    def current(self) -> Self:
        return self.filter(ended_at=None)

    def with_people(self) -> Self:
        return self.select_related("client", "client__owner", "client__unit", "representative")


@pghistory.track(exclude=["last_visit_on", "visit_due_on"])
class Representation(UUIDModel, ScopedModel):
    """A chief representative's time with a client (ORG-09), and when their next visit is due.

    `visit_due_on` is null when no rhythm is set for the client's class (ORG-11).
    """

    scope: ClassVar = Client.scope.via("client")

    client = models.ForeignKey(
        Client, on_delete=models.CASCADE, related_name="representations", verbose_name=_("client")
    )
    representative = models.ForeignKey(
        User,
        on_delete=models.PROTECT,
        related_name="representations",
        verbose_name=_("chief representative"),
    )
    started_at = models.DateTimeField(_("from"))
    ended_at = models.DateTimeField(_("until"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    assigned_by = models.ForeignKey(
        User,
        on_delete=models.PROTECT,
        related_name="representations_given",
        null=True,
        blank=True,
    )
    last_visit_on = models.DateField(_("last visit"), null=True, blank=True)
    visit_due_on = models.DateField(_("next visit due"), null=True, blank=True)

    objects = RepresentationQuerySet.as_manager()

    class Meta:
        verbose_name = _("representation")
        verbose_name_plural = _("representations")
        constraints = [
            models.UniqueConstraint(
                fields=["client"],
                condition=Q(ended_at=None),
                name="%(app_label)s_%(class)s_one_current",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("started_at")),
                name="%(app_label)s_%(class)s_ends_after_start",
            ),
        ]
        indexes = [
            models.Index(
                fields=["visit_due_on", "id"],
                condition=Q(ended_at=None, visit_due_on__isnull=False),
                name="accounts_repr_visit_due",
            )
        ]

    def __str__(self) -> str:
        return f"{self.client_id} {self.started_at:%Y-%m-%d}"
