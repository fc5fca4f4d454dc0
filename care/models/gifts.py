"""Gifts to clients and from them: what leaves and what comes is written down (ARC-17, SEC-13)."""

from typing import ClassVar, Self

import pghistory
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Client, Contact
from care.choices import DECIDED, GiftDirection, GiftOccasion, GiftState
from crm.lib.models import ScopedModel, UUIDModel
from crm.lib.scoping import ScopedQuerySet
from staff.models import User


class GiftQuerySet(ScopedQuerySet):
    def waiting(self) -> Self:
        return self.filter(state=GiftState.WAITING)

    def with_people(self) -> Self:
        return self.select_related("client", "contact", "person", "registered_by", "decided_by")


@pghistory.track(exclude=["updated_at"])
class Gift(UUIDModel, ScopedModel):
    """One gift with its value and occasion, and who approved it."""

    scope: ClassVar = Client.scope.via("client")

    client = models.ForeignKey(
        Client, on_delete=models.PROTECT, related_name="gifts", verbose_name=_("client")
    )
    contact = models.ForeignKey(
        Contact, on_delete=models.SET_NULL, related_name="gifts", null=True, blank=True,
        verbose_name=_("contact"),
    )  # fmt: skip
    direction = models.CharField(
        _("direction"), max_length=8, choices=GiftDirection.choices, default=GiftDirection.GIVEN
    )
    occasion = models.CharField(_("occasion"), max_length=12, choices=GiftOccasion.choices)
    item = models.CharField(_("item"), max_length=200)
    value = models.DecimalField(_("value (¥)"), max_digits=10, decimal_places=2)
    happened_on = models.DateField(_("date"))
    person = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="gifts",
        verbose_name=_("who gave or received it"),
    )  # fmt: skip
    note = models.CharField(_("remarks"), max_length=300, blank=True)

    state = models.CharField(
        _("state"), max_length=10, choices=GiftState.choices, default=GiftState.REGISTERED
    )
    decided_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="gifts_decided", null=True, blank=True,
        verbose_name=_("decided by"),
    )  # fmt: skip
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    decision = models.CharField(_("word on the decision"), max_length=300, blank=True)
    registered_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="gifts_registered",
        verbose_name=_("registered by"),
    )  # fmt: skip
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    objects = GiftQuerySet.as_manager()

    class Meta:
        verbose_name = _("gift")
        verbose_name_plural = _("gifts")
        constraints = [
            models.CheckConstraint(
                condition=Q(value__gte=0) & ~Q(item=""), name="%(app_label)s_%(class)s_has_value"
            ),
            models.CheckConstraint(
                condition=Q(state__in=DECIDED, decided_by__isnull=False, decided_at__isnull=False)
                | (~Q(state__in=DECIDED) & Q(decided_by=None, decided_at=None)),
                name="%(app_label)s_%(class)s_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None)
                | (~Q(decided_by=F("person")) & ~Q(decided_by=F("registered_by"))),
                name="%(app_label)s_%(class)s_not_ones_own",
            ),
        ]
        indexes = [
            models.Index(fields=["happened_on", "id"], name="care_gift_by_day"),
            models.Index(fields=["client", "-happened_on"], name="care_gift_of_client"),
            models.Index(
                fields=["created_at"], condition=Q(state="waiting"), name="care_gift_waiting"
            ),
        ]

    def __str__(self) -> str:
        return self.item

    def get_absolute_url(self) -> str:
        return reverse("care:gift_detail", args=[self.pk])

    def may_be_decided_by(self, user: User) -> bool:
        return (
            self.state == GiftState.WAITING
            and user.has_perm("care.approve_gift")
            and user.pk not in (self.person_id, self.registered_by_id)
        )
