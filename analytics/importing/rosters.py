"""Client and contact rosters: rows of the archive, made or brought up to date by code or name."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, TypeVar

from django.db.models import Value
from django.db.models.functions import Greatest
from django.utils import timezone
from django.utils.translation import gettext

from accounts.choices import ClassSource
from accounts.models import Client, Contact, Industry, Ownership, Representation, StatusChange
from accounts.selectors.choices import possible_owners, possible_units
from accounts.selectors.merges import former_codes
from accounts.services.classes import record_class_changes
from accounts.services.clients import client_keys
from accounts.services.completeness import archives_changed
from accounts.services.contacts import CONTACT_KEY_FIELDS, contact_keys
from accounts.services.representations import keep_representations
from accounts.signals import owners_changed
from analytics.importing.changes import Before, keep_created, keep_updated
from analytics.importing.checking import Problem, given
from analytics.importing.clients import foreign_codes
from analytics.importing.loading import Load
from analytics.importing.reading import Block
from analytics.models import BillingImport
from staff.choices import OWNER_ROLES, UNIT_ROLES
from staff.models import Unit, User
from staff.selectors.positions import eligible_representatives

ANY_OWNER = OWNER_ROLES | UNIT_ROLES
M = TypeVar("M", Client, Contact)
BATCH = 1000
# Columns that are fields of the same name.
PLAIN_FIELDS = (
    "name", "nature", "industry", "address", "latitude", "longitude", "employees", "own_users",
    "other_users", "founded_on", "status", "payment_method", "fee_reimbursement", "points",
    "credit", "business_scope", "internal_organisation", "features",
)  # fmt: skip
# Written whatever the file says.
ALWAYS_WRITTEN = {"sort_key", "search_text", "updated_at"}
CONTACT_FIELDS = (
    "title", "department", "kind", "phone", "email", "buying_roles", "personality", "birth_month",
    "birth_day", "birth_year", "is_lunar_birthday", "gender", "nickname", "form_of_address",
    "preferences", "hobbies", "duties", "decision_level", "expertise", "organisation",
    *CONTACT_KEY_FIELDS,
)  # fmt: skip


class ClientRosterLoader:
    """A row makes a client or changes the one with its code; empty cells change nothing."""

    def __init__(self, load: Load, now: datetime) -> None:
        self._load = load
        self._now = now
        author = load.billing_import.created_by
        mine = load.mine(Client.objects.without_texts())
        self._stored = {client.code: client for client in mine}
        self._former = former_codes()
        self._foreign = foreign_codes(mine)
        self._changes_classes = author is None or author.has_perm("accounts.change_class")
        units = possible_units(author, None) if author else Unit.objects.all()
        self._units = {unit.code: unit for unit in units}
        people = User.objects.filter(is_active=True)
        owners = possible_owners(author) if author else people.filter(role__in=ANY_OWNER)
        self._owners = _by_username(owners.select_related("unit"))
        self._representatives = _by_username(
            eligible_representatives(timezone.localtime(now).date())
        )
        self._new: dict[str, Client] = {}
        self._changed: dict[str, dict[str, Any]] = {}

    def take(self, block: Block) -> None:
        for line, cells, values in self._load.judge(block):
            code = values["client_code"]
            if code in self._new or code in self._changed:
                self._load.refuse(line, cells, Problem("duplicate", "client_code"), counted=True)
            elif code in self._former:
                problem = Problem("merged_client", "client_code")
                self._load.refuse(line, cells, problem, counted=True)
            elif code in self._foreign:
                problem = Problem("foreign_client", "client_code")
                self._load.refuse(line, cells, problem, counted=True)
            elif (values.get("latitude") is None) != (values.get("longitude") is None):
                problem = Problem("position_incomplete", "latitude")
                self._load.refuse(line, cells, problem, counted=True)
            else:
                self._take_row(line, code, given(values))
                self._load.totals.loaded += 1

    def _take_row(self, line: int, code: str, values: dict[str, Any]) -> None:
        client = self._stored.get(code)
        changes = {name: values[name] for name in PLAIN_FIELDS if name in values}
        if "high_end" in values:
            changes["is_high_end"] = values["high_end"]
        if self._may_set_class(line, client, values):
            changes["client_class"] = values["class"]
        changes |= self._people_and_unit(line, values, is_new=client is None)
        if client is None:
            client = self._new[code] = Client(code=code, unit=self._load.unit)
        else:
            self._changed[code] = changes
        _apply(client, changes)
        client_keys(client)
        if client.users_unlikely:
            self._load.quarantine.warn(Problem("users_unlikely", "own_users"), line)

    def _may_set_class(self, line: int, client: Client | None, values: dict[str, Any]) -> bool:
        """A known client's class changes by proposal, or by whoever decides about classes."""
        if "class" not in values or (client and client.client_class == values["class"]):
            return False
        if client and not self._changes_classes:
            self._load.quarantine.warn(Problem("class_not_changed", "class"), line)
            return False
        return True

    def _people_and_unit(
        self, line: int, values: dict[str, Any], *, is_new: bool
    ) -> dict[str, User | Unit]:
        """Unknown people and units are warnings: the client itself is still true."""
        changes: dict[str, User | Unit] = {}
        if owner := self._person(line, values, "manager", self._owners):
            changes["owner"] = owner
        if representative := self._person(
            line, values, "chief_representative", self._representatives
        ):
            changes["chief_representative"] = representative
        if unit_code := values.get("unit_code"):
            if unit_code in self._units:
                changes["unit"] = self._units[unit_code]
            else:
                self._load.quarantine.warn(Problem("unknown_unit", "unit_code"), line)
        elif owner and is_new and owner.unit:
            changes["unit"] = owner.unit
        return changes

    def _person(
        self, line: int, values: dict[str, Any], column: str, people: Mapping[str, User]
    ) -> User | None:
        username = values.get(column)
        if username and username not in people:
            self._load.quarantine.warn(Problem("unknown_person", column), line)
        return people.get(username or "")

    @property
    def new_clients(self) -> list[Client]:
        return list(self._new.values())

    @property
    def new_count(self) -> int:
        return len(self._new)

    @property
    def changed_count(self) -> int:
        return len(self._changed)

    def finish(self) -> None:
        """Write what the file says and nothing else: others may have saved since it was read."""
        Client.objects.bulk_create(self._new.values(), batch_size=BATCH)
        keep_created(self._load.billing_import, self._new.values())
        handed_over = [client for client in self._new.values() if client.owner_id]
        represented = [client for client in self._new.values() if client.chief_representative_id]
        reclassed = [(client, "") for client in self._new.values() if client.client_class]
        by_pk = {self._stored[code].pk: changes for code, changes in self._changed.items()}
        fresh = [client.pk for client in self._new.values()]
        steps: list[StatusChange] = []
        for clients in _locked(Client, by_pk):
            before = Before(clients)
            for client in clients:
                owner_before, class_before = client.owner_id, client.client_class
                status_before = client.status
                representative_before = client.chief_representative_id
                _apply(client, by_pk[client.pk])
                client_keys(client)
                client.updated_at = timezone.now()
                if client.owner_id and client.owner_id != owner_before:
                    handed_over.append(client)
                if client.chief_representative_id != representative_before:
                    represented.append(client)
                if client.client_class != class_before:
                    reclassed.append((client, class_before))
                if client.status != status_before:
                    steps.append(self._step(client, status_before))
            given_fields = {name for client in clients for name in by_pk[client.pk]}
            Client.objects.bulk_update(clients, sorted(given_fields | ALWAYS_WRITTEN))
            changed = keep_updated(self._load.billing_import, clients, before)
            fresh += [client.pk for client in changed]
        StatusChange.objects.bulk_create(steps, batch_size=BATCH)
        self._hand_over(handed_over)
        self._keep_classes(reclassed)
        self._keep_representatives(represented)
        self._know_industries()
        archives_changed(fresh)

    def _step(self, client: Client, before: str) -> StatusChange:
        """A roster says how things are: no step is refused, but each is kept (ARC-01)."""
        return StatusChange(
            client=client,
            old=before,
            new=client.status,
            reason=_reason(self._load.billing_import),
            changed_at=self._now,
            changed_by_id=self._load.billing_import.created_by_id,
        )

    def _know_industries(self) -> None:
        """Industries of the roster can be chosen from now on (ARC-F18)."""
        named = {client.industry for client in self._new.values()}
        named |= {changes.get("industry", "") for changes in self._changed.values()}
        Industry.objects.bulk_create(
            [Industry(name=name) for name in sorted(named - {""})], ignore_conflicts=True
        )

    def _keep_representatives(self, clients: list[Client]) -> None:
        billing_import = self._load.billing_import
        stood = list(Representation.objects.current().filter(client__in=clients))
        before = Before(stood)
        ended, begun = keep_representations(
            clients=clients,
            reason=_reason(billing_import),
            now=self._now,
            by=billing_import.created_by,
        )
        keep_created(billing_import, begun)
        keep_updated(billing_import, ended, before)

    def _keep_classes(self, reclassed: list[tuple[Client, str]]) -> None:
        billing_import = self._load.billing_import
        proposals = record_class_changes(
            clients=[client for client, _before in reclassed],
            classes_before=[before for _client, before in reclassed],
            source=ClassSource.ROSTER,
            reason=_reason(billing_import),
            now=self._now,
            by=billing_import.created_by,
        )
        keep_created(billing_import, proposals)

    def _hand_over(self, clients: list[Client]) -> None:
        current = Ownership.objects.current().filter(client__in=clients)
        # Somebody may have given the client away after this import began.
        stood = list(current)
        owners_changed.send(
            Client,
            clients=clients,
            now=self._now,
            by=self._load.billing_import.created_by,
            former={ownership.client_id: ownership.owner_id for ownership in stood},
        )
        began = {ownership.client_id: ownership.started_at for ownership in stood}
        before = Before(stood)
        current.update(ended_at=Greatest("started_at", Value(self._now)))
        given_to = Ownership.objects.bulk_create(
            [
                Ownership(
                    client=client,
                    owner=client.owner,
                    started_at=max(self._now, began.get(client.pk, self._now)),
                    reason=_reason(self._load.billing_import),
                    assigned_by_id=self._load.billing_import.created_by_id,
                )
                for client in clients
                if client.owner
            ],
            batch_size=BATCH,
        )
        keep_created(self._load.billing_import, given_to)
        ended = Ownership.objects.filter(pk__in=[ownership.pk for ownership in stood])
        keep_updated(self._load.billing_import, ended, before)


