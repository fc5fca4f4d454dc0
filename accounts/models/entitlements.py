"""What holders of cards are entitled to, and what they have used of it."""

from decimal import Decimal
from typing import ClassVar, Self

import pghistory
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import ExtractYear
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.choices import Tier
from accounts.models.clients import Client
from accounts.models.contacts import Contact
from accounts.models.members import Member
from crm.lib.models import ScopedModel, UUIDModel
from crm.lib.scoping import ScopedQuerySet
from staff.models import User


class EntitlementQuerySet(models.QuerySet):
    def offered(self, year: int) -> Self:
        return self.filter(Q(valid_year=None) | Q(valid_year=year), is_offered=True)

    def for_tier(self, tier: int) -> Self:
        """What a card includes: its own and everything of the cards below it."""
        return self.filter(tier__lte=tier)


@pghistory.track()
class Entitlement(UUIDModel):
    """One service that cards from a tier upwards include (TIR-01 to TIR-23, ARC-47, ARC-48).

    Data, not code: the tier headings of the handbook are lost (AMB-15), so every row says whether
    somebody verified it.
    """

    code = models.SlugField(_("code"), max_length=20, unique=True)
    name_zh = models.CharField(_("Chinese name"), max_length=100)
    name_en = models.CharField(_("English name"), max_length=100)
    tier = models.SmallIntegerField(
        _("lowest card"), choices=[choice for choice in Tier.choices if choice[0]]
    )
    item_number = models.PositiveSmallIntegerField(
        _("number in the handbook"), null=True, blank=True
    )
    quantity = models.PositiveSmallIntegerField(
        _("times a year"), null=True, blank=True, validators=[MinValueValidator(1)]
    )
    value = models.DecimalField(
        _("value a year"),
        max_digits=10,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal("0.01"))],
    )
    valid_year = models.PositiveSmallIntegerField(_("only in the year"), null=True, blank=True)
    is_offered = models.BooleanField(_("offered"), default=True)
    source_quote = models.CharField(_("source"), max_length=200, blank=True)
    remark = models.TextField(_("remark"), blank=True)
    verified_by = models.CharField(_("verified by"), max_length=64, blank=True)
    verified_on = models.DateField(_("verified on"), null=True, blank=True)

    objects = EntitlementQuerySet.as_manager()

    class Meta:
        verbose_name = _("entitlement")
        verbose_name_plural = _("entitlements")
        constraints = [
            models.CheckConstraint(
                condition=Q(verified_by="", verified_on=None)
                | (~Q(verified_by="") & Q(verified_on__isnull=False)),
                name="%(app_label)s_%(class)s_verified_by_somebody",
            ),
            models.CheckConstraint(
                condition=(Q(quantity=None) | Q(quantity__gte=1))
                & (Q(value=None) | Q(value__gt=0)),
                name="%(app_label)s_%(class)s_limits_positive",
            ),
            models.CheckConstraint(
                condition=Q(tier__gt=Tier.NONE), name="%(app_label)s_%(class)s_needs_card"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("accounts:entitlement_list") + f"#{self.code}"

    @property
    def name(self) -> str:
        is_chinese = (get_language() or "").startswith("zh")
        return self.name_zh if is_chinese else self.name_en

    @property
    def is_verified(self) -> bool:
        return self.verified_on is not None


class EntitlementUseQuerySet(ScopedQuerySet):
    def counting(self) -> Self:
        return self.filter(cancelled_at=None)

    def in_year(self, year: int) -> Self:
        return self.filter(year=year)

    def of_holder(self, holder: Member | Contact) -> Self:
        return self.filter(**{str(holder._meta.model_name): holder})


@pghistory.track()
class EntitlementUse(UUIDModel, ScopedModel):
    """Somebody used an entitlement: a line, or a contact with a card (TIR-24).

    `number` is the place among the holder's uses of the year: the database keeps two people from
    giving out the same one.
    """

    scope: ClassVar = Client.scope.via("client")

    entitlement = models.ForeignKey(
        Entitlement, on_delete=models.PROTECT, related_name="uses", verbose_name=_("entitlement")
    )
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="entitlement_uses")
    member = models.ForeignKey(
        Member, on_delete=models.PROTECT, related_name="entitlement_uses", null=True, blank=True
    )
    contact = models.ForeignKey(
        Contact, on_delete=models.PROTECT, related_name="entitlement_uses", null=True, blank=True
    )
    used_on = models.DateField(_("used on"))
    year = models.PositiveSmallIntegerField(_("year"))
    number = models.PositiveSmallIntegerField(_("time"))
    amount = models.DecimalField(
        _("amount"), max_digits=10, decimal_places=2, null=True, blank=True
    )
    tier = models.SmallIntegerField(_("counted as"), choices=Tier.choices)
    note = models.CharField(_("note"), max_length=200, blank=True)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="entitlement_uses")
    recorded_at = models.DateTimeField(_("recorded at"))
    cancelled_at = models.DateTimeField(_("taken back at"), null=True, blank=True)
    cancelled_by = models.ForeignKey(
        User,
        on_delete=models.PROTECT,
        related_name="entitlement_uses_cancelled",
        null=True,
        blank=True,
    )
    cancel_reason = models.CharField(_("why it was taken back"), max_length=200, blank=True)

    objects = EntitlementUseQuerySet.as_manager()

    class Meta:
        verbose_name = _("use of an entitlement")
        verbose_name_plural = _("uses of entitlements")
        constraints = [
            models.CheckConstraint(
                condition=Q(member=None, contact__isnull=False)
                | Q(member__isnull=False, contact=None),
                name="%(app_label)s_%(class)s_one_holder",
            ),
            models.CheckConstraint(
                condition=Q(year=ExtractYear("used_on")),
                name="%(app_label)s_%(class)s_year_of_use",
            ),
            models.CheckConstraint(
                condition=Q(number__gte=1) & (Q(amount=None) | Q(amount__gt=0)),
                name="%(app_label)s_%(class)s_positive",
            ),
            models.CheckConstraint(
                condition=Q(cancelled_at=None, cancelled_by=None, cancel_reason="")
                | (
                    Q(cancelled_at__isnull=False, cancelled_by__isnull=False) & ~Q(cancel_reason="")
                ),
                name="%(app_label)s_%(class)s_cancelled_whole",
            ),
            models.UniqueConstraint(
                fields=["member", "entitlement", "year", "number"],
                condition=Q(cancelled_at=None, member__isnull=False),
                name="%(app_label)s_%(class)s_once_by_member",
            ),
            models.UniqueConstraint(
                fields=["contact", "entitlement", "year", "number"],
                condition=Q(cancelled_at=None, contact__isnull=False),
                name="%(app_label)s_%(class)s_once_by_contact",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.entitlement_id} {self.used_on:%Y-%m-%d}"

    @property
    def is_cancelled(self) -> bool:
        return self.cancelled_at is not None
