"""`make test`: everything that has to hold before a commit. Each step runs, then failures are named."""

import argparse
import os
import shlex
import subprocess
import sys
import time

from crm.local import browser, frontend, printing
from crm.local.folders import PROJECT
from crm.local.install import VENV, say

# Named, so that settings can be read; nothing is there, so that no step can touch real data.
NOWHERE = {"DATABASE_URL": "postgres://postgres@//nowhere/crm", "REDIS_URL": "unix:///nowhere"}
STATIC_CHECKS = {
    "format": "ruff format --check .",
    "lint": "ruff check .",
    "imports": "lint-imports --no-logo",
    "types": "mypy .",
    "migrations": "python -W ignore::RuntimeWarning manage.py makemigrations --check",
}


def main() -> int:
    options = _options()
    words = shlex.split(options.pytest)
    failed = []
    if not words:
        failed += [name for name in options.only or STATIC_CHECKS if not _static_check(name)]
    if options.only:
        return bool(failed)
    frontend.build()
    if not printing.ensure():
        say(f"No Pango: tests of PDF files are skipped (apt install {' '.join(printing.PACKAGES)})")
    without_browser = options.fast or browser.ensure() is None
    if without_browser:
        words += ["-m", "not browser"]
    if not _passes("tests", ["python", "-m", "pytest", "-n", "auto", *words], {}):
        failed.append("tests")
    if without_browser and not options.fast:
        say("No Chromium could be found or installed: the browser tests did not run")
        failed.append("browser")
    say(f"Failed: {', '.join(failed)}" if failed else "All good")
    return bool(failed)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--fast", action="store_true", help="leave out the browser tests")
    parser.add_argument("--pytest", default="", help="arguments for pytest; then only tests run")
    parser.add_argument("--only", action="append", choices=STATIC_CHECKS, help="this check alone")
    return parser.parse_args()


def _static_check(name: str) -> bool:
    return _passes(name, STATIC_CHECKS[name].split(), NOWHERE)


def _passes(name: str, command: list[str], env: dict[str, str]) -> bool:
    say(f"{name}: {' '.join(command)}")
    began = time.monotonic()
    program = VENV / "bin" / command[0]
    result = subprocess.run([program, *command[1:]], cwd=PROJECT, env=os.environ | env, check=False)
    passed = result.returncode == 0
    say(f"{name}: {'ok' if passed else 'FAILED'} in {time.monotonic() - began:.1f} s")
    return passed


if __name__ == "__main__":
    sys.exit(main())
