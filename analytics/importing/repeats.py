"""Which phone numbers of a file occurred before, told block by block."""

import numpy as np

LONG = 500_000


class SeenNumbers:
    """The numbers read so far, 8 bytes each.

    They are kept in sorted runs, each at least twice as long as the next, so that a block costs
    a few binary searches per number. Runs of LONG are not merged any more: that would need as
    much memory again, and a few more searches cost less.
    """

    def __init__(self) -> None:
        self._runs: list[np.ndarray] = []

    def repeated(self, numbers: np.ndarray) -> np.ndarray:
        """True where a number occurred in an earlier call or further up; remembers them all."""
        order = np.argsort(numbers, kind="stable")
        ordered = numbers[order]
        again = np.zeros(len(ordered), dtype=bool)
        again[1:] = ordered[1:] == ordered[:-1]
        for run in self._runs:
            places = np.minimum(np.searchsorted(run, ordered), len(run) - 1)
            again |= run[places] == ordered
        self._remember(ordered[~again])
        result = np.empty_like(again)
        result[order] = again
        return result

    def contains(self, numbers: np.ndarray) -> np.ndarray:
        """True where a number occurred; remembers nothing."""
        found = np.zeros(len(numbers), dtype=bool)
        for run in self._runs:
            places = np.minimum(np.searchsorted(run, numbers), len(run) - 1)
            found |= run[places] == numbers
        return found

    def _remember(self, run: np.ndarray) -> None:
        while self._runs and len(self._runs[-1]) < min(2 * len(run), LONG):
            # A stable sort of two sorted runs is a merge.
            run = np.sort(np.concatenate((self._runs.pop(), run)), kind="stable")
        if len(run):
            self._runs.append(run)
