"""What the page of one line shows of its bills, months and records."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby

from django.utils.translation import gettext as _

from accounts.choices import MemberStatus, PaymentMethod, Tier
from accounts.models import Client, Member
from analytics.choices import FeeCategory
from analytics.models import BusinessHandling, DailyUsage, MemberBill, Payment
from crm.lib.charts import Chart, Series
from staff.models import User

MONTHS = 6  # ANA-02
MONTHS_OF_HISTORY = 36
RECORDS = 100


@dataclass(frozen=True)
class FeeRow:
    """One category over the months, the oldest first; None where there is no bill."""

    label: str
    amounts: Sequence[Decimal | None]


@dataclass(frozen=True)
class MemberBills:
    """The last months of one line. `fees` has the categories that occur at all, in yuan."""

    months: Sequence[date]
    fees: Sequence[FeeRow]
    sums: Sequence[FeeRow]
    points: Sequence[int]
    payment_methods: Sequence[str]
    chart: Chart


def yuan(fen: int) -> Decimal:
    return Decimal(fen) / 100


def member_bills(member: Member, user: User) -> MemberBills:
    """Fees by category of the newest months with a bill, as far as the person may see them.

    A line that moved was another client's before: its bills there are for who sees that client.
    """
    bills = MemberBill.objects.visible_to(user).filter(msisdn=member.msisdn)
    rows = list(reversed(bills.order_by("-period")[:MONTHS]))
    fees = [
        FeeRow(str(category.label), [yuan(getattr(row, category.value)) for row in rows])
        for category in FeeCategory
        if any(getattr(row, category.value) for row in rows)
    ]
    return MemberBills(
        months=[row.period for row in rows],
        fees=fees,
        sums=[
            FeeRow(label, [yuan(getattr(row, name)) for row in rows])
            for name, label in (
                ("discount", _("Discount")), ("total", _("Sum")), ("arrears", _("Arrears")),
            )
        ],
        points=[row.points for row in rows],
        payment_methods=[str(PaymentMethod(row.payment_method).label) for row in rows],
        chart=Chart(
            "member-fees",
            _("Fees of the last months"),
            [f"{row.period:%Y-%m}" for row in rows],
            [Series(fee.label, fee.amounts) for fee in fees],
            kind="stacked",
            unit="¥",
        ),
    )  # fmt: skip


# History --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Stretch:
    """Months in a row in which a line stood the same: client, status, card."""

    first: date
    last: date
    client_id: object
    client: str
    status: str
    tier: str


def member_history(member: Member, user: User) -> list[Stretch]:
    """Derived from the stored bills (ADR 0029), the newest stretch first.

    Clients out of the person's sight stay unnamed: that the line came from elsewhere may be known,
    whose it was may not (SEC-01).
    """
    bills = MemberBill.objects.filter(msisdn=member.msisdn).order_by("-period")
    rows = list(bills.values_list("period", "client_id", "status", "tier")[:MONTHS_OF_HISTORY])
    seen = _names_of({client for _month, client, _status, _tier in rows}, user)
    return list(_stretches(rows, seen))


def _names_of(clients: set, user: User) -> dict:
    return dict(Client.objects.visible_to(user).filter(pk__in=clients).values_list("pk", "name"))


def _stretches(rows: list, names: dict) -> Iterator[Stretch]:
    for (client, status, tier), group in groupby(rows, key=lambda row: row[1:]):
        months = [row[0] for row in group]
        yield Stretch(
            first=months[-1],
            last=months[0],
            client_id=client if client in names else None,
            client=names.get(client, _("another client")),
            status=str(MemberStatus(status).label),
            tier=str(Tier(tier).label) if tier else "",
        )


# Records --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class MemberRecords:
    """What one line paid, had done and used, the newest first; at most RECORDS of each."""

    payments: Sequence[Payment]
    handlings: Sequence[BusinessHandling]
    usage: Sequence[DailyUsage]


def member_records(member: Member, user: User) -> MemberRecords:
    """Call-detail-like: whoever shows it registers the look (SEC-05)."""
    usage = DailyUsage.objects.visible_to(user).filter(member=member).current()
    return MemberRecords(
        payments=list(
            Payment.objects.visible_to(user).filter(member=member).newest_first()[:RECORDS]
        ),
        handlings=list(
            BusinessHandling.objects.visible_to(user).filter(member=member).newest_first()[:RECORDS]
        ),
        usage=list(usage.order_by("-day")[:RECORDS]),
    )
