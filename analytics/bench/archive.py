"""Pages, search and handovers in an archive of 50,000 clients, 200,000 contacts and 2,000,000 members."""

from collections.abc import Iterator

from analytics.bench.figures import FULL, Figure
from analytics.bench.scratch import Scratch

CLIENTS, CONTACTS, MEMBERS = 50_000, 200_000, 2_000_000
A_TWENTIETH = 20
ARCHIVE = "archive"


def archive_pages(scratch: Scratch) -> Iterator[Figure]:
    """Median time per page, term and person, and the number of queries."""
    yield from _measured(scratch, "archive_pages")


def handover_1000(scratch: Scratch) -> Iterator[Figure]:
    """Median time of the preview, of handing a manager's thousand clients over and of the undo."""
    yield from _measured(scratch, "handover_1000")


def _measured(scratch: Scratch, step: str) -> Iterator[Figure]:
    database = scratch.database(step, template=_archive(scratch))
    for name, result in scratch.run(database, step, scratch.size.requests).items():
        yield Figure(name, result["milliseconds"], "ms")
        yield Figure(f"{name}_queries", result["queries"], "queries")
    scratch.drop(database)


def _archive(scratch: Scratch) -> str:
    """Made once for all that is measured in it."""
    if not scratch.has(ARCHIVE):
        share = 1 if scratch.size == FULL else A_TWENTIETH
        scratch.database(ARCHIVE)
        scratch.run(ARCHIVE, "migrate")
        sizes = (count // share for count in (CLIENTS, CONTACTS, MEMBERS))
        scratch.run(ARCHIVE, "make_archive", *sizes)
    return ARCHIVE
