"""What PDF files need of the system: Pango, and a font with Chinese."""

from ctypes.util import find_library

from crm.local import debian
from crm.local.install import say

LIBRARIES = ("pango-1.0", "pangoft2-1.0", "harfbuzz-subset")
PACKAGES = ("libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0", "fonts-noto-cjk")


def is_there() -> bool:
    return all(find_library(name) for name in LIBRARIES)


def ensure() -> bool:
    """Install what is missing; False when there is no way to."""
    if is_there():
        return True
    say("Installing Pango")
    debian.install(*PACKAGES)
    return is_there()
