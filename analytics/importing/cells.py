"""What a good value is: text of one cell in, typed value out, or a CellError.

These functions are the only definition; the fast path merely recognises values they accept.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, time
from decimal import Decimal
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from analytics.importing.problems import CellError
from crm.lib.filters import YEARS

Parser = Callable[[str], Any]

INT4_MAX = 2_147_483_647
EMAIL_LENGTH = 254
_PERIOD = re.compile(r"(\d{4})(?:[-/.]?(\d{2})|[-/.](\d)|年(\d{1,2})月)(?:[-/]0?1(?:日)?)?$")
_DATE = re.compile(
    r"(\d{4})(?:[-/.](\d{1,2})[-/.](\d{1,2})|(\d{2})(\d{2})|年(\d{1,2})月(\d{1,2})日)$"
)
_TIME_OF_DAY = re.compile(r"[ T]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?$")
_MOMENT = re.compile(
    r"(?P<day>.+?)(?:[ T]+(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:\.\d+)?)?)?$"
)
_DIGITS_OF_A_MOMENT = re.compile(r"(\d{8})(\d{2})(\d{2})(\d{2})$")
_NO_YEAR = re.compile(r"-?\d{1,2}(?:[-/.]\d{1,2}|月\d{1,2}日)$")
# A bare ".5" is how Oracle writes half a yuan.
_NUMBER = re.compile(r"([+-]?)(\d+|\d{1,3}(?:,\d{3})+|(?=\.\d))(?:\.(\d*))?$")
_SCIENTIFIC = re.compile(r"[+-]?\d+(\.\d+)?[eE][+-]?\d+$")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_BIRTHDAY = re.compile(r"(L{0,2})(?:(\d{4})[-/.])?(\d{1,2})[-/.](\d{1,2})$")


class Moment(NamedTuple):
    """When something was done, by the operator's clock; `at` is None when only the day is told."""

    on: date
    at: time | None = None


class Birthday(NamedTuple):
    year: int | None
    month: int
    day: int
    is_lunar: bool
    is_leap_month: bool = False


def plain(text: str) -> str:
    """Full-width forms become ordinary ones, outer blanks go."""
    return unicodedata.normalize("NFKC", text).strip().strip("\ufeff")


def printable(text: str) -> str:
    """Without the control characters that a database or a page cannot hold."""
    return _CONTROL.sub("", text)


def period(text: str) -> date:
    """2026-05, 202605, 2026年5月; a date cell of the first of the month counts too."""
    match = _PERIOD.match(_TIME_OF_DAY.sub("", plain(text)))
    if not match:
        raise CellError("bad_period")
    year, month = int(match[1]), int(match[2] or match[3] or match[4])
    if year not in YEARS or not 1 <= month <= 12:
        raise CellError("bad_period")
    return date(year, month, 1)


def msisdn(text: str) -> int:
    """11 digits starting with 1, blanks between them allowed."""
    digits = plain(text).replace(" ", "")
    if len(digits) == 11 and digits.isdecimal() and digits.isascii() and digits[0] == "1":
        return int(digits)
    raise CellError("scientific" if _SCIENTIFIC.match(digits) else "bad_number")


def _fen(text: str, limit: int) -> int:
    bare = plain(text).replace("¥", "").replace(" ", "").removesuffix("元")
    match = _NUMBER.match(bare)
    if not match:
        raise CellError("scientific" if _SCIENTIFIC.match(bare) else "bad_money")
    sign, whole, decimals = match[1], match[2].replace(",", ""), (match[3] or "").rstrip("0")
    if len(decimals) > 2:
        raise CellError("too_many_decimals")
    fen = _whole(whole) * 100 + int(decimals.ljust(2, "0"))
    if fen > limit:
        raise CellError("too_large")
    return -fen if sign == "-" else fen


def _whole(digits: str) -> int:
    """Python refuses to read thousands of digits; nothing here needs twenty."""
    if len(digits.lstrip("0")) > 20:
        raise CellError("too_large")
    return int(digits.lstrip("0") or "0")


def money(text: str) -> int:
    """Yuan as written, with ¥, blanks and thousands separators, as whole fen in four bytes."""
    return _fen(text, INT4_MAX)


def large_money(text: str) -> int:
    """Like money, for what a whole client pays: below a million million yuan."""
    return _fen(text, 10**14 - 1)


def money_not_negative(text: str) -> int:
    fen = money(text)
    if fen < 0:
        raise CellError("negative")
    return fen


def integer(text: str) -> int:
    match = _NUMBER.match(plain(text).replace(" ", ""))
    if not match or (match[3] or "").strip("0"):
        raise CellError("bad_integer")
    value = _whole(match[2].replace(",", ""))
    if value > INT4_MAX:
        raise CellError("too_large")
    return -value if match[1] == "-" else value


def count(text: str) -> int:
    value = integer(text)
    if value < 0:
        raise CellError("negative")
    return value


def day(text: str) -> date:
    match = _DATE.match(_TIME_OF_DAY.sub("", plain(text)))
    if not match:
        raise CellError("bad_date")
    parts = [int(part) for part in match.groups() if part]
    try:
        return date(*parts)
    except ValueError:
        raise CellError("bad_date") from None


