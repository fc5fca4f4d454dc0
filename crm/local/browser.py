"""Chromium for the browser tests: found, or installed."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from crm.local import debian
from crm.local.install import say

VARIABLE = "CRM_CHROMIUM"  # names a browser of one's own; exported for the tests
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def find() -> Path | None:
    """The browser to test with: named, the machine's, or Playwright's own."""
    if named := os.environ.get(VARIABLE):
        return Path(named)
    for name in NAMES:
        if found := shutil.which(name):
            return Path(found)
    cache = os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or Path.home() / ".cache" / "ms-playwright"
    downloaded = sorted(Path(cache).glob("chromium-*/chrome-linux*/chrome"))
    return downloaded[-1] if downloaded else None


def ensure() -> Path | None:
    """Find a browser or install one, and export it; None when there is no way to get one."""
    browser = find()
    if browser is None:
        say("Installing Chromium")
        _install()
        browser = find()
    if browser:
        os.environ[VARIABLE] = str(browser)
    return browser


def _install() -> None:
    # With the fonts, without which Chinese is a row of boxes on every screenshot.
    if not debian.install("chromium", "fonts-noto-cjk"):
        playwright = [sys.executable, "-m", "playwright"]
        subprocess.run([*playwright, "install", "chromium"], stdout=sys.stderr, check=False)
