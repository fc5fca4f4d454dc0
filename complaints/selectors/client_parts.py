"""What cases show on a client's page (`accounts.page_parts`) and in previews of handovers."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Client, ClientQuerySet
from accounts.page_parts import Entry, Figure, HeadRow, Moment, TimelineQuery
from complaints.choices import CaseStatus
from complaints.models import Case
from crm.lib.columns import CappedCount
from crm.lib.templatetags.components import capped
from staff.models import User

TONES = {
    CaseStatus.OPEN: "warning",
    CaseStatus.REPLIED: "info",
    CaseStatus.RESOLVED: "success",
    CaseStatus.CLOSED: "neutral",
}


def columns(user: User, now: datetime) -> dict[str, Any]:
    running = Case.objects.visible_to(user).filter(client=OuterRef("pk")).running()
    return {
        "complaints_running": CappedCount(running),
        "complaints_overdue": CappedCount(running.overdue(now)),
    }


def figures(row: HeadRow) -> Iterator[Figure]:
    """Nothing as long as nothing is open."""
    running, overdue = row.columns["complaints_running"], row.columns["complaints_overdue"]
    if running:
        query = f"client={row.client.pk}&running=true&sort=due_at"
        yield Figure(
            _("Open cases"),
            capped(running),
            _("%(n)s overdue") % {"n": overdue} if overdue else "",
            f"{reverse('complaints:case_list')}?{query}",
            "danger" if overdue else "warning",
            "inbox",
            order=35,
        )


def badges(row: HeadRow) -> Mapping[str, int]:
    return {"cases": row.columns["complaints_running"]}


def case_entries(query: TimelineQuery) -> Iterable[Entry]:
    """Cases at their first contact."""
    rows = Case.objects.visible_to(query.user).filter(client=query.client)
    rows = query.newest(rows, "case", at="first_contact_at", person="first_responder")
    for row in rows.select_related("first_responder", "contact"):
        yield Entry(
            Moment(row.first_contact_at, "case", row.pk),
            "case",
            " · ".join(filter(None, [row.number, row.get_kind_display(), row.caller])),
            row.get_absolute_url(),
            f"{row.said}\n→ {row.result}" if row.result else row.said,
            row.first_responder.full_name,
            "alert-circle",
            TONES[CaseStatus(row.status)],
            [row.get_status_display()],
        )


def tasks(client: Client) -> Q:
    return Q(
        subject_id__in=Case.objects.filter(client=client).values("pk"), kind__startswith="case-"
    )


def running_cases(clients: ClientQuerySet) -> dict[UUID, int]:
    """How many cases are open, for each client that has any."""
    rows = Case.objects.running().filter(client__in=clients.values("pk"))
    return dict(rows.values_list("client").annotate(n=Count("pk")).order_by())
