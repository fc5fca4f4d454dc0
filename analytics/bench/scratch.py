"""Databases that are made for a measurement and dropped after it."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg2
from django.conf import settings
from django.db import connection

from analytics.bench.figures import ROSTER, Size

EMPTY = "empty"  # clients only
NUMBERS = count(1)  # one bench may need a second set of databases
LOADED = "loaded"  # and the month before the last one, complete


class Scratch:
    """A folder with bills, and databases beside the configured one."""

    def __init__(self, folder: Path, size: Size) -> None:
        self.folder = folder
        self.size = size
        self._prefix = f"crm_bench_{os.getpid()}_{next(NUMBERS)}"
        self._names: set[str] = set()
        (folder / "static").symlink_to(settings.STATIC_ROOT)

    def database(self, name: str, template: str = "") -> str:
        """A new database called `name`, a copy of the one called `template`."""
        source = f"TEMPLATE {self._prefix}_{template} STRATEGY FILE_COPY" if template else ""
        self.drop(name)
        self._names.add(name)
        self._execute(f"CREATE DATABASE {self._prefix}_{name} {source}", "CHECKPOINT")
        return name

    def has(self, name: str) -> bool:
        return name in self._names

    def drop(self, name: str) -> None:
        self._execute(f"DROP DATABASE IF EXISTS {self._prefix}_{name} WITH (FORCE)")

    def drop_all(self) -> None:
        for name in self._names:
            self.drop(name)

    def connect(self, name: str) -> "psycopg2.extensions.connection":
        parameters = connection.get_connection_params()
        parameters["dbname"] = f"{self._prefix}_{name}" if name else "postgres"
        parameters.pop("cursor_factory", None)
        return psycopg2.connect(**parameters)

    def _execute(self, *statements: str) -> None:
        with closing(self.connect("")) as admin, admin.cursor() as cursor:
            admin.autocommit = True  # databases are not made in transactions
            for statement in statements:
                cursor.execute(statement)

    def environment(self, name: str) -> dict[str, str]:
        """For processes that shall use the database."""
        url = urlsplit(os.environ["DATABASE_URL"])
        path = url.path.rsplit("/", 1)[0] + f"/{self._prefix}_{name}"
        return os.environ | {
            "DATABASE_URL": urlunsplit(url._replace(path=path)),
            "CRM_DATA_DIR": str(self.folder),
        }

    def run(self, name: str, step: str, *arguments: object) -> dict[str, Any]:
        """Run one of `steps` on a database; gives what it prints as JSON."""
        done = subprocess.run(  # noqa: S603 -- our own module, no shell
            [sys.executable, "-m", "analytics.bench.steps", step, *map(str, arguments)],
            env=self.environment(name),
            cwd=settings.BASE_DIR,
            stdout=subprocess.PIPE,
            check=True,
            text=True,
        )
        return json.loads(done.stdout.splitlines()[-1])

    @property
    def bills(self) -> list[Path]:
        """The last two months, oldest first."""
        return sorted(self.folder.glob("bench_*.csv"))

    def empty(self) -> str:
        """Clients and settings, no bills."""
        if EMPTY not in self._names:
            self.database(EMPTY)
            # Elsewhere: a child's peak memory counts from what its parent had when it started it.
            self.run(EMPTY, "write_files", self.folder, self.size.clients, self.size.members)
            self.run(EMPTY, "migrate")
            self.run(EMPTY, "load", self.folder / ROSTER, "clients")
        return EMPTY

    def loaded(self) -> str:
        """Also the month before the last one, complete."""
        if LOADED not in self._names:
            self.database(LOADED, template=self.empty())
            self.run(LOADED, "load", self.bills[0], "member_bill")
            self.run(LOADED, "settle")
        return LOADED


@contextmanager
def scratch_of(size: Size) -> Iterator[Scratch]:
    with tempfile.TemporaryDirectory(prefix="crm-bench-") as folder:
        made = Scratch(Path(folder), size)
        try:
            yield made
        finally:
            made.drop_all()
