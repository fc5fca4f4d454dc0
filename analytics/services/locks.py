"""Advisory locks: they vanish with the connection, so a killed worker leaves none behind."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

# First of the two numbers of every lock of this app.
SPACE = 0x6372


# Second numbers that are no import's.
DROP_FOLDER = -1
TIER_TERMS = -2


@contextmanager
def alone(number: int) -> Iterator[bool]:
    """True when nobody else is at it; held over many transactions, until the end of the block."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [SPACE, number])
        is_alone = cursor.fetchone()[0]
    try:
        yield is_alone
    finally:
        if is_alone:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [SPACE, number])


def wait_for_billing() -> None:
    """One change of bills, facts or alerts at a time, until the transaction ends.

    Months depend on each other (lost members, moved members), so the lock is one for all.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, 0)", [SPACE])


def try_billing() -> bool:
    """As `wait_for_billing` for who would rather be told than wait: False when somebody is at it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, 0)", [SPACE])
        return cursor.fetchone()[0]


def try_import(number: int) -> bool:
    """True when nobody else is running this import; held until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [SPACE, number])
        return cursor.fetchone()[0]


def is_held(number: int) -> bool:
    """Whether somebody runs this import. Only looks: taken for a moment, the lock would turn away
    an import that starts at that moment."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT EXISTS (
                SELECT FROM pg_locks
                WHERE locktype = 'advisory' AND granted
                  AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
                  AND classid = %s AND objid = %s AND objsubid = 2
            )
            """,
            [SPACE, number],
        )
        return cursor.fetchone()[0]


def wait_for_tier_terms() -> None:
    """One remaking of the cards by bills at a time, until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [SPACE, TIER_TERMS])
