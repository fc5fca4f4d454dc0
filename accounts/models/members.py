"""The lines of a client."""

from typing import ClassVar, Self

from django.db import models
from django.db.models import F
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.choices import (
    MemberStatus,
    Tier,
)
from accounts.models.clients import Client
from crm.lib.masking import masked
from crm.lib.models import ScopedModel, UUIDModel, uuid7
from crm.lib.scoping import ScopedQuerySet
from staff.models import User


class NewMemberId(models.Func):
    """A time-ordered UUID made by the database: members arrive by the million."""

    function = "crm_uuid7"
    template = "%(function)s()"
    output_field = models.UUIDField()


LENGTH = 11  # digits of a number
TAIL = 10_000  # the last four digits of a number have an index of their own


class MemberQuerySet(ScopedQuerySet):
    def numbered(self, digits: str) -> Self:
        """The number itself, or all numbers that end like this; at least four digits.

        Raises ValueError for fewer: no index would help.
        """
        if len(digits) < len(str(TAIL)) - 1:
            raise ValueError(digits)
        if len(digits) >= LENGTH:  # too long a number is nobody's
            return self.filter(msisdn=int(digits[: LENGTH + 1]))
        ends = self.alias(tail=F("msisdn") % TAIL).filter(tail=int(digits) % TAIL)
        return ends.alias(end=F("msisdn") % 10 ** len(digits)).filter(end=int(digits))


class Member(ScopedModel):
    """A line (手机号码) of a client, as its newest bill describes it."""

    scope: ClassVar = Client.scope.via("client")

    id = models.UUIDField(primary_key=True, default=uuid7, db_default=NewMemberId(), editable=False)
    msisdn = models.BigIntegerField(_("number"), unique=True)
    # Written by set-based SQL from bills that were joined with clients: no per-row check needed.
    client = models.ForeignKey(
        Client,
        on_delete=models.PROTECT,
        related_name="members",
        db_constraint=False,
        verbose_name=_("client"),
    )
    status = models.SmallIntegerField(_("status"), choices=MemberStatus.choices)
    tier = models.SmallIntegerField(_("tier"), choices=Tier.choices, default=Tier.NONE)
    joined_on = models.DateField(_("joined on"), null=True, blank=True)
    is_corporate_paid = models.BooleanField(_("corporate-paid"), default=False)
    created_at = models.DateTimeField(db_default=Now())

    objects = MemberQuerySet.as_manager()

    class Meta:
        verbose_name = _("member")
        verbose_name_plural = _("members")
        indexes = [models.Index(F("msisdn") % TAIL, name="accounts_member_tail")]

    def __str__(self) -> str:
        return self.masked_number

    @property
    def masked_number(self) -> str:
        return masked(self.msisdn)


class NumberReveal(UUIDModel, ScopedModel):
    """Who looked at a member's full number, when and why (P35, SEC-10)."""

    scope: ClassVar = Client.scope.via("member__client")

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="reveals")
    revealed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="reveals")
    revealed_at = models.DateTimeField()
    reason = models.CharField(_("reason"), max_length=200)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("number reveal")
        verbose_name_plural = _("number reveals")

    def __str__(self) -> str:
        return f"{self.revealed_at:%Y-%m-%d %H:%M} {self.revealed_by_id}"
