"""A month of member bills from file to alerts, against the bare COPY of the same rows."""

import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from analytics.bench.figures import Figure, compared, in_turn
from analytics.bench.scratch import Scratch


def import_1m(scratch: Scratch) -> Iterator[Figure]:
    """The last month, the month before it loaded and complete; and the worker's peak memory."""
    memory: list[float] = []

    def subject() -> float:
        result = _load(scratch, scratch.loaded(), scratch.bills[1])
        memory.append(result["megabytes"])
        return result["seconds"]

    yield _against_copy("import_1m", scratch, scratch.loaded(), scratch.bills[1], subject)
    yield Figure("import_1m_memory", max(memory), "MB")


def import_1m_first(scratch: Scratch) -> Iterator[Figure]:
    """The first month of all: every member is new, nothing to compare with."""
    template, bill = scratch.empty(), scratch.bills[0]
    yield _against_copy(
        "import_1m_first",
        scratch,
        template,
        bill,
        lambda: _load(scratch, template, bill)["seconds"],
    )


def _load(scratch: Scratch, template: str, bill: Path) -> dict[str, float]:
    return scratch.run(scratch.database("subject", template), "load", bill, "member_bill")


def _against_copy(name, scratch: Scratch, template: str, bill: Path, subject) -> Figure:
    _load(scratch, template, bill)  # warms up the machine, and leaves the clean rows to copy
    clean = scratch.folder / "clean.csv"
    month = bill.stem.removeprefix("bench_").replace("-", "")
    with closing(scratch.connect("subject")) as connection, clean.open("wb") as file:
        connection.cursor().copy_expert(
            f"COPY analytics_memberbill_{month} TO STDOUT (FORMAT csv)", file
        )
    pairs = in_turn(lambda: _copy_seconds(scratch, clean), subject)
    scratch.drop("subject")
    return compared(name, "s", pairs)


def _copy_seconds(scratch: Scratch, clean: Path) -> float:
    """COPY of the clean rows, all columns, into an unlogged table without indexes."""
    with closing(scratch.connect(scratch.empty())) as connection, clean.open("rb") as file:
        cursor = connection.cursor()
        cursor.execute("CREATE UNLOGGED TABLE bench_floor (LIKE analytics_memberbill)")
        started = time.perf_counter()
        cursor.copy_expert("COPY bench_floor FROM STDIN (FORMAT csv)", file)
        seconds = time.perf_counter() - started
        connection.rollback()
    return seconds
