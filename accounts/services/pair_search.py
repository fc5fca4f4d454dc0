"""The nightly search for records that may be the same: a few statements over whole tables (ADR 0045).

Nothing here compares each with each. Records come together by an equal key (core of the name,
address, number), and alike names by a trigram that few names of their city have.
"""

from datetime import date, datetime
from typing import Any

from django.db import connection

from accounts.choices import PairKind, PairReason, PairState
from accounts.models import SuspectedPair
from accounts.selectors.duplicates import ALIKE, LEGAL, LONG
from crm.lib.services import service
from staff.models import User

NEIGHBOURS = 5  # of one record, so many pairs of each kind of likeness
CROWD = 20  # an address or a number of more records is a tower or a switchboard
RARE = 20  # a trigram of more names in a city says as little
NUMBER_DIGITS = 7  # shorter ones are extensions
# Signs and blanks, said one by one: what \W means depends on the database's locale.
APART = r"[\s!-/:-@\[-`{-~、。·“”‘’「」『』《》〈〉【】—…]+"
NUMBERS = r"[^0-9一二三四五六七八九十]+"  # the first and the second school are two schools

CLIENTS = """
    CREATE TEMP TABLE pair_client ON COMMIT DROP AS
    WITH RECURSIVE above AS (
        SELECT id AS unit_id, id AS at, parent_id, kind FROM staff_unit
        UNION ALL
        SELECT above.unit_id, unit.id, unit.parent_id, unit.kind
        FROM above JOIN staff_unit unit ON unit.id = above.parent_id WHERE above.kind <> 'city'
    ), city AS (
        SELECT unit_id, at FROM above WHERE kind = 'city' OR parent_id IS NULL
    ), plain AS (
        SELECT client.id, city.at::text AS place, lower(normalize(client.name, NFKC)) AS name,
               btrim(client.address) AS address
        FROM accounts_client client JOIN city ON city.unit_id = client.unit_id
    )
    SELECT id, id AS client_id, place, address,
           COALESCE(
               NULLIF(regexp_replace(regexp_replace(name, %(legal)s, '', 'g'), %(apart)s, '', 'g'), ''),
               regexp_replace(name, %(apart)s, '', 'g')
           ) AS core
    FROM plain
"""
CONTACTS = """
    CREATE TEMP TABLE pair_contact ON COMMIT DROP AS
    SELECT contact.id, contact.client_id, client.place AS city, contact.client_id::text AS place,
           regexp_replace(lower(normalize(contact.name, NFKC)), %(apart)s, '', 'g') AS core,
           regexp_replace(regexp_replace(contact.mobile, '[^0-9]', '', 'g'), '^86(?=1[0-9]{10}$)', '')
               AS number
    FROM accounts_contact contact JOIN pair_client client ON client.id = contact.client_id
    WHERE contact.is_active
"""
FOUND = """
    CREATE TEMP TABLE pair_found
        (kind text, reason text, strength int, a uuid, b uuid, a_client uuid, b_client uuid)
    ON COMMIT DROP
"""
# Neighbours in the order of ids: the pairs of a large group grow with it, not with its square.
BY_KEY = """
    INSERT INTO pair_found
    WITH keyed AS (
        SELECT id, client_id, {place} AS place, {key} AS key,
               row_number() OVER (PARTITION BY {place}, {key} ORDER BY id) AS n,
               count(*) OVER (PARTITION BY {place}, {key}) AS crowd
        FROM {table} WHERE length({key}) >= %(least)s
    )
    SELECT %(kind)s, %(reason)s, %(strength)s, one.id, two.id, one.client_id, two.client_id
    FROM keyed one
    CROSS JOIN generate_series(1, %(neighbours)s) step
    JOIN keyed two ON two.place = one.place AND two.key = one.key AND two.n = one.n + step
    WHERE one.crowd <= %(crowd)s
"""
ALIKE_NAMES = """
    INSERT INTO pair_found
    WITH trigram AS (
        SELECT id, place, word, count(*) OVER (PARTITION BY place, word) AS names
        FROM {table} CROSS JOIN unnest(show_trgm(core)) word WHERE length(core) >= %(long)s
    ), rare AS MATERIALIZED (
        SELECT id, place, word FROM trigram WHERE names BETWEEN 2 AND %(rare)s
    ), near AS MATERIALIZED (
        SELECT DISTINCT one.id AS a, two.id AS b
        FROM rare one JOIN rare two ON two.place = one.place AND two.word = one.word
        WHERE one.id < two.id
    ), ranked AS (
        SELECT a, b, one.client_id AS a_client, two.client_id AS b_client,
               row_number() OVER (PARTITION BY a ORDER BY similarity(one.core, two.core) DESC, b) AS n
        FROM near JOIN {table} one ON one.id = a JOIN {table} two ON two.id = b
        WHERE one.core <> two.core AND similarity(one.core, two.core) >= %(alike)s
          AND regexp_replace(one.core, %(numbers)s, '', 'g')
            = regexp_replace(two.core, %(numbers)s, '', 'g')
    )
    SELECT %(kind)s, %(reason)s, %(strength)s, a, b, a_client, b_client
    FROM ranked WHERE n <= %(neighbours)s
"""
FORGET = """
    DELETE FROM accounts_suspectedpair pair
    WHERE pair.state = %(open)s AND NOT EXISTS (
        SELECT FROM pair_found found
        WHERE found.kind = pair.kind
          AND found.a = COALESCE(pair.first_contact_id, pair.first_id)
          AND found.b = COALESCE(pair.second_contact_id, pair.second_id)
    )
"""
KEEP = """
    INSERT INTO accounts_suspectedpair
        (id, kind, first_id, second_id, first_contact_id, second_contact_id, reason, state, found_at)
    SELECT crm_uuid7(), kind, a_client, b_client,
           CASE kind WHEN 'contact' THEN a END, CASE kind WHEN 'contact' THEN b END,
           reason, %(open)s, %(now)s
    FROM (SELECT DISTINCT ON (kind, a, b) * FROM pair_found ORDER BY kind, a, b, strength) found
    ON CONFLICT DO NOTHING
"""
MANY = 1_000_000_000


