"""What a client's page shows of bills and alerts."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from accounts.models import Client
from analytics.models import Alert, ClientMonth, ProductBill
from crm.lib.charts import Chart, Series
from staff.models import User

MONTHS = 13


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
    )


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
