"""The communication state of clients: what bills and usage say that should be reported (ARC-23).

Thresholds are the company's, below those of the alerts: a report comes before the alarm (ADR 0048).
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Exists, F, Max, OuterRef, Q, Sum
from django.utils.translation import gettext as _

from accounts.choices import ClientStatus
from accounts.findings import Finding
from accounts.models import Client
from accounts.models.clients import ClientQuerySet
from analytics.models import BillingPeriod, ClientMonth, DailyUsage, ProductBill
from crm.lib.months import month_before
from crm.lib.templatetags.components import money, percent
from crm.lib.text import listed

INCOME_FALL = Decimal("0.20")
MEMBERS_GONE = Decimal("0.05")
MEMBERS_LEAVING = Decimal("0.05")
MINUTES_FALL = Decimal("0.30")
OTHERS_SHARE = Decimal("0.50")
WATCHED_STATUSES = (ClientStatus.SIGNED, ClientStatus.PRE_CHURN)


@dataclass(frozen=True)
class State:
    """What is known of one client's communication; minutes of two halves of the last days."""

    client: Client
    fact: ClientMonth | None = None
    minutes: tuple[Decimal, Decimal] = (Decimal(0), Decimal(0))
    products_gone: Sequence[str] = field(default_factory=tuple)


# Rules: a state to a finding, or to nothing -----------------------------------------------------


def _income(state: State) -> Finding | None:
    fact = state.fact
    if fact is None or not fact.previous_income or fact.previous_income <= 0:
        return None
    fall = (fact.previous_income - fact.income) / fact.previous_income
    if fall < INCOME_FALL:
        return None
    text = _("Income fell by %(fall)s, from %(before)s to %(now)s, in %(month)s.")
    return Finding(
        "income",
        text
        % {
            "fall": percent(fall),
            "before": money(fact.previous_income),
            "now": money(fact.income),
            "month": f"{fact.period:%Y-%m}",
        },
        _("Ask what has changed at the client; compare the tariff with what is really used."),
    )


def _members_gone(state: State) -> Finding | None:
    fact = state.fact
    if fact is None or not fact.lost or not fact.previous_active:
        return None
    if Decimal(fact.lost) / fact.previous_active < MEMBERS_GONE:
        return None
    text = _("%(lost)s of %(active)s members were lost in %(month)s.")
    return Finding(
        "members_gone",
        text % {"lost": fact.lost, "active": fact.previous_active, "month": f"{fact.period:%Y-%m}"},
        _("Find out where they went and why; offer the unit a plan for all of its people."),
    )


def _members_leaving(state: State) -> Finding | None:
    fact = state.fact
    if fact is None or not fact.pre_churn or not fact.active:
        return None
    if Decimal(fact.pre_churn) / fact.active < MEMBERS_LEAVING:
        return None
    text = _("%(leaving)s of %(active)s members are about to leave.")
    return Finding(
        "members_leaving",
        text % {"leaving": fact.pre_churn, "active": fact.active},
        _("Call them with the contact person before the month ends."),
    )


def _minutes(state: State) -> Finding | None:
    before, now = state.minutes
    if before <= 0 or (before - now) / before < MINUTES_FALL:
        return None
    text = _("Calls fell by %(fall)s within the last %(days)s days: %(before)s to %(now)s minutes.")
    return Finding(
        "minutes",
        text
        % {
            "fall": percent((before - now) / before),
            "days": settings.USAGE_DAYS,
            "before": f"{before:,.0f}",
            "now": f"{now:,.0f}",
        },
        _("Look whether a second card of another network is in use; offer a package of minutes."),
    )


def _other_networks(state: State) -> Finding | None:
    share = state.client.own_share
    if share is None or 1 - share < OTHERS_SHARE:
        return None
    text = _("%(other)s of %(all)s mobile users are with other operators.")
    own, other = state.client.own_users or 0, state.client.other_users or 0
    return Finding(
        "other_networks",
        text % {"other": other, "all": own + other},
        _("Learn what binds them to the other operator, and when that ends."),
    )


def _products(state: State) -> Finding | None:
    if not state.products_gone:
        return None
    text = _("No longer billed: %(products)s.")
    return Finding(
        "products",
        text % {"products": listed(state.products_gone)},
        _("Ask whether the service is still wanted or replaced by somebody else's."),
    )


