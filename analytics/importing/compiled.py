"""The one compiled loop: rows of a bill from bytes to whole numbers in a single pass (ADR 0054).

Numba compiles it when a process first reads a bill and keeps the machine code below the data
folder. Only what reads bills imports this module: the compiler takes a second and 100 MB.
"""

from typing import NamedTuple

import numba
import numpy as np
from django.conf import settings
from numba.core import config

config.CACHE_DIR = str(settings.DATA_DIR / "compiled")  # type: ignore[attr-defined]
compiled = numba.njit(nogil=True, cache=True)
inlined = numba.njit(nogil=True, cache=True, inline="always")

# What a column holds; up to WORD, nothing that can be read by itself.
SKIPPED, CODE, WORD, NAME, MSISDN, MONEY, UNSIGNED_MONEY, POINTS = range(8)
# What is known about a cell; of a row, the worst of its cells.
SURE, UNKNOWN, NEW, UNSURE = range(4)
REFUSED = -(2**62) - 1  # in place of a number
MISSING, EMPTY = -1, -2  # in place of the place of a text

MAX_NAME = 200  # bytes, so that it is certainly not more characters
MAX_CODE = 32
MSISDN_LENGTH = 11
MSISDN_FIRST = ord("1")
# Up to 7 digits of yuan fit four bytes of fen.
MAX_YUAN = 7
MAX_POINTS = 9
ZERO, NINE, POINT, MINUS, APOSTROPHE, SPACE, DELETE = map(ord, "09.-' \x7f")
TAB, NEWLINE = map(ord, "\t\n")
# FNV-1a, mixed at the end as in MurmurHash3: dates and codes differ in few bits only.
HASH_START, HASH_FACTOR = np.uint64(14695981039346656037), np.uint64(1099511628211)
HASH_MIX, HASH_SHIFT = np.uint64(0xFF51AFD7ED558CCD), np.uint64(33)


class Texts(NamedTuple):
    """Texts of columns and the number each means, as arrays that compiled code can search.

    Text i is `letters[starts[i]:starts[i + 1]]`. `slots` is a hash table with open addressing,
    its size a power of two: places of texts, -1 where there is none.
    """

    letters: np.ndarray
    starts: np.ndarray
    columns: np.ndarray
    numbers: np.ndarray
    slots: np.ndarray


class Layout(NamedTuple):
    """The columns of a file in their order: kind, and the number an empty cell stands for."""

    kinds: np.ndarray
    defaults: np.ndarray
    delimiter: int


@compiled
def enter_texts(texts):
    """Fill the empty slots; no text of a column comes twice."""
    letters, starts, columns, _numbers, slots = texts
    for place in range(len(columns)):
        slot = _first_slot(letters, starts[place], starts[place + 1], columns[place], len(slots))
        while slots[slot] >= 0:
            slot = (slot + 1) % len(slots)
        slots[slot] = place


@compiled
def read_rows(raw, starts, ends, layout, numbers, verdicts):
    """Read the cells of rows that have as many as there are columns.

    Row i is `raw[starts[i]:ends[i]]`. Fills `numbers` (columns, rows) and `verdicts` (rows). In
    columns of codes and words the numbers are where the cells begin; `look_up` comes after.
    """
    kinds, defaults, delimiter = layout
    for row in range(len(starts)):
        start, verdict = starts[row], SURE
        for column in range(len(kinds)):
            kind = kinds[column]
            end = _end_of_cell(raw, start, ends[row], delimiter)
            if kind <= WORD:
                number = start
            elif start == end:
                number = defaults[column]
            else:
                number = _read_cell(raw, start, end, kind)
            if number == REFUSED:
                verdict = UNSURE
            numbers[column, row] = number
            start = end + 1
        verdicts[row] = verdict


@compiled
def look_up(raw, ends, layout, column, texts, numbers, verdicts, new_words):
    """Put what texts mean in place of where they begin, in one column of codes or words.

    Row i ends at `ends[i]`. Words not known stay where they begin, and as many of them as have
    room are put into `new_words` (start, end); gives how many these are.
    """
    places = np.empty(len(ends), np.int64)
    _find_texts(raw, ends, layout.delimiter, column, texts, numbers, places)
    found = 0
    for row in range(len(ends)):
        start, verdict = numbers[row], SURE
        if places[row] >= 0:
            numbers[row] = texts.numbers[places[row]]
        elif places[row] == EMPTY:
            numbers[row] = layout.defaults[column]
        else:
            end = _end_of_cell(raw, start, ends[row], layout.delimiter)
            if layout.kinds[column] == CODE:
                verdict = UNKNOWN if _is_plain_code(raw, start, end) else UNSURE
            else:
                verdict = NEW
                if found < len(new_words):
                    new_words[found, 0], new_words[found, 1] = start, end
                    found += 1
        verdicts[row] = UNSURE if numbers[row] == REFUSED else verdict
    return found