@service
def find_pairs(*, now: datetime, today: date, by: User | None) -> int:
    """Put suspected pairs of clients and contacts on file; says how many are new.

    What is on file stays as it was judged. *Later* comes back when its day has come; a pair that
    nobody has judged and that is no longer alike goes.
    """
    SuspectedPair.objects.filter(state=PairState.LATER, later_until__lte=today).update(
        state=PairState.OPEN, later_until=None, decided_at=None, decided_by=None
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "DROP TABLE IF EXISTS pg_temp.pair_client, pg_temp.pair_contact, pg_temp.pair_found"
        )
        words = {"legal": LEGAL.pattern.replace(r"\b", r"\y"), "apart": APART}
        cursor.execute(CLIENTS, words)
        cursor.execute("ANALYZE pair_client")
        cursor.execute(CONTACTS, words)
        cursor.execute("ANALYZE pair_contact")
        cursor.execute(FOUND)
        _find_clients(cursor)
        _find_contacts(cursor)
        cursor.execute("ANALYZE pair_found")
        cursor.execute(FORGET, {"open": PairState.OPEN})
        cursor.execute(KEEP, {"open": PairState.OPEN, "now": now})
        return cursor.rowcount


def _find_clients(cursor: Any) -> None:
    kind = PairKind.CLIENT
    _by_key(cursor, kind, PairReason.SAME_NAME, 1, "pair_client", "place", "core")
    _alike(cursor, kind, "pair_client")
    _by_key(cursor, kind, PairReason.SAME_ADDRESS, 4, "pair_client", "place", "address", CROWD)


def _find_contacts(cursor: Any) -> None:
    """Namesakes at one client, and one number anywhere in the city."""
    kind = PairKind.CONTACT
    _by_key(cursor, kind, PairReason.SAME_NAME, 1, "pair_contact", "place", "core")
    _by_key(
        cursor, kind, PairReason.SAME_MOBILE, 2, "pair_contact", "city", "number", CROWD,
        NUMBER_DIGITS,
    )  # fmt: skip
    _alike(cursor, kind, "pair_contact")


def _by_key(
    cursor: Any,
    kind: str,
    reason: str,
    strength: int,
    table: str,
    place: str,
    key: str,
    crowd: int = MANY,
    least: int = 1,
) -> None:
    cursor.execute(
        BY_KEY.format(table=table, place=place, key=key),
        {"kind": kind, "reason": reason, "strength": strength, "least": least, "crowd": crowd,
         "neighbours": NEIGHBOURS},
    )  # fmt: skip


def _alike(cursor: Any, kind: str, table: str) -> None:
    cursor.execute(
        ALIKE_NAMES.format(table=table),
        {"kind": kind, "reason": PairReason.ALIKE_NAME, "strength": 3, "long": LONG, "rare": RARE,
         "alike": ALIKE, "numbers": NUMBERS, "neighbours": NEIGHBOURS},
    )  # fmt: skip
