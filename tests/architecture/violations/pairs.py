"""Violating rows of pairs of records that may be the same."""

from collections.abc import Callable
from datetime import UTC, date, datetime

from accounts.models import SuspectedPair
from crm.lib.models import uuid7
from tests.factories.pairs import SuspectedPairFactory, contact_pair
from tests.factories.staff import UserFactory

NOON = datetime(2026, 7, 6, 4, tzinfo=UTC)


def pair_the_other_way_round() -> None:
    pair = SuspectedPairFactory()
    SuspectedPair.objects.update(first=pair.second, second=pair.first)


def half_a_pair_of_contacts() -> None:
    contact_pair(UserFactory())
    SuspectedPair.objects.update(second_contact=None)


def contacts_of_a_pair_of_clients() -> None:
    contact_pair(UserFactory())
    SuspectedPair.objects.update(kind="client")


def same_pair(make: Callable) -> Callable[[], object]:
    def again() -> None:
        pair = make()
        pair.pk = uuid7()
        pair.save(force_insert=True)

    return again


VIOLATIONS: dict[str, list[Callable[[], object]]] = {
    "accounts_suspectedpair_two_in_order": [
        pair_the_other_way_round,
        half_a_pair_of_contacts,
        contacts_of_a_pair_of_clients,
    ],
    "accounts_suspectedpair_clients_once": [same_pair(SuspectedPairFactory)],
    "accounts_suspectedpair_contacts_once": [same_pair(lambda: contact_pair(UserFactory()))],
    "accounts_suspectedpair_judged_by_somebody": [
        lambda: SuspectedPairFactory(state="same"),
        lambda: SuspectedPairFactory(decided_at=NOON),
        lambda: SuspectedPairFactory(decided_by=UserFactory()),
    ],
    "accounts_suspectedpair_later_has_day": [
        lambda: SuspectedPairFactory(state="later", decided_at=NOON, decided_by=UserFactory()),
        lambda: SuspectedPairFactory(later_until=date(2026, 7, 6)),
    ],
}
