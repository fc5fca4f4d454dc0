"""XLSX workbooks, opened by a process of their own with capped memory.

A workbook of five kilobytes can have a cell in its very last row and column, and the reader then
asks for half a terabyte and takes its process down. That must not be the worker.
"""

import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import BinaryIO

import polars as pl
from django.conf import settings

from analytics.importing import workbook_process
from analytics.importing.archives import BROKEN
from analytics.importing.problems import FileRefused

SECONDS = 600


def rows_of(file: BinaryIO) -> pl.DataFrame:
    """Rows of the first sheet that hold anything: text columns c0, c1, … and `line`, from 1 on.

    Raises FileRefused.
    """
    _check(file)
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder, "workbook.xlsx"), Path(folder, "rows.arrow")
        file.seek(0)
        with source.open("wb") as copy:
            shutil.copyfileobj(file, copy)
        _convert(source, target)
        return pl.read_ipc(target)


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


def _convert(source: Path, target: Path) -> None:
    megabytes = settings.IMPORT_XLSX_MEMORY_MB
    command: list[str | Path] = [
        sys.executable, "-m", workbook_process.__name__, source, target, str(megabytes),
    ]  # fmt: skip
    try:
        done = subprocess.run(  # noqa: S603 -- our own module, no shell
            command,
            cwd=settings.BASE_DIR,
            stderr=subprocess.DEVNULL,
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise FileRefused("workbook_bomb", limit=megabytes) from error
    if done.returncode == workbook_process.BROKEN:
        raise FileRefused("broken_workbook")
    if done.returncode:
        raise FileRefused("workbook_bomb", limit=megabytes)
