"""Industries, the life of a client from prospect to churned, and checks of its data."""

from typing import ClassVar, Self

import pghistory
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.choices import ClientStatus
from accounts.models.clients import Client
from crm.lib.models import ScopedModel, UUIDModel
from crm.lib.scoping import ScopedQuerySet
from staff.models import User

MISMATCH = Q(name_matches=False) | Q(address_matches=False) | Q(nature_matches=False)


@pghistory.track()
class Industry(models.Model):
    """A line of business to choose from (ARC-F18). One sector's industries are alike (ARC-07)."""

    name = models.CharField(_("industry"), max_length=64, unique=True)
    sector = models.CharField(_("sector"), max_length=64, blank=True)

    class Meta:
        verbose_name = _("industry")
        verbose_name_plural = _("industries")

    def __str__(self) -> str:
        return self.name


class StatusChange(UUIDModel, ScopedModel):
    """A step in a client's life (ARC-01)."""

    scope: ClassVar = Client.scope.via("client")

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="status_changes")
    old = models.CharField(_("before"), max_length=10, choices=ClientStatus.choices)
    new = models.CharField(_("after"), max_length=10, choices=ClientStatus.choices)
    reason = models.CharField(_("reason"), max_length=200)
    changed_at = models.DateTimeField(_("changed"))
    changed_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="status_changes", null=True, blank=True
    )

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("status change")
        verbose_name_plural = _("status changes")

    def __str__(self) -> str:
        return f"{self.old} → {self.new}"


class ArchiveCheckQuerySet(ScopedQuerySet):
    def open(self) -> Self:
        return self.filter(MISMATCH, resolved_at=None)

    def settled(self) -> Self:
        return self.exclude(MISMATCH, resolved_at=None)


@pghistory.track()
class ArchiveCheck(UUIDModel, ScopedModel):
    """Name, address and nature compared with what is found on the spot (ARC-30)."""

    scope: ClassVar = Client.scope.via("client")

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="archive_checks")
    name_matches = models.BooleanField(_("the name is right"), default=True)
    address_matches = models.BooleanField(_("the address is right"), default=True)
    nature_matches = models.BooleanField(_("the nature is right"), default=True)
    found = models.TextField(_("what was found instead"), blank=True)
    checked_at = models.DateTimeField(_("checked"))
    checked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="archive_checks")
    cause = models.TextField(_("cause of the mismatch"), blank=True)
    resolved_at = models.DateTimeField(_("resolved"), null=True, blank=True)
    resolved_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="resolved_checks", null=True, blank=True
    )

    objects = ArchiveCheckQuerySet.as_manager()

    class Meta:
        verbose_name = _("check of the archive")
        verbose_name_plural = _("checks of the archive")
        constraints = [
            models.CheckConstraint(
                condition=Q(resolved_at=None, resolved_by=None)
                | Q(resolved_at__isnull=False, resolved_by__isnull=False) & ~Q(cause=""),
                name="%(app_label)s_%(class)s_resolved_with_cause",
            )
        ]

    def __str__(self) -> str:
        return f"{self.client_id} {self.checked_at:%Y-%m-%d}"

    def get_absolute_url(self) -> str:
        return f"{reverse('accounts:client_archive', args=[self.client_id])}#checks"

    @property
    def matches(self) -> bool:
        return self.name_matches and self.address_matches and self.nature_matches

    @property
    def is_open(self) -> bool:
        return not self.matches and self.resolved_at is None
