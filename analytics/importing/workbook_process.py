"""Turns the first sheet of a workbook into text; run as a process.

    python -m analytics.importing.workbook_process bill.xlsx FOLDER MEGABYTES

Writes the sheet to FOLDER in parts of BLOCK_ROWS rows (`sheet_text`) and prints a line for each as
soon as it is there: the file's name, the rows of the sheet before it, with it, and in all.
Ends with BROKEN when it is no workbook, and by a signal when it needs more memory than that.
"""

import resource
import sys
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from pathlib import Path

import fastexcel

BROKEN = 3
BLOCK_ROWS = 5_000


def main(source: str, folder: str, megabytes: str) -> int:
    """Gives the exit code."""
    _limit(resource.RLIMIT_AS, int(megabytes) * 1024**2)
    _limit(resource.RLIMIT_CORE, 0)
    with ThreadPoolExecutor(1) as meanwhile:
        # It brings polars, which takes a moment that the reader has to spend anyway.
        loaded = meanwhile.submit(import_module, "analytics.importing.sheet_text")
        try:
            sheet = fastexcel.read_excel(source).load_sheet(
                0, header_row=None, skip_rows=0, dtypes="string"
            )
        except fastexcel.FastExcelError:
            return BROKEN
    rows, text_of = sheet.to_polars(), loaded.result().text_of
    for start in range(0, rows.height, BLOCK_ROWS):
        part = Path(folder, f"{start}.txt")
        part.write_bytes(text_of(rows.slice(start, BLOCK_ROWS)))
        done = min(start + BLOCK_ROWS, rows.height)
        sys.stdout.write(f"{part.name} {start} {done} {rows.height}\n")
        sys.stdout.flush()
    return 0


def _limit(what: int, most: int) -> None:
    _soft, hard = resource.getrlimit(what)
    most = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(what, (most, most))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
