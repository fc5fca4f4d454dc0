"""Monthly member and product bills of the demo company, in integer fen, with their stories."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from analytics.demo.company import DemoClient
from analytics.demo.lines import (
    ABSENT,
    BOOKED,
    CHURNED,
    NEVER,
    PRE_CHURN,
    STATUSES,
    SUSPENDED,
    ClientColumns,
    Lines,
)
from analytics.demo.numbers import mobile_numbers
from analytics.demo.stories import EFFECTS, STORIES, STORY_MONTHS, Effect, Story, month_before

__all__ = ["STORIES", "BillMonth", "BillingYear", "Story", "last_complete_month"]

CHARGES = (
    "local",
    "domestic_long_distance",
    "international_long_distance",
    "roaming_in_province",
    "roaming_out_of_province",
    "ip",
    "sms",
    "voice_value_added",
    "mobile_data",
    "cmnet",
    "internet_line",
    "voip_line",
    "vpn",
    "other",
)
MEMBER_COLUMNS = (
    "period",
    "client_code",
    "client_name",
    "msisdn",
    "status",
    "tier",
    "joined_on",
    "corporate_paid",
    *CHARGES,
    "discount",
    "total",
    "arrears",
    "payment_method",
    "points",
)
MONEY_COLUMNS = (*CHARGES, "discount", "total", "arrears")
PRODUCT_COLUMNS = (
    "period",
    "client_code",
    "product_code",
    "product_name",
    "category",
    "amount",
)
TIERS = (None, "vip", "silver", "gold", "diamond")
PAYMENT_METHODS = ("cash", "transfer", "collection", None)
TOTAL_MISMATCH_SHARE = 0.0005
"""Rows of unpinned clients whose total differs from the sum of the charges by 0.02 to 5.00."""
BLOCK_ROWS = 200_000

_VOICE, _DATA, _ABROAD, _ROAMING, _REST = range(5)
_SEASON_OF_CHARGE = np.array([0, 0, 2, 3, 3, 0, 4, 4, 1, 1, 4, 4, 4, 4])
_FESTIVAL = (930, 880, 700, 1250, 1000)
_SEASONS = {  # per mille by calendar month: voice, data, abroad, roaming, rest
    1: (1000, 990, 980, 1080, 1000),
    2: (985, 970, 950, 1050, 1000),
    3: (1000, 1000, 1000, 950, 1000),
    4: (1000, 1005, 1010, 960, 1000),
    5: (1005, 1010, 1010, 1010, 1000),
    6: (1000, 1010, 1000, 980, 1000),
    7: (1005, 1025, 1020, 1080, 1000),
    8: (1010, 1030, 1020, 1090, 1000),
    9: (1030, 1050, 1040, 1020, 1010),
    10: (1045, 1065, 1050, 1120, 1015),
    11: (1035, 1050, 1040, 990, 1010),
    12: (1020, 1030, 1020, 980, 1010),
}
_FESTIVAL_IN_JANUARY = (2020, 2023, 2025, 2028, 2031, 2033, 2036, 2039)
_GROWTH = (998, 1006, 1000, 1000, 1002)
"""Per mille and month, in the order of the seasons."""

PRODUCTS = (
    ("P1005", "企业短信", "sms", False),
    ("P1001", "互联网专线100M", "internet_line", True),
    ("P1002", "数据专线", "vpn", True),
    ("P1003", "语音专线", "voip_line", True),
    ("P1004", "集团V网", "voice_value_added", True),
    ("P1006", "企业彩铃", "voice_value_added", True),
    ("P1007", "移动云主机", "other", True),
    ("P1008", "物联网卡", "mobile_data", False),
    ("P1009", "云视讯会议", "cmnet", False),
    ("P1010", "视频监控", "other", True),
)
"""Code, name, income column, whether the monthly amount is flat."""
_BALANCING = 0
_GRID_FEN = 1_000
"""Income of a pinned client is a multiple, so that a story's share of it is exact to the fen."""


def last_complete_month(today: date) -> date:
    return month_before(today, 1)


@dataclass(frozen=True)
class BillMonth:
    """Member rows and product rows of one month; money columns hold integer fen."""

    period: date
    members: pl.DataFrame
    products: pl.DataFrame


