"""Problems carried upwards."""

from typing import ClassVar

import pghistory
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.choices import EscalationLevel
from accounts.models.answered import Answered, AnsweredQuerySet
from accounts.models.clients import Client
from crm.lib.models import ScopedModel, UUIDModel
from staff.models import User


@pghistory.track()
class Escalation(UUIDModel, ScopedModel, Answered):
    """What the account manager's level cannot solve, on a level above (ORG-18, ORG-13).

    Carried further, the same matter is a row of its own that names the `earlier` one.
    """

    scope: ClassVar = Client.scope.via("client")

    client = models.ForeignKey(
        Client, on_delete=models.CASCADE, related_name="escalations", verbose_name=_("client")
    )
    earlier = models.OneToOneField(
        "self",
        on_delete=models.PROTECT,
        related_name="later",
        null=True,
        blank=True,
        verbose_name=_("escalated from"),
    )
    level = models.SmallIntegerField(_("level"), choices=EscalationLevel.choices)
    reason = models.TextField(_("reason"))
    escalated_by = models.ForeignKey(
        User,
        on_delete=models.PROTECT,
        related_name="escalations",
        verbose_name=_("escalated by"),
    )
    escalated_at = models.DateTimeField(_("escalated"))

    objects = AnsweredQuerySet.as_manager()

    class Meta(Answered.Meta):
        verbose_name = _("escalation")
        verbose_name_plural = _("escalations")
        indexes = [
            models.Index(fields=["escalated_at", "id"], name="accounts_escalation_by_time"),
            models.Index(fields=["client", "-escalated_at"], name="accounts_escalation_client"),
        ]

    def __str__(self) -> str:
        return f"{self.get_level_display()} {self.escalated_at:%Y-%m-%d}"

    def get_absolute_url(self) -> str:
        return reverse("accounts:escalation_detail", args=[self.pk])
