"""What some members of the demo company paid, had done and used, as the handbook's samples look."""

import csv
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from io import StringIO
from pathlib import Path

import numpy as np
import polars as pl

from analytics.demo.dialects import Dialect
from crm.lib.months import month_before

MEMBERS_OF_A_CLIENT = 4
MONTHS = 2
DAYS = 30
# Settlements that differ from what was paid before, one of so many (ANA-12).
WRONG_SETTLEMENTS = 80
HANDLINGS = (
    ("改服务方法", None, "营业厅"),
    ("集团成员申请", "0.00", "客户经理上门"),
    ("GPRS套餐", "20.00", "网上营业厅"),
    ("短信套餐", "10.00", "营业厅"),
)
METHODS = ("现金", "划账", "托收")
PAYMENT_HEADER = ("序号", "号码", "流水号", "操作类型", "金额", "付款方式", "操作时间")
HANDLING_HEADER = ("序号", "号码", "操作类型", "金额", "操作时间", "付款方式", "办理地点")
USAGE_HEADER = ("号码", "日期", "通话分钟数", "流量(MB)", "短信条数")
Row = tuple[object, ...]


def chosen_numbers(members: pl.DataFrame) -> list[int]:
    """A few active members of each client."""
    active = members.filter(pl.col("status") == "active")
    first = active.group_by("client_code", maintain_order=True).head(MEMBERS_OF_A_CLIENT)
    return first["msisdn"].cast(pl.Int64).to_list()


def payments(numbers: Sequence[int], month: date, rng: np.random.Generator) -> list[Row]:
    """Out of order and mostly without serial numbers, as they come (ANA-13)."""
    rows = [row for number in numbers for row in _payments_of(number, month, rng)]
    return [
        (place, *rows[at]) for place, at in enumerate(rng.permutation(len(rows)).tolist(), start=1)
    ]


def _payments_of(number: int, month: date, rng: np.random.Generator) -> Iterator[Row]:
    for _ in range(MONTHS):
        transfer, charge = (int(fen) for fen in rng.integers((2_000, 100), (30_000, 1_000)))
        short = 100 if rng.integers(WRONG_SETTLEMENTS) == 0 else 0
        day = month.replace(day=int(rng.integers(5, 26)))
        serial = f"{day:%Y%m%d}{rng.integers(10**6):06}" if rng.random() < 0.3 else ""
        yield number, serial, "实时划账", _yuan(transfer), "划账", _moment(day, rng)
        yield number, "", "账户收费", _yuan(charge), "托收", _moment(day, rng)
        settled = day + timedelta(days=2)
        yield number, "", "月结销账", _yuan(transfer + charge - short), "", f"{settled}"
        month = month_before(month)


def handlings(numbers: Sequence[int], month: date, rng: np.random.Generator) -> list[Row]:
    rows: list[Row] = []
    for place, number in enumerate(numbers[::2], start=1):
        kind, amount, where = HANDLINGS[int(rng.integers(len(HANDLINGS)))]
        day = month.replace(day=int(rng.integers(1, 29)))
        method = METHODS[int(rng.integers(len(METHODS)))]
        rows.append((place, number, kind, amount, _moment(day, rng), method, where))
    return rows


def usage(numbers: Sequence[int], last_day: date, rng: np.random.Generator) -> list[Row]:
    """Less at weekends."""
    rows: list[Row] = []
    for number in numbers:
        habit = rng.uniform(0.3, 1.7)
        for back in range(DAYS):
            day = last_day - timedelta(days=back)
            share = habit * (0.45 if day.weekday() >= 5 else 1)
            minutes, megabytes = share * rng.gamma(3, 4), share * rng.gamma(2, 30)
            texts = int(rng.poisson(2 * share))
            rows.append((number, day, f"{minutes:.1f}", f"{megabytes:.2f}", texts))
    return rows


def written(path: Path, header: Sequence[str], rows: Sequence[Row], dialect: Dialect) -> int:
    """Write the file; gives its number of rows."""
    text = StringIO()
    writer = csv.writer(text, delimiter=dialect.separator, lineterminator=dialect.newline)
    writer.writerow(header)
    writer.writerows(rows)
    path.write_bytes(dialect.bom + dialect.encode(text.getvalue()))
    return len(rows)


def _yuan(fen: int) -> str:
    return f"¥{fen // 100}.{fen % 100:02}"


def _moment(day: date, rng: np.random.Generator) -> str:
    """Half of them with a time."""
    minutes = int(rng.integers(8 * 60, 18 * 60))
    if rng.random() < 0.5:
        return f"{day}"
    return f"{datetime.combine(day, time(minutes // 60, minutes % 60)):%Y-%m-%d %H:%M}"