RULES: tuple[Callable[[State], Finding | None], ...] = (
    _income, _members_gone, _members_leaving, _minutes, _products, _other_networks,
)  # fmt: skip


def findings_of(state: State) -> list[Finding]:
    return [finding for rule in RULES if (finding := rule(state))]


# Facts ------------------------------------------------------------------------------------------


def find(clients: Sequence[Client]) -> Mapping[UUID, list[Finding]]:
    """What each of the clients shows; five queries however many they are."""
    month = newest_month()
    ids = [client.pk for client in clients]
    facts = ClientMonth.objects.filter(client__in=ids, period=month) if month else ()
    by_client = {fact.client_id: fact for fact in facts}
    gone = _gone_products(ids, month) if month else {}
    minutes = _minutes_of(ids)
    nothing = (Decimal(0), Decimal(0))
    return {
        client.pk: findings_of(
            State(
                client,
                by_client.get(client.pk),
                minutes.get(client.pk, nothing),
                gone.get(client.pk, ()),
            )
        )
        for client in clients
    }


def newest_month() -> date | None:
    return BillingPeriod.objects.complete().aggregate(newest=Max("month"))["newest"]


def _gone_products(ids: Sequence[UUID], month: date) -> dict[UUID, list[str]]:
    still = ProductBill.objects.filter(
        client=OuterRef("client"), product_code=OuterRef("product_code"), period=month
    )
    bills = ProductBill.objects.filter(client__in=ids, period=month_before(month), amount__gt=0)
    found: dict[UUID, list[str]] = defaultdict(list)
    for bill in bills.filter(~Exists(still)).order_by("client", "product_code"):
        found[bill.client_id].append(bill.product_name or bill.product_code)
    return found


def _minutes_of(ids: Sequence[UUID]) -> dict[UUID, tuple[Decimal, Decimal]]:
    """Minutes in the first and the second half of the last days there are rows for."""
    rows = DailyUsage.objects.filter(member__client__in=ids)
    return {
        row["member__client"]: (row["before"] or Decimal(0), row["now"] or Decimal(0))
        for row in _halves(rows)
    }


def _halves(rows: Any) -> Any:
    newest = DailyUsage.objects.aggregate(newest=Max("day"))["newest"]
    if newest is None:
        return []
    half = settings.USAGE_DAYS // 2
    middle, first = newest - timedelta(days=half), newest - timedelta(days=2 * half)
    return (
        rows.filter(day__gt=first)
        .current()
        .order_by()
        .values("member__client")
        .annotate(
            before=Sum("voice_minutes", filter=Q(day__lte=middle)),
            now=Sum("voice_minutes", filter=Q(day__gt=middle)),
        )
    )


# Whom to look at --------------------------------------------------------------------------------


def watched(size: int) -> Iterator[list[Client]]:
    """Clients whose figures moved, with an account manager, in blocks (ARC-23).

    Two grouped statements find them in the whole company; the finder looks at them only.
    """
    ids = list(_moved().values_list("pk", flat=True))
    for start in range(0, len(ids), size):
        block = Client.objects.filter(pk__in=ids[start : start + size])
        yield list(block.select_related("owner", "unit").order_by("pk"))


def _moved() -> ClientQuerySet:
    months = BillingPeriod.objects.complete().order_by("-month").values("month")[:1]
    facts = ClientMonth.objects.filter(period__in=months).filter(
        Q(previous_income__gt=0, income__lte=F("previous_income") * (1 - INCOME_FALL))
        | Q(previous_active__gt=0, lost__gt=0, lost__gte=F("previous_active") * MEMBERS_GONE)
        | Q(active__gt=0, pre_churn__gt=0, pre_churn__gte=F("active") * MEMBERS_LEAVING)
    )
    fallen = [
        row["member__client"]
        for row in _halves(DailyUsage.objects.all())
        if row["before"] and (row["now"] or 0) <= row["before"] * (1 - MINUTES_FALL)
    ]
    return (
        Client.objects.filter(status__in=WATCHED_STATUSES, owner__is_active=True)
        .filter(Q(pk__in=facts.values("client")) | Q(pk__in=fallen))
        .order_by("pk")
    )
