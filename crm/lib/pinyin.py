"""Chinese names made sortable and findable without a Chinese collation in the database."""

from pypinyin import Style, lazy_pinyin


def sort_key(text: str) -> str:
    """Lower-case pinyin with tone numbers, so that names order as in a Chinese phone book."""
    return " ".join(lazy_pinyin(text, style=Style.TONE3)).lower()[:200]


def search_text(*parts: str) -> str:
    """The words themselves, their pinyin and their initials (中国移动 -> zhongguoyidong zgyd)."""
    words = " ".join(part for part in parts if part)
    syllables = lazy_pinyin(words, errors=lambda other: [c for c in other if c.isalnum()])
    initials = "".join(s[0] for s in syllables)
    return f"{words} {''.join(syllables)} {initials}".lower()[:600]
