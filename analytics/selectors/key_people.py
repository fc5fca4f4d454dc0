"""Arrears on the lines of the people who matter (CON-02)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from accounts.models import Contact, ContactQuerySet
from analytics.models import BillingPeriod, MemberBill
from staff.models import User

FEN = Decimal(100)


@dataclass(frozen=True)
class KeyArrears:
    """What a person's own line owed in the newest complete month, in yuan."""

    contact: Contact
    month: date
    amount: Decimal


def key_arrears(people: ContactQuerySet, user: User) -> list[KeyArrears]:
    """Those of `people` whose line owes something, the largest sum first.

    Meant for the people of one client or of one manager: their numbers are looked up by the key of
    the month's bills. Only lines of the person's own client count.
    """
    month = BillingPeriod.objects.complete().order_by("-month").values_list("month", flat=True)
    newest = month.first()
    rows = people.visible_to(user).exclude(line_number=None).select_related("client")
    by_line: dict[tuple[int, object], Contact] = {
        (contact.line_number or 0, contact.client_id): contact for contact in rows
    }
    if newest is None or not by_line:
        return []
    bills = MemberBill.objects.visible_to(user).filter(
        period=newest, msisdn__in=[number for number, _client in by_line], arrears__gt=0
    )
    found = [
        KeyArrears(by_line[(number, client)], newest, arrears / FEN)
        for number, client, arrears in bills.values_list("msisdn", "client", "arrears")
        if (number, client) in by_line
    ]
    return sorted(found, key=lambda each: (-each.amount, each.contact.sort_key))


def managers_people(user: User) -> ContactQuerySet:
    """Key persons of the clients somebody is responsible for."""
    return Contact.objects.key_people().filter(client__owner=user)


def arrears_of_manager(user: User, *, limit: int) -> Sequence[KeyArrears]:
    return key_arrears(managers_people(user), user)[:limit]
