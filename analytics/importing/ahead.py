"""Reading and loading at the same time."""

from collections.abc import Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Item = TypeVar("Item")


def one_ahead(items: Iterator[Item]) -> Generator[Item, None, None]:
    """The same items, each made in a second thread while the caller works on the one before.

    Polars, NumPy and the database driver let go of the interpreter while they work, so that two
    cores are busy. An error arises where its item would have come.
    """
    with ThreadPoolExecutor(1, thread_name_prefix="one-ahead") as pool:
        coming = pool.submit(next, items, None)
        while (item := coming.result()) is not None:
            coming = pool.submit(next, items, None)
            yield item
