"""What a client's page shows of bills and alerts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, TypeVar

from django.conf import settings
from django.db.models import Sum
from django.utils.translation import gettext as _

from accounts.models import Client
from analytics.models import (
    Alert,
    BusinessHandling,
    ClientMonth,
    DailyUsage,
    Payment,
    ProductBill,
)
from analytics.models.records import OperationQuerySet
from crm.lib.charts import Chart, Series
from staff.models import User

Record = TypeVar("Record", Payment, BusinessHandling)
MONTHS = 13
RECORDS = 20


@dataclass(frozen=True)
class MonthRow:
    """One month of a client: facts and income per handset (null without handsets, ANA-86)."""

    fact: ClientMonth

    @property
    def per_handset(self) -> Decimal | None:
        return self.fact.income / self.fact.active if self.fact.active else None

    @property
    def change(self) -> Decimal | None:
        before = self.fact.previous_income
        return (self.fact.income - before) / before if before and before > 0 else None


@dataclass(frozen=True)
class ClientBills:
    months: Sequence[MonthRow]
    charts: Sequence[Chart]
    products: Sequence[ProductBill]
    payments: Sequence[Payment]


@dataclass(frozen=True)
class ProductUse:
    """One group product over the months: `amounts`, the oldest first, None where it was not billed.

    `is_gone`: billed before, but not in the newest month.
    """

    name: str
    category: str
    amounts: Sequence[Decimal | None]
    first_month: date
    last_month: date
    is_gone: bool

    @property
    def newest(self) -> Decimal:
        return next(amount for amount in reversed(self.amounts) if amount is not None)

    @property
    def line(self) -> list[Decimal]:
        return [amount or Decimal(0) for amount in self.amounts]


@dataclass(frozen=True)
class ClientBusiness:
    """What the client uses: products by month, what was handled lately, usage of the last days."""

    products: Sequence[ProductUse]
    handlings: Sequence[BusinessHandling]
    usage: Sequence[Chart]


def client_months(client: Client, user: User) -> list[MonthRow]:
    """The client's last months, the newest first."""
    facts = ClientMonth.objects.visible_to(user).filter(client=client).order_by("-period")
    return [MonthRow(fact) for fact in facts[:MONTHS]]


def client_bills(client: Client, user: User) -> ClientBills:
    months = client_months(client, user)
    products = ProductBill.objects.visible_to(user).filter(client=client)
    newest = months[0].fact.period if months else None
    return ClientBills(
        months=months,
        charts=trend_charts(months),
        products=list(
            products.filter(period__in=[newest] if newest else []).order_by("product_code")
        ),
        payments=_newest_records(Payment.objects.visible_to(user), client),
    )


def client_business(client: Client, user: User) -> ClientBusiness:
    """How the client uses our services, from imported data (ARC-24)."""
    return ClientBusiness(
        products=product_use(client, user),
        handlings=_newest_records(BusinessHandling.objects.visible_to(user), client),
        usage=usage_charts(client, user),
    )


def product_use(client: Client, user: User) -> list[ProductUse]:
    """Each product of the last months, those still billed first, the dearest first."""
    bills = ProductBill.objects.visible_to(user).filter(client=client)
    months = sorted(bills.order_by("-period").values_list("period", flat=True).distinct()[:MONTHS])
    by_product: dict[str, dict[date, ProductBill]] = {}
    for bill in bills.filter(period__in=months).order_by("period", "product_code"):
        by_product.setdefault(bill.product_code, {})[bill.period] = bill
    found = []
    for of_month in by_product.values():
        last = of_month[max(of_month)]
        found.append(
            ProductUse(
                name=last.product_name or last.product_code,
                category=last.get_category_display(),
                amounts=[of_month[m].amount if m in of_month else None for m in months],
                first_month=min(of_month),
                last_month=last.period,
                is_gone=last.period != months[-1],
            )
        )
    return sorted(found, key=lambda use: (use.is_gone, -use.newest, use.name))


def _newest_records(rows: OperationQuerySet[Record], client: Client) -> list[Record]:
    """The newest lines of the client's members, with the member for its masked number."""
    mine = rows.filter(member__client=client).select_related("member")
    return list(mine.newest_first()[:RECORDS])


def usage_charts(client: Client, user: User) -> list[Chart]:
    """What all members used on each of the last days (ANA-03); empty without any use.

    The days end with the newest one there is; a day without rows is a gap.
    """
    rows = DailyUsage.objects.visible_to(user).filter(member__client=client).current()
    sums = (
        rows.order_by()
        .values("day")
        .annotate(voice=Sum("voice_minutes"), data=Sum("data_mb"), texts=Sum("sms"))
    )
    by_day: dict[date, dict[str, Any]] = {each["day"]: {**each} for each in sums}
    if not by_day:
        return []
    first = max(by_day) - timedelta(days=settings.USAGE_DAYS - 1)
    days = [first + timedelta(days=n) for n in range(settings.USAGE_DAYS)]
    return [
        Chart(
            f"client-usage-{name}",
            title,
            [f"{day:%m-%d}" for day in days],
            [Series(title, [by_day[day][name] if day in by_day else None for day in days])],
            unit=unit,
        )
        for name, title, unit in (
            ("voice", _("Voice minutes"), _("min")),
            ("data", _("Mobile data (MB)"), "MB"),
            ("texts", _("SMS sent"), ""),
        )
        if any(each[name] for each in by_day.values())
    ]


def trend_charts(months: Sequence[MonthRow]) -> list[Chart]:
    facts = [month.fact for month in reversed(months)]
    labels = [f"{fact.period:%Y-%m}" for fact in facts]
    return [
        Chart(
            "client-income",
            _("Income"),
            labels,
            [
                Series(_("Members"), [fact.member_income for fact in facts]),
                Series(_("Products"), [fact.product_income for fact in facts]),
            ],
            kind="stacked",
            unit="¥",
        ),
        Chart(
            "client-members",
            _("Members"),
            labels,
            [
                Series(_("Active"), [fact.active for fact in facts]),
                Series(_("Pre-churn"), [fact.pre_churn for fact in facts]),
            ],
        ),
    ]


def open_alerts(client: Client, user: User) -> list[Alert]:
    return list(Alert.objects.visible_to(user).open().filter(client=client).by_money_at_risk())
