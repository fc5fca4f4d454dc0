"""Major changes at a client, reported at the first moment."""

from typing import ClassVar

import pghistory
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.choices import MajorChangeKind
from accounts.models.answered import Answered, AnsweredQuerySet
from accounts.models.clients import Client
from crm.lib.models import ScopedModel, UUIDModel
from staff.models import User


@pghistory.track()
class MajorChange(UUIDModel, ScopedModel, Answered):
    """What changed at a client, when we learned it, and how soon it was reported (ARC-21).

    Its answer is the supervisor's acknowledgement.
    """

    scope: ClassVar = Client.scope.via("client")

    client = models.ForeignKey(
        Client, on_delete=models.CASCADE, related_name="major_changes", verbose_name=_("client")
    )
    kind = models.CharField(_("kind"), max_length=12, choices=MajorChangeKind.choices)
    happened_on = models.DateField(_("happened on"))
    learned_at = models.DateTimeField(_("learned at"))
    reported_at = models.DateTimeField(_("reported at"))
    text = models.TextField(_("what changed"))
    reported_by = models.ForeignKey(
        User,
        on_delete=models.PROTECT,
        related_name="major_changes",
        verbose_name=_("reported by"),
    )

    objects = AnsweredQuerySet.as_manager()

    class Meta(Answered.Meta):
        verbose_name = _("major change")
        verbose_name_plural = _("major changes")
        constraints = [
            *Answered.Meta.constraints,
            models.CheckConstraint(
                condition=Q(learned_at__lte=F("reported_at")),
                name="%(app_label)s_%(class)s_learned_first",
            ),
        ]
        indexes = [
            models.Index(fields=["reported_at", "id"], name="accounts_change_by_time"),
            models.Index(fields=["client", "-reported_at"], name="accounts_change_client"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.happened_on:%Y-%m-%d}"

    def get_absolute_url(self) -> str:
        return reverse("accounts:change_detail", args=[self.pk])

    @property
    def days_to_report(self) -> int:
        """Days from the event to the report."""
        return (timezone.localtime(self.reported_at).date() - self.happened_on).days

    @property
    def hours_to_report(self) -> int:
        """Whole hours from the moment we learned of it to the report."""
        return int((self.reported_at - self.learned_at).total_seconds() // 3600)
