"""Cards that bills gave, as months of a year: made anew from the stored bills (ADR 0029)."""

from datetime import date

from django.conf import settings
from django.db import connection

from analytics.services.locks import wait_for_tier_terms
from crm.lib.services import service
from staff.models import User

# Each card from the first month of the year that had it, until December (AMB-16).
STAYS_FOR_YEAR = """
    SELECT m.id AS member_id, b.tier, min(b.period) AS from_month, %(december)s AS until_month
    FROM analytics_memberbill b JOIN accounts_member m USING (msisdn)
    WHERE b.period BETWEEN %(january)s AND %(december)s AND b.tier > 0
    GROUP BY m.id, b.tier
"""
# Each run of months with the same card: the month minus its place in the run is the same for all.
MONTH_BY_MONTH = """
    SELECT member_id, tier, min(period) AS from_month, max(period) AS until_month FROM (
        SELECT m.id AS member_id, b.tier, b.period,
               extract(month FROM b.period)
                   - row_number() OVER (PARTITION BY m.id, b.tier ORDER BY b.period) AS run
        FROM analytics_memberbill b JOIN accounts_member m USING (msisdn)
        WHERE b.period BETWEEN %(january)s AND %(december)s AND b.tier > 0
    ) bill GROUP BY member_id, tier, run
"""


@service
def refresh_tier_terms(*, year: int, by: User | None) -> None:
    """Bring the cards by bills of a year in line with its bills; only what differs is written.

    In a job of its own, so that no import waits for it; until then a line counts as what its
    newest bill says. Any order of imports and undoing gives the same rows.
    """
    wait_for_tier_terms()
    months = {"january": date(year, 1, 1), "december": date(year, 12, 1)}
    query = STAYS_FOR_YEAR if settings.TIER_STAYS_FOR_YEAR else MONTH_BY_MONTH
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMP TABLE tier_term_now ON COMMIT DROP AS {query}", months)
        cursor.execute("ANALYZE tier_term_now")
        cursor.execute(
            """
            DELETE FROM accounts_tierterm t
            WHERE t.from_month BETWEEN %(january)s AND %(december)s
              -- Bills may be dropped after some years; what they gave stays (ADR 0021).
              AND t.from_month >= coalesce((SELECT min(period) FROM analytics_memberbill), %(january)s)
              AND NOT EXISTS (
                SELECT FROM tier_term_now n
                WHERE (n.member_id, n.from_month, n.tier, n.until_month)
                    = (t.member_id, t.from_month, t.tier, t.until_month)
            )
            """,
            months,
        )
        cursor.execute(
            """
            INSERT INTO accounts_tierterm (member_id, from_month, until_month, tier)
            SELECT member_id, from_month, until_month, tier FROM tier_term_now
            ON CONFLICT (member_id, from_month, tier) DO NOTHING
            """
        )
        cursor.execute("DROP TABLE tier_term_now")
