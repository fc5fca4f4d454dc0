"""Pytest plugin: a real PostgreSQL and Valkey of its own for each test run.

Loaded with `-p`, because pytest-django reads the settings before any conftest.py. Servers named in
the environment are used instead. The data folder is a temporary one in any case.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from crm.local import folders, processes, servers
from crm.local.translations import compile_translations

PREFIX = "crm-test-"
HOME = "CRM_TEST_HOME"  # set in the process that started the servers, inherited by xdist's workers


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Iterator[None]:
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    if worker:
        _move_into_own_corner(int(worker.removeprefix("gw")) + 1)
    else:
        compile_translations()
        early_config.add_cleanup(_start())
    return (yield)


def _start() -> Callable[[], None]:
    _remove_leftovers()
    us = os.getpid()
    home = folders.temporary_home(f"{PREFIX}{us}-{processes.start_time(us)}-")
    ours = servers.ephemeral_servers(home)
    os.environ[HOME] = str(home)
    os.environ["SECRET_KEY"] = "tests-only"  # noqa: S105
    os.environ["STATIC_FROM_SOURCE"] = "true"  # no collectstatic before tests
    _move_into_own_corner(0)
    started = servers.start_missing(ours)

    def stop() -> None:
        for server in started:
            server.stop()
        shutil.rmtree(home, ignore_errors=True)

    return stop


def _move_into_own_corner(number: int) -> None:
    """Files, broker and cache of its own for each process; each has its own database anyway."""
    data = Path(os.environ[HOME]) / f"data{number}"
    (data / "static").mkdir(parents=True)  # WhiteNoise warns when there is none
    os.environ["CRM_DATA_DIR"] = str(data)
    os.environ["CRM_REDIS_DB"] = str(2 * number)


def _remove_leftovers() -> None:
    """Folders of test runs that were killed; their servers died with them."""
    for folder in folders.temporary_place().glob(f"{PREFIX}*-*-*"):
        pid, started = folder.name.removeprefix(PREFIX).split("-")[:2]
        if pid.isdigit() and processes.start_time(int(pid)) != started:
            shutil.rmtree(folder, ignore_errors=True)
