"""What we promised a client."""

from datetime import date
from typing import ClassVar, Self

import pghistory
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from accounts.choices import UNSETTLED_PROMISES, PromiseState
from accounts.models.answered import Answered, AnsweredQuerySet
from accounts.models.clients import Client
from accounts.models.contacts import Contact
from crm.lib.models import ScopedModel, UUIDModel
from staff.models import User


class PromiseQuerySet(AnsweredQuerySet):
    def unsettled(self) -> Self:
        """Still to be kept, or waiting for authority."""
        return self.filter(state__in=UNSETTLED_PROMISES)

    def overdue(self, today: date) -> Self:
        return self.unsettled().filter(due_on__lt=today)


@pghistory.track()
class Promise(UUIDModel, ScopedModel, Answered):
    """A promise with the day it is due; no bare no, but none beyond one's authority (ORG-19).

    Its answer is what the supervisor says about the authority it needs.
    """

    scope: ClassVar = Client.scope.via("client")

    client = models.ForeignKey(
        Client, on_delete=models.CASCADE, related_name="promises", verbose_name=_("client")
    )
    contact = models.ForeignKey(
        Contact,
        on_delete=models.SET_NULL,
        related_name="promises",
        null=True,
        blank=True,
        verbose_name=_("promised to"),
    )
    text = models.TextField(_("promise"))
    due_on = models.DateField(_("due"))
    needs_authority = models.BooleanField(_("needs authority"), default=False)
    state = models.CharField(_("state"), max_length=10, choices=PromiseState.choices)
    made_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="promises", verbose_name=_("promised by")
    )
    made_at = models.DateTimeField(_("promised"))
    kept_at = models.DateTimeField(_("kept"), null=True, blank=True)
    outcome = models.TextField(_("how it was kept"), blank=True)

    objects = PromiseQuerySet.as_manager()

    class Meta(Answered.Meta):
        verbose_name = _("promise")
        verbose_name_plural = _("promises")
        constraints = [
            *Answered.Meta.constraints,
            models.CheckConstraint(
                condition=Q(state=PromiseState.KEPT, kept_at__isnull=False)
                | (~Q(state=PromiseState.KEPT) & Q(kept_at=None)),
                name="%(app_label)s_%(class)s_kept_has_time",
            ),
            models.CheckConstraint(
                condition=Q(needs_authority=True) | Q(state__in=("open", "kept")),
                name="%(app_label)s_%(class)s_waits_for_authority",
            ),
        ]
        indexes = [
            models.Index(fields=["due_on", "id"], name="accounts_promise_by_due"),
            models.Index(fields=["client", "-made_at"], name="accounts_promise_client"),
        ]

    def __str__(self) -> str:
        return str(Truncator(self.text).chars(60))

    def get_absolute_url(self) -> str:
        return reverse("accounts:promise_detail", args=[self.pk])

    @property
    def is_unsettled(self) -> bool:
        return self.state in UNSETTLED_PROMISES

    def is_overdue(self, today: date) -> bool:
        """See also `PromiseQuerySet.overdue`."""
        return self.is_unsettled and self.due_on < today