class BillingYear:
    """The bills of `months` months up to `last_month`, the same for the same arguments."""

    def __init__(
        self,
        clients: Sequence[DemoClient],
        *,
        seed: int,
        last_month: date,
        months: int = 13,
        with_stories: bool = True,
        steady: bool = False,
    ) -> None:
        if with_stories and months <= STORY_MONTHS:
            raise ValueError(f"the stories need more than {STORY_MONTHS} months")
        self.clients, self.seed = clients, seed
        self.periods = [month_before(last_month, ago) for ago in reversed(range(months))]
        self._columns = ClientColumns.of(clients, seed)
        self._codes = pl.Series([each.code for each in clients])
        self._names = pl.Series([each.name for each in clients])
        self._index = {each.code: at for at, each in enumerate(clients)}
        self._product_base = _product_base(clients, self._columns, seed)
        self._with_stories, self._steady = with_stories, steady

    def months(self) -> Iterator[BillMonth]:
        """All members of a month in one frame: for the demo, not for millions of rows."""
        lines = self._lines(0, int(self._columns.size.sum()))
        level = np.full(len(self.clients), 1000, dtype=np.int64)
        income: dict[int, int] = {}
        for index, period in enumerate(self.periods):
            if index:
                lines.advance(index, period)
            effects = self._effects(len(self.periods) - 1 - index)
            _apply_to_lines(lines, effects, self._index)
            bill = self._charge(lines, index, level)
            products = self._products(index, level)
            products[~self._served(lines)] = 0
            if self._with_stories:
                income = self._settle_pinned(bill, products, effects, level, income)
            yield BillMonth(
                period,
                self._member_frame(lines, bill, period),
                self._product_frame(products, period),
            )

    def blocks(self) -> Iterator[Iterator[pl.DataFrame]]:
        """Member frames of at most BLOCK_ROWS rows: for each run of slots, all its months."""
        slots = int(self._columns.size.sum())
        for start in range(0, slots, BLOCK_ROWS):
            yield self._block_months(self._lines(start, min(start + BLOCK_ROWS, slots)))

    def _block_months(self, lines: Lines) -> Iterator[pl.DataFrame]:
        level = np.full(len(self.clients), 1000, dtype=np.int64)
        for index, period in enumerate(self.periods):
            if index:
                lines.advance(index, period)
            yield self._member_frame(lines, self._charge(lines, index, level), period)

    def _lines(self, start: int, stop: int) -> Lines:
        return Lines(
            self._columns,
            start,
            stop,
            seed=self.seed,
            first_month=self.periods[0],
            steady=self._steady,
        )

    def _effects(self, months_ago: int) -> dict[int, Effect]:
        if not self._with_stories:
            return {}
        return {
            self._index[each.client_code]: each for each in EFFECTS if each.months_ago == months_ago
        }

    def _charge(self, lines: Lines, index: int, level: np.ndarray) -> "_Bill":
        """Charges, discount, total and arrears of the lines present, from integer factors."""
        slots = lines.present
        client, status = lines.client[slots], lines.status[slots]
        rng = np.random.default_rng([self.seed, 4, index, int(lines.serial[0]), len(slots)])
        noise = np.clip(1000 + 80 * rng.standard_normal(len(slots)), 700, 1300).astype(np.int64)
        noise[status == SUSPENDED] //= 4
        noise[status > BOOKED] //= 3
        factor = lines.fee[slots] * noise * self._mood(index)[client] * level[client] // 1_000_000
        weights = _PROFILES * _season(self.periods[index], index)[_SEASON_OF_CHARGE]
        charges = factor[:, None] * weights[lines.profile[slots]] // 1_000_000_000
        discount = charges.sum(axis=1) * lines.discount_permille[slots] // 1000
        bill = _Bill(slots, client, charges, discount)
        bill.total = bill.sum()
        self._miscount(bill, rng)
        self._owe(bill, status, index, rng)
        return bill

    def _mood(self, index: int) -> np.ndarray:
        """Per mille by client: a month is a little better or worse for a client as a whole."""
        rng = np.random.default_rng([self.seed, 5, index])
        drawn = 1000 + 25 * rng.standard_normal(len(self.clients))
        return np.clip(drawn, 930, 1070).astype(np.int64)

    def _miscount(self, bill: "_Bill", rng: np.random.Generator) -> None:
        chosen = rng.random(len(bill.slots)) < TOTAL_MISMATCH_SHARE
        chosen &= ~self._columns.is_pinned[bill.client] & (bill.total > 500)
        sign = rng.choice([-1, 1], len(bill.slots))
        bill.total = bill.total + chosen * sign * rng.integers(2, 501, len(bill.slots))

    def _owe(self, bill: "_Bill", status: np.ndarray, index: int, rng: np.random.Generator) -> None:
        """Suspended members owe a bill, a few others too, and many members of a few clients."""
        slow = np.random.default_rng([self.seed, 6, index]).random(len(self.clients)) < 0.01
        chance = rng.random(len(bill.slots))
        owes = (status == SUSPENDED) | (chance < 0.003) | (slow[bill.client] & (chance < 0.35))
        owes &= ~self._columns.is_pinned[bill.client]
        bill.arrears = np.where(owes, bill.total * rng.integers(1, 3, len(owes)), 0)

    def _served(self, lines: Lines) -> np.ndarray:
        """Clients with members: one without keeps no products either."""
        return np.bincount(lines.client[lines.present], minlength=len(self.clients)) > 0

    def _products(self, index: int, level: np.ndarray) -> np.ndarray:
        """Fen by client and product."""
        rng = np.random.default_rng([self.seed, 7, index])
        usage = 1000 + np.clip(20 * rng.standard_normal(self._product_base.shape), -60, 60)
        factor = usage.astype(np.int64) * (1000 + 3 * index) // 1000
        factor[:, [flat for *_, flat in PRODUCTS]] = 1000
        return self._product_base * factor * level[:, None] // 1_000_000

    def _settle_pinned(
        self,
        bill: "_Bill",
        products: np.ndarray,
        effects: dict[int, Effect],
        level: np.ndarray,
        before: dict[int, int],
    ) -> dict[int, int]:
        """Bring each pinned client's income onto the grid, or exactly where its story wants it."""
        income = {}
        for client in np.flatnonzero(self._columns.is_pinned).tolist():
            rows = np.flatnonzero(bill.client == client)
            effect = effects.get(client)
            if effect and effect.income_permille is not None:
                target = before[client] * effect.income_permille // 1000
                _scale_to(bill, products, client, rows, target)
                level[client] = level[client] * effect.income_permille // 1000
            else:
                earned = int(bill.total[rows].sum() + products[client].sum())
                target = earned // _GRID_FEN * _GRID_FEN
            members = int(bill.total[rows].sum())
            products[client, _BALANCING] += target - members - int(products[client].sum())
            income[client] = target
            if effect and len(rows):
                _owe_exactly(bill, rows, effect, target)
        return income

    def _member_frame(self, lines: Lines, bill: "_Bill", period: date) -> pl.DataFrame:
        slots = bill.slots
        tenure = (period - date(1970, 1, 1)).days - lines.joined[slots]
        points = np.maximum(tenure // 30, 0) * (lines.fee[slots] // 1000) // 2
        columns = {
            "period": pl.Series([period]).new_from_index(0, len(slots)),
            "client_code": self._codes.gather(bill.client),
            "client_name": self._names.gather(bill.client),
            "msisdn": mobile_numbers(lines.serial[slots]),
            "status": pl.Series(STATUSES).gather(lines.status[slots]),
            "tier": pl.Series(TIERS).gather(lines.tier[slots]),
            "joined_on": pl.Series(lines.joined[slots], dtype=pl.Int32).cast(pl.Date),
            "corporate_paid": lines.corporate_paid[slots],
            **{name: bill.charges[:, at] for at, name in enumerate(CHARGES)},
            "discount": bill.discount,
            "total": bill.total,
            "arrears": bill.arrears,
            "payment_method": pl.Series(PAYMENT_METHODS).gather(lines.payment[slots]),
            "points": points,
        }
        return pl.DataFrame(columns).select(MEMBER_COLUMNS)

    def product_bills(self) -> Iterator[pl.DataFrame]:
        """Product rows alone, month by month, for a steady company without stories."""
        level = np.full(len(self.clients), 1000, dtype=np.int64)
        for index, period in enumerate(self.periods):
            yield self._product_frame(self._products(index, level), period)

    def _product_frame(self, amounts: np.ndarray, period: date) -> pl.DataFrame:
        client, product = np.nonzero(amounts)
        code, name, category, _ = (pl.Series(column) for column in zip(*PRODUCTS, strict=True))
        columns = {
            "period": pl.Series([period]).new_from_index(0, len(client)),
            "client_code": self._codes.gather(client),
            "product_code": code.gather(product),
            "product_name": name.gather(product),
            "category": category.gather(product),
            "amount": amounts[client, product],
        }
        return pl.DataFrame(columns).select(PRODUCT_COLUMNS)


class _Bill:
    """The money of one month's rows; `slots` and `client` say whose it is."""

    def __init__(
        self, slots: np.ndarray, client: np.ndarray, charges: np.ndarray, discount: np.ndarray
    ) -> None:
        self.slots, self.client, self.charges, self.discount = slots, client, charges, discount
        self.total = self.arrears = np.zeros(len(slots), dtype=np.int64)

    def sum(self) -> np.ndarray:
        return self.charges.sum(axis=1) - self.discount


def _profiles() -> np.ndarray:
    """Sixteen habits of use: how a fee spreads over the charges, per mille."""
    rng = np.random.default_rng(20_250_101)
    mean = np.array([28, 12, 0.6, 4, 5, 1, 4, 5, 30, 4, 0.5, 0.5, 0.5, 3])
    drawn = mean * rng.gamma(2.0, 0.5, (16, len(CHARGES))) * (rng.random((16, 14)) < 0.85)
    drawn[:, 2] *= np.arange(16) % 5 == 0
    drawn[::5, 2] = 6
    permille = np.floor(drawn * 1000 / drawn.sum(axis=1, keepdims=True)).astype(np.int64)
    permille[:, 0] += 1000 - permille.sum(axis=1)
    return permille


_PROFILES = _profiles()


def _season(period: date, index: int) -> np.ndarray:
    """Per mille by kind of charge, with the slow growth since the first month."""
    festival = 1 if period.year in _FESTIVAL_IN_JANUARY else 2
    season = _FESTIVAL if period.month == festival else _SEASONS[period.month]
    grown = [1000 + (rate - 1000) * index for rate in _GROWTH]
    return np.array(season) * np.array(grown) // 1000


def _product_base(clients: Sequence[DemoClient], columns: ClientColumns, seed: int) -> np.ndarray:
    """Fen by client and product in the first month; A clients reach 30,000 yuan and more."""
    rng = np.random.default_rng([seed, 8])
    expected = columns.size * columns.median_fee * 23 // 20
    shape = (len(clients), len(PRODUCTS))
    order = rng.random(shape).argsort(axis=1)
    classes = np.array([each.client_class for each in clients])
    held = order < np.select([classes == "A", classes == "B"], [5, 3], 1)[:, None]
    held[:, _BALANCING] |= columns.is_pinned
    shares = np.where(held, rng.uniform(0.4, 1.6, shape), 0.0)
    shares[:, _BALANCING] += columns.is_pinned * 1.0
    wanted = _product_income(rng, classes, expected)
    wanted = np.maximum(wanted, columns.is_pinned * 20_000)
    base = wanted[:, None] * shares / shares.sum(axis=1, keepdims=True)
    return base.astype(np.int64) // 500 * 500


def _product_income(
    rng: np.random.Generator, classes: np.ndarray, expected: np.ndarray
) -> np.ndarray:
    drawn = np.exp(rng.standard_normal(len(classes)))
    whole_of_a = np.clip(7_000_000 * drawn**0.55, 3_600_000, 26_000_000)
    of_a = np.maximum(whole_of_a - expected, 400_000)
    of_b = np.clip(240_000 * drawn**0.6, 30_000, 1_500_000)
    of_c = np.where(rng.random(len(classes)) < 0.5, np.clip(22_000 * drawn**0.5, 8_000, 60_000), 0)
    return np.where(classes == "A", of_a, np.where(classes == "B", of_b, of_c))


def _apply_to_lines(lines: Lines, effects: dict[int, Effect], index: dict[str, int]) -> None:
    for client, effect in effects.items():
        slots = lines.of_client(client)
        if effect.gone:
            lines.status[slots], lines.wakes[slots] = ABSENT, NEVER
        if effect.lost:
            leaving = slots[: effect.lost]
            silent = leaving[: effect.lost // 2]
            lines.status[leaving] = CHURNED
            lines.status[silent], lines.wakes[silent] = ABSENT, NEVER
        if effect.pre_churn:
            lines.status[slots[: effect.pre_churn]] = PRE_CHURN
            lines.status[slots[: effect.pre_churn // 3]] = BOOKED
        if effect.moved:
            lines.client[slots[: effect.moved]] = index[effect.moved_to]


def _scale_to(
    bill: _Bill, products: np.ndarray, client: int, rows: np.ndarray, target: int
) -> None:
    """Scale members and products so that they stay just below `target`, in the same proportion."""
    members = int(bill.total[rows].sum())
    earned = members + int(products[client].sum())
    wanted = max(0, target * members // earned - len(rows))
    parts_per_million = wanted * 1_000_000 // members
    bill.charges[rows] = bill.charges[rows] * parts_per_million // 1_000_000
    bill.discount[rows] = bill.discount[rows] * parts_per_million // 1_000_000
    bill.total[rows] = bill.sum()[rows]
    products[client] = products[client] * target // earned


def _owe_exactly(bill: _Bill, rows: np.ndarray, effect: Effect, income: int) -> None:
    owed = effect.arrears_fen or income * effect.arrears_permille // 1000
    debtors = rows[: max(1, len(rows) // 4)]
    bill.arrears[debtors] = owed // len(debtors)
    bill.arrears[debtors[0]] += owed - owed // len(debtors) * len(debtors)
