"""Pages and search in an archive of 50,000 clients, 200,000 contacts and 2,000,000 members."""

from collections.abc import Iterator

from analytics.bench.figures import FULL, Figure
from analytics.bench.scratch import Scratch

CLIENTS, CONTACTS, MEMBERS = 50_000, 200_000, 2_000_000
A_TWENTIETH = 20


def archive_pages(scratch: Scratch) -> Iterator[Figure]:
    """Median time per page, term and person, and the number of queries."""
    share = 1 if scratch.size == FULL else A_TWENTIETH
    database = scratch.database("archive")
    scratch.run(database, "migrate")
    sizes = (count // share for count in (CLIENTS, CONTACTS, MEMBERS))
    scratch.run(database, "make_archive", *sizes)
    for name, result in scratch.run(database, "archive_pages", scratch.size.requests).items():
        yield Figure(name, result["milliseconds"], "ms")
        yield Figure(f"{name}_queries", result["queries"], "queries")
    scratch.drop(database)
