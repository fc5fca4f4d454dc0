"""The Chinese catalogue is complete: every text of a page, a form or an answer has its Chinese.

To mend a failure: `make messages` (or write the entries by hand), then translate.
"""

import re
from functools import cache

import polib

from tests.architecture.translatable import PROJECT, Message, messages

CATALOGUE = PROJECT / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
PLACEHOLDER = re.compile(r"%(?:\((\w+)\))?([a-z%])")


@cache
def used() -> dict[Message, str]:
    return messages()


@cache
def catalogue() -> dict[Message, polib.POEntry]:
    return {
        Message(entry.msgid, entry.msgid_plural or None, entry.msgctxt): entry
        for entry in polib.pofile(str(CATALOGUE))
        if not entry.obsolete
    }


def chinese(entry: polib.POEntry) -> str:
    """Chinese has no plural, so there is one sentence either way."""
    return str(entry.msgstr_plural.get(0, "") if entry.msgid_plural else entry.msgstr)


def test_the_sources_speak() -> None:
    """The reader of texts reads: one of each kind is there."""
    assert Message("Account manager") in used()
    assert Message("%(n)s working day", "%(n)s working days") in used()
    assert len(used()) > 700


def test_every_text_has_its_chinese() -> None:
    missing = [
        f"{place}: {message.text}"
        for message, place in used().items()
        if message not in catalogue() or not chinese(catalogue()[message]).strip()
    ]
    assert missing == []


def test_no_translation_is_a_guess() -> None:
    """`make messages` marks what it took from a similar text as fuzzy."""
    assert [entry.msgid for entry in catalogue().values() if entry.fuzzy] == []


def test_the_catalogue_holds_nothing_else() -> None:
    assert [message.text for message in catalogue() if message not in used()] == []
    assert [entry.msgid for entry in polib.pofile(str(CATALOGUE)).obsolete_entries()] == []


def test_no_text_stands_there_twice() -> None:
    keys = [(entry.msgctxt, entry.msgid) for entry in polib.pofile(str(CATALOGUE))]
    assert sorted(key[1] for key in set(keys)) == sorted(key[1] for key in keys)


def test_placeholders_are_kept() -> None:
    wrong = {
        message.text: chinese(entry)
        for message, entry in catalogue().items()
        if placeholders(chinese(entry)) != placeholders(message.plural or message.text)
    }
    assert not wrong


def placeholders(text: str) -> list[str]:
    """In any order, each as often as it stands there; `%%` is just a sign."""
    found = (match for match in PLACEHOLDER.finditer(text) if match.group(2) != "%")
    return sorted(match.group(0) for match in found)


def test_sentences_can_be_filled() -> None:
    """A stray per cent sign would break the page instead of showing."""
    broken = [
        chinese(entry)
        for message, entry in catalogue().items()
        if placeholders(message.text) and not can_be_filled(chinese(entry))
    ]
    assert broken == []


def can_be_filled(sentence: str) -> bool:
    """Numbers fit every kind of placeholder."""
    names = [match.group(1) for match in PLACEHOLDER.finditer(sentence) if match.group(1)]
    try:
        filled = sentence % (dict.fromkeys(names, 1) or (1,) * len(placeholders(sentence)))
    except (ValueError, TypeError):
        return False
    return bool(filled)


def test_chinese_texts_have_chinese_punctuation() -> None:
    beside_chinese = re.compile(r"[一-鿿][,;:!?(]|[,;:!?)][一-鿿]")
    texts = [entry.msgstr for entry in polib.pofile(str(CATALOGUE))]
    assert [text for text in texts if beside_chinese.search(text)] == []
