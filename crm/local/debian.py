"""Packages of the system, where that is Debian or Ubuntu and we may install them."""

import os
import shutil
import subprocess


def install(*packages: str) -> bool:
    """False when it cannot be done here."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return False
    apt = ["apt-get", "-qq", "-o", "Dpkg::Use-Pty=0"]
    quiet = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run([*apt, "update"], stdout=subprocess.DEVNULL, env=quiet, check=False)
    command = [*apt, "install", "--yes", "--no-install-recommends", *packages]
    result = subprocess.run(command, stdout=subprocess.DEVNULL, env=quiet, check=False)
    return result.returncode == 0
