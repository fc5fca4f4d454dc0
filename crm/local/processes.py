"""Processes that are started in the background, recognised again, and ended."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from crm.local.folders import Account

_PR_SET_PDEATHSIG = 1
_spawned: list[subprocess.Popen[bytes]] = []  # kept: Python complains of forgotten ones
_libc = ctypes.CDLL(None)  # loaded here: nothing may be loaded between fork and exec


def spawn(
    argv: Sequence[str | Path],
    *,
    log: Path,
    account: Account | None = None,
    dies_with_us: signal.Signals | None = None,
    env: Mapping[str, str] | None = None,
    cwd: Path = Path("/"),
    pass_fds: Sequence[int] = (),
) -> subprocess.Popen[bytes]:
    """Start a background process in a session of its own, so that Ctrl-C does not reach it.

    `dies_with_us` is the signal the kernel sends it when this process ends, however that happens.
    """
    with log.open("ab") as output:
        process = subprocess.Popen(
            [str(word) for word in argv],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            env=env,
            cwd=cwd,
            pass_fds=pass_fds,
            start_new_session=True,
            preexec_fn=_tie(dies_with_us) if dies_with_us else None,  # noqa: PLW1509 -- two system calls, no lock
            **(account.as_popen_arguments() if account else {}),
        )
    _spawned.append(process)
    return process


def run(argv: Sequence[str | Path], **options: Any) -> subprocess.CompletedProcess[str]:
    """Run a step and wait for it; it ends with this process, even on kill -9."""
    return subprocess.run(
        argv,
        text=True,
        check=False,
        preexec_fn=_tie(signal.SIGTERM),
        **options,
    )


def _tie(death_signal: signal.Signals) -> Callable[[], None] | None:
    if sys.platform != "linux":
        return None
    parent = os.getpid()

    def tie() -> None:
        _libc.prctl(_PR_SET_PDEATHSIG, int(death_signal))
        if os.getppid() != parent:  # it ended before the line above
            os._exit(1)

    return tie


def start_time(pid: int) -> str | None:
    """Tells a process from a later one with the same number; None when it is gone or a zombie."""
    if not Path("/proc/self/stat").exists():  # not Linux: trust the number
        with suppress(OSError):
            os.kill(pid, 0)
            return "running"
        return None
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return None if fields[0] in "ZX" else fields[19]


def command_line(pid: int) -> str:
    """What the process was started with, words separated by blanks; empty when it is gone."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except OSError:
        return ""


def wait_until(condition: Callable[[], object], *, seconds: float) -> bool:
    """Look again and again, at least once; False when the time is over."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def end(pid: int, started: str, steps: Sequence[tuple[signal.Signals, float]]) -> None:
    """Send each signal and allow its seconds, then kill the whole group.

    The start time keeps a process alone that merely inherited the number.
    """
    for step, seconds in steps:
        if start_time(pid) != started:
            return
        with suppress(ProcessLookupError):
            os.kill(pid, step)
        if wait_until(lambda: start_time(pid) != started, seconds=seconds):
            return
    with suppress(ProcessLookupError):
        os.killpg(pid, signal.SIGKILL)
    wait_until(lambda: start_time(pid) != started, seconds=10)
