"""A small random company, and what its months must lead to, worked out in plain Python.

Nothing of the code under test is used here: members are counted with sets, money with Decimal.
"""

import random
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

MONTHS = [date(2026, 3, 1), date(2026, 4, 1), date(2026, 5, 1), date(2026, 6, 1)]
ON_NETWORK = ("active", "pre_churn", "suspended", "booked_cancel")
GONE = ("arrears_cancelled", "churned")


@dataclass(frozen=True)
class Bill:
    number: int
    client: str
    status: str
    fen: int
    arrears_fen: int


@dataclass
class Company:
    members: dict[date, list[Bill]] = field(default_factory=dict)
    # Month -> (client, product) -> fen
    products: dict[date, dict[tuple[str, str], int]] = field(default_factory=dict)


def make_company(seed: int, clients: int = 14) -> Company:
    """Months in which clients slip, pay late, vanish and swap members."""
    luck = random.Random(seed)  # noqa: S311 -- test data
    company = Company()
    codes = [f"C{n:02}" for n in range(clients)]
    bills: dict[int, Bill] = {}
    fresh = iter(range(13_500_000_000, 13_600_000_000))
    for month in MONTHS:
        bills = _next_month(luck, codes, bills, fresh)
        company.members[month] = list(bills.values())
        company.products[month] = {
            (code, f"P{n}"): luck.choice([luck.randint(1, 500_000), -luck.randint(1, 9_999)])
            for code in codes
            for n in range(luck.choice([0, 0, 1, 2]))
        }
    return company


def _next_month(luck, codes, before: dict[int, Bill], fresh) -> dict[int, Bill]:
    bills = {}
    moods = {code: luck.choice([1, 1, 1, 0.7, 0.69, 0.3, 1.5]) for code in codes}
    leaving = {code: luck.choice([0, 0, 0.03, 0.12, 0.3, 1]) for code in codes}
    wavering = {code: luck.choice([0, 0.05, 0.1, 0.2]) for code in codes}
    for old in before.values():
        chance = luck.random()
        if chance < leaving[old.client] / 2:
            continue
        client = luck.choice(codes) if luck.random() < 0.03 else old.client
        status = "active"
        if chance < leaving[old.client]:
            status = luck.choice(GONE)
        elif luck.random() < wavering[client]:
            status = luck.choice(ON_NETWORK)
        elif old.status in GONE and luck.random() < 0.9:
            continue
        fen = int(old.fen * moods[client]) + luck.choice([0, 0, 1, -1])
        owed = luck.choice([0, 0, 0, luck.randint(1, 30_000)])
        bills[old.number] = Bill(old.number, client, status, fen, owed)
    for code in codes:
        for _ in range(luck.randint(3, 30) if not before else luck.randint(0, 2)):
            number = next(fresh)
            bills[number] = Bill(number, code, "active", luck.randint(100, 20_000), 0)
    return bills


@dataclass(frozen=True)
class Line:
    """One line of the exported readings."""

    client: str
    rule: str
    month: date
    previous: str
    current: str
    ratio: str

    def text(self) -> str:
        figures = f"{self.previous},{self.current},{self.ratio}"
        return f"{self.client},{self.rule},{self.month:%Y-%m},{figures},open"


def expected_lines(company: Company, month: date, complete: set[date]) -> list[Line]:
    """The readings of a complete month, sorted by client code, then rule."""
    before = max((m for m in MONTHS if m < month), default=None)
    compared = before is not None and before in complete
    income, arrears, active, pre_churn = _sums(company, month)
    clients = set(income) | set(arrears)
    lost: dict[str, int] = {}
    if compared:
        income_before, arrears_before, active_before, _ = _sums(company, before)
        clients |= set(income_before)
        here = {bill.number: bill for bill in company.members[month]}
        lost = defaultdict(int)
        for bill in company.members[before]:
            now = here.get(bill.number)
            if bill.status in ON_NETWORK and (now is None or now.status in GONE):
                lost[bill.client] += 1
    lines = []
    for client in clients:
        current = income.get(client, 0)
        if compared:
            previous = income_before.get(client, 0)
            if previous > 0 and (previous - current) * 10 > previous * 3:
                ratio = _ratio(previous - current, previous)
                lines.append(
                    Line(client, "revenue_drop", month, _yuan(previous), _yuan(current), ratio)
                )
            had = len(active_before.get(client, ()))
            if lost[client] >= 3 and lost[client] * 10 >= had:
                lines.append(
                    Line(
                        client,
                        "member_loss",
                        month,
                        str(had),
                        str(lost[client]),
                        _ratio(lost[client], had),
                    )
                )
        has, wavers = len(active.get(client, ())), pre_churn.get(client, 0)
        if wavers >= 1 and wavers * 10 >= has:
            lines.append(
                Line(client, "pre_churn", month, str(has), str(wavers), _ratio(wavers, has))
            )
        owed = arrears.get(client, 0)
        if owed >= 10_000 and owed * 10 >= current:
            ratio = _ratio(owed, current) if current > 0 else ""
            was = arrears_before.get(client, 0) if compared else 0
            lines.append(Line(client, "arrears", month, _yuan(was), _yuan(owed), ratio))
    return sorted(lines, key=lambda line: (line.client, line.rule))


def _sums(company: Company, month: date):
    income: dict[str, int] = defaultdict(int)
    arrears: dict[str, int] = defaultdict(int)
    active: dict[str, set[int]] = defaultdict(set)
    pre_churn: dict[str, int] = defaultdict(int)
    for bill in company.members[month]:
        income[bill.client] += bill.fen
        arrears[bill.client] += bill.arrears_fen
        if bill.status in ON_NETWORK:
            active[bill.client].add(bill.number)
        pre_churn[bill.client] += bill.status in ("pre_churn", "booked_cancel")
    for (client, _), fen in company.products[month].items():
        income[client] += fen
    return income, arrears, active, pre_churn


def _yuan(fen: int) -> str:
    return f"{Decimal(fen) / 100:.2f}"


def _ratio(part: int, whole: int) -> str:
    return str((Decimal(part) / Decimal(whole)).quantize(Decimal("0.0001"), ROUND_HALF_UP))


def member_rows(company: Company, month: date) -> list[dict[str, str]]:
    """The month as lines of a member bill."""
    return [
        {
            "period": f"{month:%Y-%m}",
            "client_code": bill.client,
            "msisdn": str(bill.number),
            "status": bill.status,
            "total": _yuan(bill.fen),
            "arrears": _yuan(bill.arrears_fen),
        }
        for bill in company.members[month]
    ]


def product_rows(company: Company, month: date) -> list[dict[str, str]]:
    """The month as lines of a product bill."""
    return [
        {
            "period": f"{month:%Y-%m}",
            "client_code": client,
            "product_code": product,
            "amount": _yuan(fen),
        }
        for (client, product), fen in company.products[month].items()
    ]
