"""Dealing clients out to several people; the same input gives the same split."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from uuid import UUID

from accounts.choices import SplitWay
from accounts.models import Client

Plan = dict[UUID, int]  # client -> the person who gets it


def split(clients: Iterable[Client], people: Sequence[int], way: str) -> Plan:
    """Who gets which client; nothing when it is done by hand."""
    if way == SplitWay.HAND or not people:
        return {}
    # The largest first: dealt in this order, both ways come out even in the other respect too.
    ranked = sorted(clients, key=lambda client: (-client.income, client.code))
    return _by_income(ranked, people) if way == SplitWay.INCOME else _by_number(ranked, people)


def _by_number(ranked: Sequence[Client], people: Sequence[int]) -> Plan:
    """Numbers differ by one at most. There and back again, so that the first is not always first."""
    there_and_back = [*people, *reversed(people)]
    return {
        client.pk: there_and_back[number % len(there_and_back)]
        for number, client in enumerate(ranked)
    }


def _by_income(ranked: Sequence[Client], people: Sequence[int]) -> Plan:
    """Each client to whoever has the least so far; those without income even out the numbers."""
    income = dict.fromkeys(people, Decimal(0))
    number = dict.fromkeys(people, 0)
    plan: Plan = {}
    for client in ranked:
        least = min(
            people, key=lambda p: (income[p], number[p]) if client.income > 0 else (0, number[p])
        )
        plan[client.pk] = least
        income[least] += max(client.income, Decimal(0))
        number[least] += 1
    return plan
