"""Member lines month by month, as whole numpy columns: who is there, in which state, at what fee."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from analytics.demo.company import DemoClient

STATUSES = ("active", "pre_churn", "suspended", "booked_cancel", "arrears_cancelled", "churned")
ACTIVE, PRE_CHURN, SUSPENDED, BOOKED, ARREARS_CANCELLED, CHURNED, ABSENT = range(7)
_CHANCES = {  # per mille and month, in the order of the states above, ABSENT last
    ACTIVE: (986, 4, 4, 1.5, 0.8, 2.2, 1.5),
    PRE_CHURN: (350, 400, 0, 100, 0, 150, 0),
    SUSPENDED: (450, 0, 430, 0, 120, 0, 0),
    BOOKED: (0, 0, 0, 0, 0, 800, 200),
    ARREARS_CANCELLED: (0, 0, 0, 0, 0, 0, 1000),
    CHURNED: (0, 0, 0, 0, 0, 0, 1000),
}
_MOVE_CHANCE = 0.0015
_STEADY_BELOW = {PRE_CHURN: 20, BOOKED: 20, ARREARS_CANCELLED: 8, CHURNED: 8, ABSENT: 8}
"""One member of a tiny client would raise an alert: such clients keep calm by themselves."""
_REUSED_AFTER = 3
_REUSED_SHARE = 0.3
NEVER = 127
_EPOCH = date(1970, 1, 1)


def days(day: date) -> int:
    return (day - _EPOCH).days


@dataclass(frozen=True)
class ClientColumns:
    """What the lines need to know of every client, as columns in client order."""

    size: np.ndarray
    median_fee: np.ndarray
    """fen a month"""
    pays_for_members: np.ndarray
    is_pinned: np.ndarray
    first_slot: np.ndarray

    @classmethod
    def of(cls, clients: Sequence[DemoClient], seed: int) -> "ClientColumns":
        rng = np.random.default_rng([seed, 2])
        size = np.array([each.members for each in clients], dtype=np.int64)
        by_class = {"A": 8_600, "B": 7_000, "C": 5_600}
        fee = np.array([by_class[each.client_class] for each in clients])
        return cls(
            size=size,
            median_fee=(fee * rng.uniform(0.8, 1.25, len(clients))).astype(np.int64),
            pays_for_members=rng.random(len(clients)) < 0.35,
            is_pinned=np.array([each.is_pinned for each in clients]),
            first_slot=np.concatenate([[0], np.cumsum(size)[:-1]]),
        )


class Lines:
    """A run of slots `start:stop` of all slots; a slot holds at most one member a month.

    Slots are laid out client by client. A slot left by its member gets a new one, at once when
    `steady`, otherwise a few months later; slots of pinned clients stay empty.
    """

    def __init__(
        self,
        columns: ClientColumns,
        start: int,
        stop: int,
        *,
        seed: int,
        first_month: date,
        steady: bool,
    ) -> None:
        self._columns, self._start, self._steady = columns, start, steady
        self._all_slots = int(columns.size.sum())
        self._rng = np.random.default_rng([seed, 3, start])
        self._freed: list[np.ndarray] = []
        slots = np.arange(start, stop)
        count = len(slots)
        self.home = np.searchsorted(columns.first_slot, slots, side="right") - 1
        self.client = self.home.copy()
        self.serial = slots.copy()
        self.generation = np.zeros(count, dtype=np.int64)
        self.status = np.full(count, ACTIVE, dtype=np.int8)
        self.wakes = np.zeros(count, dtype=np.int8)
        self.joined = np.zeros(count, dtype=np.int32)
        self.fee = np.zeros(count, dtype=np.int64)
        self.profile = np.zeros(count, dtype=np.int8)
        self.discount_permille = np.zeros(count, dtype=np.int16)
        self.tier = np.zeros(count, dtype=np.int8)
        self.corporate_paid = np.zeros(count, dtype=bool)
        self.payment = np.zeros(count, dtype=np.int8)
        everyone = np.arange(count)
        self._sign_up(everyone)
        self.joined[:] = days(first_month) - 30 - self._rng.integers(0, 5_500, count)
        self._settle_in(everyone)

    def _settle_in(self, everyone: np.ndarray) -> None:
        """The first month already has all states and, unless steady, some empty slots."""
        free = ~self._columns.is_pinned[self.home]
        self._change_states(everyone[free])
        self.status[self.status > BOOKED] = ACTIVE
        if not self._steady:
            late = free & (self._rng.random(len(everyone)) < 0.05)
            late &= ~np.isin(everyone + self._start, self._columns.first_slot)
            self.status[late] = ABSENT
            self.wakes[late] = self._rng.integers(1, 12, int(late.sum()))

    @property
    def present(self) -> np.ndarray:
        """Slots with a row in this month's bill."""
        return np.flatnonzero(self.status != ABSENT)

    def of_client(self, client: int) -> np.ndarray:
        return np.flatnonzero((self.client == client) & (self.status != ABSENT))

    def advance(self, index: int, month: date) -> None:
        """Go on to month number `index` (from 1): states change, members move, others join."""
        pinned = self._columns.is_pinned[self.client]
        gone = pinned & (self.status > BOOKED)
        self.status[gone], self.wakes[gone] = ABSENT, NEVER
        free = np.flatnonzero(~pinned & (self.status != ABSENT))
        self._change_states(free)
        left = free[self.status[free] == ABSENT]
        self._freed.append(self.serial[left])
        lag = 0 if self._steady else self._rng.integers(0, 5, len(left))
        self.wakes[left] = index + lag
        self._move()
        self._wake(index, month)

    def _change_states(self, slots: np.ndarray) -> None:
        before = self.status[slots]
        chance = self._rng.random(len(slots)) * 1000
        after = before.copy()
        for state, chances in _CHANCES.items():
            held = before == state
            after[held] = np.searchsorted(np.cumsum(chances), chance[held], side="right")
        size = self._columns.size[self.client[slots]]
        for state, smallest in _STEADY_BELOW.items():
            after[(before <= SUSPENDED) & (after == state) & (size < smallest)] = ACTIVE
        self.status[slots] = after

    def _move(self) -> None:
        columns = self._columns
        settled = (self.status == ACTIVE) & (columns.size[self.client] >= 20)
        settled &= ~columns.is_pinned[self.client]
        moving = np.flatnonzero(settled & (self._rng.random(len(settled)) < _MOVE_CHANCE))
        targets = np.flatnonzero(~columns.is_pinned)
        self.client[moving] = targets[self._rng.integers(0, len(targets), len(moving))]

    def _wake(self, index: int, month: date) -> None:
        waking = np.flatnonzero((self.status == ABSENT) & (self.wakes <= index))
        self.generation[waking] += 1
        self.serial[waking] = self._start + waking + self.generation[waking] * self._all_slots
        self._reuse_numbers(waking)
        self.client[waking] = self.home[waking]
        self.status[waking] = ACTIVE
        self._sign_up(waking)
        self.joined[waking] = days(month) + self._rng.integers(0, 28, len(waking))

    def _reuse_numbers(self, waking: np.ndarray) -> None:
        """Numbers left some months ago come back, in another place; each at most once."""
        if len(self._freed) <= _REUSED_AFTER:
            return
        old = self._freed[-1 - _REUSED_AFTER]
        lucky = self._rng.permutation(waking)[: int(len(waking) * _REUSED_SHARE)]
        count = min(len(old), len(lucky))
        self.serial[lucky[:count]] = old[:count]

    def _sign_up(self, slots: np.ndarray) -> None:
        """Draw fee, habits and tier of a new member in each of the slots."""
        rng, count, client = self._rng, len(slots), self.client[slots]
        fee = self._columns.median_fee[client] * np.exp(0.55 * rng.standard_normal(count))
        self.fee[slots] = np.clip(fee, 2_000, 30_000).astype(np.int64)
        self.profile[slots] = rng.integers(0, 16, count)
        self.discount_permille[slots] = rng.choice(
            [0, 50, 100, 200], count, p=[0.55, 0.2, 0.15, 0.1]
        )
        rank = self.fee[slots] + rng.integers(-4_000, 4_000, count)
        self.tier[slots] = np.searchsorted([11_000, 15_000, 20_000, 27_000], rank)
        pays = self._columns.pays_for_members[client]
        self.corporate_paid[slots] = pays & (rng.random(count) < 0.8)
        self.payment[slots] = np.where(pays, 2, rng.choice([0, 1, 1, 2, 3], count))
