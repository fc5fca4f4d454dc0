"""`make run`: everything up, until Ctrl-C.

Web, workers and beat die with this process, even on kill -9. The two servers do not: they are
stopped on the way out if this process started them, and left alone if they were running before.
"""

import fcntl
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import TextIO

from crm.local import folders, frontend, processes, servers
from crm.local.folders import PROJECT
from crm.local.install import say

LONGEST_PAUSE = 30  # seconds between restarts of a program that keeps ending
STEADY = 60  # seconds of life after which a program starts with a clean record
PATIENCE = [(signal.SIGTERM, 6.0), (signal.SIGQUIT, 4.0)]  # finish the job; hand it back


@dataclass
class Program:
    """One long-running process of the project, started again when it ends by itself."""

    name: str
    command: list[str]
    log: Path
    on_our_death: signal.Signals = signal.SIGTERM
    pass_fds: tuple[int, ...] = ()
    process: subprocess.Popen[bytes] | None = None
    failures: int = 0
    started_at: float = 0.0
    start_again_at: float = 0.0
    identity: tuple[int, str] = field(default=(0, ""))

    def start(self) -> None:
        self.process = processes.spawn(
            [sys.executable, *self.command],
            log=self.log,
            cwd=PROJECT,
            dies_with_us=self.on_our_death,
            pass_fds=self.pass_fds,
        )
        self.started_at = time.monotonic()
        self.identity = (self.process.pid, processes.start_time(self.process.pid) or "")

    def look_after(self) -> bool:
        """Start it again when it ended; True when there is a new process."""
        if self.process is not None:
            if (code := self.process.poll()) is None:
                return False
            self._note_end(code)
        if time.monotonic() < self.start_again_at:
            return False
        self.start()
        return True

    def _note_end(self, code: int) -> None:
        steady = time.monotonic() - self.started_at > STEADY
        self.failures = 1 if steady else self.failures + 1
        pause = min(2 ** (self.failures - 1), LONGEST_PAUSE)
        self.start_again_at = time.monotonic() + pause
        self.process = None
        say(f"{self.name} ended ({_in_words(code)}); starting it again in {pause} s. {self.log}:")
        print(_last_lines(self.log), file=sys.stderr, flush=True)


def _in_words(code: int) -> str:
    return f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"


def _last_lines(log: Path, count: int = 5) -> str:
    return "\n".join(
        f"    {line}" for line in log.read_text(errors="replace").splitlines()[-count:]
    )


class Launcher:
    """Holds what this run started; `run` returns when it was told to stop."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.servers: list[servers.Server] = []
        self.programs: list[Program] = []
        self.stopping = False
        self.url = ""
        self.listener: socket.socket | None = None  # kept open: each new web process inherits it
        self.logins = ""

    def run(self) -> None:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._on_signal)
        write_record(self.data, "", [])
        try:
            frontend.build()
            self._start()
            self._supervise()
        except KeyboardInterrupt:
            pass
        finally:
            self._stop()

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        """The first one ends whatever is going on; those after it do not disturb the tidying up."""
        if not self.stopping:
            self.stopping = True
            raise KeyboardInterrupt

    def _start(self) -> None:
        own_database = bool(os.environ.get("DATABASE_URL"))
        self.servers = servers.ensure()
        self.logins = _prepare(with_demo=not own_database)
        self.listener = _listen(
            os.environ.get("CRM_HOST") or "127.0.0.1", int(os.environ.get("CRM_PORT") or 8000)
        )
        self.url = _address(self.listener)
        self.programs = _programs(self.data, self.listener)
        self._look_after_programs()

    def _look_after_programs(self) -> None:
        restarted = [program.name for program in self.programs if program.look_after()]
        if restarted:
            write_record(self.data, self.url, [program.identity for program in self.programs])

    def _supervise(self) -> None:
        announced = False
        while True:
            self._look_after_programs()
            for server in self.servers:
                if not server.pid():
                    say(f"{server.name} ended; starting it again. See {server.log}")
                    server.start()
            if not announced and _answers(self.url):
                announced = True
                self._announce()
            time.sleep(0.5 if announced else 0.1)

    def _announce(self) -> None:
        print(f"\n  {self.url}\n", flush=True)
        if self.logins:
            print(self.logins, flush=True)
        print(f"  Logs: {logs_folder(self.data)}    Stop: Ctrl-C", flush=True)

    def _stop(self) -> None:
        self.stopping = True
        say("Stopping")
        running = [p for p in self.programs if p.process and p.process.poll() is None]
        for program in running:  # all at once, then each with its time
            os.kill(program.identity[0], signal.SIGTERM)
        for program in running:
            processes.end(*program.identity, PATIENCE)
        for server in self.servers:
            server.stop()
        record_file(self.data).unlink(missing_ok=True)


def _prepare(*, with_demo: bool) -> str:
    command = [sys.executable, "-m", "crm.local.prepare", *(["--with-demo"] if with_demo else [])]
    result = processes.run(command, cwd=PROJECT, stdout=subprocess.PIPE)
    if result.returncode:
        raise SystemExit("The project could not be prepared; see above.")
    return result.stdout


def _listen(host: str, port: int) -> socket.socket:
    """A listening socket on the port or the next free one.

    It is ours and handed to the web server, so nobody can take the port in between, and requests
    wait instead of failing while the web server is started again.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    for candidate in range(port, port + 100):
        listener = socket.socket(family)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        with suppress(OSError):
            listener.bind((host, candidate))
            listener.listen(512)
            return listener
        listener.close()
    raise SystemExit(f"No free port from {port} on {host}.")


