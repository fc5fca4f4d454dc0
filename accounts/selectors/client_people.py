"""The people of one client put together: who is missing, who has which say, who reports to whom."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import Exists, OuterRef, Q

from accounts.choices import (
    NEEDED_CONTACT_KINDS,
    BuyingRole,
    ClientStatus,
    ContactKind,
    RelationKind,
)
from accounts.models import Client, ClientQuerySet, Contact, ContactRelation
from staff.models import User


@dataclass(frozen=True)
class RoleHolders:
    """Who plays one of the five buying roles."""

    label: str
    contacts: Sequence[Contact]


@dataclass(frozen=True)
class RoleCoverage:
    """The buying cube of a client: which of the five roles are known (CON-03, CON-05)."""

    roles: Sequence[RoleHolders]

    @property
    def known(self) -> int:
        return sum(bool(role.contacts) for role in self.roles)

    @property
    def total(self) -> int:
        return len(self.roles)

    @property
    def is_thin(self) -> bool:
        """Working one role only is not enough."""
        return self.known <= 1


@dataclass
class Post:
    """One person in the tree of who reports to whom."""

    contact: Contact
    below: "list[Post]" = field(default_factory=list)


@dataclass(frozen=True)
class ClientPeople:
    here: Sequence[Contact]
    gone: Sequence[Contact]
    missing_kinds: Sequence[str]
    coverage: RoleCoverage
    decision_maker: Contact | None
    birthdays: Sequence[Contact]
    tree: Sequence[Post]


def client_people(client: Client, user: User, *, today: date) -> ClientPeople:
    """Everybody known at the client; two queries whatever their number."""
    rows = client.contacts.visible_to(user).select_related("client").with_service_tier()
    everybody = list(rows.order_by("kind", "sort_key", "pk"))
    here = [contact for contact in everybody if contact.is_active]
    until = today + timedelta(days=settings.BIRTHDAY_DAYS)
    soon = [each for each in here if each.next_birthday and today <= each.next_birthday <= until]
    return ClientPeople(
        here=here,
        gone=[contact for contact in everybody if not contact.is_active],
        missing_kinds=missing_kinds(client, here),
        coverage=role_coverage(here),
        decision_maker=next((each for each in here if each.is_decision_maker), None),
        birthdays=sorted(soon, key=lambda each: (each.next_birthday or today, each.sort_key)),
        tree=reporting_tree(here, _bosses(client, user)),
    )


def missing_kinds(client: Client, contacts: Iterable[Contact]) -> list[str]:
    """What a signed client lacks of contact person and person in charge (CON-01).

    See also `lacking_key_people`.
    """
    if client.status != ClientStatus.SIGNED:
        return []
    known = {contact.kind for contact in contacts if contact.is_active and not contact.is_external}
    return [str(ContactKind(kind).label) for kind in NEEDED_CONTACT_KINDS if kind not in known]


def lacking_key_people(clients: ClientQuerySet) -> ClientQuerySet:
    """Signed clients that `missing_kinds` finds something missing at."""
    people = Contact.objects.key_people().filter(client=OuterRef("pk")).order_by()
    complete = Q(pk__isnull=False)
    for kind in NEEDED_CONTACT_KINDS:
        complete &= Q(Exists(people.filter(kind=kind)))
    return clients.filter(~complete, status=ClientStatus.SIGNED)


def role_coverage(contacts: Sequence[Contact]) -> RoleCoverage:
    return RoleCoverage(
        [
            RoleHolders(
                str(role.label), [each for each in contacts if role.value in each.buying_roles]
            )
            for role in BuyingRole
        ]
    )


def _bosses(client: Client, user: User) -> dict[UUID, UUID]:
    relations = ContactRelation.objects.visible_to(user).filter(
        kind=RelationKind.REPORTS_TO, person__client=client
    )
    return dict(relations.values_list("person", "other"))


def reporting_tree(contacts: Sequence[Contact], bosses: dict[UUID, UUID]) -> list[Post]:
    """Those without a superior here stand at the top; people without any relation stay out."""
    posts = {contact.pk: Post(contact) for contact in contacts}
    tops = []
    for pk, post in posts.items():
        boss = posts.get(bosses.get(pk, pk))
        if boss and boss is not post:
            boss.below.append(post)
        else:
            tops.append(post)
    return [post for post in tops if post.below]
