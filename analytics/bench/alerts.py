"""The alert run against one statement written by hand."""

from collections.abc import Iterator

from analytics.bench.figures import Figure, compared
from analytics.bench.scratch import Scratch


def alerts_20k(scratch: Scratch) -> Iterator[Figure]:
    """A run that finds its readings stored, and the first run, which makes them."""
    database = scratch.database("alerts", template=scratch.empty())
    result = scratch.run(database, "alerts", scratch.size.months)
    scratch.drop(database)
    yield compared("alerts_20k", "s", [(floor, run) for floor, run in result["pairs"]])
    yield Figure("alerts_20k_first_run", result["first"], "s")
    yield Figure("alerts_20k_readings", result["readings"], "readings")