class ContactRosterLoader:
    """A row makes a contact or changes the one with the same client, name and mobile."""

    def __init__(self, load: Load, now: datetime) -> None:
        self._load = load
        self._today = timezone.localdate(now)
        clients = load.mine(Client.objects.order_by())
        self._clients = dict(clients.values_list("code", "pk"))
        in_sight = set(self._clients.values())
        self._clients |= {code: pk for code, pk in former_codes().items() if pk in in_sight}
        contacts = load.mine(Contact.objects.order_by())
        self._stored = {
            (client, name, mobile): pk
            for pk, client, name, mobile in contacts.values_list("pk", "client", "name", "mobile")
        }
        self._new: dict[tuple, Contact] = {}
        self._changed: dict[tuple, dict[str, Any]] = {}

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
        changes = {name: values[name] for name in CONTACT_FIELDS if name in values}
        if birthday := values.get("birthday"):
            changes["birth_year"] = birthday.year
            changes["birth_month"] = birthday.month
            changes["birth_day"] = birthday.day
            changes["is_lunar_birthday"] = birthday.is_lunar
            changes["is_leap_month_birthday"] = birthday.is_leap_month
        if key in self._stored:
            self._changed[key] = changes
            return
        contact = self._new[key] = Contact(client_id=key[0], name=key[1], mobile=key[2])
        _apply(contact, changes)
        contact_keys(contact, today=self._today)

    @property
    def new_count(self) -> int:
        return len(self._new)

    @property
    def changed_count(self) -> int:
        return len(self._changed)

    def finish(self) -> None:
        """Write what the file says and nothing else: others may have saved since it was read."""
        Contact.objects.bulk_create(self._new.values(), batch_size=BATCH)
        keep_created(self._load.billing_import, self._new.values())
        by_pk = {self._stored[key]: changes for key, changes in self._changed.items()}
        fresh = {contact.client_id for contact in self._new.values()}
        for contacts in _locked(Contact, by_pk):
            before = Before(contacts)
            for contact in contacts:
                _apply(contact, by_pk[contact.pk])
                contact_keys(contact, today=self._today)
                contact.updated_at = timezone.now()
            Contact.objects.bulk_update(contacts, [*CONTACT_FIELDS, "updated_at"])
            changed = keep_updated(self._load.billing_import, contacts, before)
            fresh |= {contact.client_id for contact in changed}
        archives_changed(fresh)


def _reason(billing_import: BillingImport) -> str:
    return gettext("Client roster, import #%(number)s") % {"number": billing_import.number}


def _by_username(people: Iterable[User]) -> dict[str, User]:
    return {person.username: person for person in people}


def _apply(instance: Client | Contact, changes: Mapping[str, Any]) -> None:
    for name, value in changes.items():
        setattr(instance, name, value)


def _locked(model: type[M], pks: Iterable[Any]) -> Iterator[list[M]]:
    """The rows as they are now, in batches, kept from others until the import is committed."""
    ordered = sorted(pks)
    for start in range(0, len(ordered), BATCH):
        batch = ordered[start : start + BATCH]
        yield list(model.objects.filter(pk__in=batch).order_by("pk").select_for_update())
