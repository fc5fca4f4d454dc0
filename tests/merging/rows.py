"""A row of every table that refers to a client or a contact, and whole tables to compare."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.db.models import Model
from factory.django import DjangoModelFactory

from accounts.models import (
    BulkItem,
    Client,
    Contact,
    HandoverItem,
    HandoverMove,
    Merge,
    Ownership,
    RecentClient,
)
from crm.lib.merging import references_to
from crm.lib.rows import rows_as_json
from staff.models import Notification
from tests.architecture.our_models import our_models
from tests.factories import (
    accounts,
    analytics,
    archive,
    care,
    complaints,
    files,
    members,
    pairs,
    reports,
    visits,
)
from tests.factories.accounts import ClientFactory, ContactFactory, OwnershipFactory
from tests.factories.bulk_changes import make_bulk_change
from tests.factories.handovers import NOON, make_handover
from tests.factories.staff import UserFactory

# Follow from other tables, or say when a row was last written.
WRITTEN = {"updated_at", "archive_current_at", "completeness"}

# An id after, or before, every other one.
BEYOND = {"first": UUID(int=2**128 - 1), "second": UUID(int=1)}


def cells() -> dict[str, Any]:
    """Every value of ours by table, key and field, as JSON, but those of the merges themselves
    and what is told of them."""
    return {
        f"{model._meta.label_lower} {[row[key.attname] for key in model._meta.pk_fields]} {name}": value
        for model in our_models()
        if model not in (Merge, Notification)
        for row in rows_as_json(model._base_manager.all())
        for name, value in row.items()
        if name not in WRITTEN
    }


def differences(before: dict[str, Any]) -> dict[str, tuple[Any, Any]]:
    """What is not as it was: then and now."""
    now = cells()
    return {
        name: (before.get(name), now.get(name))
        for name in before.keys() | now.keys()
        if before.get(name) != now.get(name)
    }


def references() -> list[Any]:
    return [*references_to(Client), *references_to(Contact)]


def add_row(reference: Any, target: Model, owner: Any) -> Model:
    """A row that refers to the client or contact by this foreign key."""
    label = f"{reference.model._meta.label_lower}.{reference.name}"
    if label in SPECIAL:
        return SPECIAL[label](target, owner)
    return _factory(reference.model)(**{reference.name: target} | _fitting(reference, target))


def _fitting(reference: Any, target: Any) -> dict[str, Any]:
    """A contact's row names the contact's client as well."""
    names = {field.name for field in reference.model._meta.concrete_fields}
    if isinstance(target, Contact) and "client" in names:
        return {"client": target.client}
    return {}


def _factory(model: type[Model]) -> Any:
    modules = (
        accounts, analytics, archive, care, complaints, files, members, pairs, reports, visits,
    )  # fmt: skip
    for module in modules:
        for thing in vars(module).values():
            is_factory = isinstance(thing, type) and issubclass(thing, DjangoModelFactory)
            if is_factory and thing._meta.model is model:
                return thing
    raise AssertionError(f"no factory for {model.__name__}")


def _referring_client(target: Client, owner: Any) -> Client:
    return ClientFactory(owner=owner, lead_source="client", referring_client=target)


def _bulk_item(target: Client, owner: Any) -> BulkItem:
    item = make_bulk_change(owner).items.get()
    BulkItem.objects.filter(pk=item.pk).update(client=target)
    return item


def _handover_item(target: Client, owner: Any) -> HandoverItem:
    other = make_handover(UserFactory(unit=owner.unit)).shares.get().items.get()
    HandoverItem.objects.filter(pk=other.pk).update(client=target)
    return other


def _handover_move(target: Client, owner: Any) -> HandoverMove:
    handover = make_handover(UserFactory(unit=owner.unit))
    return HandoverMove.objects.create(
        handover=handover,
        kind="visit",
        object_id=target.pk,
        client=target,
        day=NOON.date(),
        former=owner,
        receiver=owner,
    )


def _pair(side: str) -> Callable[[Client, Any], Model]:
    """The lower id comes first in a pair."""

    def make(target: Client, owner: Any) -> Model:
        other = ClientFactory(owner=owner, pk=BEYOND[side])
        return pairs.SuspectedPairFactory(first=target, second=other)

    return make


def _contact_pair(side: str) -> Callable[[Contact, Any], Model]:
    def make(target: Contact, owner: Any) -> Model:
        other = ContactFactory(client=target.client, pk=BEYOND[side])
        one, two = sorted((target, other), key=lambda row: row.pk)
        return pairs.SuspectedPairFactory(
            kind="contact", first=target.client, second=target.client, first_contact=one,
            second_contact=two, reason="same_mobile",
        )  # fmt: skip

    return make


def _bill(target: Client, owner: Any) -> Model:
    return analytics.add_member_bill(client=target, msisdn=13_911_110_000, total=4_500)


def _relation(name: str) -> Callable[[Contact, Any], Model]:
    def make(target: Contact, owner: Any) -> Model:
        ends = {"person": target, "other": ContactFactory(client=target.client)}
        if name == "other":
            ends = {"person": ends["other"], "other": target}
        return accounts.ContactRelationFactory(**ends)

    return make


SPECIAL: dict[str, Callable[[Any, Any], Any]] = {
    "accounts.client.superior": lambda target, owner: ClientFactory(owner=owner, superior=target),
    "accounts.client.referring_client": _referring_client,
    "accounts.bulkitem.client": _bulk_item,
    "accounts.handoveritem.client": _handover_item,
    "accounts.handovermove.client": _handover_move,
    "accounts.ownership.client": lambda target, owner: OwnershipFactory(client=target, owner=owner),
    "accounts.recentclient.client": lambda target, owner: RecentClient.objects.create(
        client=target, person=owner, opened_at=NOON
    ),
    "accounts.suspectedpair.first": _pair("first"),
    "accounts.suspectedpair.second": _pair("second"),
    "accounts.suspectedpair.first_contact": _contact_pair("first"),
    "accounts.suspectedpair.second_contact": _contact_pair("second"),
    "accounts.contact.formerly": lambda target, owner: ContactFactory(
        client=target.client, formerly=target
    ),
    "accounts.contactrelation.person": _relation("person"),
    "accounts.contactrelation.other": _relation("other"),
    "accounts.entitlementuse.client": lambda target, owner: members.EntitlementUseFactory(
        member__client=target
    ),
    "accounts.entitlementuse.contact": lambda target, owner: members.EntitlementUseFactory(
        member=None, contact=target
    ),
    "accounts.merge.client": lambda target, owner: _merge(target, None, owner),
    "accounts.merge.contact": lambda target, owner: _merge(target.client, target, owner),
    "accounts.report.about": lambda target, owner: reports.ReportFactory(
        author=owner, about=target
    ),
    "analytics.memberbill.client": _bill,
}


def _merge(client: Client, contact: Contact | None, owner: Any) -> Merge:
    """An earlier merge, whose survivor is one of the two."""
    return Merge.objects.create(
        kind="contact" if contact else "client",
        client=client,
        contact=contact,
        old_id=Ownership().pk,
        old_name="Earlier",
        old_code="" if contact else f"E-{client.code}",
        reason="known",
        ledger={"steps": [], "extra": {}},
        merged_at=NOON,
        merged_by=owner,
    )
