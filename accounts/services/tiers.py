"""Writes about cards that one of us grants, and the yearly look at all of them."""

import uuid
from datetime import date, datetime

from django.conf import settings
from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.exceptions import NotOneYear, ReasonMissing, TierOverlaps
from accounts.models import Member, TierGrant
from crm.lib.services import service
from staff.models import User
from staff.selectors import working_calendar
from staff.services import work

REVIEW_TASK = "tier-review"
# Subjects of tasks are records; the review of one manager's cards in one year has none.
REVIEWS = uuid.UUID("5d0b6a52-1c54-4d8e-9a44-0c9f7f5c2d11")


@service
def grant_tier(
    *,
    member: Member,
    tier: int,
    from_month: date,
    until_month: date,
    reason: str,
    now: datetime,
    by: User,
) -> TierGrant:
    """A card for some months of one calendar year (ARC-49, ARC-51).

    Raises NotOneYear when the months do not lie in one year in that order, TierOverlaps when
    another grant covers one of them: a higher card begins after the lower one was cut short.
    """
    if not reason.strip():
        raise ReasonMissing(_("Say why this line gets the card."))
    if from_month.year != until_month.year or until_month < from_month:
        raise NotOneYear(_("A card is valid within one calendar year; choose months of one year."))
    Member.objects.select_for_update(of=("self",)).get(pk=member.pk)
    others = member.tier_grants.filter(from_month__lte=until_month, until_month__gte=from_month)
    if other := others.first():
        raise TierOverlaps(
            _("There is a granted card for these months: %(card)s.") % {"card": other}
        )
    return TierGrant.objects.create(
        member=member,
        tier=tier,
        from_month=from_month,
        until_month=until_month,
        reason=reason.strip(),
        granted_by=by,
        granted_at=now,
    )


@service
def end_grant(*, grant: TierGrant, last_month: date, by: User) -> TierGrant | None:
    """The card ends with that month; one that would end before it begins goes altogether."""
    grant = TierGrant.objects.select_for_update().get(pk=grant.pk)
    if last_month < grant.from_month:
        grant.delete()
        return None
    if last_month < grant.until_month:
        grant.until_month = last_month
        grant.save(update_fields=["until_month"])
    return grant


@service
def ask_for_review(*, year: int, today: date, by: User | None) -> int:
    """Each account manager looks at the cards that ended with that year (ARC-49).

    One task a manager, linked to exactly those lines; again is harmless. Gives how many there are.
    """
    to_review = Member.objects.with_card_ended(year).exclude(client__owner=None)
    counts = dict(
        to_review.order_by()
        .values_list("client__owner")
        .annotate(lines=Count("pk"))
        .values_list("client__owner", "lines")
    )
    due_on = working_calendar().add(today, settings.TIER_REVIEW_WORKING_DAYS)
    for person in User.objects.filter(pk__in=counts, is_active=True):
        work.raise_task(
            kind=REVIEW_TASK,
            subject_id=uuid.uuid5(REVIEWS, f"{year} {person.pk}"),
            params={"year": year, "lines": counts[person.pk]},
            link=f"{reverse('accounts:member_list')}?card_ended={year}",
            assignee=person,
            due_on=due_on,
            by=by,
        )
    return len(counts)
