"""Dealing clients out."""

from decimal import Decimal

import pytest

from accounts.choices import SplitWay
from accounts.models import Client
from accounts.splitting import split


def clients(*incomes: int) -> list[Client]:
    return [Client(code=f"C{n:03}", income=Decimal(i)) for n, i in enumerate(incomes)]


def sums(rows: list[Client], plan) -> dict[int, tuple[int, Decimal]]:
    found = {}
    for person in plan.values():
        theirs = [row for row in rows if plan[row.pk] == person]
        found[person] = (len(theirs), sum(row.income for row in theirs))
    return found


def test_by_number_differs_by_one_at_most_and_mixes_large_and_small():
    rows = clients(900, 800, 700, 600, 500, 400, 300)

    plan = split(rows, [1, 2, 3], SplitWay.NUMBER)

    assert sums(rows, plan) == {1: (3, 1600), 2: (2, 1300), 3: (2, 1300)}


def test_by_income_gives_each_the_same_money():
    rows = clients(1000, 400, 300, 300)

    plan = split(rows, [1, 2], SplitWay.INCOME)

    assert sums(rows, plan) == {1: (1, 1000), 2: (3, 1000)}


def test_clients_without_income_even_out_the_numbers():
    rows = clients(1000, 400, 300, 300, 0, 0, -5, 0)

    plan = split(rows, [1, 2], SplitWay.INCOME)

    assert {person: number for person, (number, _) in sums(rows, plan).items()} == {1: 4, 2: 4}


@pytest.mark.parametrize("way", SplitWay.values)
def test_the_order_of_the_rows_does_not_matter(way):
    rows = clients(5, 3, 3, 3, 1, 0)

    assert split(rows, [1, 2], way) == split(reversed(rows), [1, 2], way)


def test_by_hand_nothing_is_dealt():
    assert split(clients(5, 3), [1, 2], SplitWay.HAND) == {}
    assert split(clients(5, 3), [], SplitWay.NUMBER) == {}
