"""Client and contact rosters: rows of the archive, made or brought up to date by code or name."""

from datetime import datetime
from typing import Any

from accounts.models import Client, Contact, Ownership
from accounts.services import client_keys, contact_keys
from accounts.signals import owners_changed
from analytics.importing.checking import Problem, given
from analytics.importing.loading import Load
from analytics.importing.reading import Block
from staff.choices import OWNER_ROLES, UNIT_ROLES, Role
from staff.models import Unit, User

BATCH = 1000
# Columns that are fields of the same name.
PLAIN_FIELDS = (
    "name", "nature", "industry", "address", "latitude", "longitude", "employees", "own_users",
    "other_users", "founded_on", "status",
)  # fmt: skip
CLIENT_FIELDS = (
    *PLAIN_FIELDS, "client_class", "unit", "owner", "chief_representative", "sort_key",
    "search_text",
)  # fmt: skip
CONTACT_FIELDS = (
    "title", "department", "kind", "phone", "email", "buying_roles", "personality", "birth_month",
    "birth_day", "birth_year", "is_lunar_birthday", "sort_key", "search_text",
)  # fmt: skip


class ClientRosterLoader:
    """A row makes a client or changes the one with its code; empty cells change nothing."""

    def __init__(self, load: Load, now: datetime) -> None:
        self._load = load
        self._now = now
        self._units = {unit.code: unit for unit in Unit.objects.all()}
        self._people = {
            person.username: person
            for person in User.objects.filter(is_active=True).select_related("unit")
        }
        self._stored = {client.code: client for client in Client.objects.all()}
        self._new: dict[str, Client] = {}
        self._changed: dict[str, Client] = {}
        self._owner_before: dict[str, int | None] = {}

    def take(self, block: Block) -> None:
        for line, cells, values in self._load.judge(block):
            code = values["client_code"]
            if code in self._new or code in self._changed:
                self._load.refuse(line, cells, Problem("duplicate", "client_code"), counted=True)
            elif (values.get("latitude") is None) != (values.get("longitude") is None):
                problem = Problem("position_incomplete", "latitude")
                self._load.refuse(line, cells, problem, counted=True)
            else:
                self._take_row(line, code, given(values))
                self._load.totals.loaded += 1

    def _take_row(self, line: int, code: str, values: dict[str, Any]) -> None:
        client = self._stored.get(code)
        if client is None:
            client = self._new[code] = Client(code=code, unit=self._load.unit)
        else:
            self._changed[code] = client
        self._owner_before[code] = client.owner_id
        self._set_people(line, client, values)
        if "class" in values:
            client.client_class = values["class"]
        for name in PLAIN_FIELDS:
            if name in values:
                setattr(client, name, values[name])
        client_keys(client)
        if client.users_unlikely:
            self._load.quarantine.warn(Problem("users_unlikely", "own_users"), line)

    def _set_people(self, line: int, client: Client, values: dict[str, Any]) -> None:
        """Unknown people and units are warnings: the client itself is still true."""
        owner = self._person(line, values.get("manager"), "manager", OWNER_ROLES | UNIT_ROLES)
        representative = self._person(
            line,
            values.get("chief_representative"),
            "chief_representative",
            {Role.CHIEF_REPRESENTATIVE, Role.SUPERVISOR},
        )
        if owner:
            client.owner = owner
        if representative:
            client.chief_representative = representative
        if unit_code := values.get("unit_code"):
            if unit_code in self._units:
                client.unit = self._units[unit_code]
            else:
                self._load.quarantine.warn(Problem("unknown_unit", "unit_code"), line)
        elif owner and client.code in self._new:
            client.unit = owner.unit

    def _person(self, line: int, username: str | None, column: str, roles: Any) -> User | None:
        if not username:
            return None
        person = self._people.get(username)
        if person is None or person.role not in roles:
            self._load.quarantine.warn(Problem("unknown_person", column), line)
            return None
        return person

    def finish(self) -> None:
        Client.objects.bulk_create(self._new.values(), batch_size=BATCH)
        Client.objects.bulk_update(self._changed.values(), CLIENT_FIELDS, batch_size=BATCH)
        handed_over = [
            client
            for client in (*self._new.values(), *self._changed.values())
            if client.owner_id and client.owner_id != self._owner_before[client.code]
        ]
        owners_changed.send(Client, clients=handed_over)
        Ownership.objects.current().filter(client__in=handed_over).update(ended_at=self._now)
        Ownership.objects.bulk_create(
            (
                Ownership(
                    client=client,
                    owner=client.owner,
                    started_at=self._now,
                    reason=f"#{self._load.billing_import.number}",
                    assigned_by_id=self._load.billing_import.created_by_id,
                )
                for client in handed_over
                if client.owner
            ),
            batch_size=BATCH,
        )


class ContactRosterLoader:
    """A row makes a contact or changes the one with the same client, name and mobile."""

    def __init__(self, load: Load) -> None:
        self._load = load
        self._clients = dict(Client.objects.order_by().values_list("code", "pk"))
        self._stored = {
            (contact.client_id, contact.name, contact.mobile): contact
            for contact in Contact.objects.all()
        }
        self._new: dict[tuple, Contact] = {}
        self._changed: dict[tuple, Contact] = {}

    def take(self, block: Block) -> None:
        for line, cells, values in self._load.judge(block):
            client_id = self._clients.get(values["client_code"])
            if client_id is None:
                problem = Problem("unknown_client", "client_code")
                self._load.refuse(line, cells, problem, counted=True)
                continue
            key = (client_id, values["name"], values.get("mobile", ""))
            if key in self._new or key in self._changed:
                self._load.refuse(line, cells, Problem("duplicate", "name"), counted=True)
                continue
            self._take_row(key, given(values))
            self._load.totals.loaded += 1

    def _take_row(self, key: tuple, values: dict[str, Any]) -> None:
        contact = self._stored.get(key)
        if contact is None:
            contact = self._new[key] = Contact(client_id=key[0], name=key[1], mobile=key[2])
        else:
            self._changed[key] = contact
        if birthday := values.get("birthday"):
            contact.birth_year = birthday.year
            contact.birth_month = birthday.month
            contact.birth_day = birthday.day
            contact.is_lunar_birthday = birthday.is_lunar
        for name in CONTACT_FIELDS:
            if name in values:
                setattr(contact, name, values[name])
        contact_keys(contact)

    def finish(self) -> None:
        Contact.objects.bulk_create(self._new.values(), batch_size=BATCH)
        Contact.objects.bulk_update(self._changed.values(), CONTACT_FIELDS, batch_size=BATCH)
