"""Lines of a block of bytes, without a Python loop over them."""

import numpy as np


class Lines:
    """The lines of a block of UTF-8: counted and measured without a Python loop.

    Line i is `raw[starts[i]:ends[i]]`.
    """

    def __init__(self, raw: bytes, newline: str = "\n") -> None:
        self.raw = raw
        self._bytes = np.frombuffer(raw, np.uint8)
        self.ends = np.append(self._positions(newline), len(raw))
        self.starts = np.concatenate(([0], self.ends[:-1] + 1))
        self.lengths = self.ends - self.starts
        self.height = len(self.ends)
        self._counts: dict[str, np.ndarray] = {}

    def _positions(self, character: str) -> np.ndarray:
        return np.flatnonzero(self._bytes == ord(character))

    def count(self, character: str) -> np.ndarray:
        """How often an ASCII character occurs in each line; counted once."""
        if character not in self._counts:
            before = np.searchsorted(self._positions(character), self.ends)
            self._counts[character] = np.diff(before, prepend=0)
        return self._counts[character]

    def between(self, first: int, last: int) -> bytes:
        return self.raw[self.starts[first] : self.ends[last]] if first <= last else b""

    def text(self, first: int, last: int) -> str:
        return self.between(first, last).decode()


def unix_lines(raw: bytes, *, at_end: bool) -> bytes:
    """CR LF and lone CR become LF. A CR at the very end may be half of a pair: kept for later."""
    if b"\r" not in raw:
        return raw
    tail = b"\r" if raw.endswith(b"\r") and not at_end else b""
    body = raw.removesuffix(tail)
    return body.replace(b"\r\n", b"\n").replace(b"\r", b"\n") + tail
