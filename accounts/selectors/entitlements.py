"""What a card includes, and what is left of it this year."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Sum

from accounts.choices import Tier
from accounts.models import Contact, Entitlement, EntitlementUse, Member
from staff.models import User

USES_SHOWN = 50


@dataclass(frozen=True)
class Entitled:
    """One entitlement of a holder: how much was used this year."""

    entitlement: Entitlement
    times_used: int
    value_used: Decimal

    @property
    def times_left(self) -> int | None:
        """None where nothing limits it."""
        quantity = self.entitlement.quantity
        return None if quantity is None else max(quantity - self.times_used, 0)

    @property
    def value_left(self) -> Decimal | None:
        value = self.entitlement.value
        return None if value is None else max(value - self.value_used, Decimal(0))

    @property
    def is_used_up(self) -> bool:
        return self.times_left == 0 or self.value_left == 0


@dataclass(frozen=True)
class HolderEntitlements:
    """What somebody's card includes this year, the highest card's own first, and its uses."""

    tier: Tier
    entitled: Sequence[Entitled]
    uses: Sequence[EntitlementUse]

    @property
    def has_card(self) -> bool:
        return self.tier > Tier.NONE


def entitlements_of(
    holder: Member | Contact, user: User, *, tier: int, year: int
) -> HolderEntitlements:
    """`tier`: what the holder counts as today. Three queries, however much there is."""
    mine = EntitlementUse.objects.visible_to(user).of_holder(holder)
    sums: dict[Any, dict[str, Any]] = {
        row["entitlement"]: dict(row)
        for row in mine.counting()
        .in_year(year)
        .order_by()
        .values("entitlement")
        .annotate(times=Count("pk"), value=Sum("amount"))
    }
    included = Entitlement.objects.offered(year).for_tier(tier).order_by("-tier", "code")
    return HolderEntitlements(
        tier=Tier(tier),
        entitled=[_entitled(each, sums.get(each.pk)) for each in included],
        uses=list(
            mine.select_related("entitlement", "recorded_by", "cancelled_by").order_by(
                "-used_on", "-pk"
            )[:USES_SHOWN]
        ),
    )


def _entitled(entitlement: Entitlement, used: dict[str, Any] | None) -> Entitled:
    used = used or {}
    return Entitled(entitlement, used.get("times", 0), used.get("value") or Decimal(0))


@dataclass(frozen=True)
class TierGroup:
    tier: Tier
    entitlements: Sequence[Entitlement]


def catalogue() -> list[TierGroup]:
    """Everything, by the card it begins with, the highest first; those no longer offered last."""
    rows = list(Entitlement.objects.order_by("-is_offered", "code"))
    return [
        TierGroup(tier, [row for row in rows if row.tier == tier])
        for tier in sorted(Tier, reverse=True)
        if tier
    ]
