"""Ordinary rows of a file: as many cells as the header, where they stand in a block of bytes."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Self

import numpy as np
import polars as pl


@dataclass(frozen=True)
class Rows:
    """Row i is line `numbers[i]` of the file, `raw[starts[i]:ends[i]]` in UTF-8.

    `width` cells each, `delimiter` between them and `newline` behind the row; a cell holds neither.
    """

    raw: bytes
    starts: np.ndarray
    ends: np.ndarray
    numbers: np.ndarray
    width: int
    delimiter: str
    newline: str = "\n"

    @property
    def height(self) -> int:
        return len(self.numbers)

    def only(self, wanted: np.ndarray) -> Self:
        """The rows for which `wanted` is true."""
        return self.__class__(
            self.raw,
            self.starts[wanted],
            self.ends[wanted],
            self.numbers[wanted],
            self.width,
            self.delimiter,
            self.newline,
        )

    def first(self, most: int) -> Self:
        return self.only(np.arange(self.height) < most)

    def cells(self) -> Iterator[tuple[int, list[str]]]:
        """Number and cells of each row."""
        edges = zip(self.numbers.tolist(), self.starts.tolist(), self.ends.tolist(), strict=True)
        for number, start, end in edges:
            yield number, self.raw[start:end].decode().split(self.delimiter)

    @cached_property
    def frame(self) -> pl.DataFrame:
        """Text columns c0, c1, … with null for an empty cell: for whole columns at a time."""
        schema = {f"c{i}": pl.String for i in range(self.width)}
        if not self.height:
            return pl.DataFrame(schema=schema)
        return pl.read_csv(
            self._joined(),
            has_header=False,
            separator=self.delimiter,
            eol_char=self.newline,
            quote_char=None,
            schema=schema,
            infer_schema=False,
        )

    def _joined(self) -> bytes:
        """The rows as one text; neighbours are copied in one piece."""
        is_gap = self.starts[1:] != self.ends[:-1] + 1
        pieces = zip(
            self.starts[np.append(True, is_gap)], self.ends[np.append(is_gap, True)], strict=True
        )
        return self.newline.encode().join(self.raw[start:end] for start, end in pieces)
