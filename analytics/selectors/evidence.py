"""Why an alert holds: both months side by side, by category, product and member (P20)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import Sum
from django.utils.translation import gettext as _

from accounts.choices import ON_NETWORK_STATUSES, PRE_CHURN_STATUSES, MemberStatus
from accounts.models import Client
from analytics.choices import FeeCategory, RuleCode
from analytics.models import AlertReading, BillingImport, ClientMonth, MemberBill, ProductBill
from analytics.selectors.storage import dropped_months
from crm.lib.masking import masked
from crm.lib.months import month_before

MEMBERS_SHOWN = 20
FEN = Decimal(100)


@dataclass(frozen=True)
class Comparison:
    """One amount in both months, in yuan."""

    label: str
    previous: Decimal
    current: Decimal

    @property
    def change(self) -> Decimal:
        return self.current - self.previous


@dataclass(frozen=True)
class MemberEvidence:
    """A member behind an alert: masked number, import and line, and yuan of both months.

    The amounts are bills, or arrears where the rule is about those.
    """

    masked_number: str
    previous: Decimal | None
    current: Decimal | None
    previous_status: str
    status: str
    source: str

    @property
    def change(self) -> Decimal:
        return (self.current or Decimal(0)) - (self.previous or Decimal(0))


@dataclass(frozen=True)
class Evidence:
    reading: AlertReading
    previous_month: date
    categories: Sequence[Comparison]
    products: Sequence[Comparison]
    members: Sequence[MemberEvidence]
    member_count: int  # of whom `members` are the first
    imports: Sequence[BillingImport]
    afterwards: Sequence[ClientMonth]
    not_kept: Sequence[date]  # months of the two whose member bills have been dropped

    @property
    def is_about_arrears(self) -> bool:
        return self.reading.rule == RuleCode.ARREARS

    @property
    def recovered(self) -> Decimal | None:
        """Newest income minus the income of the alert's month; None while no month has followed."""
        if not self.afterwards or self.reading.rule != RuleCode.REVENUE_DROP:
            return None
        return self.afterwards[-1].income - self.reading.current


def evidence_of(reading: AlertReading) -> Evidence:
    """Everything the page of an alert shows about one of its readings."""
    month, before = reading.period, month_before(reading.period)
    client = reading.client
    bills = _bills(client, month, before, reading.rule)
    return Evidence(
        reading=reading,
        previous_month=before,
        categories=_categories(client, month, before),
        products=_products(client, month, before),
        members=[_member(bill) for bill in bills],
        member_count=bills[0][-1] if bills else 0,
        imports=_imports(client, month, before),
        afterwards=list(
            ClientMonth.objects.filter(client=client, period__gt=month).order_by("period")[:6]
        ),
        not_kept=dropped_months([before, month]),
    )


def _imports(client: Client, month: date, before: date) -> list[BillingImport]:
    """Every file that any bill of the client in the two months came from."""
    numbers: set[int] = set()
    for bills in (MemberBill.objects, ProductBill.objects):
        of_client = bills.filter(client=client, period__in=(month, before)).order_by()
        numbers |= set(of_client.values_list("import_number", flat=True).distinct())
    return list(BillingImport.objects.filter(number__in=numbers).order_by("number"))


def _categories(client: Client, month: date, before: date) -> list[Comparison]:
    """Member bills by category, those with any money, the biggest change first."""
    sums = {name: Sum(name) for name in (*FeeCategory.values, "discount")}
    by_month: dict[date, Any] = {
        row["period"]: row
        for row in MemberBill.objects.filter(client=client, period__in=(month, before))
        .values("period")
        .annotate(**{f"sum_{name}": total for name, total in sums.items()})
    }

    def yuan(when: date, name: str) -> Decimal:
        return Decimal(by_month.get(when, {}).get(f"sum_{name}") or 0) / FEN

    rows = [
        Comparison(str(category.label), yuan(before, category.value), yuan(month, category.value))
        for category in FeeCategory
    ]
    rows.append(Comparison(_("Discount"), -yuan(before, "discount"), -yuan(month, "discount")))
    changed = [row for row in rows if row.previous or row.current]
    return sorted(changed, key=lambda row: abs(row.change), reverse=True)


def _products(client: Client, month: date, before: date) -> list[Comparison]:
    amounts: dict[str, dict[date, Decimal]] = {}
    names: dict[str, str] = {}
    for bill in ProductBill.objects.filter(client=client, period__in=(month, before)):
        amounts.setdefault(bill.product_code, {})[bill.period] = bill.amount
        names[bill.product_code] = bill.product_name or bill.product_code
    zero = Decimal(0)
    return [
        Comparison(names[code], by_month.get(before, zero), by_month.get(month, zero))
        for code, by_month in sorted(amounts.items())
    ]


# Which members make the rule, and which of them first.
_MEMBER_CONDITION = {
    RuleCode.REVENUE_DROP: "true",
    RuleCode.ARREARS: "now.arrears > 0",
    RuleCode.PRE_CHURN: "now.status IN ({pre_churn})",
    RuleCode.MEMBER_LOSS: "was.status IN ({active})"
    " AND (now.status IS NULL OR now.status NOT IN ({active}))"
    " AND NOT EXISTS (SELECT FROM analytics_memberbill elsewhere WHERE elsewhere.period = %(month)s"
    " AND elsewhere.msisdn = was.msisdn AND elsewhere.status IN ({active}))",
}


def _bills(client: Client, month: date, before: date, rule: str) -> list[tuple]:
    """The client's members of either month behind the rule, biggest loss or arrears first.

    Each row ends with the number of all such members.
    """
    is_arrears = rule == RuleCode.ARREARS
    amount = "arrears" if is_arrears else "total"
    order = "now.arrears" if is_arrears else "coalesce(was.total, 0) - coalesce(now.total, 0)"
    condition = _MEMBER_CONDITION[RuleCode(rule)].format(
        active=", ".join(str(status.value) for status in ON_NETWORK_STATUSES),
        pre_churn=", ".join(str(status.value) for status in PRE_CHURN_STATUSES),
    )
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT coalesce(now.msisdn, was.msisdn), was.{amount}, now.{amount},
                   was.status, now.status,
                   now.import_number, now.line, was.import_number, was.line, count(*) OVER ()
            FROM (SELECT * FROM analytics_memberbill
                  WHERE period = %(month)s AND client_id = %(client)s) now
            FULL JOIN (SELECT * FROM analytics_memberbill
                  WHERE period = %(before)s AND client_id = %(client)s) was USING (msisdn)
            WHERE {condition}
            ORDER BY {order} DESC, 1 LIMIT {MEMBERS_SHOWN}
            """,
            {"month": month, "before": before, "client": client.pk},
        )
        return cursor.fetchall()


def _member(bill: tuple) -> MemberEvidence:
    msisdn, previous, current, was_status, status, *source = bill
    number, line, old_number, old_line, _count = source
    return MemberEvidence(
        masked_number=masked(msisdn),
        previous=None if previous is None else Decimal(previous) / FEN,
        current=None if current is None else Decimal(current) / FEN,
        previous_status=_status(was_status),
        status=_status(status),
        source=f"#{number}:{line}" if number else f"#{old_number}:{old_line}",
    )


def _status(value: int | None) -> str:
    return "–" if value is None else str(MemberStatus(value).label)
