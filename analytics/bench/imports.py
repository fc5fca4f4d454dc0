"""A month of member bills from file to alerts, against the bare COPY of the same rows."""

import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from analytics.bench.figures import Figure, compared, in_turn
from analytics.bench.scratch import Scratch, scratch_of


def import_1m(scratch: Scratch) -> Iterator[Figure]:
    """The last month, the month before it loaded and complete; and the worker's peak memory."""
    yield from _newest_month("import_1m", scratch)


def import_3m(scratch: Scratch) -> Iterator[Figure]:
    """Three times the rows; and the seconds of one such import by three of a third's."""
    small, _memory = _newest_month("import_1m", scratch)
    with scratch_of(replace(scratch.size, members=scratch.size.members * 3)) as larger:
        large, memory = _newest_month("import_3m", larger)
    yield large
    yield memory
    yield Figure("import_3m_growth", large.value, "s", small.value * 3, _growth(large, small))


def _growth(large: Figure, small: Figure) -> float:
    return large.value / (small.value * 3)


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


def reimport_corrected_1m(scratch: Scratch) -> Iterator[Figure]:
    """The last month again with 1 % of its rows corrected, against its first import."""
    both = scratch.database("both", template=scratch.loaded())
    bill, corrected = scratch.bills[1], scratch.folder / "corrected.csv"
    scratch.run(both, "load", bill, "member_bill")
    scratch.run(both, "settle")
    scratch.run(both, "workbook", "correct", bill, corrected)
    pairs = in_turn(
        lambda: _load(scratch, scratch.loaded(), bill)["seconds"],
        lambda: _load(scratch, both, corrected)["seconds"],
    )
    scratch.drop(both)
    yield compared("reimport_corrected_1m", "s", pairs)


def import_xlsx_200k(scratch: Scratch) -> Iterator[Figure]:
    """A month of a fifth of the rows as a workbook, against fastexcel reading it into polars."""
    size = replace(
        scratch.size, members=scratch.size.members // 5, clients=scratch.size.clients // 5
    )
    with scratch_of(size) as smaller:
        template, workbook = smaller.loaded(), smaller.folder / "bill.xlsx"
        smaller.run(template, "workbook", "write", smaller.bills[1], workbook)
        pairs = in_turn(
            lambda: smaller.run(template, "workbook", "read", workbook)["seconds"],
            lambda: _load(smaller, template, workbook)["seconds"],
        )
    yield compared("import_xlsx_200k", "s", pairs)


def peer_import_export(scratch: Scratch) -> Iterator[Figure]:
    """django-import-export on the first rows of the same bill: time a row against ours."""
    loaded, bill = scratch.loaded(), scratch.bills[1]
    ours = _microseconds(_load(scratch, loaded, bill))
    for setting in ("bulk", "default"):
        database = scratch.database("peer", template=scratch.empty())
        peer = _microseconds(scratch.run(database, "peer", bill, setting))
        yield Figure(f"peer_import_export_{setting}", peer, "µs a row", ours, peer / ours)
        scratch.drop(database)


def _microseconds(result: dict[str, float]) -> float:
    return result["seconds"] / result["loaded"] * 1e6


def _newest_month(name: str, scratch: Scratch) -> tuple[Figure, Figure]:
    memory: list[float] = []

    def subject() -> float:
        result = _load(scratch, scratch.loaded(), scratch.bills[1])
        memory.append(result["megabytes"])
        return result["seconds"]

    seconds = _against_copy(name, scratch, scratch.loaded(), scratch.bills[1], subject)
    return seconds, Figure(f"{name}_memory", max(memory), "MB")


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
