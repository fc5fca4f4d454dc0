"""Lines of a block of bytes, without a Python loop over them."""

import numpy as np


class Lines:
    """The lines of a block of UTF-8: counted, measured and picked without a Python loop."""

    def __init__(self, raw: bytes) -> None:
        self.raw = raw
        self._bytes = np.frombuffer(raw, np.uint8)
        self._ends = np.append(self._positions("\n"), len(raw))
        self._starts = np.concatenate(([0], self._ends[:-1] + 1))
        self.lengths = self._ends - self._starts
        self.height = len(self._ends)
        self._counts: dict[str, np.ndarray] = {}

    def _positions(self, character: str) -> np.ndarray:
        return np.flatnonzero(self._bytes == ord(character))

    def count(self, character: str) -> np.ndarray:
        """How often an ASCII character occurs in each line; counted once."""
        if character not in self._counts:
            before = np.searchsorted(self._positions(character), self._ends)
            self._counts[character] = np.diff(before, prepend=0)
        return self._counts[character]

    def between(self, first: int, last: int) -> bytes:
        return self.raw[self._starts[first] : self._ends[last]] if first <= last else b""

    def text(self, first: int, last: int) -> str:
        return self.between(first, last).decode()

    def only(self, wanted: np.ndarray) -> bytes:
        """The wanted lines; neighbours are copied in one piece."""
        edges = np.flatnonzero(np.diff(wanted, prepend=False, append=False))
        pieces = zip(self._starts[edges[::2]], self._ends[edges[1::2] - 1], strict=True)
        return b"\n".join(self.raw[start:end] for start, end in pieces)


def unix_lines(raw: bytes, *, at_end: bool) -> bytes:
    """CR LF and lone CR become LF. A CR at the very end may be half of a pair: kept for later."""
    if b"\r" not in raw:
        return raw
    tail = b"\r" if raw.endswith(b"\r") and not at_end else b""
    body = raw.removesuffix(tail)
    return body.replace(b"\r\n", b"\n").replace(b"\r", b"\n") + tail
