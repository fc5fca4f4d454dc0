"""XLSX workbooks, opened by a process of their own with capped memory.

A workbook of five kilobytes can have a cell in its very last row and column, and the reader then
asks for half a terabyte and takes its process down. That must not be the worker.
"""

import shutil
import subprocess
import sys
import tempfile
import threading
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple, TextIO, cast

import numpy as np
from django.conf import settings

from analytics.importing import workbook_process
from analytics.importing.archives import BROKEN
from analytics.importing.lines import Lines
from analytics.importing.problems import FileRefused
from analytics.importing.rows import Rows
from analytics.importing.sheet_text import NEWLINE, SEPARATOR

SECONDS = 600


class SheetPart(NamedTuple):
    """Rows of the first sheet that hold anything, numbered from 1 on.

    `done`: how much of the sheet this part and those before it are, up to 1.
    """

    rows: Rows
    done: float


def parts_of(file: BinaryIO) -> Iterator[SheetPart]:
    """The first sheet part by part, each while the next one is still being made.

    Raises FileRefused. Closing the iterator ends the process.
    """
    _check(file)
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, "workbook.xlsx")
        file.seek(0)
        with source.open("wb") as copy:
            shutil.copyfileobj(file, copy)
        yield from _converted(source)


def _check(file: BinaryIO) -> None:
    """Refuse other archives and anything that would unpack too large, before unpacking."""
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as archive:
            entries = archive.infolist()
    except (NotImplementedError, *BROKEN) as error:
        raise FileRefused("broken_workbook") from error
    if not any(entry.filename == "xl/workbook.xml" for entry in entries):
        raise FileRefused("not_workbook")
    limit = settings.IMPORT_MAX_XLSX_BYTES
    if sum(entry.file_size for entry in entries) > limit:
        raise FileRefused("workbook_bomb", limit=limit // 1024**2)


def _converted(source: Path) -> Iterator[SheetPart]:
    megabytes = settings.IMPORT_XLSX_MEMORY_MB
    command: list[str | Path] = [
        sys.executable, "-m", workbook_process.__name__, source, source.parent, str(megabytes),
    ]  # fmt: skip
    process = subprocess.Popen(  # noqa: S603 -- our own module, no shell
        command,
        cwd=settings.BASE_DIR,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    alarm = threading.Timer(SECONDS, process.kill)
    alarm.start()
    try:
        for line in cast("TextIO", process.stdout):
            name, before, done, height = line.split()
            part = source.parent / name
            yield SheetPart(_rows_of(part.read_bytes(), int(before)), int(done) / int(height))
            part.unlink()
        _refuse_failed(process.wait(), megabytes)
    finally:
        alarm.cancel()
        process.kill()
        process.communicate()


def _rows_of(raw: bytes, before: int) -> Rows:
    lines = Lines(raw.removesuffix(NEWLINE.encode()), NEWLINE)
    width = int(lines.count(SEPARATOR)[0]) + 1
    filled = lines.lengths >= width  # longer than its separators
    return Rows(
        lines.raw,
        lines.starts[filled],
        lines.ends[filled],
        np.flatnonzero(filled) + before + 1,
        width,
        SEPARATOR,
        NEWLINE,
    )


def _refuse_failed(exit_code: int, megabytes: int) -> None:
    if exit_code == workbook_process.BROKEN:
        raise FileRefused("broken_workbook")
    if exit_code:
        raise FileRefused("workbook_bomb", limit=megabytes)
