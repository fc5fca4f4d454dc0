"""Advisory locks: they vanish with the connection, so a killed worker leaves none behind."""

from django.db import connection

# First of the two numbers of every lock of this app.
SPACE = 0x6372


def wait_for_billing() -> None:
    """One change of bills, facts or alerts at a time, until the transaction ends.

    Months depend on each other (lost members, moved members), so the lock is one for all.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, 0)", [SPACE])


def try_import(number: int) -> bool:
    """True when nobody else is running this import; held until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [SPACE, number])
        return cursor.fetchone()[0]
