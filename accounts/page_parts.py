"""What apps show on a client's page: figures of the header, quick actions, the timeline, to-dos.

Lower apps know nothing of upper ones, so each app registers its parts in `apps.py: ready()`.
The header costs one query however many parts there are: a part names columns to be read along
with the client's row. The timeline costs one query for each source.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import F, Q, QuerySet
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise

from accounts.models import Client
from staff.models import User

Text = str | Promise

# Header -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Figure:
    """One figure of the header; `points` (the oldest first) become a small line beside it.

    `order`: the smallest first. `is_key`: also in the bar that stays when the page is scrolled,
    with its `icon`.
    """

    label: Text
    value: Any
    hint: Text = ""
    url: str = ""
    tone: str = "neutral"
    icon: str = "info-circle"
    points: Sequence[Any] = ()
    points_label: str = ""
    order: int = 50
    is_key: bool = False


@dataclass(frozen=True)
class HeadWarning:
    """Something about the client that somebody has to put right."""

    text: Text
    url: str = ""
    action: Text = ""


@dataclass(frozen=True)
class Touch:
    """The newest time one kind of record was in touch with the client."""

    at: datetime
    label: Text
    url: str = ""


@dataclass(frozen=True)
class HeadRow:
    """What the parts make their figures of; `columns` holds what they asked for, by name."""

    client: Client
    user: User
    now: datetime
    columns: Mapping[str, Any]


def _nothing(row: HeadRow) -> Iterable[Any]:
    return ()


@dataclass(frozen=True)
class HeadPart:
    """What one app adds to the header, for people with the right.

    `columns(user, now)` gives expressions on the client's row, each a subquery over rows the
    person may see; their names must be the app's own.
    """

    right: str
    columns: Callable[[User, datetime], dict[str, Any]]
    figures: Callable[[HeadRow], Iterable[Figure]] = _nothing
    warnings: Callable[[HeadRow], Iterable[HeadWarning]] = _nothing
    touches: Callable[[HeadRow], Iterable[Touch]] = _nothing
    badges: Callable[[HeadRow], Mapping[str, int]] = lambda row: {}  # by the name of the tab


@dataclass(frozen=True)
class QuickAction:
    """A button of the header, pressed by `key` too.

    `with_query`: the address takes the client as `?client=`, not as its argument. Actions of apps
    that are not installed are not shown: their address has no name.
    """

    key: str
    label: Text
    icon: str
    url_name: str
    right: str
    with_query: bool = False
    is_dialog: bool = False
    # On the phone's bar, in reach of the thumb; the others are behind "More".
    is_primary: bool = False
    # Not for people with this right, who have a better way.
    unless: str = ""

    def url(self, client: Client) -> str:
        """Empty when there is no such page."""
        return address_of(self.url_name, client, with_query=self.with_query)


def address_of(url_name: str, client: Client, *, with_query: bool = False) -> str:
    """The address of a page about the client; empty when no app has it."""
    try:
        if with_query:
            return f"{reverse(url_name)}?client={client.pk}"
        return reverse(url_name, args=[client.pk])
    except NoReverseMatch:
        return ""


# Timeline ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Moment:
    """A place in the timeline. The newest first; ties by source, then by the row's key."""

    at: datetime
    source: str
    pk: Any


@dataclass(frozen=True)
class Entry:
    """One thing that happened, with the address of its record."""

    moment: Moment
    kind: str
    title: Text
    url: str = ""
    text: Text = ""
    person: str = ""
    icon: str = "clock"
    tone: str = "neutral"
    badges: Sequence[Text] = field(default_factory=list)


@dataclass(frozen=True)
class TimelineQuery:
    """What a source is asked for: its newest rows before a moment, that pass the filters."""

    client: Client
    user: User
    limit: int
    before: Moment | None = None
    since: datetime | None = None
    person_id: int | None = None

    def newest(
        self, rows: QuerySet, source: str, *, at: str, person: str = "", pk: str = "pk"
    ) -> Any:
        """At most `limit` of the rows by the column `at`, the newest first.

        `person` names the column of whoever did it; without one nothing is anybody's.
        """
        if self.person_id is not None:
            rows = rows.filter(**{person: self.person_id}) if person else rows.none()
        if self.since:
            rows = rows.filter(**{f"{at}__gte": self.since})
        if self.before:
            rows = rows.filter(_before(self.before, source, at=at, pk=pk))
        return rows.order_by(F(at).desc(), f"-{pk}")[: self.limit]


def _before(moment: Moment, source: str, *, at: str, pk: str) -> Q:
    if source < moment.source:
        return Q(**{f"{at}__lte": moment.at})
    earlier = Q(**{f"{at}__lt": moment.at})
    if source > moment.source:
        return earlier
    return earlier | Q(**{at: moment.at, f"{pk}__lt": moment.pk})


@dataclass(frozen=True)
class TimelineSource:
    """Where entries of one kind come from; several sources may share a kind, which people filter by.

    `entries` asks the database once, over rows the person may see. `rows`, when given, is what the
    client has of this kind: one question for all sources tells which have nothing to be asked for.
    """

    kind: str
    label: Text
    right: str
    entries: Callable[[TimelineQuery], Iterable[Entry]]
    rows: Callable[[Client], QuerySet] | None = None


# To-dos -----------------------------------------------------------------------------------------

# The tasks of one app that are about a client, as a condition on `staff.Task`.
TaskCondition = Callable[[Client], Q]


# Registries -------------------------------------------------------------------------------------

_head_parts: list[HeadPart] = []
_actions: list[QuickAction] = []
_sources: list[TimelineSource] = []
_task_conditions: list[TaskCondition] = []


def register(
    *,
    head: HeadPart | None = None,
    actions: Iterable[QuickAction] = (),
    timeline: Iterable[TimelineSource] = (),
    tasks: TaskCondition | None = None,
) -> None:
    """Add an app's parts; called from its `ready()`, the lowest app first."""
    if head:
        _head_parts.append(head)
    _actions.extend(actions)
    _sources.extend(timeline)
    if tasks:
        _task_conditions.append(tasks)


def head_parts(user: User) -> list[HeadPart]:
    return [part for part in _head_parts if user.has_perm(part.right)]


def quick_actions(user: User) -> list[QuickAction]:
    return [
        action
        for action in _actions
        if user.has_perm(action.right) and not (action.unless and user.has_perm(action.unless))
    ]


def timeline_sources(user: User) -> list[TimelineSource]:
    return [source for source in _sources if user.has_perm(source.right)]


def tasks_about(client: Client) -> Q:
    """The tasks of all apps that are about this client."""
    condition = Q(pk__in=[])
    for about in _task_conditions:
        condition |= about(client)
    return condition
