"""Reading and loading at the same time."""

from collections import deque
from collections.abc import Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Item = TypeVar("Item")

# With one, a stage that is late for once holds up the others; each costs a block of memory.
AHEAD = 2


def made_ahead(items: Iterator[Item]) -> Generator[Item, None, None]:
    """The same items, the next ones made in a second thread while the caller works on one.

    Polars, NumPy and the database driver let go of the interpreter while they work, so that two
    cores are busy. An error arises where its item would have come.
    """
    with ThreadPoolExecutor(1, thread_name_prefix="made-ahead") as pool:
        coming = deque(pool.submit(next, items, None) for _ in range(AHEAD))
        while (item := coming.popleft().result()) is not None:
            coming.append(pool.submit(next, items, None))
            yield item
