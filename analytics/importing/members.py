"""Members follow their newest bill: when bills come, are corrected, and go again."""

from collections.abc import Iterable, Mapping
from datetime import date

from django.db.backends.utils import CursorWrapper

from analytics.comparison import MEMBER_COLUMNS
from analytics.models.billing import partition_name
from analytics.models.member_holders import member_holders


def update_members(cursor: CursorWrapper, changes: str, month: date) -> None:
    """Members follow their newest bill: new numbers appear, changed ones are brought up to date.

    `changes`: a table of the month's bills that may say something new about a member, MEMBER_COLUMNS
    among its columns; rows without a client are no bills. A bill older than one the member already
    has changes nothing, so that the order in which months arrive does not matter (P17).
    """
    columns = ", ".join(MEMBER_COLUMNS)
    now, new = (
        ", ".join(f"{row}.{column}" for column in MEMBER_COLUMNS) for row in ("m", "excluded")
    )
    cursor.execute(
        f"""
        INSERT INTO accounts_member AS m (msisdn, {columns})
        SELECT msisdn, {columns} FROM {changes} WHERE client_id IS NOT NULL
        ORDER BY msisdn  -- goes through the index of numbers from left to right
        ON CONFLICT (msisdn) DO UPDATE SET ({columns}) = ROW({new})
        WHERE ({now}) IS DISTINCT FROM ({new}) AND NOT EXISTS (
            SELECT FROM analytics_memberbill later
            WHERE later.msisdn = m.msisdn AND later.period > %s
        )
        """,
        [month],
    )


def unlike_members(cursor: CursorWrapper, bills: str) -> str:
    """Name of a temporary table of the bills that say something else than the member has, if any.

    For a month that is compared with no other one.
    """
    name = f"{bills}_unlike"
    columns = ", ".join(f"bill.{column}" for column in MEMBER_COLUMNS)
    same, given = (
        ", ".join(f"{row}.{column}" for column in MEMBER_COLUMNS) for row in ("m", "bill")
    )
    cursor.execute(
        f"""
        CREATE TEMP TABLE {name} ON COMMIT DROP AS
        SELECT bill.msisdn, {columns}
        FROM {bills} bill LEFT JOIN accounts_member m USING (msisdn)
        WHERE m.id IS NULL OR ({same}) IS DISTINCT FROM ({given})
        """
    )
    cursor.execute(f"ANALYZE {name}")
    return name


def release_members(
    cursor: CursorWrapper, numbers: Iterable[str], tables: Mapping[date, str]
) -> None:
    """Numbers that a correction leaves out go back to their newest remaining bill.

    `numbers`: queries that give them. Without any bill left there is no such member, unless
    people have worked with it or it has payments, handled business or usage (`member_holders`).
    To be called while the months' old partitions are still in place.
    """
    _follow_again(cursor, numbers, tables)


def return_members(cursor: CursorWrapper, tables: Mapping[date, str]) -> None:
    """Every number that the months' partitions and these tables tell different things about.

    For an undo: the tables are what the partitions were before. To be called while the partitions
    are still in place.
    """
    was, now = (
        ", ".join(f"{bills}.{column}" for column in MEMBER_COLUMNS) for bills in ("was", "now")
    )
    differing = [
        f"SELECT msisdn FROM {partition_name(month)} now FULL JOIN {table} was USING (msisdn) "
        f"WHERE ({was}) IS DISTINCT FROM ({now})"
        for month, table in tables.items()
    ]
    _follow_again(cursor, differing, tables)


def _follow_again(
    cursor: CursorWrapper, numbers: Iterable[str], tables: Mapping[date, str]
) -> None:
    """`numbers`: queries of the numbers concerned."""
    query = " UNION ".join(numbers)
    if not query:
        return
    cursor.execute(f"CREATE TEMP TABLE member_lost ON COMMIT DROP AS {query}")
    if cursor.rowcount:
        cursor.execute("ANALYZE member_lost")
        _follow_remaining_bills(cursor, tables)
    cursor.execute("DROP TABLE member_lost")


def _follow_remaining_bills(cursor: CursorWrapper, tables: Mapping[date, str]) -> None:
    columns = "period, msisdn, client_id, status, tier, joined_on, is_corporate_paid"
    unchanged_months = "(SELECT * FROM analytics_memberbill WHERE period <> ALL(%s)) bill"
    sources = [
        f"SELECT {columns} FROM {table} JOIN member_lost USING (msisdn)"
        for table in (unchanged_months, *tables.values())
    ]
    cursor.execute(
        f"""
        CREATE TEMP TABLE member_newest ON COMMIT DROP AS
        SELECT DISTINCT ON (msisdn) * FROM ({" UNION ALL ".join(sources)}) bill
        ORDER BY msisdn, period DESC
        """,
        [list(tables)],
    )
    cursor.execute(
        """
        UPDATE accounts_member m
        SET client_id = b.client_id, status = b.status, tier = b.tier,
            joined_on = b.joined_on, is_corporate_paid = b.is_corporate_paid
        FROM member_newest b
        WHERE m.msisdn = b.msisdn
          AND (m.client_id, m.status, m.tier, m.joined_on, m.is_corporate_paid)
              IS DISTINCT FROM (b.client_id, b.status, b.tier, b.joined_on, b.is_corporate_paid)
        """
    )
    # An undo brings back numbers that a correction had left out.
    cursor.execute(
        """
        INSERT INTO accounts_member
            (msisdn, client_id, status, tier, joined_on, is_corporate_paid)
        SELECT msisdn, client_id, status, tier, joined_on, is_corporate_paid FROM member_newest b
        WHERE NOT EXISTS (SELECT FROM accounts_member m WHERE m.msisdn = b.msisdn)
        ORDER BY msisdn
        """
    )
    unheld = " ".join(
        f"AND NOT EXISTS (SELECT FROM {field.model._meta.db_table} h WHERE h.{field.column} = m.id)"
        for field in member_holders()
    )
    cursor.execute(
        f"""
        DELETE FROM accounts_member m USING member_lost
        WHERE m.msisdn = member_lost.msisdn
          AND NOT EXISTS (SELECT FROM member_newest b WHERE b.msisdn = m.msisdn)
          {unheld}
        """
    )
    cursor.execute("DROP TABLE member_newest")
