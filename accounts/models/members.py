"""The lines of a client."""

from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.apps import apps
from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce, Greatest, Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.choices import (
    ClientClass,
    MemberStatus,
    Tier,
)
from accounts.models.clients import Client
from crm.lib.masking import masked
from crm.lib.models import ScopedModel, UUIDModel, uuid7
from crm.lib.scoping import ScopedQuerySet
from staff.models import User

if TYPE_CHECKING:
    from accounts.models.member_profiles import MemberProfile


SMALL: Any = {"output_field": models.SmallIntegerField()}


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

    def with_people(self) -> Self:
        """With what people entered, the client and who is responsible for it."""
        return self.select_related("profile", "client__owner", "client__unit")

    def with_tier(self, day: date) -> Self:
        """`card` and `effective_tier` of that day: the one definition of both (ARC-44, ARC-45).

        The card is the best of: the newest bill, unless the day lies in a month before it; what
        bills of the year gave until its end (AMB-16); what one of us granted (ARC-49). Key members
        of class A without any card count as holders of a VIP card.
        """
        past = Q(client__figures_month__gt=day.replace(day=1))
        billed = Case(When(past, then=Value(Tier.NONE.value)), default=F("tier"), **SMALL)
        card = Greatest(billed, _best("TierTerm", day), _best("TierGrant", day))
        key_member = Q(
            card=Tier.NONE, profile__is_key_member=True, client__client_class=ClientClass.A
        )
        return self.annotate(card=card).annotate(
            effective_tier=Case(
                When(key_member, then=Value(Tier.VIP.value)),
                default=F("card"),
                **SMALL,
            )
        )

    def counting_as(self, tier: int, day: date) -> Self:
        """Members whose effective tier that day is this one.

        The first condition finds the few that can be; only they are asked exactly.
        """
        possible = Q(tier=tier) | Q(pk__in=_holders("TierTerm", tier, day))
        possible |= Q(pk__in=_holders("TierGrant", tier, day))
        if tier == Tier.VIP:
            possible |= Q(profile__is_key_member=True)
        if tier == Tier.NONE:
            possible = Q(tier=tier)
        return self.with_tier(day).filter(possible, effective_tier=tier)

    def with_card_ended(self, year: int) -> Self:
        """Lines whose card of that year is gone since, unless somebody granted another one.

        Cards granted until December ended with it; cards by bills are gone when the newest bill
        no longer has one as good.
        """
        december = date(year, 12, 1)
        grants = apps.get_model("accounts", "TierGrant").objects
        terms = apps.get_model("accounts", "TierTerm").objects.of_year(year)
        ended = Q(pk__in=grants.filter(until_month=december).values("member")) | Q(
            Exists(terms.filter(member=OuterRef("pk"), tier__gt=OuterRef("tier")))
        )
        renewed = grants.filter(member=OuterRef("pk"), from_month__gt=december)
        return self.filter(ended).exclude(Exists(renewed))

    def in_other_name(self) -> Self:
        """Registered to one person, used by another (ARC-34)."""
        known = self.filter(profile__registered_owner__gt="", profile__actual_user__gt="")
        return known.exclude(profile__registered_owner=F("profile__actual_user"))


def _best(model: str, day: date) -> Coalesce:
    """The best card in force by this table; by name, for it is above this module."""
    rows = apps.get_model("accounts", model).objects.in_force(day)
    best = rows.filter(member=OuterRef("pk")).order_by("-tier").values("tier")[:1]
    return Coalesce(Subquery(best), Value(Tier.NONE.value), **SMALL)


def _holders(model: str, tier: int, day: date) -> models.QuerySet:
    return (
        apps.get_model("accounts", model).objects.in_force(day).filter(tier=tier).values("member")
    )


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

    def get_absolute_url(self) -> str:
        return reverse("accounts:member_detail", args=[self.pk])

    @property
    def masked_number(self) -> str:
        return masked(self.msisdn)

    @property
    def known(self) -> "MemberProfile":
        """What people entered; an empty, unsaved profile when nobody has."""
        return getattr(self, "profile", None) or apps.get_model("accounts", "MemberProfile")(
            member=self
        )


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
