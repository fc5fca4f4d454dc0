"""A file handed in again, corrected, or in parts."""

import pytest

from analytics.importing import loading
from tests.analytics.billing_files import (
    bills,
    csv_text,
    everything,
    load,
    load_month,
    number,
    row,
)

pytestmark = pytest.mark.django_db


@pytest.mark.rule("P10")
def test_same_file_twice_changes_nothing(clients):
    text = csv_text([*(row(n, f"C{n % 3 + 1}") for n in range(1, 20)), row(20, total="x")])
    load_month(text, creates_clients=False)
    before = everything()

    again = load_month(text, creates_clients=False)

    assert everything() == before
    assert (again.loaded, again.quarantined, again.replaced) == (19, 1, 19)


@pytest.mark.rule("P10")
def test_corrected_file_replaces_its_rows_and_removed_ones_vanish(clients):
    load([row(n) for n in range(1, 7)])

    done = load([row(1, total="99.00"), *(row(n) for n in range(2, 6)), row(9, "C2")])

    assert done.replaced == 6
    assert bills() == {
        number(1): ("C1", 9900),
        **{number(n): ("C1", 1000) for n in range(2, 6)},
        number(9): ("C2", 1000),
    }


@pytest.mark.rule("P10")
def test_file_with_other_rows_of_the_month_adds(clients):
    load([row(n) for n in range(1, 5)])

    done = load([row(n, "C2") for n in range(5, 8)])

    assert (done.loaded, done.replaced) == (3, 0)
    assert sorted(bills()) == [number(n) for n in range(1, 8)]


@pytest.mark.rule("P10")
def test_corrected_part_leaves_the_other_part_alone(clients):
    load([row(n) for n in range(1, 5)])
    load([row(n, "C2") for n in range(5, 9)])

    load([row(5, "C2", total="1.00"), row(6, "C2"), row(7, "C2")])

    assert sorted(bills()) == [number(n) for n in range(1, 8)]
    assert bills()[number(5)] == ("C2", 100)


@pytest.mark.parametrize(
    ("rows_of", "shared_of", "new_rows", "replaced"),
    [
        ({}, {}, 5, []),
        ({1: 4}, {1: 4}, 4, [1]),
        ({1: 4}, {1: 3}, 4, [1]),
        ({1: 4}, {1: 2}, 4, []),  # exactly half is not more than half
        ({1: 100}, {1: 3}, 3, []),  # a small correction of a few rows
        ({1: 3}, {1: 3}, 100, []),  # most of the new file is news
        ({1: 50, 2: 50}, {1: 50, 2: 49}, 100, [1, 2]),
        ({1: 50, 2: 50}, {1: 50, 2: 0}, 50, [1]),
    ],
)
def test_which_files_a_new_one_replaces(rows_of, shared_of, new_rows, replaced):
    assert loading.superseded(rows_of, shared_of, new_rows) == replaced
