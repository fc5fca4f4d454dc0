"""Make `.venv` and install the pinned packages: `python3 crm/local/install.py [run|dev]`.

Runs before anything is installed, on any Python from 3.11: standard library only, and started as a
file, because importing `crm` needs Celery.
"""

import fcntl
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

if __package__:
    from crm.local import stamps
else:
    import stamps  # type: ignore[import-not-found, no-redef]

PROJECT = Path(__file__).resolve().parents[2]
VENV = PROJECT / ".venv"
PYTHON = VENV / "bin" / "python"
Words = list[str | Path]
UV = "uv==0.13.9"  # puts wheels in place four times as fast as pip
LOCKS = {"run": ["requirements.lock"], "dev": ["requirements.lock", "requirements-dev.lock"]}


def main(kind: str) -> None:
    if sys.version_info < (3, 11):  # noqa: UP036 -- this is where an older one is told
        raise SystemExit(f"Python 3.11 or newer is needed; this is {sys.version.split()[0]}.")
    # Some images set it; without byte code every start takes four times as long.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    with _one_at_a_time():
        if not _stamp("").holds():
            _make_venv()
        if not all(_stamp(lock).holds() for lock in LOCKS[kind]):
            _install_packages(LOCKS[kind])


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    folder = os.open(PROJECT, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def _stamp(lock: str) -> stamps.Stamp:
    """Of one lock file in this place for this Python: a moved project gets a new environment."""
    made_from = [PROJECT / lock] if lock else []
    place = f"{VENV} {sys.version_info[:2]}"
    return stamps.Stamp(VENV / f"stamp-{lock or 'venv'}", stamps.of_content(made_from, extra=place))


def _make_venv() -> None:
    say("Making .venv")
    command: Words = [sys.executable, "-m", "venv", "--clear", VENV]
    if subprocess.run(command, stdout=sys.stderr, check=False).returncode:
        raise SystemExit("Python cannot make environments here (Debian: apt install python3-venv).")
    _stamp("").set()


def _install_packages(locks: list[str]) -> None:
    say(f"Installing {locks[-1]}")
    if not _install_with_uv(locks[-1]):
        say("uv did not manage it; trying pip")
        _pip("install", "--require-hashes", "-r", locks[-1])
    for lock in locks:
        _stamp(lock).set()


def _install_with_uv(lock: str) -> bool:
    try:
        _pip("install", UV)
    except subprocess.CalledProcessError:
        return False
    uv: Words = [PYTHON, "-m", "uv", "pip", "install", "--quiet", "--python", PYTHON]
    command: Words = [*uv, "--compile-bytecode", "--require-hashes", "-r", lock]
    # A company's proxy shows its own certificate, which the system knows and uv by itself does not.
    env = os.environ | _mirror() | {"UV_SYSTEM_CERTS": "true"}
    return subprocess.run(command, cwd=PROJECT, env=env, check=False).returncode == 0


def install_extra(requirement: str) -> None:
    """One more pinned package, for machines that lack something others have."""
    say(f"Installing {requirement}")
    _pip("install", requirement)


def _pip(*words: str) -> None:
    pip: Words = [PYTHON, "-m", "pip", "--disable-pip-version-check"]
    subprocess.run([*pip, *words, "--quiet"], cwd=PROJECT, check=True)


def _mirror() -> dict[str, str]:
    """uv does not read pip's settings, where a company's package mirror is usually named."""
    pip: Words = [PYTHON, "-m", "pip", "config", "get", "global.index-url"]
    found = subprocess.run(pip, capture_output=True, text=True, check=False)
    mirror = found.stdout.strip() or os.environ.get("PIP_INDEX_URL", "")
    return {"UV_DEFAULT_INDEX": mirror} if mirror and "UV_DEFAULT_INDEX" not in os.environ else {}


def say(text: str) -> None:
    print(f"· {text}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "run")
