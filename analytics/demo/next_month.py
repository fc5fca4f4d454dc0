"""The months after the demo's own: what happens next to one client of wang.fang."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from analytics.demo.bills import BillingYear
from analytics.demo.company import DemoClient, build_company
from analytics.demo.files import (
    DEFAULT_SEED,
    WINDOWS,
    DemoFile,
    write_member_bill,
    write_product_bill,
)
from analytics.demo.stories import PINNED, Effect, PinnedClient

DEMO_MONTHS = 13
CLIENT: PinnedClient = next(each for each in PINNED if each.code == "451000003")
# Lost to a competitor in the first month, won back in the second; quiet from then on.
EFFECTS = (
    Effect(CLIENT.code, 0, income_permille=400),
    Effect(CLIENT.code, 0, income_permille=2000),
)
BAD_ROWS = 14


class LongerYear(BillingYear):
    """The demo's thirteen months, unchanged, and `extra` months behind them."""

    def __init__(
        self, clients: Sequence[DemoClient], *, seed: int, last_month: date, extra: int
    ) -> None:
        super().__init__(clients, seed=seed, last_month=last_month, months=DEMO_MONTHS + extra)
        self._extra = extra

    def _effects(self, months_ago: int) -> dict[int, Effect]:
        # The stories count back from the demo's last month, not from ours.
        if months_ago >= self._extra:
            return super()._effects(months_ago - self._extra)
        number = self._extra - 1 - months_ago
        if number >= len(EFFECTS):
            return {}
        return {self._index[CLIENT.code]: EFFECTS[number]}


def write_next_month(
    folder: Path, *, first_month: date, month: date, seed: int = DEFAULT_SEED
) -> list[DemoFile]:
    """Member and product bill of `month`, when the demo was loaded from `first_month` on."""
    extra = _months_between(first_month, month) + 1 - DEMO_MONTHS
    if extra < 1:
        raise ValueError(f"{month:%Y-%m} is one of the demo's own months")
    year = LongerYear(build_company(seed=seed), seed=seed, last_month=month, extra=extra)
    *_, bill = year.months()
    return [
        write_product_bill(
            folder / f"product_bill_{month:%Y-%m}.csv", bill.products, dialect=WINDOWS
        ),
        write_member_bill(
            folder / f"member_bill_{month:%Y-%m}.csv",
            bill.members,
            dialect=WINDOWS,
            bad=BAD_ROWS,
            seed=seed,
        ),
    ]


def _months_between(first: date, last: date) -> int:
    return (last.year - first.year) * 12 + last.month - first.month
