"""The tables of single months of member bills: made, swapped in, kept for an undo, put back."""

from datetime import date

from django.db.backends.utils import CursorWrapper

from analytics.models.billing import kept_name, partition_name


def create_month_table(cursor: CursorWrapper, month: date, number: int) -> str:
    """An empty table like the bills, able to become the month's partition without a scan."""
    table = f"{partition_name(month)}_import_{number}"
    cursor.execute(f"CREATE TABLE {table} (LIKE analytics_memberbill)")
    cursor.execute(
        f"ALTER TABLE {table} ADD CONSTRAINT {table}_month CHECK (period = DATE '{month}')"
    )
    return table


def swap(cursor: CursorWrapper, table: str, month: date, number: int) -> None:
    """Put the new table in the old month's place; the only step readers have to wait for.

    The old month stays beside, an empty one when there was none: what an undo puts back.
    """
    partition, kept = partition_name(month), kept_name(month, number)
    if table_exists(cursor, partition):
        cursor.execute(f"ALTER TABLE analytics_memberbill DETACH PARTITION {partition}")
        cursor.execute(f"ALTER TABLE {partition} RENAME TO {kept}")
    else:
        cursor.execute(f"CREATE TABLE {kept} (LIKE analytics_memberbill INCLUDING INDEXES)")
    _attach(cursor, table, month)


def check_month(cursor: CursorWrapper, kept: str, month: date) -> None:
    """Read the kept month once, so that `put_back` need not while readers wait."""
    cursor.execute(
        f"ALTER TABLE {kept} ADD CONSTRAINT {kept}_month CHECK (period = DATE '{month}')"
    )


def put_back(cursor: CursorWrapper, kept: str, month: date) -> None:
    """The kept month (see `check_month`) takes the place of the one that an import made."""
    partition = partition_name(month)
    if table_exists(cursor, partition):
        cursor.execute(f"ALTER TABLE analytics_memberbill DETACH PARTITION {partition}")
        cursor.execute(f"DROP TABLE {partition}")
    _attach(cursor, kept, month)


def _attach(cursor: CursorWrapper, table: str, month: date) -> None:
    partition = partition_name(month)
    cursor.execute(f"ALTER TABLE {table} RENAME TO {partition}")
    cursor.execute(
        f"ALTER TABLE analytics_memberbill ATTACH PARTITION {partition} "
        f"FOR VALUES IN (DATE '{month}')"
    )
    cursor.execute(f"ALTER TABLE {partition} DROP CONSTRAINT {table}_month")


def table_exists(cursor: CursorWrapper, table: str) -> bool:
    cursor.execute("SELECT to_regclass(%s) IS NOT NULL", [table])
    return cursor.fetchone()[0]
