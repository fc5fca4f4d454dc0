"""Instructions about a client."""

from typing import ClassVar

import pghistory
from django.db import models
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from accounts.models.answered import Answered, AnsweredQuerySet
from accounts.models.clients import Client
from crm.lib.models import ScopedModel, UUIDModel
from staff.models import User


@pghistory.track()
class Instruction(UUIDModel, ScopedModel, Answered):
    """What the chief representative asks of the account manager (ORG-12); done with an answer."""

    scope: ClassVar = Client.scope.via("client")

    client = models.ForeignKey(
        Client, on_delete=models.CASCADE, related_name="instructions", verbose_name=_("client")
    )
    text = models.TextField(_("instruction"))
    due_on = models.DateField(_("due"))
    given_by = models.ForeignKey(
        User,
        on_delete=models.PROTECT,
        related_name="instructions_given",
        verbose_name=_("given by"),
    )
    given_to = models.ForeignKey(
        User,
        on_delete=models.PROTECT,
        related_name="instructions_taken",
        verbose_name=_("given to"),
    )
    given_at = models.DateTimeField(_("given"))

    objects = AnsweredQuerySet.as_manager()

    class Meta(Answered.Meta):
        verbose_name = _("instruction")
        verbose_name_plural = _("instructions")
        indexes = [
            models.Index(fields=["due_on", "id"], name="accounts_instruction_by_due"),
            models.Index(fields=["client", "-given_at"], name="accounts_instruction_client"),
        ]

    def __str__(self) -> str:
        return str(Truncator(self.text).chars(60))

    def get_absolute_url(self) -> str:
        return reverse("accounts:instruction_detail", args=[self.pk])