@compiled
def _find_texts(raw, ends, delimiter, column, texts, begins, places):
    """The place of each row's text among the texts, EMPTY, or MISSING."""
    letters, starts, columns, _numbers, slots = texts
    last_begin, last_end, last_place = 0, -1, MISSING
    for row in range(len(ends)):
        begin = begins[row]
        # Most rows say the same as the one before.
        end = begin + _shared_length(raw, begin, ends[row], raw, last_begin, last_end)
        if end - begin == last_end - last_begin and (end == ends[row] or raw[end] == delimiter):
            places[row] = last_place
            continue
        end = _end_of_cell(raw, end, ends[row], delimiter)
        slot = _first_slot(raw, begin, end, column, len(slots))
        place = slots[slot]
        while place != MISSING and not (
            columns[place] == column
            and starts[place + 1] - starts[place] == end - begin
            and _shared_length(raw, begin, end, letters, starts[place], starts[place + 1])
            == end - begin
        ):
            slot = (slot + 1) & (len(slots) - 1)
            place = slots[slot]
        places[row] = EMPTY if begin == end else place
        last_begin, last_end, last_place = begin, end, places[row]


@inlined
def _shared_length(one, start, end, other, other_start, other_end):
    """How many bytes they have in common from their beginnings on."""
    length, most = 0, min(end - start, other_end - other_start)
    while length < most and one[start + length] == other[other_start + length]:
        length += 1
    return length


@inlined
def _end_of_cell(raw, start, end_of_row, delimiter):
    end = start
    while end < end_of_row and raw[end] != delimiter:
        end += 1
    return end


@compiled
def _first_slot(raw, start, end, column, slots):
    """Where the hash table is searched for a column's text."""
    mixed = HASH_START ^ np.uint64(column)
    for at in range(start, end):
        mixed = (mixed ^ np.uint64(raw[at])) * HASH_FACTOR
    mixed = (mixed ^ (mixed >> HASH_SHIFT)) * HASH_MIX
    return np.int64(mixed >> HASH_SHIFT) & (slots - 1)


@inlined
def _read_cell(raw, start, end, kind):
    """Its number, REFUSED when it is not plain enough."""
    if kind == MONEY:
        return _fen(raw, start, end, is_signed=True)
    if kind == UNSIGNED_MONEY:
        return _fen(raw, start, end, is_signed=False)
    if kind == MSISDN:
        return _msisdn(raw, start, end)
    if kind == POINTS:
        return _signed(raw, start, end, MAX_POINTS)
    return 0 if _is_harmless(raw, start, end) else REFUSED


@inlined
def _digits(raw, start, end, most):
    """The number written in 1 to `most` ASCII digits, else REFUSED."""
    if not 1 <= end - start <= most:
        return REFUSED
    number = 0
    for at in range(start, end):
        if not ZERO <= raw[at] <= NINE:
            return REFUSED
        number = number * 10 + raw[at] - ZERO
    return number


@inlined
def _signed(raw, start, end, most):
    if raw[start] != MINUS:
        return _digits(raw, start, end, most)
    number = _digits(raw, start + 1, end, most)
    return number if number == REFUSED else -number


@inlined
def _msisdn(raw, start, end):
    if end - start != MSISDN_LENGTH or raw[start] != MSISDN_FIRST:
        return REFUSED
    return _digits(raw, start, end, MSISDN_LENGTH)


@inlined
def _fen(raw, start, end, is_signed):
    """Plain yuan with at most two decimals."""
    is_negative = is_signed and raw[start] == MINUS
    first = start + 1 if is_negative else start
    point = _end_of_cell(raw, first, end, POINT)
    fen = _digits(raw, first, point, MAX_YUAN)
    if fen == REFUSED:
        return REFUSED
    fen *= 100
    if point < end:
        decimals = _digits(raw, point + 1, end, 2)
        if decimals == REFUSED:
            return REFUSED
        fen += decimals if end - point == 3 else decimals * 10
    return -fen if is_negative else fen


@inlined
def _is_plain_code(raw, start, end):
    """Printable ASCII, which is the same before and after the judge has tidied it up.

    An apostrophe in front may be our own (`restored`).
    """
    if end - start > MAX_CODE or raw[start] == APOSTROPHE:
        return False
    for at in range(start, end):
        if not SPACE < raw[at] < DELETE:
            return False
    return True


@inlined
def _is_harmless(raw, start, end):
    """No longer than a name may be, and without control characters."""
    if end - start > MAX_NAME:
        return False
    for at in range(start, end):
        if raw[at] == DELETE or (raw[at] < SPACE and raw[at] != TAB and raw[at] != NEWLINE):
            return False
    return True
