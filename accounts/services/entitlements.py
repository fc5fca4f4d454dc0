"""Writes about entitlements and their use."""

from collections.abc import Collection
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from accounts.choices import Tier
from accounts.exceptions import (
    AlreadyTakenBack,
    AmountMissing,
    NotEntitled,
    NotThisYear,
    ReasonMissing,
    UsedUp,
)
from accounts.models import Contact, Entitlement, EntitlementUse, Member
from crm.lib.services import service
from crm.lib.templatetags.components import money
from staff.models import User

# What a verification vouches for: a change of any of them takes it away.
VOUCHED = frozenset({"name_zh", "name_en", "tier", "quantity", "value", "valid_year"})


@service
def add_entitlement(*, by: User | None, **fields: Any) -> Entitlement:
    """A new, unverified one; ValidationError for a code that is taken."""
    entitlement = Entitlement(**fields)
    entitlement.full_clean()
    entitlement.save(force_insert=True)
    return entitlement


@service
def update_entitlement(*, entitlement: Entitlement, by: User | None, **fields: Any) -> Entitlement:
    """Correct it, or move it between tiers (AMB-15); what was verified has to be verified again."""
    entitlement = Entitlement.objects.select_for_update().get(pk=entitlement.pk)
    changed = {name for name, value in fields.items() if getattr(entitlement, name) != value}
    for name in changed:
        setattr(entitlement, name, fields[name])
    if changed & VOUCHED:
        entitlement.verified_by, entitlement.verified_on = "", None
    entitlement.full_clean()
    entitlement.save()
    return entitlement


@service
def verify_entitlement(
    *, entitlement: Entitlement, verified_by: str, verified_on: date, by: User
) -> Entitlement:
    """Somebody with the complete standard says that the row is right."""
    entitlement = Entitlement.objects.select_for_update().get(pk=entitlement.pk)
    entitlement.verified_by, entitlement.verified_on = verified_by.strip(), verified_on
    entitlement.full_clean()
    entitlement.save()
    return entitlement


# Use ------------------------------------------------------------------------------------------


@service
def use_entitlement(
    *,
    entitlement: Entitlement,
    holder: Member | Contact,
    used_on: date,
    amount: Decimal | None = None,
    note: str = "",
    now: datetime,
    today: date,
    by: User,
) -> EntitlementUse:
    """Note a use after checking it against the card of that day and what is left (TIR-24).

    Raises NotThisYear for a day of another year or ahead, NotEntitled when the card does not
    include it, AmountMissing where a value is limited, UsedUp when too little is left.
    """
    if used_on.year != today.year or used_on > today:
        raise NotThisYear(_("Only uses of this year up to today can be recorded."))
    # The holder's row keeps two uses apart that come at once.
    type(holder)._default_manager.select_for_update(of=("self",)).get(pk=holder.pk)
    entitlement = Entitlement.objects.get(pk=entitlement.pk)
    tier = _tier_included(entitlement, holder, used_on)
    uses = EntitlementUse.objects.counting().in_year(used_on.year).of_holder(holder)
    used = list(uses.filter(entitlement=entitlement).values_list("number", "amount"))
    _refuse_too_many(entitlement, len(used))
    _refuse_too_much(entitlement, amount, sum((each for _n, each in used if each), Decimal(0)))
    return EntitlementUse.objects.create(
        entitlement=entitlement,
        client_id=holder.client_id,
        **{str(holder._meta.model_name): holder},
        used_on=used_on,
        year=used_on.year,
        number=_first_free({number for number, _amount in used}),
        amount=amount,
        tier=tier,
        note=note.strip(),
        recorded_by=by,
        recorded_at=now,
    )


def _tier_included(entitlement: Entitlement, holder: Member | Contact, day: date) -> Tier:
    """What the holder counts as that day, when it includes the entitlement."""
    if not Entitlement.objects.offered(day.year).filter(pk=entitlement.pk).exists():
        raise NotEntitled(_("“%(name)s” is not offered this year.") % {"name": entitlement.name})
    tier = tier_on(holder, day)
    if tier < entitlement.tier:
        raise NotEntitled(
            _("“%(name)s” needs at least: %(needed)s. On %(day)s it was: %(held)s.")
            % {
                "name": entitlement.name,
                "needed": Tier(entitlement.tier).label,
                "day": day.isoformat(),
                "held": tier.label,
            }
        )
    return tier


def tier_on(holder: Member | Contact, day: date) -> Tier:
    """What a line counted as that day; what a contact is served at now (ARC-41..ARC-43)."""
    if isinstance(holder, Contact):
        served: Any = Contact.objects.with_service_tier().get(pk=holder.pk)
        return Tier(served.service_tier)
    counted: Any = Member.objects.with_tier(day).get(pk=holder.pk)
    return Tier(counted.effective_tier)


def _refuse_too_many(entitlement: Entitlement, used: int) -> None:
    if entitlement.quantity is not None and used >= entitlement.quantity:
        raise UsedUp(
            _("“%(name)s” is used up this year: %(used)s of %(quantity)s.")
            % {"name": entitlement.name, "used": used, "quantity": entitlement.quantity}
        )


def _refuse_too_much(entitlement: Entitlement, amount: Decimal | None, used: Decimal) -> None:
    if entitlement.value is None:
        return
    if amount is None or amount <= 0:
        raise AmountMissing(_("Say what it was worth; the value of a year is limited."))
    left = entitlement.value - used
    if amount > left:
        raise UsedUp(
            _("Of “%(name)s” %(left)s is left this year.")
            % {"name": entitlement.name, "left": money(left)}
        )


def _first_free(taken: Collection[int]) -> int:
    number = 1
    while number in taken:
        number += 1
    return number


@service
def take_back_use(*, use: EntitlementUse, reason: str, now: datetime, by: User) -> EntitlementUse:
    """It did not take place after all, or was noted in error; what it took is left again."""
    if not reason.strip():
        raise ReasonMissing(_("Say why the use is taken back."))
    use = EntitlementUse.objects.select_for_update().get(pk=use.pk)
    if use.is_cancelled:
        raise AlreadyTakenBack(_("This use was taken back already."))
    use.cancelled_at, use.cancelled_by, use.cancel_reason = now, by, reason.strip()
    use.save()
    return use
