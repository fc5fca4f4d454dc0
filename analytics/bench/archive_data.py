"""An archive of the size that pages and search are measured with, made by set-based SQL.

The rows of people, clients and contacts are copies of one of each made by the services, with names,
codes and numbers of their own: a new column needs no change here.
"""

import io
import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import cycle, islice
from typing import Any

import numpy as np
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.utils import timezone

from accounts.models import Client, Contact
from accounts.services.clients import client_keys, create_client
from accounts.services.contacts import contact_keys, create_contact
from analytics.demo import files
from analytics.demo.company import DemoClient
from analytics.demo.numbers import mobile_number, mobile_numbers
from staff.choices import Role, UnitKind
from staff.models import Unit, User
from staff.services.people import create_unit, found_root_unit

CITIES = 10
OWNED = 1_000  # clients of an account manager
FIRST_CONTACT = 900_000_000  # serials of numbers that no member has
PEOPLE = {"province": Role.PROVINCE, "supervisor": Role.SUPERVISOR, "manager": Role.ACCOUNT_MANAGER}


def make_archive(clients: str, contacts: str, members: str) -> dict[str, Any]:
    """Units, people, clients, contacts and members; who looks at them: `PEOPLE`."""
    company = files.build_company(
        seed=files.DEFAULT_SEED, clients=int(clients), members=int(members), with_stories=False
    )
    with transaction.atomic(), connection.cursor() as cursor:
        cities = _cities()
        owners = _owners(cities, len(company) // OWNED)
        _add_clients(cursor, company, owners)
        _add_contacts(cursor, company, int(contacts))
        _add_members(cursor, company)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    return {}


def _cities() -> list[Unit]:
    root = found_root_unit(by=None)
    return [
        create_unit(code=f"BC{n}", name=f"City {n}", kind=UnitKind.CITY, parent=root, by=None)
        for n in range(CITIES)
    ]


def _owners(cities: list[Unit], managers: int) -> list[User]:
    """So many account managers in turn over the cities; the first is the one who looks."""
    root = found_root_unit(by=None)
    for name in ("province", "supervisor"):
        unit = root if name == "province" else cities[0]
        User.objects.create_user(
            username=name, full_name=name, unit=unit, role=PEOPLE[name], must_acknowledge=False
        )
    names = ["manager", *(f"manager-{n}" for n in range(1, max(managers, 2)))]
    return [
        User.objects.create_user(
            username=name,
            full_name=name,
            unit=city,
            role=Role.ACCOUNT_MANAGER,
            must_acknowledge=False,
        )
        for name, city in zip(names, cycle(cities), strict=False)
    ]


def _add_clients(
    cursor: CursorWrapper, company: tuple[DemoClient, ...], owners: list[User]
) -> None:
    first = create_client(
        code="BENCH", name="First", unit=owners[0].unit, owner=None, now=timezone.now(), by=None
    )

    def rows() -> Iterator[dict[str, Any]]:
        for number, (each, owner) in enumerate(zip(company, cycle(owners), strict=False)):
            client = Client(code=each.code, name=each.name)
            client_keys(client)
            yield {
                "code": each.code, "name": each.name, "sort_key": client.sort_key,
                "search_text": client.search_text, "owner_id": owner.pk,
                "unit_id": owner.unit_id, "client_class": each.client_class,
                "industry": each.industry, "nature": each.nature, "status": each.status,
                "income": f"{(number * 7919) % 1_000_000}.50", "active_members": each.members,
            }  # fmt: skip

    _copies(cursor, first, rows())
    first.delete()


def _add_contacts(cursor: CursorWrapper, company: tuple[DemoClient, ...], wanted: int) -> None:
    """The people of each client, and others like them until there are enough."""
    client_ids = dict(Client.objects.values_list("code", "pk"))
    known = [(each.code, person) for each in company for person in each.contacts]
    today = timezone.localdate()
    first = create_contact(client=Client.objects.all()[0], name="First", today=today, by=None)

    def rows() -> Iterator[dict[str, Any]]:
        for serial, (code, person) in enumerate(islice(cycle(known), wanted), FIRST_CONTACT):
            contact = Contact(
                name=person.name, mobile=mobile_number(serial), title=person.title,
                phone=person.phone,
            )  # fmt: skip
            contact_keys(contact, today=today)
            yield {
                "client_id": str(client_ids[code]), "name": contact.name, "mobile": contact.mobile,
                "phone": contact.phone, "title": contact.title, "sort_key": contact.sort_key,
                "search_text": contact.search_text,
            }  # fmt: skip

    _copies(cursor, first, rows())
    first.delete()


def _copies(cursor: CursorWrapper, first: Client | Contact, rows: Iterable[dict[str, Any]]) -> None:
    """A row like `first` for each of these, with what it says and an id of its own."""
    table = first._meta.db_table
    cursor.execute("CREATE TEMP TABLE wanted (said text) ON COMMIT DROP")
    said = (json.dumps(row, ensure_ascii=False) for row in rows)
    _copy(cursor, "wanted", (line.replace("\\", "\\\\") for line in said))
    with _without_indexes(cursor, table):
        cursor.execute(
            f"""
            INSERT INTO {table} SELECT made.*
            FROM wanted, {table} first,
                 jsonb_populate_record(first, said::jsonb || jsonb_build_object('id', crm_uuid7())) made
            """
        )
    cursor.execute("DROP TABLE wanted")


def _add_members(cursor: CursorWrapper, company: tuple[DemoClient, ...]) -> None:
    sizes = np.array([each.members for each in company])
    numbers = mobile_numbers(np.arange(sizes.sum()))
    of_client = np.repeat(np.arange(len(company)), sizes)
    cursor.execute("CREATE TEMP TABLE wanted (msisdn bigint, place int) ON COMMIT DROP")
    pairs = zip(numbers.tolist(), of_client.tolist(), strict=True)
    _copy(cursor, "wanted", (f"{number}\t{place}" for number, place in pairs))
    cursor.execute("CREATE TEMP TABLE places (place int, code text) ON COMMIT DROP")
    _copy(cursor, "places", (f"{place}\t{each.code}" for place, each in enumerate(company)))
    with _without_indexes(cursor, "accounts_member"):
        cursor.execute(
            """
            INSERT INTO accounts_member (msisdn, client_id, status, tier, is_corporate_paid)
            SELECT msisdn, c.id, 1, 0, false
            FROM wanted JOIN places USING (place) JOIN accounts_client c USING (code)
            ORDER BY msisdn
            """
        )


def _copy(cursor: CursorWrapper, table: str, lines: Iterable[str]) -> None:
    cursor.copy_expert(f"COPY {table} FROM STDIN", _Lines(lines))


class _Lines(io.RawIOBase):
    """Lines as a file that `COPY` reads."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines = iter(lines)

    def read(self, size: int = -1) -> bytes:
        return "".join(f"{line}\n" for line in islice(self._lines, 5_000)).encode()


@contextmanager
def _without_indexes(cursor: CursorWrapper, table: str) -> Iterator[None]:
    """Indexes and copies for the audit are made at the end, or not at all."""
    cursor.execute(
        """
        SELECT indexrelid::regclass, pg_get_indexdef(indexrelid) FROM pg_index
        WHERE indrelid = %s::regclass AND NOT indisunique
        """,
        [table],
    )
    indexes = cursor.fetchall()
    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # or what is left to check forbids the next
    cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    for name, _ in indexes:
        cursor.execute(f"DROP INDEX {name}")
    yield
    cursor.execute("SET LOCAL maintenance_work_mem = '256MB'")
    for _, definition in indexes:
        cursor.execute(definition)
    cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
