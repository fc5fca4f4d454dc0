"""Pages through a real server process."""

from collections.abc import Iterator

from analytics.bench.figures import Figure
from analytics.bench.scratch import Scratch


def pages(scratch: Scratch) -> Iterator[Figure]:
    """Median time per page and the number of queries, with a month of bills in place."""
    database = scratch.database("pages", template=scratch.loaded())
    for name, result in scratch.run(database, "pages", scratch.size.requests).items():
        yield Figure(name, result["milliseconds"], "ms")
        yield Figure(f"{name}_queries", result["queries"], "queries")
    scratch.drop(database)


def pages_during_import(scratch: Scratch) -> Iterator[Figure]:
    """The same pages while an import of a whole month runs beside them, against a quiet machine."""
    database = scratch.database("pages", template=scratch.loaded())
    step = ("pages_during_import", scratch.size.requests, scratch.bills[1])
    for name, (quiet, busy) in scratch.run(database, *step).items():
        yield Figure(f"{name}_during_import", busy, "ms", quiet, busy / quiet)
    scratch.drop(database)
