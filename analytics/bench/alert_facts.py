"""Facts of many clients and months, the alert run over the newest, and the same by hand in SQL."""

import time
from collections.abc import Callable
from datetime import date
from typing import Any

from django.db import connection
from django.utils import timezone

from analytics.bench.figures import LAST_MONTH, ROUNDS
from analytics.models import AlertReading
from analytics.services.alert_run import run_alerts

# A little different each month and client; about one client in 25 loses enough for an alert.
FACTS = """
INSERT INTO analytics_clientmonth (
    client_id, period, member_income, product_income, income, previous_income, arrears,
    previous_arrears, active, previous_active, pre_churn, lost, churned, moved_out, joined, new,
    has_rows)
SELECT id, month, income, 0, income, previous, arrears, 0, 50, 52, pre_churn, lost, lost, 0, 0, 1,
       true
FROM (
    SELECT c.id, month::date, 4000.00 + mod(dice, 900) AS previous,
           CASE WHEN mod(dice, 100) = 0 THEN 2000 ELSE 4000 END + mod(dice, 700) AS income,
           CASE WHEN mod(dice, 100) = 1 THEN 900 ELSE mod(dice, 90) END AS arrears,
           CASE WHEN mod(dice, 100) = 2 THEN 9 ELSE mod(dice, 4) END AS pre_churn,
           CASE WHEN mod(dice, 100) = 3 THEN 8 ELSE mod(dice, 3) END AS lost
    FROM accounts_client c,
         generate_series(%(last)s - (%(months)s - 1) * interval '1 month', %(last)s, '1 month') month,
         LATERAL (SELECT abs(hashint4(hashtext(c.code || month))) AS dice) d
) made
"""

# The readings of the month under the current settings, beside the stored ones; gives the
# differences, of which there are none once they are stored.
BY_HAND = """
WITH version AS (
    SELECT DISTINCT ON (rule, client_class) * FROM analytics_ruleversion
    WHERE unit_id IS NULL  -- nobody sets anything for units here
    ORDER BY rule, client_class, version DESC
),
setting AS (
    SELECT DISTINCT ON (client_class, rule) known.client_class, v.rule, is_enabled, percent,
           is_strict, minimum
    FROM (VALUES (''), ('A'), ('B'), ('C')) known (client_class)
    JOIN version v ON v.client_class IN (known.client_class, '')
    ORDER BY client_class, rule, v.client_class DESC
),
figure AS (
    SELECT f.client_id, c.client_class, r.*
    FROM analytics_clientmonth f JOIN accounts_client c ON c.id = f.client_id,
    LATERAL (VALUES
        ('revenue_drop', f.previous_income - f.income, f.previous_income, f.previous_income,
         f.income, true),
        ('pre_churn', f.pre_churn, f.active, f.active, f.pre_churn, true),
        ('member_loss', f.lost, f.previous_active, f.previous_active, f.lost, true),
        ('arrears', f.arrears, f.income, coalesce(f.previous_arrears, 0), f.arrears, false)
    ) r (rule, part, whole, previous, current, needs_whole)
    WHERE f.period = %(month)s
),
found AS (
    SELECT client_id, rule, previous, current,
           CASE WHEN whole > 0 THEN round(part / whole, 4) END AS ratio
    FROM figure JOIN setting USING (client_class, rule)
    WHERE is_enabled AND part >= minimum AND (whole > 0 OR NOT needs_whole)
      AND (part * 100 > percent * whole OR part * 100 = percent * whole AND NOT is_strict)
),
stored AS (SELECT * FROM analytics_alertreading WHERE period = %(month)s AND holds)
SELECT coalesce(f.client_id, s.client_id), rule, f.previous, f.current, f.ratio
FROM found f FULL JOIN stored s USING (client_id, rule)
WHERE (f.previous, f.current, f.ratio) IS DISTINCT FROM (s.previous, s.current, s.ratio)
"""


def measure(months: str) -> dict[str, Any]:
    """Seconds of the first run, and of statement and run in turn once the readings are there."""
    with connection.cursor() as cursor:
        cursor.execute(FACTS, {"last": LAST_MONTH, "months": int(months)})
        cursor.execute("VACUUM ANALYZE analytics_clientmonth")
    first = _seconds(lambda: _run(LAST_MONTH))
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    if _by_hand(LAST_MONTH):
        raise SystemExit("The statement and the alert run find different readings.")
    pairs = [
        (_seconds(lambda: _by_hand(LAST_MONTH)), _seconds(lambda: _run(LAST_MONTH)))
        for _ in range(ROUNDS * 3)  # short, so more often
    ]
    readings = AlertReading.objects.filter(period=LAST_MONTH).count()
    return {"first": first, "pairs": pairs, "readings": readings}


def _run(month: date) -> None:
    run_alerts(month=month, now=timezone.now(), by=None)


def _by_hand(month: date) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(BY_HAND, {"month": month})
        return cursor.fetchall()


def _seconds(call: Callable[[], object]) -> float:
    started = time.perf_counter()
    call()
    return time.perf_counter() - started
