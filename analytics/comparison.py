"""Which members two tables of bills tell different things about.

Members are brought up to date from it, and the movements of a month are counted from it.
"""

from django.db.backends.utils import CursorWrapper

# What a member takes over from its newest bill.
MEMBER_COLUMNS = ("client_id", "status", "tier", "joined_on", "is_corporate_paid")


def compare(cursor: CursorWrapper, previous: str, bills: str) -> str:
    """Name of a temporary table with the members whose bills differ in MEMBER_COLUMNS.

    A row has the columns of the newer bill (null when there is none), and `was_client_id`,
    `was_status` and `was_import` of the one before. `previous` is the month before or what the
    same month was. Comparing the same tables again in one transaction gives the same table;
    whoever needs it last drops it.
    """
    name = f"{bills}_since{previous.removeprefix('analytics_memberbill')}"
    was, now = (
        ", ".join(f"{month}.{column}" for column in MEMBER_COLUMNS) for month in ("was", "now")
    )
    # Only a few per cent come out, but the planner takes it for a join that gives all rows, and
    # all rows are too many to be passed on. CREATE TABLE AS may use several processes, INSERT not.
    cursor.execute("SET LOCAL parallel_tuple_cost = 0")
    cursor.execute(
        f"""
        CREATE TEMP TABLE IF NOT EXISTS {name} ON COMMIT DROP AS
        SELECT msisdn, {now}, was.client_id AS was_client_id, was.status AS was_status,
               was.import_number AS was_import
        FROM {previous} was FULL JOIN {bills} now USING (msisdn)
        WHERE ({was}) IS DISTINCT FROM ({now})
        """
    )
    cursor.execute("SET LOCAL parallel_tuple_cost TO DEFAULT")
    cursor.execute(f"ANALYZE {name}")
    return name


def compare_with_nothing(cursor: CursorWrapper, bills: str) -> str:
    """The table of `compare`, empty: there is no month before."""
    name = f"{bills}_no_changes"
    columns = ", ".join(MEMBER_COLUMNS)
    cursor.execute(
        f"""
        CREATE TEMP TABLE {name} ON COMMIT DROP AS
        SELECT msisdn, {columns}, client_id AS was_client_id, status AS was_status
        FROM {bills} WHERE false
        """
    )
    return name
