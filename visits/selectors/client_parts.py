"""What visits show on a client's page (`accounts.page_parts`)."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, Subquery
from django.db.models.functions import Coalesce, JSONObject
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from accounts.page_parts import Entry, Figure, HeadRow, Moment, TimelineQuery, Touch
from crm.lib.columns import CappedCount
from staff.models import User
from visits.choices import VisitState
from visits.models import Visit

ICONS = {"door": "map-pin", "phone": "phone"}
TONES = {VisitState.PLANNED: "info", VisitState.DONE: "success", VisitState.CANCELLED: "neutral"}


def columns(user: User, now: datetime) -> dict[str, Any]:
    """The next visit planned from now on, the newest one that took place, and how many."""
    visits = Visit.objects.visible_to(user).filter(client=OuterRef("pk"))
    coming = visits.planned().filter(starts_at__gte=now).order_by("starts_at", "pk")
    done = visits.done().order_by("-held_at", "-pk")
    return {
        "visits_next": Subquery(coming.values(row=JSONObject(pk="pk", at="starts_at"))[:1]),
        "visits_last": Subquery(done.values(row=JSONObject(pk="pk", at="held_at"))[:1]),
        "visits_count": CappedCount(visits),
    }


def figures(row: HeadRow) -> Iterator[Figure]:
    coming = row.columns["visits_next"]
    if coming:
        at = _local(coming["at"])
        yield Figure(
            _("Next visit"),
            f"{at:%m-%d %H:%M}",
            url=_address(coming["pk"]),
            tone="info",
            icon="calendar-event",
            order=40,
        )
    else:
        may_plan = row.user.has_perm("visits.plan_visit")
        yield Figure(
            _("Next visit"),
            _("none"),
            _("Plan one") if may_plan else "",
            f"{reverse('visits:visit_plan')}?client={row.client.pk}" if may_plan else "",
            "warning",
            "calendar-event",
            order=40,
        )


def touches(row: HeadRow) -> Iterator[Touch]:
    if last := row.columns["visits_last"]:
        yield Touch(_local(last["at"]), _("Visit"), _address(last["pk"]))


def badges(row: HeadRow) -> Mapping[str, int]:
    return {"visits": row.columns["visits_count"]}


def _local(text: str) -> datetime:
    """A time out of JSON, in the person's zone."""
    at = parse_datetime(text)
    assert at  # noqa: S101 -- the database wrote it
    return timezone.localtime(at)


def _address(pk: str) -> str:
    return reverse("visits:visit_detail", args=[UUID(pk)])


def visit_entries(query: TimelineQuery) -> Iterable[Entry]:
    """Visits at the time they took place, others at their appointment, coming ones included."""
    rows = Visit.objects.visible_to(query.user).filter(client=query.client)
    rows = rows.annotate(happens_at=Coalesce("held_at", "starts_at"))
    rows = query.newest(rows, "visit", at="happens_at", person="visitor")
    for row in rows.select_related("visitor", "contact"):
        title = f"{row.get_mode_display()} · {row.get_purpose_display()}"
        yield Entry(
            Moment(row.happens_at, "visit", row.pk),
            "visit",
            f"{title} · {row.contact.name}" if row.contact else title,
            row.get_absolute_url(),
            row.summary or row.cancelled_reason or row.outline,
            row.visitor.full_name,
            ICONS[row.mode],
            TONES[VisitState(row.state)],
            [row.get_state_display()],
        )
