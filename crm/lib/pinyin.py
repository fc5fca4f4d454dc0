"""Chinese names made sortable and findable without a Chinese collation in the database."""

from collections.abc import Iterator
from typing import Any

SEARCH_LENGTH = 600


def sort_key(text: str) -> str:
    """Lower-case pinyin with tone numbers, so that names order as in a Chinese phone book."""
    from pypinyin import Style, lazy_pinyin  # noqa: PLC0415 -- its dictionaries take 55 MB

    return " ".join(lazy_pinyin(text, style=Style.TONE3)).lower()[:200]


def search_text(*parts: str) -> str:
    """What a search looks through: the words themselves, their pinyin, initials and pairs.

    `中国移动` gives ` 中国移动 zhongguoyidong zgyd 中国 国移 移动 动 gy yd`. Trigrams know words of one
    or two characters only where a word begins; the pairs let one begin at each character, so that
    `移动`, `移` and `yd` are found through the index too. See `search_patterns`.
    """
    words = [word for part in parts for word in part.lower().split()]
    chinese = [word for word in words if not word.isascii()]
    spoken = [_syllables(word) for word in chinese]
    found = [
        *words,
        *("".join(syllables) for syllables in spoken),
        *("".join(s[0] for s in syllables) for syllables in spoken),
        *(pair for word in chinese for pair in _pairs(word)),
        *(pair for syllables in spoken for pair in _pairs_of_initials(syllables)),
    ]
    return "".join(f" {word}" for word in dict.fromkeys(found))[:SEARCH_LENGTH]


def search_patterns(text: str) -> list[str]:
    """What `search_text` must contain for each word typed."""
    return [word if len(word) > 2 else f" {word}" for word in text.lower().split()]


def _syllables(word: str) -> list[str]:
    from pypinyin import lazy_pinyin  # noqa: PLC0415 -- see `sort_key`

    return [syllable for syllable in lazy_pinyin(word, errors=_letters_and_digits) if syllable]


def _letters_and_digits(other: str) -> Any:
    """What is not Chinese, one by one, so that initials of letters are the letters."""
    return [character for character in other if character.isalnum()]


def _pairs(word: str) -> Iterator[str]:
    return (word[n : n + 2] for n, character in enumerate(word) if not character.isascii())


def _pairs_of_initials(syllables: list[str]) -> Iterator[str]:
    initials = "".join(syllable[0] for syllable in syllables)
    return (initials[n : n + 2] for n in range(1, len(initials) - 1))
