"""What cards lines hold besides that of their newest bill: months of the year, and grants."""

from datetime import date
from typing import ClassVar, Self

import pghistory
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import ExtractYear
from django.utils.translation import gettext_lazy as _

from accounts.choices import Tier
from accounts.models.clients import Client
from accounts.models.members import Member
from crm.lib.models import ScopedModel, UUIDModel
from crm.lib.scoping import ScopedQuerySet
from staff.models import User


class ValidityQuerySet(ScopedQuerySet):
    def in_force(self, day: date) -> Self:
        month = day.replace(day=1)
        return self.filter(from_month__lte=month, until_month__gte=month)

    def of_year(self, year: int) -> Self:
        return self.filter(from_month__gte=date(year, 1, 1), from_month__lte=date(year, 12, 1))


class Validity(ScopedModel):
    """From a month to a month of one calendar year, both included (ARC-49, ARC-51)."""

    from_month = models.DateField(_("from month"))
    until_month = models.DateField(_("until month"))
    tier = models.SmallIntegerField(_("tier"), choices=Tier.choices)

    class Meta:
        abstract = True

    @property
    def year(self) -> int:
        return self.from_month.year


class TierTerm(Validity):
    """A card that bills gave a line, and the months it is valid for.

    Made anew from the stored bills by a job after each import (AMB-16, ADR 0029): with hundreds of
    thousands of rows it carries no foreign key of the database and no audit.
    """

    scope: ClassVar = Client.scope.via("member__client")

    member = models.ForeignKey(
        Member,
        on_delete=models.CASCADE,
        related_name="tier_terms",
        db_constraint=False,
        db_index=False,  # the first column of `once`
    )

    objects = ValidityQuerySet.as_manager()

    class Meta:
        verbose_name = _("card by bills")
        verbose_name_plural = _("cards by bills")
        constraints = [
            models.UniqueConstraint(
                fields=["member", "from_month", "tier"], name="%(app_label)s_%(class)s_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_tier_display()} {self.from_month:%Y-%m} – {self.until_month:%Y-%m}"


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class TierGrant(UUIDModel, Validity):
    """A card that one of us gave a line for some months of a year (ARC-49)."""

    scope: ClassVar = Client.scope.via("member__client")

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="tier_grants")
    reason = models.CharField(_("reason"), max_length=200)
    granted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="tier_grants")
    granted_at = models.DateTimeField(_("granted at"))

    objects = ValidityQuerySet.as_manager()

    class Meta:
        verbose_name = _("granted card")
        verbose_name_plural = _("granted cards")
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    until_month__gte=F("from_month"), tier__gt=Tier.NONE,
                    from_month__day=1, until_month__day=1,
                ),
                name="%(app_label)s_%(class)s_whole_months",
            ),
            models.CheckConstraint(
                condition=Q(until_month__year=ExtractYear("from_month")),
                name="%(app_label)s_%(class)s_one_year",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.get_tier_display()} {self.from_month:%Y-%m} – {self.until_month:%Y-%m}"
