"""The search box: what somebody typed, and what each app lets them find.

An app registers its kinds in `ready()`, so that upper apps add theirs without being known here.
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from django.utils.functional import Promise
from django.utils.module_loading import import_string

if TYPE_CHECKING:
    from staff.models import User

T = TypeVar("T")
LONGEST = 100
MOST_WORDS = 6
FEWEST_DIGITS = 4  # fewer end the numbers of half the company
NUMBER = re.compile(r"(?:\+|00)?[0-9][0-9 ()-]*")
COUNTRY = re.compile(r"^(?:00)?86(?=1[0-9]{10}$)")  # in front of a mobile number
LONG_NUMBER = re.compile(r"[0-9]{5,}")


@dataclass(frozen=True)
class Hit:
    """One thing found. `is_exact`: it is what was typed, to the letter."""

    title: str
    url: str
    subtitle: str = ""
    badge: str = ""
    tone: str = "neutral"
    is_exact: bool = False


@dataclass
class Search:
    """What one person typed, tidied; `remembered` keeps what several kinds need."""

    user: "User"
    text: str
    _answers: dict[str, Any] = field(default_factory=dict)

    @property
    def is_usable(self) -> bool:
        """A single letter or digit would find everything; a Chinese character says something."""
        return len(self.text) > 1 or not self.text.isascii()

    @property
    def digits(self) -> str:
        """The digits, when what was typed is a number or its end; else nothing."""
        if not NUMBER.fullmatch(self.text):
            return ""
        found = COUNTRY.sub("", re.sub(r"\D", "", self.text))
        return found if len(found) >= FEWEST_DIGITS else ""

    @property
    def holds_number(self) -> bool:
        """Then it must not get into an address (P35)."""
        return bool(LONG_NUMBER.search(re.sub(r"[ ()-]", "", self.text)))

    def remembered(self, name: str, find: Callable[["Search"], T]) -> T:
        if name not in self._answers:
            self._answers[name] = find(self)
        return self._answers[name]


@dataclass(frozen=True)
class Kind:
    """One sort of things to be found.

    `find` is the dotted name of a function from a search and a limit to hits, best first; it
    starts from `visible_to(search.user)`. `suggest` is that of one from a person to the hits that
    are offered before anything is typed.
    """

    name: str
    label: str | Promise
    icon: str
    right: str
    find: str
    place: int  # among the kinds, when none holds exactly what was typed
    suggest: str = ""


@dataclass(frozen=True)
class Section:
    """The hits of one kind; `has_more` when there are others."""

    kind: Kind
    hits: list[Hit]
    has_more: bool


_KINDS: dict[str, Kind] = {}


def register(*kinds: Kind) -> None:
    """Let people find these; called from an app's `ready()`."""
    _KINDS.update({kind.name: kind for kind in kinds})


def suggestions(user: "User") -> list[Section]:
    """What the person is likely to want, of the kinds they may see."""
    return [
        Section(kind, hits, has_more=False)
        for kind in kinds_for(user)
        if kind.suggest and (hits := import_string(kind.suggest)(user))
    ]


def kinds_for(user: "User") -> list[Kind]:
    """What the person has the right to see at all."""
    kinds = sorted(_KINDS.values(), key=lambda kind: kind.place)
    return [kind for kind in kinds if user.has_perm(kind.right)]


def parsed(user: "User", text: str) -> Search:
    """Full-width letters and digits, capitals and blanks make no difference."""
    words = unicodedata.normalize("NFKC", text.replace("\0", "")).lower().split()
    return Search(user, " ".join(words[:MOST_WORDS])[:LONGEST])


def sections(search: Search, *, limit: int, only: str = "") -> list[Section]:
    """At most `limit` hits of each kind, kinds with exactly what was typed first."""
    if not search.is_usable:
        return []
    found = [
        Section(kind, hits[:limit], len(hits) > limit)
        for kind in kinds_for(search.user)
        if only in {"", kind.name} and (hits := import_string(kind.find)(search, limit + 1))
    ]
    return sorted(found, key=lambda section: not any(hit.is_exact for hit in section.hits))
