"""Good rows of payments, handled business and daily usage."""

import pytest

from analytics.models import BusinessHandling, DailyUsage, Payment
from tests.analytics.billing_files import number

PAYMENT = {
    "no": "18",
    "number": str(number(1)),
    "serial_number": "",
    "operation_type": "实时划账",
    "amount": "¥150.00",
    "payment_method": "划账",
    "operation_time": "2026-06-12",
}
HANDLING = {
    "no": "1",
    "number": str(number(1)),
    "operation_type": "改服务方法",
    "amount": "",
    "operation_time": "2026-06-12 09:30",
    "payment_method": "现金",
    "place": "中心营业厅",
}
USAGE = {
    "number": str(number(1)),
    "day": "2026-06-30",
    "voice_minutes": "12.5",
    "data_mb": "1,024.125",
    "sms": "3",
}
GOOD = {"payments": PAYMENT, "handlings": HANDLING, "usage": USAGE}
MODELS = {"payments": Payment, "handlings": BusinessHandling, "usage": DailyUsage}
# The column that makes the n-th good row another one.
VARIED = {
    "payments": lambda n: PAYMENT | {"amount": f"{n}.00"},
    "handlings": lambda n: HANDLING | {"operation_type": f"package {n}"},
    "usage": lambda n: USAGE | {"day": f"2026-06-{n:02}"},
}
every_kind = pytest.mark.parametrize("kind", GOOD)


def stored(kind: str) -> list[dict]:
    """Rows without the numbers that differ from load to load."""
    rows = MODELS[kind].objects.order_by("member__msisdn", "line").values()
    return [
        {k: v for k, v in each.items() if k not in ("id", "import_number", "line")} for each in rows
    ]


def current(kind: str) -> list[dict]:
    if kind != "usage":
        return stored(kind)
    rows = DailyUsage.objects.current().order_by("member", "day")
    return list(rows.values("member", "day", "voice_minutes", "data_mb", "sms"))
