"""Facts of a month made from its bills by set-based SQL: one grouping, one comparison of months.

Amounts leave fen for yuan here. Definitions of active, lost, moved, new: docs/formats.md.
"""

from datetime import date

from django.db import connection

from accounts.choices import MemberStatus
from analytics.comparison import compare, compare_with_nothing
from analytics.importing.problems import FileRefused
from analytics.models.billing import partition_name
from analytics.sums import ACTIVE, BillsOf, sums_by_client
from crm.lib.months import month_before

BOOKED = MemberStatus.BOOKED_CANCEL.value

FACTS = """
INSERT INTO analytics_clientmonth (
    client_id, period, member_income, product_income, income, previous_income,
    arrears, previous_arrears, active, previous_active, pre_churn,
    lost, churned, moved_out, joined, new, has_rows)
WITH products AS (
    SELECT client_id, sum(amount) AS income FROM analytics_productbill
    WHERE period = %(month)s GROUP BY client_id
),
changes AS (
    SELECT was_client_id AS was_at, client_id AS is_at,
           coalesce(was_status IN ({active}), false) AS was_active,
           coalesce(status IN ({active}), false) AS is_active,
           coalesce(was_status = {booked}, false) AS was_booked,
           coalesce(status = {booked}, false) AS is_booked
    FROM {changes}
),
-- A cancellation counts as churned when it is booked, not again when the member is gone (CHN-38).
movements AS (
    SELECT client_id, sum(lost) AS lost, sum(churned) AS churned, sum(moved_out) AS moved_out,
           sum(joined) AS joined, sum(new) AS new
    FROM (
        SELECT was_at AS client_id,
               (NOT is_active)::int AS lost,
               (NOT is_active AND NOT was_booked)::int AS churned,
               (is_active AND was_at <> is_at)::int AS moved_out,
               0 AS joined, 0 AS new
        FROM changes WHERE was_active
        UNION ALL
        SELECT is_at, 0, (is_booked AND NOT was_booked)::int, 0,
               (was_active AND was_at <> is_at)::int, (NOT was_active)::int
        FROM changes WHERE is_active
    ) each_one
    GROUP BY client_id
),
previous AS (
    SELECT * FROM analytics_clientmonth
    WHERE period = %(previous)s AND has_rows AND %(has_previous)s
),
everyone AS (
    SELECT client_id FROM {sums} UNION SELECT client_id FROM products
    UNION SELECT client_id FROM previous
)
SELECT client_id, %(month)s,
       coalesce(members.total, 0) / 100.0,
       coalesce(products.income, 0),
       coalesce(members.total, 0) / 100.0 + coalesce(products.income, 0),
       CASE WHEN %(has_previous)s THEN coalesce(previous.income, 0) END,
       coalesce(members.arrears, 0) / 100.0,
       CASE WHEN %(has_previous)s THEN coalesce(previous.arrears, 0) END,
       coalesce(members.active, 0),
       CASE WHEN %(has_previous)s THEN coalesce(previous.active, 0) END,
       coalesce(members.pre_churn, 0),
       CASE WHEN %(has_previous)s THEN coalesce(movements.lost, 0) END,
       CASE WHEN %(has_previous)s THEN coalesce(movements.churned, 0) END,
       CASE WHEN %(has_previous)s THEN coalesce(movements.moved_out, 0) END,
       CASE WHEN %(has_previous)s THEN coalesce(movements.joined, 0) END,
       CASE WHEN %(has_previous)s THEN coalesce(movements.new, 0) END,
       members.client_id IS NOT NULL OR products.client_id IS NOT NULL
FROM everyone
LEFT JOIN {sums} members USING (client_id)
LEFT JOIN products USING (client_id)
LEFT JOIN movements USING (client_id)
LEFT JOIN previous USING (client_id)
"""


def rebuild_facts(month: date, *, bills_of: BillsOf, has_previous: bool) -> None:
    """Replace the month's facts. `bills_of` names the table with a month's member bills.

    `has_previous`: the month before is complete; else nothing is compared (CHN-47).
    Raises FileRefused when facts and bills do not agree to the cent (P11).
    """
    bills = bills_of(month)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM analytics_clientmonth WHERE period = %s", [month])
        sums = sums_by_client(cursor, bills)
        if has_previous:
            changes = compare(cursor, bills_of(month_before(month)), bills)
        else:
            changes = compare_with_nothing(cursor, bills)
        cursor.execute(
            FACTS.format(changes=changes, sums=sums, active=ACTIVE, booked=BOOKED),
            {"month": month, "previous": month_before(month), "has_previous": has_previous},
        )
        cursor.execute(f"DROP TABLE {changes}, {sums}")
        cursor.execute(
            f"""
            SELECT (SELECT coalesce(sum(income), 0) FROM analytics_clientmonth WHERE period = %s)
                 - (SELECT coalesce(sum(total), 0) / 100.0 FROM {bills})
                 - (SELECT coalesce(sum(amount), 0) FROM analytics_productbill WHERE period = %s)
            """,
            [month, month],
        )
        if cursor.fetchone()[0] != 0:
            raise FileRefused("totals_differ")
        cursor.execute("ANALYZE analytics_clientmonth")


def has_bills(month: date, bills_of: BillsOf) -> bool:
    """Whether any bill of the month is left, of members or products."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT EXISTS (SELECT FROM {bills_of(month)})
                OR EXISTS (SELECT FROM analytics_productbill WHERE period = %s)
            """,
            [month],
        )
        return cursor.fetchone()[0]


def ensure_partition(month: date) -> str:
    """The month's partition, made empty when no member bill was ever loaded."""
    name = partition_name(month)
    with connection.cursor() as cursor:
        cursor.execute(
            f"CREATE TABLE IF NOT EXISTS {name} PARTITION OF analytics_memberbill "
            f"FOR VALUES IN (DATE '{month}')"
        )
    return name


def copy_figures_to_clients(month: date) -> None:
    """Clients carry income and members of their newest month, for lists and sorting."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE accounts_client c
            SET income = coalesce(f.income, 0), active_members = coalesce(f.active, 0),
                figures_month = %(month)s
            FROM accounts_client known
            LEFT JOIN analytics_clientmonth f ON f.client_id = known.id AND f.period = %(month)s
            WHERE c.id = known.id
              AND (c.income, c.active_members, c.figures_month) IS DISTINCT FROM
                  (coalesce(f.income, 0), coalesce(f.active, 0), %(month)s)
            """,
            {"month": month},
        )


def clear_figures_of_clients() -> None:
    """No month is complete."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE accounts_client
            SET income = DEFAULT, active_members = DEFAULT, figures_month = DEFAULT
            WHERE figures_month IS NOT NULL
            """
        )
