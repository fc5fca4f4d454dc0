"""Remember what was done, so that a second start repeats nothing.

A stamp is a small file holding a fingerprint of what a step was made from. It is written after
the step, so a step that was killed is done again. Standard library only: `install` uses it.
"""

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path


class Stamp:
    """`with`-less on purpose: `if not stamp.holds(): work(); stamp.set()`."""

    def __init__(self, path: Path, fingerprint: str) -> None:
        self.path = path
        self.fingerprint = fingerprint

    def holds(self) -> bool:
        return self.path.exists() and self.path.read_text() == self.fingerprint

    def set(self) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.path.write_text(self.fingerprint)


def of_content(paths: Iterable[Path], *, extra: str = "") -> str:
    """Changes with the bytes of a few small files: the same in every clone."""
    digest = hashlib.sha256(extra.encode())
    for path in sorted(paths):
        digest.update(f"\0{path.name}\0".encode() + path.read_bytes())
    return digest.hexdigest()


def of_times(paths: Iterable[Path], *, extra: str = "") -> str:
    """Changes when one of many files is written, added, moved or removed; reads none of them."""
    digest = hashlib.sha256(extra.encode())
    for path in sorted(paths):
        found = path.stat()
        digest.update(f"\0{path}\0{found.st_size}\0{found.st_mtime_ns}".encode())
    return digest.hexdigest()


def files_below(*folders: Path, without: Iterable[str] = ()) -> Iterator[Path]:
    """Every file in the folders, not entering those named in `without`."""
    for folder in folders:
        for path in sorted(folder.iterdir()) if folder.is_dir() else ():
            if path.is_dir():
                if path.name not in without:
                    yield from files_below(path, without=without)
            elif path.is_file():
                yield path