def moment(text: str) -> Moment:
    """A date as above, alone or with a time: 2026-05-31 14:05, 20260531140509."""
    bare = _DIGITS_OF_A_MOMENT.sub(r"\1 \2:\3:\4", plain(text))
    match = _MOMENT.match(bare)
    told = match["day"] if match else bare
    if _NO_YEAR.match(told):
        raise CellError("no_year")
    on = day(told)
    if on.year not in YEARS:
        raise CellError("bad_date")
    if not match or match["hour"] is None:
        return Moment(on)
    try:
        return Moment(on, time(int(match["hour"]), int(match["minute"]), int(match["second"] or 0)))
    except ValueError:
        raise CellError("bad_time") from None


def birthday(text: str) -> Birthday:
    """1975-08-15, 08-15, L08-15 for a lunar date, LL06-15 for one in a leap month (CON-20)."""
    bare = plain(text).upper().replace("年", "-").replace("月", "-").removesuffix("日")
    match = _BIRTHDAY.match(_TIME_OF_DAY.sub("", bare))
    if not match:
        raise CellError("bad_birthday")
    year, month, day_of_month = (int(part) if part else None for part in match.groups()[1:])
    limit = 30 if match[1] else 31
    if not (1 <= (month or 0) <= 12 and 1 <= (day_of_month or 0) <= limit):
        raise CellError("bad_birthday")
    if not match[1]:
        _real_day(year or 2000, month, day_of_month)
    is_leap_month = len(match[1]) == 2
    return Birthday(year, month or 0, day_of_month or 0, bool(match[1]), is_leap_month)


def _real_day(year: int, month: int | None, day_of_month: int | None) -> None:
    try:
        date(year, month or 0, day_of_month or 0)
    except ValueError:
        raise CellError("bad_birthday") from None


def degrees(limit: int) -> Parser:
    def parse(text: str) -> Decimal:
        match = _NUMBER.match(plain(text))
        if not match:
            raise CellError("bad_decimal")
        value = Decimal(match[0].replace(",", ""))
        if abs(value) > limit:
            raise CellError("too_large")
        return round(value, 6)

    return parse


def quantity(places: int, limit: int) -> Parser:
    """An amount of use: not negative, below the limit, more decimals than kept are rounded."""

    def parse(text: str) -> Decimal:
        match = _NUMBER.match(plain(text).replace(" ", ""))
        if not match:
            raise CellError("bad_decimal")
        if match[1] == "-" and match[0].strip("-0.,"):
            raise CellError("negative")
        if len(match[2]) > 20:
            raise CellError("too_large")
        value = round(abs(Decimal(match[0].replace(",", ""))), places)
        if value >= limit:
            raise CellError("too_large")
        return value

    return parse


def ignored(raw: str) -> None:
    """A cell that means nothing to us, whatever it holds, such as the number of the row."""


def text(limit: int) -> Parser:
    def parse(raw: str) -> str:
        value = raw.strip().strip("\ufeff")
        if len(value) > limit:
            raise CellError("too_long")
        if _CONTROL.search(value):
            raise CellError("control_character")
        return value

    return parse


def code(limit: int) -> Parser:
    """A code: like text, but full-width letters and digits are made ordinary."""
    check = text(limit)

    def parse(raw: str) -> str:
        return check(plain(raw))

    return parse


def email(raw: str) -> str:
    value = plain(raw)
    if len(value) > EMAIL_LENGTH:
        raise CellError("too_long")
    try:
        validate_email(value)
    except ValidationError:
        raise CellError("bad_email") from None
    return value


class Choice:
    """One of several words, capitals and full-width forms aside; `values` by word."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self.values = dict(values)
        self._known = {word_key(word): value for word, value in values.items()}

    def __call__(self, raw: str) -> Any:
        return self.value_of(raw)

    def value_of(self, word: str) -> Any:
        try:
            return self._known[word_key(word)]
        except KeyError:
            raise CellError("bad_choice") from None

    def words_in(self, raw: str) -> list[str]:
        """The words of a cell, as they are looked up."""
        return [word_key(raw)]

    def knows(self, word: str) -> bool:
        return word_key(word) in self._known

    def extended(self, more: Mapping[str, Any]) -> "Choice":
        """The same with further words."""
        return type(self)({**self.values, **more})


class Choices(Choice):
    """Several such words, separated by comma, semicolon, slash, 、 or blank."""

    def __call__(self, raw: str) -> list[Any]:
        return [self.value_of(word) for word in self.words_in(raw)]

    def words_in(self, raw: str) -> list[str]:
        return [word_key(word) for word in re.split(r"[,;/|、\s]+", plain(raw)) if word]


def choice(values: Mapping[str, Any]) -> Choice:
    return Choice(values)


def choices(values: Mapping[str, Any]) -> Choices:
    return Choices(values)


def word_key(word: str) -> str:
    """How words of a choice are compared."""
    return plain(word).lower()
