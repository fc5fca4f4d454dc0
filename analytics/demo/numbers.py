"""Invented mobile numbers: a one-to-one map from serial numbers to 11-digit numbers."""

import numpy as np

_PREFIXES = (*range(134, 140), *range(150, 153), *range(157, 160), *range(182, 185), 187, 188)
PREFIXES = np.array([*_PREFIXES, 147, 172, 178, 195, 198])
_TAIL = 100_000_000
SERIALS = _TAIL * len(PREFIXES)
"""How many different numbers there are."""
_STEP = 1_357_986_761
_SHIFT = 314_159_265


def mobile_numbers(serials: np.ndarray) -> np.ndarray:
    """Different serials below SERIALS give different numbers: _STEP and SERIALS are coprime."""
    scattered = (np.asarray(serials, dtype=np.int64) * _STEP + _SHIFT) % SERIALS
    prefix, tail = np.divmod(scattered, _TAIL)
    return PREFIXES[prefix] * _TAIL + tail


def mobile_number(serial: int) -> str:
    return str(int(mobile_numbers(np.array([serial]))[0]))
