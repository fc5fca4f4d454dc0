"""Everything that happened with a client, mixed from the sources of all apps."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from django.core import signing
from django.db.models import Exists, Q
from django.utils import timezone

from accounts import page_parts
from accounts.models import Client
from accounts.page_parts import Entry, Moment, TimelineQuery, TimelineSource
from staff.models import User

SHOWN = 30


@dataclass(frozen=True)
class TimelineDay:
    """`continues`: its first entries are on the page before."""

    day: date
    entries: Sequence[Entry]
    continues: bool = False


@dataclass(frozen=True)
class Timeline:
    days: Sequence[TimelineDay]
    next_cursor: str


def client_timeline(
    client: Client,
    user: User,
    *,
    kind: str = "",
    person_id: int | None = None,
    since: datetime | None = None,
    cursor: str = "",
    limit: int = SHOWN,
) -> Timeline:
    """The newest entries before the cursor; a cursor that is not ours starts at the top.

    Each source is asked once for its newest rows, so a page costs the same wherever it begins.
    """
    before = _decode(client, cursor)
    query = TimelineQuery(client, user, limit + 1, before, since, person_id)
    sources = [each for each in page_parts.timeline_sources(user) if kind in {"", each.kind}]
    found = [entry for source in _filled(sources, client) for entry in source.entries(query)]
    found.sort(key=lambda entry: (entry.moment.at, entry.moment.source, entry.moment.pk))
    found.reverse()
    shown = found[:limit]
    return Timeline(
        days=_by_day(shown, before),
        next_cursor=_encode(client, shown[-1].moment) if len(found) > limit else "",
    )


def _filled(sources: Sequence[TimelineSource], client: Client) -> list[TimelineSource]:
    """Without those of which the client has nothing, by one question for all of them."""
    asked = {
        f"has_{number}": Exists(source.rows(client))
        for number, source in enumerate(sources)
        if source.rows
    }
    has = Client.objects.filter(pk=client.pk).values(**asked).get() if asked else {}
    return [each for number, each in enumerate(sources) if has.get(f"has_{number}", True)]


def timeline_people(client: Client) -> list[User]:
    """Whom the timeline can be filtered by: everybody who is or was responsible."""
    responsible = Q(ownerships__client=client) | Q(
        pk__in=[client.owner_id, client.chief_representative_id]
    )
    return list(User.objects.filter(responsible).distinct().order_by("full_name", "pk"))


def _by_day(entries: Sequence[Entry], before: Moment | None) -> list[TimelineDay]:
    last = timezone.localdate(before.at) if before else None
    groups = groupby(entries, key=lambda entry: timezone.localdate(entry.moment.at))
    return [TimelineDay(day, list(of_day), continues=day == last) for day, of_day in groups]


def _signer(client: Client) -> signing.Signer:
    return signing.Signer(sep=".", salt=f"accounts.timeline.{client.pk}")


def _encode(client: Client, moment: Moment) -> str:
    return _signer(client).sign_object([moment.at.isoformat(), moment.source, str(moment.pk)])


def _decode(client: Client, cursor: str) -> Moment | None:
    try:
        at, source, pk = _signer(client).unsign_object(cursor)
    except signing.BadSignature:
        return None
    return Moment(datetime.fromisoformat(at), source, pk)
