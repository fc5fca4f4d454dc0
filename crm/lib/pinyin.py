"""Chinese names made sortable and findable without a Chinese collation in the database."""

from typing import Any

from pypinyin import Style, lazy_pinyin


def sort_key(text: str) -> str:
    """Lower-case pinyin with tone numbers, so that names order as in a Chinese phone book."""
    return " ".join(lazy_pinyin(text, style=Style.TONE3)).lower()[:200]


def search_text(*parts: str) -> str:
    """The words themselves, their pinyin and their initials (中国移动 -> zhongguoyidong zgyd)."""
    words = " ".join(part for part in parts if part)
    syllables = lazy_pinyin(words, errors=_letters_and_digits)
    initials = "".join(s[0] for s in syllables)
    return f"{words} {''.join(syllables)} {initials}".lower()[:600]


def _letters_and_digits(other: str) -> Any:
    """What is not Chinese, one by one, so that initials of letters are the letters."""
    return [character for character in other if character.isalnum()]