def _address(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    if host in ("0.0.0.0", "::"):  # noqa: S104 -- compared, not bound
        host = "127.0.0.1"
    return f"http://{f'[{host}]' if ':' in host else host}:{port}/"


def _answers(url: str) -> bool:
    """Any answer counts: an error page is better seen in the browser than waited for here."""
    address = url.removeprefix("http://").rstrip("/")
    connection = http.client.HTTPConnection(address, timeout=2)
    try:
        connection.request("GET", "/")
        return bool(connection.getresponse().status)
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _programs(data: Path, listener: socket.socket) -> list[Program]:
    logs = logs_folder(data)
    logs.mkdir(exist_ok=True)
    web = ["-m", "gunicorn", "crm.wsgi", f"--bind=fd://{listener.fileno()}", "--no-control-socket"]
    web += ["--workers=2", "--threads=4", "--timeout=60"]
    beat = ["-m", "celery", "-A", "crm", "beat", "--pidfile="]
    beat += [f"--schedule={data / 'celerybeat-schedule'}"]
    programs = [
        Program("web", web, logs / "web.log", pass_fds=(listener.fileno(),)),
        _worker("worker", "celery", logs),
        _worker("billing-worker", "billing", logs),
        Program("beat", beat, logs / "beat.log"),
    ]
    for program in programs:
        program.log.write_bytes(b"")
    return programs


def _worker(name: str, queue: str, logs: Path) -> Program:
    """One job at a time: imports wait for each other, and everything else is short."""
    command = ["-m", "celery", "-A", "crm", "worker", f"--queues={queue}", f"--hostname={name}@%h"]
    command += ["--concurrency=1", "--loglevel=INFO"]
    return Program(name, command, logs / f"{name}.log", on_our_death=signal.SIGQUIT)


def logs_folder(data: Path) -> Path:
    return data / "logs"


def record_file(data: Path) -> Path:
    return data / "run.json"


def write_record(data: Path, url: str, programs: list[tuple[int, str]]) -> None:
    """For `make stop`, and for a second `make run`."""
    us = (os.getpid(), processes.start_time(os.getpid()))
    record_file(data).write_text(json.dumps({"url": url, "launcher": us, "programs": programs}))


def hold_the_place(data: Path) -> TextIO | None:
    """A lock that ends with this process however that ends; None when another run has it."""
    try:
        lock = (data / "run.lock").open("w")
    except PermissionError as error:  # left by root
        raise SystemExit(
            f"{error.filename} belongs to another user; chown {data} to yours."
        ) from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.close()
        return None
    return lock


def main() -> None:
    folders.read_env_file()
    data = folders.data_folder()
    lock = hold_the_place(data)
    if lock is None:
        running = record_file(data)
        url = json.loads(running.read_text())["url"] if running.exists() else ""
        raise SystemExit(f"Already running: {url or 'just starting'} (make stop ends it).")
    with lock:
        Launcher(data).run()


if __name__ == "__main__":
    main()
