"""What merges show, and where a record that has gone into another one is found."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.apps import apps
from django.contrib.auth.models import AnonymousUser
from django.db.models import Case, Count, IntegerField, OuterRef, Q, Subquery, When
from django.utils.encoding import force_str

from accounts.merging import CLIENT_CHOICES, CONTACT_CHOICES
from accounts.models import Client, Contact, Merge
from accounts.selectors.pairs import label_of, shown
from crm.lib.merging import references_to
from staff.models import User

# Rows that a person would not call anything of the client's.
UNSEEN = frozenset(
    {
        "accounts.bulkitem", "accounts.client", "accounts.confidentiallook", "accounts.handoveritem",
        "accounts.handovermove", "accounts.merge", "accounts.ownership", "accounts.recentclient",
        "accounts.statuschange", "accounts.suspectedpair", "analytics.clientmonth",
        "analytics.alertreading", "analytics.memberbill", "analytics.valuedue",
    }
)  # fmt: skip


@dataclass(frozen=True)
class Choice:
    """A field in which both records have something, and not the same."""

    name: str
    label: str
    first: str
    second: str


@dataclass(frozen=True)
class Staying:
    """What the record that stays keeps in any case."""

    label: str
    first: str
    second: str


@dataclass(frozen=True)
class Counted:
    label: str
    first: int
    second: int


def former_codes() -> dict[str, UUID]:
    """Codes of clients that have gone into others -> the client they are now."""
    rows = Merge.objects.standing().of_clients().values_list("old_code", "client")
    return dict(rows)


def codes_now() -> dict[str, str]:
    """The same codes -> the code of the client they are now."""
    rows = Merge.objects.standing().of_clients().values_list("old_code", "client__code")
    return dict(rows)


def gone_into(old_ids: list[UUID], user: User | AnonymousUser) -> dict[UUID, UUID]:
    """Of these ids those of records that have gone into one which the person may see."""
    rows = Merge.objects.visible_to(user).standing().filter(old_id__in=old_ids)
    return {
        old_id: contact or client
        for old_id, client, contact in rows.values_list("old_id", "client", "contact")
    }


def choices_between(one: Client | Contact, two: Client | Contact) -> list[Choice]:
    """The fields about which somebody has to choose; what only one has is kept anyway."""
    names = CLIENT_CHOICES if isinstance(one, Client) else CONTACT_CHOICES
    found = []
    for name in names:
        first, second = shown(one, name), shown(two, name)
        if first and second and first != second:
            found.append(Choice(name, label_of(one, name), first, second))
    return found


CLIENT_STAYING = ("code", "unit", "owner", "chief_representative", "client_class", "status")
CONTACT_STAYING = ("is_active",)
PEOPLE = 100  # so many people of a client are offered


def staying_between(one: Client | Contact, two: Client | Contact) -> list[Staying]:
    names = CLIENT_STAYING if isinstance(one, Client) else CONTACT_STAYING
    rows = [Staying(label_of(one, name), shown(one, name), shown(two, name)) for name in names]
    return [row for row in rows if row.first or row.second]


def namesakes(contact: Contact) -> list[Contact]:
    """The other people of the client, those with the same name or number first."""
    others = Contact.objects.filter(client=contact.client_id).exclude(pk=contact.pk)
    alike = Q(name__iexact=contact.name)
    if contact.mobile:
        alike |= Q(mobile=contact.mobile)
    nearness = Case(When(alike, then=0), default=1)
    return list(others.order_by(nearness, "sort_key", "pk")[:PEOPLE])


def counted(one: Client | Contact, two: Client | Contact) -> list[Counted]:
    """How much hangs on each of the two, by kind, in one statement; what neither has is left out."""
    model: Any = type(one)
    seen = [each for each in references_to(model) if each.model._meta.label_lower not in UNSEEN]
    counts = {f"n{index}": _count(reference) for index, reference in enumerate(seen)}
    rows = {
        row["pk"]: row
        for row in model.objects.filter(pk__in=[one.pk, two.pk]).values("pk", **counts)
    }
    found = [
        Counted(
            _plural(seen[index].model._meta.label_lower),
            rows[one.pk][name] or 0,
            rows[two.pk][name] or 0,
        )
        for index, name in enumerate(counts)
    ]
    return sorted(
        (each for each in found if each.first or each.second), key=lambda each: each.label
    )


def _count(reference: Any) -> Subquery:
    rows = reference.model._base_manager.filter(**{reference.name: OuterRef("pk")})
    return Subquery(
        rows.order_by().values(reference.attname).annotate(n=Count("*")).values("n"),
        output_field=IntegerField(),
    )


def suggested_survivor(one: Any, two: Any) -> str:
    """`one` or `two`: the client that bills know and that is worth more, the contact on file longer."""
    if isinstance(one, Client):
        is_two = (not two.has_provisional_code, two.income) > (
            not one.has_provisional_code,
            one.income,
        )
    else:
        is_two = (two.is_active, -two.created_at.timestamp()) > (
            one.is_active,
            -one.created_at.timestamp(),
        )
    return "two" if is_two else "one"


def steps_of(merge: Merge) -> list[tuple[str, int, int]]:
    """By kind of record: how many moved, and how many were put aside because the survivor has
    the same."""
    moved: dict[str, int] = {}
    aside: dict[str, int] = {}
    for step in merge.ledger["steps"]:
        if "move" in step:
            label = step["move"].rsplit(".", 1)[0]
            moved[label] = moved.get(label, 0) + len(step["ids"])
        elif "aside" in step and step["row"].get("id") != str(merge.old_id):
            aside[step["aside"]] = aside.get(step["aside"], 0) + 1
    return sorted(
        (_plural(label), moved.get(label, 0), aside.get(label, 0))
        for label in {*moved, *aside} - UNSEEN
    )


def _plural(label: str) -> str:
    """Of a model, as the first word of a line."""
    name = force_str(apps.get_model(label)._meta.verbose_name_plural)
    return name[:1].upper() + name[1:]
