"""Why a line counts as what it counts as."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from accounts.choices import ClientClass, Tier
from accounts.models import Member, TierGrant, TierTerm
from staff.models import User

YEARS_SHOWN = 2


@dataclass(frozen=True)
class Cards:
    """Everything a line's card follows from (ARC-44, 45, 49, 51), the newest first."""

    on_bill: str
    counts_as: str
    is_by_key_member: bool
    terms: Sequence[TierTerm]
    grants: Sequence[TierGrant]


def cards_of(member: Member, user: User, today: date) -> Cards:
    """`member` comes from `with_tier(today)`."""
    since = date(today.year - YEARS_SHOWN + 1, 1, 1)
    terms = member.tier_terms.visible_to(user).filter(from_month__gte=since)
    grants = member.tier_grants.visible_to(user).select_related("granted_by")
    card, counts_as = member.card, member.effective_tier  # type: ignore[attr-defined]
    return Cards(
        on_bill=str(Tier(member.tier).label),
        counts_as=str(Tier(counts_as).label),
        is_by_key_member=counts_as != card,
        terms=list(terms.order_by("-from_month", "-tier")),
        grants=list(grants.order_by("-from_month", "-pk")[:20]),
    )


def key_member_without_class(member: Member) -> bool:
    """Marked, but the mark gives no card: only class A serves its key members as VIP (ARC-45)."""
    return member.known.is_key_member and member.client.client_class != ClientClass.A
