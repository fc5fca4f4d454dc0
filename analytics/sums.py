"""What each client's member bills of a month add up to: counted once, for coverage and for facts."""

from collections.abc import Callable, Iterable
from datetime import date

from django.db import connection
from django.db.backends.utils import CursorWrapper

from accounts.choices import ON_NETWORK_STATUSES, PRE_CHURN_STATUSES, MemberStatus

BillsOf = Callable[[date], str]


def codes(statuses: tuple[MemberStatus, ...]) -> str:
    return ", ".join(str(status.value) for status in statuses)


ACTIVE = codes(ON_NETWORK_STATUSES)
PRE_CHURN = codes(PRE_CHURN_STATUSES)


def sums_by_client(cursor: CursorWrapper, bills: str) -> str:
    """Name of a temporary table: client_id, rows, total and arrears in fen, active, pre_churn.

    Asked again in one transaction it is the same table, until `forget_sums`.
    """
    name = f"{bills}_sums"
    # CREATE TABLE AS may use several processes, INSERT may not.
    cursor.execute(
        f"""
        CREATE TEMP TABLE IF NOT EXISTS {name} ON COMMIT DROP AS
        SELECT client_id,
               count(*) AS rows,
               sum(total) AS total,
               sum(arrears) AS arrears,
               count(*) FILTER (WHERE status IN ({ACTIVE})) AS active,
               count(*) FILTER (WHERE status IN ({PRE_CHURN})) AS pre_churn
        FROM {bills} GROUP BY client_id
        """
    )
    cursor.execute(f"ANALYZE {name}")
    return name


def forget_sums(months: Iterable[date], bills_of: BillsOf) -> None:
    """To be called when the bills of these months may change after."""
    with connection.cursor() as cursor:
        for month in months:
            cursor.execute(f"DROP TABLE IF EXISTS {bills_of(month)}_sums")
