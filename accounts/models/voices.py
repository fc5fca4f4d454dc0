"""What clients say, and what we make better because of it (ORG-15, ORG-24)."""

from typing import ClassVar, Self

import pghistory
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.choices import (
    OPEN_IMPROVEMENT_STATES,
    ImprovementState,
    VoiceTopic,
)
from accounts.models.clients import Client
from accounts.models.contacts import Contact
from crm.lib.models import ScopedModel, UUIDModel
from crm.lib.scoping import ScopedQuerySet, ScopePaths
from staff.models import Unit, User


@pghistory.track()
class ClientVoice(UUIDModel, ScopedModel):
    """Feedback of a client: who said it, what, about what (ORG-24)."""

    scope: ClassVar = Client.scope.via("client")

    client = models.ForeignKey(
        Client, on_delete=models.CASCADE, related_name="voices", verbose_name=_("client")
    )
    contact = models.ForeignKey(
        Contact,
        on_delete=models.SET_NULL,
        related_name="voices",
        null=True,
        blank=True,
        verbose_name=_("contact"),
    )
    # Somebody who is not in the archive, or the name of a contact that is gone.
    said_by = models.CharField(_("who said it"), max_length=64)
    topic = models.CharField(_("about"), max_length=10, choices=VoiceTopic.choices)
    text = models.TextField(_("what was said"))
    heard_on = models.DateField(_("heard on"))
    recorded_at = models.DateTimeField(_("recorded"))
    recorded_by = models.ForeignKey(
        User,
        on_delete=models.PROTECT,
        related_name="voices_recorded",
        verbose_name=_("recorded by"),
    )

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("voice of a client")
        verbose_name_plural = _("voices of clients")
        constraints = [
            models.CheckConstraint(
                condition=~Q(said_by="") & ~Q(text=""),
                name="%(app_label)s_%(class)s_somebody_said_something",
            )
        ]
        indexes = [models.Index(fields=["heard_on", "id"], name="accounts_voice_by_day")]

    def __str__(self) -> str:
        return f"{self.heard_on:%Y-%m-%d} {self.said_by}"

    def get_absolute_url(self) -> str:
        return reverse("accounts:voice_detail", args=[self.pk])


class ImprovementQuerySet(ScopedQuerySet):
    def open(self) -> Self:
        """Nobody has done or declined it yet."""
        return self.filter(state__in=OPEN_IMPROVEMENT_STATES)


@pghistory.track()
class Improvement(UUIDModel, ScopedModel):
    """A suggestion to make our service better, and what became of it (ORG-15).

    Whoever suggested it and everybody who answers for the unit see it; the voice it comes from is
    seen with its client only.
    """

    scope: ClassVar = ScopePaths(people=("suggested_by",), unit="unit")

    unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, related_name="improvements", verbose_name=_("unit")
    )
    voice = models.OneToOneField(
        ClientVoice,
        on_delete=models.SET_NULL,
        related_name="improvement",
        null=True,
        blank=True,
        verbose_name=_("voice of a client"),
    )
    title = models.CharField(_("title"), max_length=200)
    text = models.TextField(_("what should be better, and how"))
    state = models.CharField(
        _("state"),
        max_length=10,
        choices=ImprovementState.choices,
        default=ImprovementState.OPEN,
    )
    suggested_at = models.DateTimeField(_("suggested"))
    suggested_by = models.ForeignKey(
        User,
        on_delete=models.PROTECT,
        related_name="improvements",
        verbose_name=_("suggested by"),
    )
    answer = models.TextField(_("answer"), blank=True)
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    answered_by = models.ForeignKey(
        User,
        on_delete=models.PROTECT,
        related_name="improvements_answered",
        null=True,
        blank=True,
        verbose_name=_("answered by"),
    )

    objects = ImprovementQuerySet.as_manager()

    class Meta:
        verbose_name = _("improvement")
        verbose_name_plural = _("improvements")
        constraints = [
            models.CheckConstraint(
                condition=Q(state=ImprovementState.OPEN, answered_at=None, answered_by=None)
                | ~Q(state=ImprovementState.OPEN)
                & Q(answered_at__isnull=False, answered_by__isnull=False),
                name="%(app_label)s_%(class)s_answered_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[ImprovementState.DONE, ImprovementState.DECLINED])
                | ~Q(answer=""),
                name="%(app_label)s_%(class)s_ended_with_answer",
            ),
        ]
        indexes = [models.Index(fields=["suggested_at", "id"], name="accounts_improvement_by_time")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("accounts:improvement_detail", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_IMPROVEMENT_STATES
